"""The workflow state of a case, and the list of records with what each needs next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.billing.ledger.queries.charges import owing_cases
from app.core.cases import queries as cases
from app.core.cases.queries import CaseView
from app.core.clinical.queries.diagnoses import diagnoses_of_clients
from app.core.clinical.queries.notes import unsigned_notes
from app.core.kernel.acting import Scope
from app.core.kernel.money import ZERO
from app.core.people import queries as people
from app.core.people.queries import Standing
from app.core.people.rules import Lifecycle
from app.core.practice.rules.catalogue import CaseKind
from app.core.scheduling.queries import NearSessions, near_cases, unclosed
from app.core.tasks.queries.case_attention import When, wall_now
from app.core.tasks.rules.attention import CaseFacts, Workflow, workflow

_WAITING = frozenset({Lifecycle.PROSPECT, Lifecycle.INTAKE_PENDING, Lifecycle.WAITLIST})
#: Consultation and workshop cases have no diagnosis and no superbill.
_THERAPY = frozenset(
    {CaseKind.INDIVIDUAL, CaseKind.COUPLE, CaseKind.FAMILY, CaseKind.THERAPY_GROUP}
)


def workflows(
    session: Session,
    scope: Scope,
    case_ids: Collection[UUID],
    when: When,
    near: Mapping[UUID, NearSessions] | None = None,
) -> dict[UUID, Workflow]:
    """Return the workflow state of each case, with its suggested next step.

    ``near`` is what ``near_cases`` said of them, where the caller has read it already.
    """
    wall = wall_now(session, scope, when.now)
    if near is None:
        near = near_cases(session, scope, wall, case_ids)
    found = cases.cases(session, scope, list(case_ids))
    ids = {person.id for each in found for person in each.people}
    records = people.standings(session, scope, ids)
    notes = unsigned_notes(session, scope) if scope.note_text else []
    unsigned = Counter(each.case_id for each in notes)
    open_ = Counter(each.case_id for each in unclosed(session, scope, wall))
    owing = {each.case_id: each.amount for each in owing_cases(session, scope)}
    diagnosed = {one for one, all_ in diagnoses_of_clients(session, scope, ids).items() if all_}
    return {
        each.id: workflow(
            CaseFacts(
                needs_review=any(one.needs_review for one in _records(each, records)),
                active=any(one.lifecycle is Lifecycle.ACTIVE for one in _records(each, records)),
                waiting=any(one.lifecycle in _WAITING for one in _records(each, records)),
                has_sessions=_has_sessions(near.get(each.id)),
                next_session=_next(near.get(each.id)),
                unsigned=unsigned[each.id],
                unclosed=open_[each.id],
                owing=owing.get(each.id, ZERO),
                # A diagnosis is asked of who may see them.
                diagnosed=_patient(each) in diagnosed or not scope.note_text,
                can_superbill=each.kind in _THERAPY,
            )
        )
        for each in found
    }


def _records(case: CaseView, records: Mapping[UUID, Standing]) -> list[Standing]:
    return [records[person.id] for person in case.people if person.id in records]


def _patient(case: CaseView) -> UUID | None:
    if case.identified_client_id is not None:
        return case.identified_client_id
    return case.people[0].id if len(case.people) == 1 else None


def _next(near: NearSessions | None) -> datetime | None:
    return near.next.starts if near is not None and near.next is not None else None


def _has_sessions(near: NearSessions | None) -> bool:
    return near is not None and near.last is not None
