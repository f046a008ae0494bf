"""Reads of sessions: a window, a client's agenda, what is near, what is open, what overlaps.

``now`` is the time on the practice's wall (naive), as sessions keep theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.cases import queries as cases
from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotFound
from app.core.practice import queries as practice
from app.core.practice.queries import ServiceView
from app.core.scheduling.queries.naming import named
from app.core.scheduling.queries.reading import (
    Bare,
    Window,
    bare_of,
    days,
    find_occurrence,
    in_window,
    kept_rows,
    kept_select,
    occurrences,
)
from app.core.scheduling.queries.views import (
    LineView,
    SeriesPlace,
    SeriesView,
    SessionDetail,
    SessionView,
)
from app.core.scheduling.rules.booking import Line
from app.core.scheduling.rules.lines import line_id, lines_from_json
from app.core.scheduling.rules.overlap import Span, meets, overlapping
from app.core.scheduling.rules.recurrence import (
    Repeat,
    Weekly,
    last_day,
    number_of,
    read_rule,
    repeat_words,
)
from app.core.scheduling.rules.status import AppointmentStatus
from app.core.scheduling.rules.walltime import place
from app.core.scheduling.tables import Appointment, Series, ServiceLine
from app.core.store.reading import visible, visible_cases

_OPEN = [each for each in AppointmentStatus if each.is_open]
#: Sessions begun longer ago than this have rows (``keep_begun_sessions``).
KEPT_AFTER = timedelta(days=35)
#: How far ahead a series to be booked is compared with what is booked.
_COMPARED = timedelta(days=364)
_MOST_OVERLAPS = 12


def sessions_between(
    session: Session,
    scope: Scope,
    first: date,
    last: date,
    *,
    case_ids: Collection[UUID] | None = None,
    statuses: Collection[AppointmentStatus] | None = None,
) -> list[SessionView]:
    """Return the sessions from ``first`` to ``last``, both included, in order of time.

    Kept ones and those that series give; overlaps are marked, also across midnight. Of
    ``case_ids`` and in ``statuses`` where given.
    """
    inside = days(first, last)
    margin = timedelta(days=1)
    around = replace(inside, first=inside.first - margin, before=inside.before + margin)
    everything = in_window(session, scope, around)
    marked = overlapping(_span(each) for each in everything)
    wanted = [
        each
        for each in everything
        if inside.first <= each.starts < inside.before
        and (case_ids is None or each.case_id in case_ids)
        and (statuses is None or each.status in statuses)
    ]
    return named(session, scope, wanted, marked)


def agenda(
    session: Session, scope: Scope, client_id: UUID, first: date, last: date
) -> list[SessionView]:
    """Return the sessions of every case that a client is in, in order of time."""
    of_client = {each.id for each in cases.cases_of_client(session, scope, client_id)}
    found = in_window(session, scope, days(first, last, of_client)) if of_client else []
    return named(session, scope, found)


def sessions_of_case(
    session: Session, scope: Scope, case_id: UUID, until: date, limit: int = 200
) -> list[SessionView]:
    """Return a case's sessions, latest first: at most ``limit`` kept ones, and its series' ones.

    Series are computed up to ``until``.
    """
    rows = session.execute(
        kept_select(scope, Appointment.case_id == case_id)
        .order_by(Appointment.starts.desc(), Appointment.id)
        .limit(limit)
    )
    kept = [Bare(*row) for row in rows]
    window = days(kept[-1].starts.date() if kept else date.min, until, [case_id])
    computed = [each for each in in_window(session, scope, window) if not each.is_kept]
    found = sorted([*kept, *computed], key=lambda each: each.starts, reverse=True)
    return named(session, scope, found)


def sessions_by_id(session: Session, scope: Scope, ids: Collection[UUID]) -> list[SessionView]:
    """Return the sessions that have rows among ``ids``, in order of time."""
    found = kept_rows(session, scope, Appointment.id.in_(ids))
    return named(session, scope, sorted(found, key=lambda each: each.starts))


def unclosed(
    session: Session, scope: Scope, now: datetime, case_id: UUID | None = None
) -> list[SessionView]:
    """Return the sessions that have begun and are still scheduled or confirmed, oldest first.

    With ``case_id`` those of one case.
    """
    of_case = () if case_id is None else (Appointment.case_id == case_id,)
    # One status at a time: of several, SQLite would walk every session before now.
    kept = [
        each
        for status in _OPEN
        for each in kept_rows(
            session, scope, Appointment.status == status, Appointment.starts <= now, *of_case
        )
    ]
    of_cases = None if case_id is None else frozenset((case_id,))
    window = Window(now - KEPT_AFTER, now + timedelta(minutes=1), of_cases)
    computed = [bare_of(each) for each in occurrences(session, scope, window)]
    return named(session, scope, sorted([*kept, *computed], key=lambda each: each.starts))


def session_of(session: Session, scope: Scope, session_id: UUID, today: date) -> SessionView:
    """Return one session, kept or computed; raises ``NotFound``."""
    return named(session, scope, [bare_session(session, scope, session_id, today)])[0]


def bare_session(session: Session, scope: Scope, session_id: UUID, today: date) -> Bare:
    """Return one session without names, kept or computed; raises ``NotFound``."""
    kept = kept_rows(session, scope, Appointment.id == session_id)
    if kept:
        return kept[0]
    computed = find_occurrence(session, scope, session_id, today)
    if computed is None:
        raise NotFound("This session is no longer there; go back to the calendar.")
    return bare_of(computed)


def session_detail(session: Session, scope: Scope, session_id: UUID, today: date) -> SessionDetail:
    """Return one session with its service lines and its place in a series; or ``NotFound``."""
    found = session_of(session, scope, session_id, today)
    series = _series_row(session, scope, found.series_id)
    if found.is_kept or series is None:
        lines = service_lines(session, scope, [found.id]).get(found.id, ())
    else:
        catalogue = _catalogue(session, scope)
        lines = tuple(
            _planned_line(found.id, position, line, catalogue)
            for position, line in enumerate(lines_from_json(series.lines))
        )
    return SessionDetail(found, lines, _series_place(series, found))


def service_lines(
    session: Session, scope: Scope, ids: Iterable[UUID]
) -> dict[UUID, tuple[LineView, ...]]:
    """Return the service lines of the sessions in ``ids`` that have rows, in their order."""
    rows = session.scalars(
        select(ServiceLine)
        .where(
            ServiceLine.practice_id == scope.practice_id,
            ServiceLine.appointment_id.in_(list(ids)),
            visible(scope, "service_line"),
        )
        .order_by(ServiceLine.appointment_id, ServiceLine.position)
    ).all()
    catalogue = _catalogue(session, scope) if rows else {}
    found: dict[UUID, tuple[LineView, ...]] = {}
    for row in rows:
        line = Line(row.service_id, row.units, tuple(row.modifiers), row.fee)
        view = _line_view(row.id, line, catalogue)
        found[row.appointment_id] = (*found.get(row.appointment_id, ()), view)
    return found


def series_of_case(session: Session, scope: Scope, case_id: UUID) -> list[SeriesView]:
    """Return a case's series, the one begun last first."""
    rows = session.scalars(
        select(Series)
        .where(
            Series.practice_id == scope.practice_id,
            Series.case_id == case_id,
            visible_cases(scope, Series.case_id),
        )
        .order_by(Series.starts.desc())
    ).all()
    catalogue = _catalogue(session, scope) if rows else {}
    return [
        SeriesView(
            row.id,
            row.case_id,
            row.starts,
            row.minutes,
            repeat_words(read_rule(row.rule, row.zone), row.starts),
            row.ends_on,
            catalogue[row.service_id].name,
        )
        for row in rows
    ]


