"""Where the tokens of a practice file lie: the system's keychain, else the encrypted file itself.

In the keychain a copy of the file on another computer has none and signs in for itself. A computer
without a keychain keeps them in the row that ties the file to its account.
"""

from __future__ import annotations

from typing import Protocol

from app.core.kernel.errors import MachineError
from app.sync import state
from app.sync.account.tokens import Tokens
from app.sync.file import NotConnected, SideDoor, Slice
from app.sync.transport import Trouble, Unreachable

_IN_KEYCHAIN = "In this computer’s keychain"
_IN_FILE = "In the encrypted practice file"
_NO_KEYCHAIN = f"{_IN_FILE}: this computer has no keychain that answers"


def kept_words(held: str) -> str:
    """Return in a few words where a file's sign-in lies, by what its tie holds of it."""
    tokens = Tokens.from_text(held)
    if tokens is None:
        return _IN_KEYCHAIN
    return _NO_KEYCHAIN if tokens.refresh else _IN_FILE


class Safe(Protocol):
    """The place of this file's sign-in in the system's keychain. See ``vault.keychain.Entry``."""

    def read(self) -> str | None:
        """Return what is kept; raises ``MachineError`` where the keychain will not say."""
        ...

    def write(self, text: str) -> None:
        """Keep ``text``; raises ``MachineError`` where the keychain refuses."""
        ...

    def forget(self) -> None:
        """Keep nothing any more, where the keychain lets it."""
        ...


class SignInPlace:
    """Where one file's tokens are; ``safe`` is ``None`` without a keychain."""

    def __init__(self, file: SideDoor, safe: Safe | None) -> None:
        self._file = file
        self._safe = safe

    def read(self) -> Tokens | None:
        """Return the tokens; raises ``Unreachable`` while the keychain will not say."""
        return Tokens.from_text(self._in_file()) or self._in_safe()

    def keep(self, tokens: Tokens) -> None:
        """Keep tokens in the keychain, else in the file; raises ``MachineError``."""
        text = tokens.to_text()
        if self._in_file():
            # What lies in the file is what counts: it may not be older than the keychain's.
            self._put_in_file(text)
        in_safe = bool(tokens.refresh) and self._in_safe_now(text)
        self._put_in_file("" if in_safe else text)

    def forget(self) -> None:
        """Leave nothing in the keychain."""
        if self._safe is not None:
            self._safe.forget()

    def _in_file(self) -> str:
        try:
            return self._file.slice(_held)
        except NotConnected:
            raise Unreachable(Trouble.OFFLINE, "ended") from None

    def _in_safe(self) -> Tokens | None:
        try:
            if self._safe is not None:
                return Tokens.from_text(self._safe.read())
        except MachineError:
            pass
        raise Unreachable(Trouble.KEYCHAIN, "there is none, or it does not say")

    def _in_safe_now(self, text: str) -> bool:
        if self._safe is None:
            return False
        try:
            self._safe.write(text)
        except MachineError:
            return False
        return True

    def _put_in_file(self, text: str) -> None:
        def put(part: Slice) -> None:
            link = part.link()
            if link.token != text:
                state.change(part.connection, link, token=text)

        try:
            self._file.slice(put, durable=True)
        except NotConnected:
            raise MachineError("The practice was closed meanwhile.") from None


def _held(part: Slice) -> str:
    return part.link().token
