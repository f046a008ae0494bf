"""The last session held and the next one booked, for many cases or clients at once."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.cases import queries as cases
from app.core.cases.tables import Case
from app.core.kernel.acting import Scope
from app.core.scheduling.queries.naming import named
from app.core.scheduling.queries.reading import (
    Bare,
    Window,
    bare_of,
    kept_rows,
    occurrences,
)
from app.core.scheduling.queries.views import NearSessions, SessionView
from app.core.scheduling.rules.status import AppointmentStatus
from app.core.scheduling.tables import Appointment
from app.core.store.reading import visible_cases

_OPEN = [each for each in AppointmentStatus if each.is_open]
#: Most series repeat within the first stretch; the second finds the rest.
_AHEAD = (timedelta(days=0), timedelta(days=36), timedelta(days=366))


def near_cases(
    session: Session, scope: Scope, now: datetime, case_ids: Collection[UUID] | None = None
) -> dict[UUID, NearSessions]:
    """Return the last session held and the next one booked of ``case_ids``, or of all cases.

    A case with neither is not in the answer. ``now`` is the practice's wall time.
    """
    edges = _edge(scope, now, ahead=False), _edge(scope, now, ahead=True)
    seen, found = _kept_at(session, scope, edges, case_ids)
    before = {each.case_id: each for each in found if each.starts < now}
    after = {each.case_id: each for each in found if each.starts >= now}
    _add_computed(session, scope, now, seen, after)
    views = {each.id: each for each in named(session, scope, [*before.values(), *after.values()])}
    return {
        case_id: NearSessions(_view_of(views, before, case_id), _view_of(views, after, case_id))
        for case_id in before.keys() | after.keys()
    }


def next_booked(
    session: Session, scope: Scope, now: datetime, case_ids: Collection[UUID]
) -> dict[UUID, Bare]:
    """Return the next session booked of ``case_ids``, without names; for every keystroke."""
    seen, found = _kept_at(session, scope, [_edge(scope, now, ahead=True)], case_ids)
    after = {each.case_id: each for each in found}
    _add_computed(session, scope, now, seen, after)
    return after


def near_clients(
    session: Session,
    scope: Scope,
    now: datetime,
    client_ids: Iterable[UUID] | None = None,
    of_case: Mapping[UUID, NearSessions] | None = None,
) -> dict[UUID, NearSessions]:
    """Return the same for clients, over all cases that they are in.

    ``of_case`` is what ``near_cases`` said of all of them, where the caller has read it already.
    """
    wanted = None if client_ids is None else frozenset(client_ids)
    inside = cases.participants(session, scope)
    fitting = {
        case_id: people
        for case_id, people in inside.items()
        if wanted is None or not wanted.isdisjoint(people)
    }
    if of_case is None:
        of_case = near_cases(session, scope, now, list(fitting))
    found: dict[UUID, NearSessions] = {}
    for case_id, near in of_case.items():
        for client_id in fitting.get(case_id, ()):
            if wanted is None or client_id in wanted:
                found[client_id] = _nearer(found.get(client_id, NearSessions()), near)
    return found


def last_seen(
    session: Session, scope: Scope, client_ids: Iterable[UUID], now: datetime
) -> dict[UUID, date]:
    """Return the date of the last session held of each client who has one."""
    near = near_clients(session, scope, now, client_ids)
    return {client_id: each.last.day for client_id, each in near.items() if each.last}


def _kept_at(
    session: Session, scope: Scope, edges: Iterable[Any], case_ids: Collection[UUID] | None
) -> tuple[set[UUID], list[Bare]]:
    """Return the visible ones of ``case_ids``, and their sessions that stand at the ``edges``."""
    wanted = select(Case.id, *edges).where(
        Case.practice_id == scope.practice_id, visible_cases(scope, Case.id)
    )
    if case_ids is not None:
        wanted = wanted.where(Case.id.in_(case_ids))
    rows = session.execute(wanted).all()
    kept = {each for row in rows for each in row[1:] if each is not None}
    found = kept_rows(session, scope, Appointment.id.in_(kept)) if kept else []
    return {row[0] for row in rows}, found


def _edge(scope: Scope, now: datetime, *, ahead: bool) -> Any:
    # One step in the index for each case, however long its history.
    wanted = select(Appointment.id).where(
        Appointment.practice_id == scope.practice_id, Appointment.case_id == Case.id
    )
    if ahead:
        wanted = wanted.where(Appointment.starts >= now, Appointment.status.in_(_OPEN))
        wanted = wanted.order_by(Appointment.starts)
    else:
        held = Appointment.status == AppointmentStatus.COMPLETED
        wanted = wanted.where(Appointment.starts < now, held).order_by(Appointment.starts.desc())
    return wanted.limit(1).correlate(Case).scalar_subquery()


def _add_computed(
    session: Session, scope: Scope, now: datetime, case_ids: set[UUID], after: dict[UUID, Bare]
) -> None:
    for begins, ends in itertools.pairwise(_AHEAD):
        if not case_ids:
            return
        window = Window(now + begins, now + ends, frozenset(case_ids))
        for occurrence in occurrences(session, scope, window):
            case_id = occurrence.series.case_id
            known = after.get(case_id)
            if known is None or occurrence.original_start < known.starts:
                after[case_id] = bare_of(occurrence)
        case_ids = case_ids - after.keys()


def _view_of(
    views: dict[UUID, SessionView], found: dict[UUID, Bare], case_id: UUID
) -> SessionView | None:
    bare = found.get(case_id)
    return None if bare is None else views.get(bare.id)


def _nearer(one: NearSessions, other: NearSessions) -> NearSessions:
    lasts = [each for each in (one.last, other.last) if each]
    nexts = [each for each in (one.next, other.next) if each]
    return NearSessions(
        max(lasts, key=lambda each: each.starts, default=None),
        min(nexts, key=lambda each: each.starts, default=None),
    )
