"""Locks the program by itself: after idle minutes, on sleep, when the screen locks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer

from app.core.kernel.clock import Clock, SystemClock
from app.ui.onboarding.lock_rule import SLEEP_WORDS, SLEPT, idle_words
from app.ui.onboarding.sleep_port import SleepPort, register_for_session_locks, system_port

if TYPE_CHECKING:
    from app.ui.onboarding.lock_times import LockTimes
    from app.ui.shell.program import Program

TICK = timedelta(seconds=5)
_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class LockWatch(QObject):
    """Watches keys, clicks, the clock and the system for one program."""

    def __init__(
        self,
        program: Program,
        *,
        clock: Clock | None = None,
        port: SleepPort | None = None,
    ) -> None:
        super().__init__(program)
        self._program = program
        self._clock = clock or SystemClock()
        self._times: LockTimes | None = None
        self._idle = QElapsedTimer()
        self._idle.start()
        self._ticked = self._clock.now()
        self._timer = QTimer(self)
        self._timer.setInterval(int(TICK.total_seconds() * 1000))
        self._timer.timeout.connect(self.tick)
        program.practice_changed.connect(self._practice_changed)
        self.port = port or system_port(self)
        self.port.leaving.connect(self._leaving)
        register_for_session_locks(int(program.window.winId()))
        # The window's own events, not the application's: a filter there would see every event.
        handle = program.window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)
        self._practice_changed()

    def _practice_changed(self) -> None:
        if self._times is not None:
            self._times.close()
            self._times = None
        practice = self._program.practice
        if practice is None:
            self._timer.stop()
            return
        # Imported here: it needs the tables, which load while the window is shown.
        from app.ui.onboarding.lock_times import LockTimes  # noqa: PLC0415

        self._times = LockTimes(practice.desk, self._program.bridge.deliver)
        self._idle.restart()
        self._ticked = self._clock.now()
        self._timer.start()

    def tick(self) -> None:
        """Look at the clock, a few times a minute."""
        now: datetime = self._clock.now()
        late, self._ticked = now - self._ticked - TICK, now
        if self._times is None:
            return
        if late > SLEPT:
            self._leaving()
        elif self._times.is_due(timedelta(milliseconds=self._idle.elapsed())):
            self._program.lock(idle_words(self._times.minutes))

    def _leaving(self) -> None:
        self._program.lock(SLEEP_WORDS)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT:
            self._idle.restart()
        return False
