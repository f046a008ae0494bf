"""The workflow state of a case, and the list of records with what each needs next."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.billing.ledger.queries.charges import owing_cases
from app.core.cases import queries as cases
from app.core.cases.queries import CaseView
from app.core.clinical.queries.diagnoses import diagnoses_of_clients
from app.core.clinical.queries.notes import unsigned_notes
from app.core.kernel.acting import Scope
from app.core.kernel.money import ZERO
from app.core.people import queries as people
from app.core.people.queries import ClientRecord
from app.core.people.rules import Lifecycle
from app.core.practice.rules.catalogue import CaseKind
from app.core.scheduling.queries import NearSessions, near_cases, unclosed
from app.core.scheduling.rules.status import AppointmentStatus
from app.core.scheduling.tables import Appointment
from app.core.tasks.queries.attention import When, wall_now
from app.core.tasks.rules import CaseFacts, Workflow, workflow

_WAITING = frozenset({Lifecycle.PROSPECT, Lifecycle.INTAKE_PENDING, Lifecycle.WAITLIST})
#: Consultation and workshop cases have no diagnosis and no superbill.
_THERAPY = frozenset(
    {CaseKind.INDIVIDUAL, CaseKind.COUPLE, CaseKind.FAMILY, CaseKind.THERAPY_GROUP}
)


def workflows(
    session: Session, scope: Scope, case_ids: Collection[UUID], when: When
) -> dict[UUID, Workflow]:
    """Return the workflow state of each case, with its suggested next step."""
    found = cases.cases(session, scope, list(case_ids))
    ids = {person.id for each in found for person in each.people}
    records = {one.id: one for one in people.clients(session, scope, list(ids))}
    near = near_cases(session, scope, wall_now(session, scope, when.now), case_ids)
    unsigned = [each.case_id for each in unsigned_notes(session, scope)] if scope.note_text else []
    open_ = [each.case_id for each in unclosed(session, scope, when.now)]
    owing = {each.case_id: each.amount for each in owing_cases(session, scope)}
    held = _held(session, scope, case_ids)
    diagnosed = {one for one, all_ in diagnoses_of_clients(session, scope, ids).items() if all_}
    return {
        each.id: workflow(
            CaseFacts(
                needs_review=any(one.needs_review for one in _records(each, records)),
                active=any(one.lifecycle is Lifecycle.ACTIVE for one in _records(each, records)),
                waiting=any(one.lifecycle in _WAITING for one in _records(each, records)),
                has_sessions=each.id in held,
                next_session=_next(near.get(each.id)),
                unsigned=unsigned.count(each.id),
                unclosed=open_.count(each.id),
                owing=owing.get(each.id, ZERO),
                diagnosed=_patient(each) in diagnosed,
                can_superbill=each.kind in _THERAPY,
            )
        )
        for each in found
    }


def _records(case: CaseView, records: dict[UUID, ClientRecord]) -> list[ClientRecord]:
    return [records[person.id] for person in case.people if person.id in records]


def _patient(case: CaseView) -> UUID | None:
    if case.identified_client_id is not None:
        return case.identified_client_id
    return case.people[0].id if len(case.people) == 1 else None


def _next(near: NearSessions | None) -> datetime | None:
    return near.next.starts if near is not None and near.next is not None else None


def _held(session: Session, scope: Scope, case_ids: Collection[UUID]) -> set[UUID]:
    return set(
        session.scalars(
            select(Appointment.case_id)
            .where(
                Appointment.practice_id == scope.practice_id,
                Appointment.case_id.in_(list(case_ids)),
                Appointment.status == AppointmentStatus.COMPLETED,
            )
            .group_by(Appointment.case_id)
        )
    )
