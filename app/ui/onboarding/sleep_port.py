"""What the system says of sleep and of its own lock, on the three systems."""

from __future__ import annotations

import ctypes
import os
import platform
from typing import Any

from PySide6.QtCore import (
    SLOT,
    QAbstractNativeEventFilter,
    QByteArray,
    QCoreApplication,
    QObject,
    Signal,
    Slot,
)

from app.ui.onboarding.mac_port import MacPort, MacSystem


class SilentPort(QObject):
    """A system that says nothing; a late tick of the watch still notices the sleep."""

    leaving = Signal()


class LogindPort(QObject):
    """Linux: logind tells of sleep, and the session of its lock, on the D-Bus."""

    leaving = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Imported here: other systems ship without it.
        from PySide6.QtDBus import QDBusConnection  # noqa: PLC0415

        system, session = QDBusConnection.systemBus(), QDBusConnection.sessionBus()
        # The stubs ask for bytes, the call itself for the text that SLOT makes.
        heard: Any = SLOT("heard(bool)")
        if system.isConnected():
            system.connect(
                "org.freedesktop.login1",
                "/org/freedesktop/login1",
                "org.freedesktop.login1.Manager",
                "PrepareForSleep",
                self,
                heard,
            )
        if session.isConnected():
            for saver in ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"):
                session.connect("", "", saver, "ActiveChanged", self, heard)

    @Slot(bool)
    def heard(self, begins: bool) -> None:
        """Sleep or lock begins, or is over."""
        if begins:
            self.leaving.emit()


class WindowsPort(QObject):
    """Windows: the window's messages tell of sleep and of the session's lock."""

    leaving = Signal()

    _POWER, _SUSPEND = 0x0218, 0x0004
    _SESSION, _LOCK = 0x02B1, 0x0007

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._filter = _Messages(self)
        app = QCoreApplication.instance()
        if app is not None:
            app.installNativeEventFilter(self._filter)

    def message(self, kind: int, what: int) -> None:
        """A message of the system arrived at a window."""
        if (kind, what) in ((self._POWER, self._SUSPEND), (self._SESSION, self._LOCK)):
            self.leaving.emit()


class _WindowsMessage(ctypes.Structure):
    _fields_ = (
        ("window", ctypes.c_void_p),
        ("kind", ctypes.c_uint),
        ("what", ctypes.c_size_t),
    )


class _Messages(QAbstractNativeEventFilter):
    def __init__(self, port: WindowsPort) -> None:
        super().__init__()
        self._port = port

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> object:
        if bytes_of(kind) == b"windows_generic_MSG":
            read = _WindowsMessage.from_address(int(message))
            self._port.message(read.kind, read.what)
        return False, 0


def bytes_of(text: QByteArray | bytes | bytearray | memoryview) -> bytes:
    """Return what Qt hands over as text of bytes."""
    return bytes(text.data()) if isinstance(text, QByteArray) else bytes(text)


def register_for_session_locks(window_id: int) -> None:
    """Windows: ask to be told when the session is locked; elsewhere nothing."""
    if os.name == "nt":
        ctypes.CDLL("wtsapi32").WTSRegisterSessionNotification(window_id, 0)


SleepPort = LogindPort | WindowsPort | MacPort | SilentPort
"""Says with ``leaving`` when the computer is about to sleep or its screen is locked."""


def system_port(parent: QObject) -> SleepPort:
    """Return the port of the system that this runs on."""
    if os.name == "nt":
        return WindowsPort(parent)
    if platform.system() == "Linux":
        return LogindPort(parent)
    if platform.system() == "Darwin":
        return MacPort(MacSystem(), parent)
    return SilentPort(parent)
