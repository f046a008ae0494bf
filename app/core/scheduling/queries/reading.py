"""Sessions as they stand in the tables or follow from series, before they get names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.core.kernel.acting import Scope
from app.core.kernel.ids import occurrence_id
from app.core.scheduling.rules.recurrence import Weekly, read_rule
from app.core.scheduling.rules.status import AppointmentStatus, CanceledBy, ClientPlace
from app.core.scheduling.rules.walltime import FIRST_DAY, LAST_DAY, place
from app.core.scheduling.tables import Appointment, Series, ServiceLine, SkippedOccurrence
from app.core.store.reading import visible_cases


@dataclass(frozen=True, slots=True)
class Bare:
    """A session without the names of what it points at."""

    id: UUID
    case_id: UUID
    member_id: UUID | None
    supervisor_id: UUID | None
    location_id: UUID | None
    series_id: UUID | None
    original_start: datetime | None
    starts: datetime
    minutes: int
    zone: str
    starts_at: datetime
    ends_at: datetime
    status: AppointmentStatus
    chargeable: bool
    canceled_by: CanceledBy | None
    reason: str
    client_place: ClientPlace | None
    client_state: str
    memo: str
    service_id: UUID | None
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class Window:
    """Wall time from ``first`` until just before ``before``; of some cases, if any are named."""

    first: datetime
    before: datetime
    case_ids: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A computed occurrence: its series, the wall time of the rule, and its id."""

    series: Any
    original_start: datetime

    @property
    def id(self) -> UUID:
        """Return the id that every device gives it."""
        return occurrence_id(self.series.id, self.original_start.isoformat(timespec="minutes"))


_COLUMNS = tuple(
    getattr(Appointment, name)
    for name in Bare.__dataclass_fields__
    if name not in ("service_id", "is_kept")
)
_SERIES_COLUMNS: tuple[Any, ...] = (
    Series.id,
    Series.case_id,
    Series.member_id,
    Series.location_id,
    Series.service_id,
    Series.starts,
    Series.minutes,
    Series.zone,
    Series.rule,
    Series.ends_on,
    Series.client_place,
    Series.client_state,
    Series.memo,
)


def days(first: date, last: date, case_ids: Iterable[UUID] | None = None) -> Window:
    """Return the window of whole days, both included, within the years that sessions have."""
    return Window(
        datetime.combine(max(first, FIRST_DAY), time()),
        datetime.combine(min(last, LAST_DAY) + timedelta(days=1), time()),
        None if case_ids is None else frozenset(case_ids),
    )


def in_window(session: Session, scope: Scope, window: Window) -> list[Bare]:
    """Return the sessions that start in ``window``, kept and computed, in order."""
    found = session.execute(_kept_within(scope, window.case_ids is not None), _asked(window))
    kept = [Bare(*row) for row in found]
    computed = [bare_of(each) for each in occurrences(session, scope, window)]
    return sorted([*kept, *computed], key=lambda each: (each.starts, each.id))


def kept_rows(session: Session, scope: Scope, *conditions: ColumnElement[bool]) -> list[Bare]:
    """Return the sessions that have a row and fulfil ``conditions``."""
    return [Bare(*row) for row in session.execute(kept_select(scope, *conditions))]


