"""What the lock needs to know of an open practice. No Qt."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from app.core.kernel.desk import Desk
from app.core.practice.queries import setting
from app.core.practice.rules.settings import Value
from app.core.scheduling.queries import SessionView, sessions_between
from app.ui.onboarding.lock_rule import is_due, running_until
from app.ui.shell.presenter import Deliver, Presenter


class LockTimes(Presenter):
    """What the rule needs of an open practice: the limit, and the sessions of today."""

    def __init__(self, desk: Desk, deliver: Deliver) -> None:
        super().__init__(desk, deliver)
        self.minutes = 15
        self._sessions: list[SessionView] = []
        self._read_for = self._today()
        self.watch("practice", "scheduling")
        self.refresh()

    def refresh(self) -> None:
        self._read_for = self._today()
        day = self._read_for
        self.read("minutes", setting, "lock.idle_minutes", then=self._have_minutes)
        self.read("sessions", sessions_between, day, day, then=self._have_sessions)

    def _today(self) -> date:
        zone = ZoneInfo(self.desk.zone)
        return self.desk.clock.now().astimezone(zone).date()

    def _have_minutes(self, value: Value) -> None:
        self.minutes = int(value)

    def _have_sessions(self, sessions: list[SessionView]) -> None:
        self._sessions = sessions

    def is_due(self, idle: timedelta) -> bool:
        """Return whether to lock now, after ``idle`` without a key or a click."""
        if self._today() != self._read_for:
            self.refresh()
        now = self.desk.clock.now()
        return is_due(
            idle, timedelta(minutes=self.minutes), now, running_until(self._sessions, now)
        )
