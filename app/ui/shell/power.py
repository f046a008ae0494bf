"""What the computer tells of sleep and screen lock, as one port: ``PowerEvents.away``.

Linux tells by D-Bus (systemd-logind, the desktop's screen saver), Windows by messages to the
window. Everywhere else, and where those are silent, a clock that jumped tells afterwards.
"""

from __future__ import annotations

import ctypes
import sys
from datetime import datetime, timedelta
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

#: A tick that comes this much later than it should means that the computer slept.
JUMP = timedelta(seconds=90)

_POWER_BROADCAST, _SUSPEND = 0x0218, 0x0004
_SESSION_CHANGE, _SESSION_LOCKED = 0x02B1, 0x7


class PowerEvents(QObject):
    """Emits ``away`` when the computer goes to sleep, its screen locks, or it woke from sleep."""

    away = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last: datetime | None = None
        self._filter: _WindowsMessages | None = None

    def listen(self) -> None:
        """Ask the system to tell; where it cannot, ``tick`` is left."""
        if sys.platform == "linux":
            self._listen_to_buses()
        elif sys.platform == "win32":
            self._filter = _WindowsMessages(self)
            application = QCoreApplication.instance()
            if application is not None:
                application.installNativeEventFilter(self._filter)

    def tick(self, now: datetime) -> None:
        """Notice a sleep that nobody told of; called every few seconds."""
        last, self._last = self._last, now
        if last is not None and now - last > JUMP:
            self.away.emit("This computer was asleep.")

    @Slot(bool)
    def sleeping(self, begins: bool) -> None:
        """Hear logind's *PrepareForSleep*."""
        if begins:
            self.away.emit("This computer went to sleep.")

    @Slot(bool)
    def screen_locked(self, active: bool) -> None:
        """Hear the desktop's *ActiveChanged* of its screen saver."""
        if active:
            self.away.emit("The screen was locked.")

    def _listen_to_buses(self) -> None:
        # Imported here: only Linux has it, and nothing else needs it.
        from PySide6.QtDBus import QDBusConnection  # noqa: PLC0415

        QDBusConnection.systemBus().connect(
            "org.freedesktop.login1",
            "/org/freedesktop/login1",
            "org.freedesktop.login1.Manager",
            "PrepareForSleep",
            self,
            _slot("sleeping(bool)"),
        )
        QDBusConnection.sessionBus().connect(
            "",
            "/org/freedesktop/ScreenSaver",
            "org.freedesktop.ScreenSaver",
            "ActiveChanged",
            self,
            _slot("screen_locked(bool)"),
        )


def _slot(signature: str) -> Any:
    # The stubs ask for bytes, the call itself for the text that SLOT makes.
    return SLOT(signature)


class _WindowsMessages(QAbstractNativeEventFilter):
    """Reads *power broadcast* and *session change* from the window's messages."""

    def __init__(self, events: PowerEvents) -> None:
        super().__init__()
        self._events = events

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> Any:
        """Look at a message and let it go on."""
        if kind == b"windows_generic_MSG":
            found = _Message.from_address(int(message))
            if found.message == _POWER_BROADCAST and found.wParam == _SUSPEND:
                self._events.sleeping(True)
            elif found.message == _SESSION_CHANGE and found.wParam == _SESSION_LOCKED:
                self._events.screen_locked(True)
        return False, 0


class _Message(ctypes.Structure):
    """The beginning of Windows' ``MSG``."""

    _fields_ = (
        ("hwnd", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("wParam", ctypes.c_size_t),
    )