def kept_select(scope: Scope, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Return the select of ``kept_rows``, to be ordered and limited."""
    first_line = and_(
        ServiceLine.practice_id == Appointment.practice_id,
        ServiceLine.appointment_id == Appointment.id,
        ServiceLine.position == 0,
    )
    return (
        select(*_COLUMNS, ServiceLine.service_id)
        .outerjoin(ServiceLine, first_line)
        .where(
            Appointment.practice_id == scope.practice_id,
            visible_cases(scope, Appointment.case_id),
            *conditions,
        )
    )


# The calendar reads these for every week: composing them anew would cost as much as their rows.
@lru_cache(maxsize=8)
def _kept_within(scope: Scope, of_cases: bool) -> Select[Any]:
    found = [Appointment.starts >= bindparam("first"), Appointment.starts < bindparam("before")]
    if of_cases:
        found.append(Appointment.case_id.in_(bindparam("case_ids", expanding=True)))
    return kept_select(scope, *found)


def _asked(window: Window) -> dict[str, Any]:
    asked: dict[str, Any] = {"first": window.first, "before": window.before}
    return asked if window.case_ids is None else {**asked, "case_ids": list(window.case_ids)}


def occurrences(session: Session, scope: Scope, window: Window) -> Iterator[Occurrence]:
    """Yield what the series give in ``window`` and no row stands for yet."""
    series = _series_in(session, scope, window)
    if not series:
        return
    taken = _taken(session, scope, window)
    for each in series:
        rule = Weekly(each.starts, read_rule(each.rule, each.zone).every, each.ends_on)
        for at in rule.between(window.first, window.before):
            if (each.id, at) not in taken:
                yield Occurrence(each, at)


def _series_in(session: Session, scope: Scope, window: Window) -> list[Any]:
    asked = {**_asked(window), "day": window.first.date()}
    return list(session.execute(_series_within(scope, window.case_ids is not None), asked))


@lru_cache(maxsize=8)
def _series_within(scope: Scope, of_cases: bool) -> Select[Any]:
    wanted = select(*_SERIES_COLUMNS).where(
        Series.practice_id == scope.practice_id,
        Series.starts < bindparam("before"),
        or_(Series.ends_on.is_(None), Series.ends_on >= bindparam("day")),
        visible_cases(scope, Series.case_id),
    )
    if of_cases:
        wanted = wanted.where(Series.case_id.in_(bindparam("case_ids", expanding=True)))
    return wanted


def _taken(session: Session, scope: Scope, window: Window) -> set[tuple[UUID, datetime]]:
    # No more than is asked for: with other names given it would be compiled once more.
    asked = {"first": window.first, "before": window.before}
    found = session.execute(_taken_within(scope.practice_id), asked)
    return {(row.series_id, row.original_start) for row in found}


@lru_cache(maxsize=8)
def _taken_within(practice_id: UUID) -> CompoundSelect[Any]:
    # A moved occurrence may lie outside the window; its original start is what is taken.
    return union_all(
        *(
            select(table.series_id, table.original_start).where(
                table.practice_id == practice_id,
                table.original_start >= bindparam("first"),
                table.original_start < bindparam("before"),
            )
            for table in (Appointment, SkippedOccurrence)
        )
    )


def bare_of(occurrence: Occurrence) -> Bare:
    """Return an occurrence as a session that nobody has touched."""
    series = occurrence.series
    placed = place(occurrence.original_start, series.minutes, series.zone)
    return Bare(
        id=occurrence.id,
        case_id=series.case_id,
        member_id=series.member_id,
        supervisor_id=None,
        location_id=series.location_id,
        series_id=series.id,
        original_start=occurrence.original_start,
        starts=placed.starts,
        minutes=series.minutes,
        zone=series.zone,
        starts_at=placed.starts_at,
        ends_at=placed.ends_at,
        status=AppointmentStatus.SCHEDULED,
        chargeable=False,
        canceled_by=None,
        reason="",
        client_place=series.client_place,
        client_state=series.client_state,
        memo=series.memo,
        service_id=series.service_id,
        is_kept=False,
    )


#: Weeks around today searched for an occurrence's id: where people look first, then further.
_RINGS = ((0, 1), (-2, 0), (1, 9), (9, 61), (-61, -2), (61, 261), (-261, -61))


def find_occurrence(
    session: Session, scope: Scope, session_id: UUID, today: date
) -> Occurrence | None:
    """Return the computed occurrence of that id within five years of ``today``, or ``None``.

    An id does not tell its series; the search goes from near to far.
    """
    for first, before in _RINGS:
        window = days(today + timedelta(weeks=first), today + timedelta(weeks=before, days=-1))
        for each in occurrences(session, scope, window):
            if each.id == session_id:
                return each
    return None
