"""How the copy of a practice leaves this computer after the account took the computer off.

A mark is written before anything is removed, so that a removal that was cut off goes on at the
next start; it stays, and says what became of the practice, until another one lies in the folder.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from app.core.kernel.errors import MachineError, NewerFile, NotOurFile
from app.core.kernel.phrases import plural
from app.core.vault import backup
from app.core.vault.attached import FOLDER
from app.core.vault.files import DATABASE, KEYS, said_plainly, sync_folder, write_whole
from app.core.vault.keys import read_key_file
from app.core.vault.vault import Place, take_lock

LEFT = "practice.left"
#: What the program itself put into the folder; other things there are not the practice's.
_FILES = (KEYS, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal")
_FOLDERS = (FOLDER, "papers-coming")


@dataclass(frozen=True, slots=True)
class Left:
    """What is known of a practice that left this computer."""

    vault_id: str
    on: str
    """The day, in ISO 8601."""
    handed_over: int
    """Change sets that only this computer had; the account keeps them for the owner."""
    backups: str = ""
    """A folder of the person's own choice in which backups stay."""

    @property
    def sentence(self) -> str:
        """What became of the practice, for the person."""
        day = date.fromisoformat(self.on)
        parts = [
            f"This computer was taken off the account on {day:%b} {day.day}, {day.year}, and the "
            "practice was removed from it."
        ]
        if self.handed_over:
            changes = plural(self.handed_over, "change")
            verb = "was" if self.handed_over == 1 else "were"
            parts.append(f"{changes} not sent before {verb} handed to the account’s owner.")
        if self.backups:
            parts.append(f"Encrypted backups stay in {self.backups}.")
        return " ".join(parts)


def staying(place: Place, chosen: Path, vault_id: str) -> str:
    """Return ``chosen`` if backups of the practice stay there; else nothing.

    A stick that is not plugged in is taken to hold some.
    """
    if chosen.resolve() in {kept.resolve() for kept in _beside(place.folder)}:
        return ""
    if not chosen.is_dir() or any(_backups_of(chosen, vault_id)):
        return str(chosen)
    return ""


def begin(place: Place, left: Left) -> None:
    """Decide that the practice at ``place`` goes; from here on ``finish`` removes it."""
    with said_plainly(place.folder):
        write_whole(place.folder / LEFT, json.dumps(asdict(left)).encode())


def finish(place: Place) -> Left | None:
    """Remove what is still there of a practice that left; return what is known of it.

    ``None`` where none left, and where nobody can tell whose practice lies here: then the mark
    stays, and nothing is removed. Raises ``MachineError`` where the disk refuses.
    """
    left = _read(place)
    if left is None:
        return None
    try:
        with said_plainly(place.folder):
            there = read_key_file(place.keys).vault_id if place.keys.exists() else left.vault_id
    except (NotOurFile, NewerFile):
        return None
    if there != left.vault_id:
        # Another practice was put here meanwhile.
        forget(place)
        return None
    lock = take_lock(place)
    try:
        with said_plainly(place.folder):
            _remove(place.folder, left.vault_id)
    finally:
        lock.release()
    return left


def forget(place: Place) -> None:
    """Say no more of a practice that left: another one comes."""
    with said_plainly(place.folder):
        (place.folder / LEFT).unlink(missing_ok=True)


def _remove(folder: Path, vault_id: str) -> None:
    # The keys first: without them nothing of the rest can be read any more.
    for name in _FILES:
        (folder / name).unlink(missing_ok=True)
    sync_folder(folder)
    for name in _FOLDERS:
        _remove_folder(folder / name)
    # Copies that lie beside it, but not those of another practice that was here before.
    for kept in _beside(folder):
        for path in _backups_of(kept, vault_id):
            path.unlink()
        _remove_folder(backup.attached_beside(kept, vault_id[:8]))
    for aside in folder.glob("before-restore-*"):
        if vault_of(aside / KEYS) == vault_id:
            _remove_folder(aside)


def _beside(folder: Path) -> tuple[Path, Path]:
    return folder / "backups", folder / "before-update"


def _backups_of(folder: Path, vault_id: str) -> Iterator[Path]:
    for path in list(folder.glob(f"*{backup.SUFFIX}")):
        if backup.vault_of(path) == vault_id:
            yield path


def _remove_folder(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)


def _read(place: Place) -> Left | None:
    try:
        return Left(**json.loads((place.folder / LEFT).read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        # A mark that cannot be read removes nothing.
        return None


def vault_of(keys: Path) -> str:
    """Return whose keys lie in a file; empty where none can be read."""
    try:
        return read_key_file(keys).vault_id
    except (MachineError, OSError):
        return ""
