"""Today's state and acts. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.core.journeys.sessions import attend, miss, reopen
from app.core.kernel.acting import Permission
from app.core.kernel.changes import Outcome
from app.core.kernel.desk import Desk
from app.core.scheduling.commands import confirm_session
from app.core.tasks.queries import SessionContext, Today, TodaySession, When, session_context, today
from app.ui.shell.presenter import Deliver, Presenter

WATCHED = ("practice", "team", "people", "cases", "scheduling", "clinical", "billing")


class TodayPresenter(Presenter):
    """The day, the session looked at, and what can be done with it.

    On arrival the session to prepare for is selected; another one stays selected while it is there.
    """

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        *,
        did: Callable[[Outcome[Any]], None] | None = None,
        fail: Callable[[Exception], None] | None = None,
    ) -> None:
        super().__init__(desk, deliver, did=did)
        self._fail = fail
        self.today: Today | None = None
        self.context: SessionContext | None = None
        self.selected: UUID | None = None
        self.problem: Exception | None = None
        self.watch(*WATCHED)

    # Reading

    def now(self) -> datetime:
        """Return the instant."""
        return self.desk.clock.now()

    def here(self) -> datetime:
        """Return the wall time in the practice's zone, naive."""
        return self.now().astimezone(ZoneInfo(self.desk.zone)).replace(tzinfo=None)

    @property
    def may_read_notes(self) -> bool:
        """Whether the member's role opens notes."""
        return self.desk.actor.may(Permission.READ_NOTES)

    def _when(self) -> When:
        return When(self.now(), self.here().date())

    def refresh(self) -> None:
        """Read the day again."""
        self.read(
            "today",
            today,
            self._when(),
            then=self._have,
            failed=self._failed,
        )

    def _have(self, found: Today) -> None:
        self.today, self.problem = found, None
        ids = {each.session.id for each in found.sessions}
        if self.selected not in ids:
            upcoming = found.upcoming(self.now()) or (
                found.sessions[-1] if found.sessions else None
            )
            self.selected = upcoming.session.id if upcoming else None
            self.context = None
        self.changed()
        self._read_context()

    def _failed(self, error: Exception) -> None:
        self.problem = error
        self.changed()

    def select(self, session_id: UUID) -> None:
        """Look at another session."""
        if session_id != self.selected:
            self.selected = session_id
            self._read_context()
            self.changed()

    def _read_context(self) -> None:
        if self.selected is None:
            self.context = None
            return
        self.read(
            "context",
            session_context,
            self.selected,
            self._when(),
            then=self._have_context,
            failed=self._failed,
        )

    def _have_context(self, found: SessionContext) -> None:
        self.context = found
        self.changed()

    def session(self, session_id: UUID | None = None) -> TodaySession | None:
        """Return a session of the day, by default the one selected."""
        wanted = session_id or self.selected
        if self.today is None:
            return None
        return next((each for each in self.today.sessions if each.session.id == wanted), None)

    # Acting

    def confirm(self, session_id: UUID | None = None) -> None:
        """Note that the client will come."""
        self._do(confirm_session, session_id)

    def attended(self, session_id: UUID | None = None) -> None:
        """Mark the session held, and charge it."""
        self._do(attend, session_id)

    def missed(self, session_id: UUID | None = None, *, charged: bool = False) -> None:
        """Mark the session missed, charged or not."""
        self._do(miss, session_id, charged=charged)

    def reopen(self, session_id: UUID | None = None) -> None:
        """Take back how the session went; its charges are voided."""
        self._do(reopen, session_id)

    def _do(self, command: Callable[..., Any], session_id: UUID | None, **how: Any) -> None:
        target = session_id or self.selected
        if target is not None:
            self.run(command, target, failed=self._fail, **how)
