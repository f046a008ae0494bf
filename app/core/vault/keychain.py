"""The OS keychain, through an allow-listed backend only: never one that keeps plain text."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol, cast

from app.core.kernel.errors import MachineError

SERVICE = "PracticeRunner Desktop"
REFUSED = "This computer's keychain is locked or refused: unlock it and try again."

#: A default chosen by the library may silently be a plain-text file (``keyrings.alt``).
_BACKENDS = {
    "win32": ("keyring.backends.Windows", "WinVaultKeyring"),
    "darwin": ("keyring.backends.macOS", "Keyring"),
    "linux": ("keyring.backends.SecretService", "Keyring"),
}


class _Backend(Protocol):
    priority: float

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


class Keychain:
    """Keeps small secrets and marks in the operating system's own keychain."""

    def __init__(self, backend: _Backend) -> None:
        self._backend = backend

    def read(self, name: str) -> str | None:
        """Return what is kept under ``name``; ``None`` also where the keychain will not say."""
        try:
            return self._backend.get_password(SERVICE, name)
        except _keyring_errors():
            return None

    def write(self, name: str, text: str) -> None:
        """Keep ``text`` under ``name``; raises ``MachineError`` where the keychain refuses."""
        self.entry(name).write(text)

    def entry(self, name: str) -> Entry:
        """Return the place of one secret."""
        return Entry(self._backend, name)


class Entry:
    """The place of one secret in the system's keychain."""

    def __init__(self, backend: _Backend, name: str) -> None:
        self._backend = backend
        self._name = name

    def read(self) -> str | None:
        """Return what is kept there; raises ``MachineError`` where the keychain will not say."""
        with _said_plainly():
            return self._backend.get_password(SERVICE, self._name)

    def write(self, text: str) -> None:
        """Keep ``text`` there; raises ``MachineError`` where the keychain refuses."""
        with _said_plainly():
            self._backend.set_password(SERVICE, self._name, text)

    def forget(self) -> None:
        """Keep nothing there any more, where the keychain lets it."""
        # Nothing may be kept there, or it is locked: what is left speaks for nobody by then.
        with suppress(*_keyring_errors()):
            self._backend.delete_password(SERVICE, self._name)


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except _keyring_errors() as error:
        raise MachineError(REFUSED) from error


def os_keychain() -> Keychain | None:
    """Return the system's keychain, or ``None`` where no allow-listed one answers."""
    named = _BACKENDS.get(sys.platform)
    if named is None:
        return None
    try:
        module = importlib.import_module(named[0])
        backend = cast(_Backend, getattr(module, named[1])())
        if backend.priority <= 0:
            return None
        backend.get_password(SERVICE, "probe")
    except (ImportError, RuntimeError, OSError):
        return None
    except _keyring_errors():
        return None
    return Keychain(backend)


def _keyring_errors() -> tuple[type[Exception], ...]:
    from keyring import errors  # noqa: PLC0415 - only where a keychain is asked

    return (errors.KeyringError,)
