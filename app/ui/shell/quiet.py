"""What can wait until the first screen has its answers: syncing, which is large to load."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.core.kernel.desk import Desk
from app.ui.shell.bridge import Bridge

#: Milliseconds without an answer to a screen, and without a read under way, that count as quiet.
AFTER_MS = 1_000


class Quiet(QObject):
    """Does ``act`` once, the first time that no screen waits for an answer."""

    def __init__(
        self, desk: Desk, bridge: Bridge, act: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._act = desk, bridge, act
        self._waits = False
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(AFTER_MS)
        self.timer.timeout.connect(self._look)

    def start(self) -> None:
        """Begin to wait."""
        self._waits = True
        self.timer.start()

    def answered(self) -> None:
        """Hear that a screen was answered: it may ask for more."""
        if self._waits:
            self.timer.start()

    def stop(self) -> None:
        """Wait no more; nothing is done."""
        self._waits = False
        self.timer.stop()

    def _look(self) -> None:
        if self._desk.reading:
            self.timer.start()
        else:
            self._bridge.deliver(self._begin)

    def _begin(self) -> None:
        # An answer handed over just before has restarted the wait.
        if self._waits and not self.timer.isActive():
            self._waits = False
            self._act()
