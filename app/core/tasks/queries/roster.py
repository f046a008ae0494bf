"""The list of clients and a record's overview: people and cases with what other areas know."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.billing.ledger.queries.balances import (
    Balance,
    balance_of_case,
    balances_of_clients,
    shares_of_clients,
)
from app.core.billing.ledger.queries.charges import charges_of_appointments
from app.core.cases import queries as cases
from app.core.cases.queries import CaseRow, CaseView, PersonRow
from app.core.cases.rules import ClientFilter
from app.core.clinical.queries.diagnoses import diagnoses_of_clients
from app.core.clinical.queries.notes import note_statuses
from app.core.clinical.rules.diagnoses import Diagnosis
from app.core.clinical.rules.notes import NoteStatus
from app.core.kernel.acting import Scope
from app.core.kernel.money import Money, total
from app.core.people import queries as people
from app.core.people.queries import ClientRecord
from app.core.scheduling.queries import (
    NearSessions,
    SessionView,
    near_cases,
    near_clients,
    series_of_case,
    sessions_of_case,
)
from app.core.scheduling.rules.status import AppointmentStatus
from app.core.scheduling.tables import Appointment
from app.core.tasks.queries.case_attention import When, wall_now
from app.core.tasks.queries.records import workflows
from app.core.tasks.rules.attention import Workflow
from app.core.team import queries as team

#: Sessions that the overview looks back at, and how many rows that takes with some still ahead.
LAST_SESSIONS, LOOKED_AT = 4, 40


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """A line of the full list of clients. ``next`` is wall time.

    What a couple or family owes together is in the ``owing`` of one line; on the others it is
    ``owing_beside``, with the name of that line in ``beside``.
    """

    row: PersonRow
    next: datetime | None
    last: date | None
    owing: Money
    owing_beside: Money
    beside: str
    workflow: Workflow | None


@dataclass(frozen=True, slots=True)
class RosterCase:
    """A line of the list of records beside an open one. ``next`` is wall time."""

    row: CaseRow
    next: datetime | None
    workflow: Workflow | None


@dataclass(frozen=True, slots=True)
class HeldSession:
    """A past session with its note and its money."""

    session: SessionView
    note: NoteStatus | None
    charged: Money
    owing: Money


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done to a record: when (UTC), what, to which one of its people, by whom."""

    at: datetime
    label: str
    subject: str
    member: str


@dataclass(frozen=True, slots=True)
class RecordOverview:
    """What stands on the first tab of a record. ``case`` is None for a client without one."""

    case: CaseView | None
    people: tuple[ClientRecord, ...]
    diagnoses: dict[UUID, tuple[Diagnosis, ...]]
    next: SessionView | None
    repeats: str
    """How the next session repeats, in words; "" for a single one."""
    workflow: Workflow | None
    balance: Balance
    held: int
    last: tuple[HeldSession, ...]


def roster_people(
    session: Session, scope: Scope, when: When, chosen: ClientFilter
) -> list[RosterPerson]:
    """Return the people who fit ``chosen``, by name, with sessions, money and next step."""
    rows = cases.person_rows(session, scope, when.today, chosen)
    ids = [row.client.id for row in rows]
    wall = wall_now(session, scope, when.now)
    of_case = near_cases(session, scope, wall)
    near = near_clients(session, scope, wall, ids, of_case)
    shares = shares_of_clients(session, scope, ids)
    called: dict[UUID | None, str] = {row.client.id: row.client.name.called for row in rows}
    in_cases = [one for row in rows for one in row.case_ids]
    states = workflows(session, scope, in_cases, when, of_case)
    return [
        RosterPerson(
            row=row,
            next=_next(near.get(row.client.id)),
            last=_last(near.get(row.client.id)),
            owing=shares[row.client.id].owing,
            owing_beside=shares[row.client.id].elsewhere,
            beside=called.get(shares[row.client.id].beside, ""),
            workflow=_loudest([states[one] for one in row.case_ids if one in states]),
        )
        for row in rows
    ]


def roster_cases(
    session: Session, scope: Scope, when: When, chosen: ClientFilter
) -> list[RosterCase]:
    """Return the records in which somebody fits ``chosen``, by title, a couple as one."""
    rows = cases.case_rows(session, scope, when.today, chosen)
    ids = [row.case_id for row in rows if row.case_id is not None]
    near = near_cases(session, scope, wall_now(session, scope, when.now), ids)
    states = workflows(session, scope, ids, when, near)
    return [
        RosterCase(
            row,
            _next(near.get(row.case_id)) if row.case_id else None,
            states.get(row.case_id) if row.case_id else None,
        )
        for row in rows
    ]


