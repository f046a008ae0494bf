"""Closes the window when the system asks the program to end, so that what was typed is kept."""

from __future__ import annotations

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Slot
from PySide6.QtGui import QGuiApplication, QSessionManager
from PySide6.QtWidgets import QWidget

#: What a system, a session or a terminal asks a program to end with; Windows has not all of them.
_ASKS = tuple(
    getattr(signal, name)
    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
)


class EndWatch(QObject):
    """Watches for the system's wish that ``window`` goes: a signal, or the end of the session.

    Python runs a signal's handler only between two of its own steps, and the event loop is none:
    a socket wakes it.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._heard, self._rung = socket.socketpair()
        for end in (self._heard, self._rung):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._heard.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)
        self._woke_before = signal.set_wakeup_fd(self._rung.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, _noted) for number in _ASKS}
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.commitDataRequest.connect(self._session_ends)

    def stop(self) -> None:
        """Let signals do again what they did before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._woke_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._heard.close()
        self._rung.close()

    @Slot()
    def _woken(self) -> None:
        if set(self._heard.recv(64)) & set(_ASKS):
            self._window.close()

    @Slot(QSessionManager)
    def _session_ends(self, _session: QSessionManager) -> None:
        self._window.close()


def _noted(_number: int, _frame: FrameType | None) -> None:
    """Do nothing here: the socket has said it to the event loop."""
