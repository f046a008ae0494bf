"""The one door from other threads into the window's thread."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot


class Bridge(QObject):
    """Runs calls on the thread it was made on, in the order in which they were handed over."""

    _handed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._handed.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def deliver(self, call: Callable[[], None]) -> None:
        """Run ``call`` on the window's thread, soon. Safe from any thread, also while closing."""
        if shiboken6.isValid(self):
            self._handed.emit(call)

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        call()
