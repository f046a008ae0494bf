"""A keychain that refuses stops nobody whose state folder keeps the mark."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from keyring.errors import KeyringLocked, PasswordDeleteError, PasswordSetError

from app.core.kernel.errors import MachineError
from app.core.vault.incarnation import Mark, MarkPlace, StateFolder, read_marks, writer_of
from app.core.vault.keychain import Keychain

MARK = Mark(uuid4(), 3, 14)


class Refusing:
    """The operating system's side: somebody answered *Deny*."""

    priority = 5.0

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError(f"{service} {username} {password}")

    def delete_password(self, service: str, username: str) -> None:
        raise PasswordDeleteError(f"{service} {username}")


def test_the_state_folder_alone_keeps_the_mark(tmp_path: Path) -> None:
    places: list[MarkPlace] = [StateFolder(tmp_path), Keychain(Refusing())]
    writer_of(places, "file")(MARK)
    assert read_marks(places, "file") == MARK


def test_where_no_place_takes_the_mark_a_sentence_says_what_to_do() -> None:
    with pytest.raises(MachineError, match="keychain is locked or refused: unlock it") as refused:
        writer_of([Keychain(Refusing())], "file")(MARK)
    assert MARK.to_text() not in str(refused.value)
