"""Backups: whole, encrypted, checked by opening, rotated; and their restoring.

A backup is a ZIP without compression: the wrapped keys and a copy of the encrypted database, so
that passphrase or recovery key alone open it on any computer.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from app.core.kernel.errors import MachineError, NotOurFile
from app.core.vault.attached import AttachedFiles
from app.core.vault.engine import connect
from app.core.vault.files import DATABASE, KEYS, said_plainly, sync_folder
from app.core.vault.incarnation import begin_another_life
from app.core.vault.keys import Keys, parse_key_file, read_key_file
from app.core.vault.migrate import is_current, row_counts
from app.core.vault.vault import Place, take_lock

SUFFIX = ".prbackup"
_NAME = re.compile(r"^PracticeRunner-(\d{8}-\d{6})(?:-(\d+))?\.prbackup$")
_STAMP = "%Y%m%d-%H%M%S"
_SCRATCH = ".practicerunner-"
KEEP_DAYS, KEEP_WEEKS = 7, 5
#: The largest database that a restore unpacks; anything larger is not ours.
_LARGEST = 64 * 1024**3
_PIECE = 1024 * 1024


_DAMAGED = "The backup {} is damaged: choose another one."
_MISMADE = (
    "The backup could not be read back whole: choose another folder, then verify the practice."
)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup file and the moment it stands for."""

    path: Path
    at: datetime
    size: int
    turn: int = 0
    """Which one it is of several made in one second."""


def make_backup(place: Place, keys: Keys, at: datetime, folder: Path) -> Backup:
    """Write a backup into ``folder``, check it by opening it, then let old ones go.

    Reads through a connection of its own, so that people go on writing meanwhile. Raises
    ``MachineError`` when the folder or disk refuses; an unfinished file never stays.
    """
    label = read_key_file(place.keys).vault_id[:8]
    with said_plainly(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(folder, label)
        with _scratch(folder, label) as scratch:
            _copy(place, keys, scratch)
            _check(scratch / DATABASE, keys, _MISMADE)
            archive = scratch / "archive"
            _pack(scratch, archive)
            _compare(archive, scratch)
            AttachedFiles(place.folder).copy_to(attached_beside(folder, label))
            path = _free_name(folder, at)
            archive.replace(path)
        sync_folder(folder)
        rotate(folder, path)
        return Backup(path, at, path.stat().st_size)


def vault_of(path: Path) -> str:
    """Return of which practice file a backup is; empty where that cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            return parse_key_file(archive.read(KEYS)).vault_id
    except (OSError, KeyError, MachineError, zipfile.BadZipFile, EOFError, NotImplementedError):
        return ""


def attached_beside(folder: Path, label: str) -> Path:
    """Return where the attached files of a practice lie among its backups.

    They never change, so all backups share one copy of each, still encrypted.
    """
    return folder / f"PracticeRunner-files-{label}"


def _copy(place: Place, keys: Keys, scratch: Path) -> None:
    """Copy wrapped keys and database, as they are at one moment, into ``scratch``."""
    shutil.copyfile(place.keys, scratch / KEYS)
    source = connect(place.database, keys.database, read_only=True)
    target = connect(scratch / DATABASE, keys.database)
    try:
        # A copy that a crash cuts off is thrown away: it needs neither a journal nor the disk yet.
        target.execute("PRAGMA synchronous = OFF")
        target.execute("PRAGMA journal_mode = OFF")
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        target.close()
        source.close()


def _pack(scratch: Path, archive: Path) -> None:
    """Put what lies in ``scratch`` into one file, and that file on the disk."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
        for name in (KEYS, DATABASE):
            told = zipfile.ZipInfo.from_file(scratch / name, name)
            with (scratch / name).open("rb") as source, file.open(told, "w") as target:
                shutil.copyfileobj(source, target, _PIECE)
    with archive.open("rb+") as written:
        os.fsync(written.fileno())


def _compare(archive: Path, scratch: Path) -> None:
    """Read the archive back as a restore would; raises ``NotOurFile`` unless it holds the same."""
    try:
        with zipfile.ZipFile(archive) as file:
            for name in (KEYS, DATABASE):
                with file.open(name) as packed, (scratch / name).open("rb") as source:
                    while piece := source.read(_PIECE):
                        if packed.read(len(piece)) != piece:
                            raise NotOurFile(_MISMADE)
                    if packed.read(1):
                        raise NotOurFile(_MISMADE)
    except (zipfile.BadZipFile, EOFError):
        raise NotOurFile(_MISMADE) from None


def check(path: Path, keys: Keys) -> dict[str, int]:
    """Open the backup at ``path`` in a scratch place, check every page, and count its rows.

    Raises ``NotOurFile`` when anything is wrong with it.
    """
    with _scratch(path.parent, "check") as scratch:
        _unpack(path, scratch)
        return _check(scratch / DATABASE, keys, _DAMAGED.format(path.name))


def _check(database: Path, keys: Keys, otherwise: str) -> dict[str, int]:
    """Open a copy, check every page, and count its rows; not a byte of it is changed.

    Raises ``NotOurFile`` with the sentence ``otherwise`` when anything is wrong with it.
    """
    connection = connect(database, keys.database, read_only=True)
    try:
        is_current(connection)
        broken = connection.execute("PRAGMA cipher_integrity_check").fetchone()
        sound = connection.execute("PRAGMA quick_check").fetchone()
        if broken is None and sound == ("ok",):
            return row_counts(connection)
    except dbapi2.DatabaseError as error:
        # A damaged page may stop the check itself.
        raise NotOurFile(otherwise) from error
    finally:
        connection.close()
    raise NotOurFile(otherwise)


def list_backups(folder: Path) -> list[Backup]:
    """Return the backups in ``folder``, newest first; other files are none of ours."""
    found = []
    for path in folder.glob(f"*{SUFFIX}") if folder.is_dir() else ():
        named = _NAME.match(path.name)
        if named is not None:
            at = datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, at, path.stat().st_size, int(named[2] or 0)))
    return sorted(found, key=_age, reverse=True)