def overlaps(
    session: Session,
    scope: Scope,
    starts: datetime,
    minutes: int,
    zone: str,
    *,
    member_id: UUID | None = None,
    repeat: Repeat | None = None,
    besides: UUID | None = None,
) -> list[SessionView]:
    """Return the sessions that one to be booked at ``starts`` would lie over, in order of time.

    Of ``member_id`` where given; with ``repeat`` every occurrence of the coming year is compared.
    ``besides`` is the session that moves. A warning, never a refusal; at most a dozen.
    """
    wanted = _wanted_starts(starts, repeat)
    placed = [place(at, minutes, zone) for at in wanted]
    by_day = {each.starts.date(): each for each in placed}
    margin = timedelta(days=1)
    window = days(wanted[0].date() - margin, wanted[-1].date() + margin)
    found: list[Bare] = []
    for bare in in_window(session, scope, window):
        if bare.id == besides or (member_id is not None and bare.member_id != member_id):
            continue
        near = (by_day.get(bare.starts.date() + timedelta(days=step)) for step in (-1, 0, 1))
        span = _span(bare)
        if any(each and meets(span, each.starts_at, each.ends_at) for each in near):
            found.append(bare)
    return named(session, scope, found[:_MOST_OVERLAPS])


def _wanted_starts(starts: datetime, repeat: Repeat | None) -> list[datetime]:
    if repeat is None:
        return [starts]
    rule = Weekly(starts, repeat.every, last_day(starts, repeat))
    return list(rule.between(starts, starts + _COMPARED)) or [starts]


def _span(bare: Bare) -> Span:
    return Span(bare.id, bare.member_id, bare.starts_at, bare.ends_at, bare.status)


def _catalogue(session: Session, scope: Scope) -> dict[UUID, ServiceView]:
    return {each.id: each for each in practice.services(session, scope, retired=True)}


def _planned_line(
    session_id: UUID, position: int, line: Line, catalogue: dict[UUID, ServiceView]
) -> LineView:
    if line.modifiers is None:
        modifiers = catalogue[line.service_id].modifiers
        line = Line(line.service_id, line.units, modifiers, line.fee)
    return _line_view(line_id(session_id, position), line, catalogue)


def _line_view(row_id: UUID, line: Line, catalogue: dict[UUID, ServiceView]) -> LineView:
    service = catalogue[line.service_id]
    return LineView(
        id=row_id,
        service_id=line.service_id,
        service_name=service.name,
        code=service.code,
        units=line.units,
        modifiers=line.modifiers or (),
        fee=line.fee,
        usual_fee=service.fee,
    )


def _series_row(session: Session, scope: Scope, series_id: UUID | None) -> Series | None:
    if series_id is None:
        return None
    return session.scalars(
        select(Series).where(Series.practice_id == scope.practice_id, Series.id == series_id)
    ).one_or_none()


def _series_place(series: Series | None, found: SessionView) -> SeriesPlace | None:
    if series is None or found.original_start is None:
        return None
    repeat = read_rule(series.rule, series.zone)
    number, of = number_of(series.starts, repeat, found.original_start)
    return SeriesPlace(series.id, repeat_words(repeat, series.starts), number, of)
