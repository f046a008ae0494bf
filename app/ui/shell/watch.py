"""Locks a practice that nobody is at: idle, asleep, or behind a locked screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.core.kernel.desk import Desk
from app.ui.shell.power import PowerEvents
from app.ui.shell.presenter import Deliver
from app.ui.shell.watch_presenter import WatchPresenter

LOOK_EVERY = timedelta(seconds=5)
_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class LockWatch(QObject):
    """Sees every key and click, and asks for the lock."""

    def __init__(
        self, desk: Desk, deliver: Deliver, power: PowerEvents, lock: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._presenter = WatchPresenter(desk, deliver)
        self._lock = lock
        self._power = power
        self._timer = QTimer(self)
        self._timer.setInterval(int(LOOK_EVERY.total_seconds() * 1000))
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Begin to watch."""
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)
        self._power.away.connect(self._lock)
        self._presenter.refresh()
        self._timer.start()

    def stop(self) -> None:
        """Watch no longer."""
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self._power.away.disconnect(self._lock)
        self._timer.stop()
        self._presenter.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there; nothing is ever swallowed."""
        if event.type() in _INPUT:
            self._presenter.last_input = self._presenter.desk.clock.now()
        return super().eventFilter(watched, event)

    def _look(self) -> None:
        self._power.tick(self._presenter.desk.clock.now())
        if self._presenter.is_time():
            self._lock("Locked because nobody was here.")
