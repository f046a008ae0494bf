"""The calendar's behaviour: which days are shown, what may happen to a session. No Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.core.billing.fees.queries import fees_of_case
from app.core.billing.fees.rules import Fee
from app.core.journeys import sessions as journeys
from app.core.journeys.bookings import delete_booking
from app.core.kernel.changes import Outcome
from app.core.kernel.desk import Desk
from app.core.kernel.money import Money, total
from app.core.practice.queries import ServiceView
from app.core.practice.rules.catalogue import CalendarColor
from app.core.scheduling import commands, queries
from app.core.scheduling.queries import (
    CalendarFrame,
    CalendarView,
    LineView,
    SessionDetail,
    SessionView,
)
from app.core.scheduling.rules import AppointmentStatus, CanceledBy
from app.core.scheduling.rules.overlap import meets
from app.core.scheduling.rules.walltime import fold_notice, gap_notice, place
from app.ui.scheduling.dragging import Draft
from app.ui.scheduling.words import taken_by
from app.ui.shell.presenter import Deliver, Presenter

_USUAL_MINUTES = 50


class Mode(StrEnum):
    """How many days are shown."""

    DAY = "DAY"
    WEEK = "WEEK"


@dataclass(frozen=True, slots=True)
class LegendLine:
    """What a color stands for, and how many sessions of the days shown have it."""

    words: str
    color: CalendarColor
    count: int


class CalendarPresenter(Presenter):
    """Shows a day or a week, and does what the calendar offers."""

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
        self.mode = Mode.WEEK
        self.anchor = self.now().date()
        self.week_starts = 0
        self.view: CalendarView | None = None
        self.services: tuple[ServiceView, ...] = ()
        self.service_id: UUID | None = None
        self.selected: UUID | None = None
        self.detail: SessionDetail | None = None
        self.fees: dict[UUID, Fee] = {}
        self.problem: Exception | None = None
        self.watch("scheduling", "cases", "people", "practice")

    # What is shown

    def now(self) -> datetime:
        """Return the time on the practice's wall."""
        return self.desk.clock.now().astimezone(ZoneInfo(self.desk.zone)).replace(tzinfo=None)

    @property
    def days(self) -> tuple[date, ...]:
        """Return the days shown."""
        if self.mode is Mode.DAY:
            return (self.anchor,)
        first = self.anchor - timedelta(days=(self.anchor.weekday() - self.week_starts) % 7)
        return tuple(first + timedelta(days=step) for step in range(7))

    @property
    def sessions(self) -> tuple[SessionView, ...]:
        """Return the sessions shown, of the chosen service if one is chosen."""
        if self.view is None or (self.view.first, self.view.last) != (self.days[0], self.days[-1]):
            return ()
        if self.service_id is None:
            return self.view.sessions
        return tuple(each for each in self.view.sessions if each.service_id == self.service_id)

    @property
    def counts(self) -> tuple[int, int]:
        """Return how many sessions take place, and how many of them overlap in pairs or more."""
        held = [each for each in self.sessions if not each.status.is_gone]
        marked = sorted((each for each in held if each.overlaps), key=lambda each: each.starts_at)
        overlaps = sum(later.starts_at < earlier.ends_at for earlier, later in pairwise(marked))
        return len(held), overlaps

    @property
    def legend(self) -> tuple[LegendLine, ...]:
        """Return the services with their colors, each with its sessions that take place."""
        shown = self.view.sessions if self.view else ()
        counted = Counter(each.service_id for each in shown if not each.status.is_gone)
        return tuple(LegendLine(each.name, each.color, counted[each.id]) for each in self.services)

    @property
    def usual_minutes(self) -> int:
        """Return how long a session is that is made by a click."""
        return self.services[0].minutes if self.services else _USUAL_MINUTES

    def opening(self, day: date) -> list[tuple[time, time]]:
        """Return when the practice is open on ``day``."""
        hours = self.view.hours if self.view else ()
        return [(each.opens, each.closes) for each in hours if each.weekday == day.weekday()]

    def session(self, session_id: UUID | None) -> SessionView | None:
        """Return a session that is shown."""
        return next((each for each in self.sessions if each.id == session_id), None)

    def refresh(self) -> None:
        """Read the days shown."""
        self.read("frame", queries.calendar_frame, then=self._have_frame, failed=self._failed)
        days = self.days
        self.read(
            "calendar",
            queries.calendar,
            days[0],
            days[-1],
            then=self._have_view,
            failed=self._failed,
        )

    def _have_frame(self, frame: CalendarFrame) -> None:
        self.services = frame.services
        if frame.week_starts != self.week_starts:
            self.week_starts = frame.week_starts
            self.refresh()

    def _have_view(self, view: CalendarView) -> None:
        self.view, self.problem = view, None
        self.changed()

    def _failed(self, error: Exception) -> None:
        self.problem = error
        self.changed()

    # Going

    def show(self, *, day: date | None = None, mode: Mode | None = None) -> None:
        """Show the day or week of ``day``."""
        self.anchor = day or self.anchor
        self.mode = mode or self.mode
        self.changed()
        self.refresh()

    def step(self, by: int) -> None:
        """Show the days before (-1) or after (1)."""
        self.show(day=self.anchor + timedelta(days=by * len(self.days)))

    def today(self) -> None:
        """Show today."""
        self.show(day=self.now().date())

    def only(self, service_id: UUID | None) -> None:
        """Show the sessions of one service, or all."""
        self.service_id = service_id
        self.changed()

    def find(self, session_id: UUID) -> None:
        """Go to a session wherever it is, and select it."""

        def found(session: SessionView) -> None:
            if self.service_id != session.service_id:
                self.service_id = None  # it would not be among those shown
            self.show(day=session.day)
            self.select(session.id)

        self.read(
            "find",
            queries.session_of,
            session_id,
            self.now().date(),
            then=found,
            failed=self._refused,
        )

    def select(self, session_id: UUID | None) -> None:
        """Select a session and read what its popover says."""
        self.selected, self.detail = session_id, None
        if session_id is None:
            return
        self.read(
            "detail",
            queries.session_detail,
            session_id,
            self.now().date(),
            then=self._have_detail,
            failed=self._refused,
        )

    def _have_detail(self, detail: SessionDetail) -> None:
        def priced(fees: dict[UUID, Fee]) -> None:
            self.detail, self.fees = detail, fees
            self.changed()

        self.read("fees", fees_of_case, detail.session.case_id, then=priced, failed=self._refused)

    def price(self, lines: Sequence[LineView]) -> Money:
        """Return what a session's lines come to: as said at booking, else the client's own fees."""
        return total(self._unit(line) * line.units for line in lines)

    def _unit(self, line: LineView) -> Money:
        if line.fee is not None:
            return line.fee
        fee = self.fees.get(line.service_id)
        return line.usual_fee if fee is None else fee.charged

    # Moving

    def conflict(self, draft: Draft) -> str:
        """Return the sentence about what a draft would lie over, or ""."""
        member = draft.session.member_id if draft.session else self.desk.actor.member_id
        placed = place(draft.starts, draft.minutes, self.desk.zone)
        own = draft.session.id if draft.session else None
        shown = self.view.sessions if self.view else ()
        met = [
            each
            for each in shown
            if each.id != own
            and each.member_id == member
            and meets(each.span, placed.starts_at, placed.ends_at)
        ]
        zone = self.desk.zone
        return (
            taken_by(met) or gap_notice(draft.starts, zone) or fold_notice(draft.starts, zone) or ""
        )

    def drop(self, draft: Draft) -> None:
        """Save the new time of a session that was moved or resized."""
        if draft.session is not None and draft.is_changed:
            self.run(
                commands.move_session,
                draft.session.id,
                draft.starts,
                draft.minutes,
                then=self._acted,
                failed=self._not_moved,
            )

    def _not_moved(self, error: Exception) -> None:
        # Read again, so that the session stands where it still is.
        self.refresh()
        self._refused(error)

    # What becomes of a session

    def confirm(self, session_id: UUID) -> None:
        """Note that the client confirmed."""
        self._act(commands.confirm_session, session_id)

    def attended(self, session_id: UUID) -> None:
        """Mark it attended, which charges it."""
        self._act(journeys.attend, session_id)

    def missed(self, session_id: UUID, *, charged: bool) -> None:
        """Mark it missed, charged or not."""
        self._act(journeys.miss, session_id, charged=charged)

    def cancel(
        self, session_id: UUID, *, by: CanceledBy, reason: str, late: bool, charged: bool
    ) -> None:
        """Call it off."""
        # Undo takes back what charged nothing; a charge has its own way back.
        if late and charged:
            self._act(journeys.cancel, session_id, by=by, reason=reason, late=True, charged=True)
        else:
            self._act(commands.cancel_session, session_id, by=by, reason=reason, late=late)

    def reopen(self, session_id: UUID) -> None:
        """Make it scheduled again; what it charged is voided."""
        self._act(journeys.reopen, session_id)

    def delete(self, session_id: UUID) -> None:
        """Delete it as booked by mistake."""
        self._act(delete_booking, session_id)

    def may_settle(self, session: SessionView) -> bool:
        """Return whether its day has come, so that it can be attended or missed."""
        return session.status.is_open and session.day <= self.now().date()

    def is_past(self, session: SessionView) -> bool:
        """Return whether it lies behind: held, or its time is over."""
        over = session.ends_at <= self.desk.clock.now()
        return over or session.status is AppointmentStatus.COMPLETED

    def _act(self, command: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        self.run(command, *args, then=self._acted, failed=self._refused, **kwargs)

    def _acted(self, outcome: Outcome[Any]) -> None:
        if self.selected is not None:
            self.select(self.selected)
        self.did(outcome)

    def _refused(self, error: Exception) -> None:
        if self._fail is None:
            raise error
        self._fail(error)
