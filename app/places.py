"""Where a practice lies on this computer, and what of it lies elsewhere. Never imports Qt."""

from __future__ import annotations

from pathlib import Path

from app.core.vault import leaving
from app.core.vault.incarnation import MarkPlace, StateFolder
from app.core.vault.keychain import Entry, Keychain, os_keychain
from app.core.vault.vault import Place
from app.folders import named_state_dir, state_dir


def place_of(folder: Path) -> Place:
    """Return the place of the practice in ``folder`` with the marks kept outside of it."""
    marks: list[MarkPlace] = [StateFolder(state_dir())]
    keychain = keychain_here()
    if keychain is not None:
        marks.append(keychain)
    return Place(folder.expanduser().absolute(), tuple(marks))


def keychain_here() -> Keychain | None:
    """Return the system's keychain; none where the state folder was named, as tests do."""
    return None if named_state_dir() is not None else os_keychain()


def sign_in_safe(vault_id: str) -> Entry | None:
    """Return the place of a file's sign-in in the keychain; every copy of the file has the same."""
    keychain = keychain_here()
    return None if keychain is None else keychain.entry(f"account {vault_id}")


def left_from(folder: Path) -> str:
    """Return what became of a practice that the account removed from ``folder``; else nothing.

    A removal that was cut off is finished. Raises ``MachineError`` where the disk refuses.
    """
    left = leaving.finish(place_of(folder))
    return left.sentence if left is not None else ""
