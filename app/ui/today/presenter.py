"""Today's state and acts. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.core.kernel.acting import Permission
from app.core.kernel.changes import Outcome
from app.core.kernel.desk import Desk
from app.core.tasks.queries import (
    SessionContext,
    Today,
    TodaySession,
    When,
    day_and_session,
    session_context,
)
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

    def may(self, permission: Permission) -> bool:
        """Return whether the member's role includes it."""
        return self.desk.actor.may(permission)

    def _when(self) -> When:
        return When(self.now(), self.here().date())

    def refresh(self) -> None:
        """Read the day again, and the session looked at."""
        self.read(
            "today",
            day_and_session,
            self._when(),
            self.selected,
            then=self._have,
            failed=self._failed,
        )

    def _have(self, found: tuple[Today, SessionContext | None]) -> None:
        self.today, context = found
        self.problem = None
        read = context.today.session.id if context is not None else None
        if self.selected not in (None, read) and self.today.session(self.selected) is not None:
            # Another one was chosen meanwhile, and its context is on its way.
            self.changed()
            return
        self.selected, self.context = read, context
        self.changed()

    def _failed(self, error: Exception) -> None:
        self.problem = error
        self.changed()

    def select(self, session_id: UUID) -> None:
        """Look at another session."""
        if session_id != self.selected:
            self.selected = session_id
            self._read_context(session_id)
            self.changed()

    def _read_context(self, session_id: UUID) -> None:
        def have(found: SessionContext) -> None:
            if self.selected == session_id:
                self.context = found
                self.changed()

        def failed(error: Exception) -> None:
            if self.selected == session_id:
                self._failed(error)

        self.read("context", session_context, session_id, self._when(), then=have, failed=failed)

    def session(self, session_id: UUID | None = None) -> TodaySession | None:
        """Return a session of the day, by default the one selected."""
        wanted = session_id or self.selected
        if self.today is None:
            return None
        return self.today.session(wanted)

    # Acting

    # What settles a session is imported when one is: the day is shown before that.

    def confirm(self, session_id: UUID | None = None) -> None:
        """Note that the client will come."""
        from app.core.scheduling.commands import confirm_session  # noqa: PLC0415 - as above

        self._do(confirm_session, session_id)

    def attended(self, session_id: UUID | None = None) -> None:
        """Mark the session held, and charge it."""
        from app.core.journeys.sessions import attend  # noqa: PLC0415 - as above

        self._do(attend, session_id)

    def missed(self, session_id: UUID | None = None, *, charged: bool = False) -> None:
        """Mark the session missed, charged or not."""
        from app.core.journeys.sessions import miss  # noqa: PLC0415 - as above

        self._do(miss, session_id, charged=charged)

    def reopen(self, session_id: UUID | None = None) -> None:
        """Take back how the session went; its charges are voided."""
        from app.core.journeys.sessions import reopen  # noqa: PLC0415 - as above

        self._do(reopen, session_id)

    def _do(self, command: Callable[..., Any], session_id: UUID | None, **how: Any) -> None:
        target = session_id or self.selected
        if target is not None:
            self.run(command, target, failed=self._fail, **how)
