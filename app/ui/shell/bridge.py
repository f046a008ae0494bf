"""The one door from other threads into the window's thread."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

#: What is typed in a form is kept after this time: with the write itself well within two seconds.
KEEP_AFTER_MS = 1000


class Bridge(QObject):
    """Runs calls on the thread it was made on, in the order in which they were handed over."""

    _handed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._handed.connect(self._run, Qt.ConnectionType.QueuedConnection)
        self._kept: list[Callable[[], None]] = []
        self._keeping = QTimer(self)
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(KEEP_AFTER_MS)
        self._keeping.timeout.connect(self._keep)

    def deliver(self, call: Callable[[], None]) -> None:
        """Run ``call`` on the window's thread, soon. Safe from any thread, also while closing."""
        if shiboken6.isValid(self):
            self._handed.emit(call)

    def later(self, call: Callable[[], None]) -> None:
        """Run ``call`` when typing is kept next, on the window's thread, from which it is asked."""
        self._kept.append(call)
        if not self._keeping.isActive():
            self._keeping.start()

    @Slot()
    def _keep(self) -> None:
        calls, self._kept = self._kept, []
        for call in calls:
            call()

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        call()