def case_overview(session: Session, scope: Scope, when: When, case_id: UUID) -> RecordOverview:
    """Return what the first tab of a case shows; raises ``NotFound``."""
    case = cases.case(session, scope, case_id)
    ids = [person.id for person in case.people]
    near = near_cases(session, scope, wall_now(session, scope, when.now), [case_id])
    ahead = near.get(case_id, NearSessions()).next
    return RecordOverview(
        case=case,
        people=tuple(people.clients(session, scope, ids)),
        diagnoses=_diagnoses(session, scope, ids),
        next=ahead,
        repeats=_repeats(session, scope, ahead),
        workflow=workflows(session, scope, [case_id], when, near).get(case_id),
        balance=balance_of_case(session, scope, case_id),
        held=_held(session, scope, case_id),
        last=tuple(_last_sessions(session, scope, case_id, when)),
    )


def client_overview(session: Session, scope: Scope, when: When, client_id: UUID) -> RecordOverview:
    """Return the same for a client: of their first open case, or of themself without one."""
    inside = cases.cases_of_client(session, scope, client_id)
    if inside:
        return case_overview(session, scope, when, inside[0].id)
    return RecordOverview(
        case=None,
        people=(people.client(session, scope, client_id),),
        diagnoses=_diagnoses(session, scope, [client_id]),
        next=None,
        repeats="",
        workflow=None,
        balance=balances_of_clients(session, scope, [client_id])[client_id],
        held=0,
        last=(),
    )


def _diagnoses(
    session: Session, scope: Scope, ids: Collection[UUID]
) -> dict[UUID, tuple[Diagnosis, ...]]:
    """Return what people have; who reads no notes sees diagnoses on papers alone."""
    return diagnoses_of_clients(session, scope, ids) if scope.note_text else {}


def deeds(
    session: Session, scope: Scope, kind: str, record_id: UUID, limit: int = 200
) -> list[Deed]:
    """Return what was done to a case and its people, or to a client, newest first."""
    if kind == "case":
        case = cases.case(session, scope, record_id)
        called = {record_id: case.title, **{each.id: each.name.display for each in case.people}}
    else:
        called = {record_id: people.client(session, scope, record_id).name.display}
    members = {each.id: each.name for each in team.members(session, scope)}
    found = [
        Deed(
            line.at,
            line.label,
            called[subject],
            members.get(line.member_id, "") if line.member_id else "The program",
        )
        for subject in called
        for line in people.activity(session, scope, subject, limit)
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:limit]


def _next(near: NearSessions | None) -> datetime | None:
    return near.next.starts if near is not None and near.next is not None else None


def _last(near: NearSessions | None) -> date | None:
    return near.last.day if near is not None and near.last is not None else None


def _loudest(states: list[Workflow]) -> Workflow | None:
    asking = [each for each in states if each.asks]
    return next(iter(asking or states), None)


def _repeats(session: Session, scope: Scope, ahead: SessionView | None) -> str:
    if ahead is None or ahead.series_id is None:
        return ""
    series = series_of_case(session, scope, ahead.case_id)
    return next((each.words for each in series if each.id == ahead.series_id), "")


def _held(session: Session, scope: Scope, case_id: UUID) -> int:
    found = session.scalar(
        select(func.count())
        .select_from(Appointment)
        .where(
            Appointment.practice_id == scope.practice_id,
            Appointment.case_id == case_id,
            Appointment.status == AppointmentStatus.COMPLETED,
        )
    )
    return found or 0


def _last_sessions(session: Session, scope: Scope, case_id: UUID, when: When) -> list[HeldSession]:
    found = sessions_of_case(session, scope, case_id, when.today, LOOKED_AT)
    past = [each for each in found if each.starts_at <= when.now][:LAST_SESSIONS]
    ids = [each.id for each in past]
    notes = note_statuses(session, scope, ids)
    charges = charges_of_appointments(session, scope, ids)
    return [
        HeldSession(
            each,
            notes.get(each.id),
            total(one.amount for one in charges.get(each.id, [])),
            total(one.owing for one in charges.get(each.id, [])),
        )
        for each in past
    ]