def _age(backup: Backup) -> tuple[datetime, int]:
    return backup.at, backup.turn


def kept(backups: list[Backup]) -> set[Path]:
    """Return which of ``backups`` stay: the newest of each of 7 days and of each of 5 weeks."""
    days: dict[Any, Path] = {}
    weeks: dict[Any, Path] = {}
    for backup in sorted(backups, key=_age, reverse=True):
        days.setdefault(backup.at.date(), backup.path)
        weeks.setdefault(backup.at.isocalendar()[:2], backup.path)
    return {*list(days.values())[:KEEP_DAYS], *list(weeks.values())[:KEEP_WEEKS]}


def rotate(folder: Path, made: Path) -> None:
    """Remove backups that neither a day nor a week keeps; ``made`` always stays."""
    backups = list_backups(folder)
    stay = {*kept(backups), made}
    for backup in backups:
        if backup.path not in stay:
            backup.path.unlink(missing_ok=True)


def is_due(folder: Path, now: datetime) -> bool:
    """Return whether the newest backup is older than a day, or there is none."""
    newest = next(iter(list_backups(folder)), None)
    return newest is None or now - newest.at >= timedelta(days=1)


def restore(
    path: Path, place: Place, *, passphrase: str | None = None, recovery_key: str | None = None
) -> Keys:
    """Put the backup at ``path`` in the place of the practice; return its opened keys.

    What lay there is kept beside it under a dated name. The key is tried, and every page checked,
    before anything is replaced. Raises ``WrongPassphrase``, ``NotOurFile`` or ``FileInUse``.
    """
    with said_plainly(place.folder):
        place.folder.mkdir(parents=True, exist_ok=True)
        lock = take_lock(place)
        try:
            with _scratch(place.folder, "restore") as scratch:
                _unpack(path, scratch)
                file = parse_key_file((scratch / KEYS).read_bytes())
                if recovery_key is not None:
                    keys = file.open_with_recovery_key(recovery_key)
                else:
                    keys = file.open_with_passphrase(passphrase or "")
                _check(scratch / DATABASE, keys, _DAMAGED.format(path.name))
                attached = AttachedFiles(attached_beside(path.parent, file.vault_id[:8]), "")
                attached.copy_to(AttachedFiles(place.folder).folder)
                # Before anything lies there: what came after the backup may have given numbers.
                begin_another_life(list(place.marks), file.vault_id)
                _set_aside(place)
                # The keys go last: a crash between the two leaves no practice, never a wrong one.
                (scratch / DATABASE).replace(place.database)
                (scratch / KEYS).replace(place.keys)
                sync_folder(place.folder)
                return keys
        finally:
            lock.release()


def _set_aside(place: Place) -> None:
    if not place.exists():
        return
    number = 1
    while (aside := place.folder / f"before-restore-{number}").exists():
        number += 1
    aside.mkdir()
    for name in (KEYS, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        if (place.folder / name).exists():
            (place.folder / name).replace(aside / name)


def _unpack(path: Path, folder: Path) -> None:
    damaged = NotOurFile(
        f"{path.name} is not a PracticeRunner backup, or it is cut off: choose another."
    )
    try:
        with zipfile.ZipFile(path) as archive:
            if sorted(archive.namelist()) != sorted([DATABASE, KEYS]):
                raise damaged
            for name in (KEYS, DATABASE):
                if archive.getinfo(name).file_size > _LARGEST:
                    raise damaged
                with archive.open(name) as source, (folder / name).open("wb") as target:
                    shutil.copyfileobj(source, target, _PIECE)
    except (FileNotFoundError, IsADirectoryError):
        raise MachineError(f"There is no file {path}: choose a backup.") from None
    except (zipfile.BadZipFile, EOFError, NotImplementedError):
        raise damaged from None


@contextmanager
def _scratch(parent: Path, label: str) -> Iterator[Path]:
    """A folder on the target's own disk, so that renames are whole; always removed."""
    folder = Path(tempfile.mkdtemp(prefix=f"{_SCRATCH}{label}-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_leftovers(folder: Path, label: str) -> None:
    # What a killed program left of its own; only one program works on a practice at a time.
    for left in folder.glob(f"{_SCRATCH}{label}-*"):
        shutil.rmtree(left, ignore_errors=True)


def _free_name(folder: Path, at: datetime) -> Path:
    stamp = f"{at.astimezone(UTC):{_STAMP}}"
    # Behind all of its second, also behind those whose forerunners rotation has let go.
    turns = [each.turn for each in list_backups(folder) if each.at == at.replace(microsecond=0)]
    turn = f"-{max(1, *turns) + 1}" if turns else ""
    return folder / f"PracticeRunner-{stamp}{turn}{SUFFIX}"
