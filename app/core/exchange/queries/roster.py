"""Whom an import meets: the people known already, and the places that the plan leaves."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.cases.tables import Case, CaseParticipant
from app.core.exchange.matching import KnownPerson, Roster, traits
from app.core.kernel.acting import Scope
from app.core.kernel.entitlement import Act, Entitlement
from app.core.membership.queries import capacity
from app.core.people.queries import identities
from app.core.practice.rules.catalogue import CaseKind
from app.core.store.reading import visible_cases


def roster(session: Session, scope: Scope, entitlement: Entitlement) -> Roster:
    """Return the clients and couples that an import has to compare with, and the places taken."""
    people = tuple(
        KnownPerson(
            each.id,
            each.name.display,
            traits(each.name, each.birth_date, each.emails, each.phones),
        )
        for each in identities(session, scope)
    )
    room = capacity(session, scope, entitlement)
    # Where the plan lets nobody be activated now, everybody new waits to be chosen.
    allowed = room.allowed if entitlement.allows(Act.GROW) else room.used
    return Roster(people, _couples(session, scope), room.used, allowed)


def _couples(session: Session, scope: Scope) -> frozenset[frozenset[UUID]]:
    pairs: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for case_id, client_id in session.execute(
        select(CaseParticipant.case_id, CaseParticipant.client_id)
        .join(Case, Case.id == CaseParticipant.case_id)
        .where(
            Case.practice_id == scope.practice_id,
            Case.kind == CaseKind.COUPLE,
            visible_cases(scope, Case.id),
        )
    ):
        pairs[case_id].add(client_id)
    return frozenset(frozenset(pair) for pair in pairs.values())
