"""When an open practice locks by itself: idle minutes, and the session that is running."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.core.kernel.clock import today
from app.core.kernel.desk import Desk
from app.core.practice.queries import setting
from app.core.scheduling.queries import SessionView, sessions_between
from app.ui.shell.presenter import Deliver, Presenter


def is_time_to_lock(
    now: datetime, last_input: datetime, idle_minutes: int, running_until: datetime | None
) -> bool:
    """Return whether the practice locks now.

    While a session of today is running nobody is expected at the keys: it locks at its end.
    """
    if now - last_input < timedelta(minutes=idle_minutes):
        return False
    return running_until is None or now >= running_until


class WatchPresenter(Presenter):
    """Knows the idle minutes and the end of the session that is running."""

    def __init__(self, desk: Desk, deliver: Deliver) -> None:
        super().__init__(desk, deliver)
        self.idle_minutes = 15
        self.last_input = desk.clock.now()
        self._day: date | None = None
        self._sessions: tuple[SessionView, ...] = ()
        self.watch("practice", "scheduling")

    def refresh(self) -> None:
        """Read the setting and today's sessions."""
        self.read("minutes", setting, "lock.idle_minutes", then=self._have_minutes)
        self._day = day = today(self.desk.clock, self.desk.zone)
        self.read("today", sessions_between, day, day, then=self._have_sessions)

    def running_until(self, now: datetime) -> datetime | None:
        """Return when the session of this moment ends."""
        ends = [
            each.ends_at
            for each in self._sessions
            if each.starts_at <= now < each.ends_at and not each.status.is_gone
        ]
        return max(ends, default=None)

    def is_time(self) -> bool:
        """Return whether the practice locks now."""
        if self._day != today(self.desk.clock, self.desk.zone):
            self.refresh()
        now = self.desk.clock.now()
        return is_time_to_lock(now, self.last_input, self.idle_minutes, self.running_until(now))

    def _have_minutes(self, minutes: object) -> None:
        self.idle_minutes = int(str(minutes))

    def _have_sessions(self, found: list[SessionView]) -> None:
        self._sessions = tuple(found)
