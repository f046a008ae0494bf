"""What clients and cases owe and have paid ahead, in batch; and whether the ledger adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.core.billing.ledger.queries.sums import among, visible_payments
from app.core.billing.ledger.rules.words import SHARED_CASES
from app.core.billing.ledger.tables import Allocation, Charge, Payment
from app.core.cases import queries as cases
from app.core.cases.tables import Case, CaseParticipant
from app.core.kernel.acting import Scope
from app.core.kernel.money import ZERO, Money, total
from app.core.store.reading import visible_cases


@dataclass(frozen=True, slots=True)
class Balance:
    """What is owed, and what the payers have left as credit."""

    owing: Money = ZERO
    credit: Money = ZERO

    @property
    def net(self) -> Money:
        """Return what would be owed if the credit were applied; below zero is paid ahead."""
        return self.owing - self.credit


def balance_of_case(session: Session, scope: Scope, case_id: UUID) -> Balance:
    """Return what is owed in a case and the credit of the people in it."""
    return balances_of_cases(session, scope, [case_id])[case_id]


def balances_of_cases(
    session: Session, scope: Scope, case_ids: Sequence[UUID]
) -> dict[UUID, Balance]:
    """Return the balance of each case; the credit is that of the people who are in it now."""
    owing: defaultdict[UUID, Money] = defaultdict(Money)
    for case_id, _, amount in _owing(session, scope, case_ids):
        owing[case_id] += amount
    members = cases.participants(session, scope, case_ids)
    people = list({client_id for inside in members.values() for client_id in inside})
    credit = credits_of_clients(session, scope, people)
    return {
        case_id: Balance(
            owing[case_id], total(credit[each] for each in dict.fromkeys(members.get(case_id, ())))
        )
        for case_id in case_ids
    }


def balance_of_client(session: Session, scope: Scope, client_id: UUID) -> Balance:
    """Return what a client owes and has as credit."""
    return balances_of_clients(session, scope, [client_id])[client_id]


def balances_of_clients(
    session: Session, scope: Scope, client_ids: Sequence[UUID]
) -> dict[UUID, Balance]:
    """Return the balance of each client; each of a couple or family owes all of the case."""
    shared = _shared_cases(session, scope, client_ids)
    in_cases = {case_id for ids in shared.values() for case_id in ids}
    sums = _owing(session, scope, None, clients=client_ids, or_cases=list(in_cases))
    credit = credits_of_clients(session, scope, client_ids)
    own: defaultdict[UUID, Money] = defaultdict(Money)
    of_case: defaultdict[UUID, list[tuple[UUID, Money]]] = defaultdict(list)
    for case_id, owed_for, amount in sums:
        own[owed_for] += amount
        of_case[case_id].append((owed_for, amount))
    return {
        client_id: Balance(
            own[client_id]
            + total(
                amount
                for case_id in shared[client_id]
                for owed_for, amount in of_case[case_id]
                if owed_for != client_id
            ),
            credit[client_id],
        )
        for client_id in client_ids
    }


def credits_of_clients(
    session: Session, scope: Scope, client_ids: Sequence[UUID]
) -> defaultdict[UUID, Money]:
    """Return what each client has paid ahead; nobody's is zero."""
    held: defaultdict[UUID, Money] = defaultdict(Money)
    for client_id, amount in session.execute(
        select(Payment.client_id, func.sum(Payment.amount))
        .where(visible_payments(scope), Payment.client_id.in_(client_ids))
        .group_by(Payment.client_id)
    ):
        held[client_id] += amount
    for client_id, amount in session.execute(
        select(Payment.client_id, func.sum(Allocation.amount))
        .join(
            Allocation,
            and_(
                Allocation.practice_id == Payment.practice_id,
                Allocation.payment_id == Payment.id,
            ),
        )
        .where(visible_payments(scope), Payment.client_id.in_(client_ids))
        .group_by(Payment.client_id)
    ):
        held[client_id] -= amount
    return held


def _owing(
    session: Session,
    scope: Scope,
    case_ids: Sequence[UUID] | None,
    *,
    clients: Sequence[UUID] | None = None,
    or_cases: Sequence[UUID] = (),
) -> list[tuple[UUID, UUID, Money]]:
    """Return (case, client, what is owed for that client in that case)."""
    conditions = [
        Charge.practice_id == scope.practice_id,
        visible_cases(scope, Charge.case_id),
        among(Charge.case_id, case_ids),
    ]
    if clients is not None:
        conditions.append(Charge.client_id.in_(clients) | Charge.case_id.in_(or_cases))
    sums: defaultdict[tuple[UUID, UUID], Money] = defaultdict(Money)
    for case_id, client_id, amount in session.execute(
        select(Charge.case_id, Charge.client_id, func.sum(Charge.amount))
        .where(*conditions)
        .group_by(Charge.case_id, Charge.client_id)
    ):
        sums[case_id, client_id] += amount
    for case_id, client_id, amount in session.execute(
        select(Charge.case_id, Charge.client_id, func.sum(Allocation.amount))
        .join(
            Allocation,
            and_(Allocation.practice_id == Charge.practice_id, Allocation.charge_id == Charge.id),
        )
        .where(*conditions)
        .group_by(Charge.case_id, Charge.client_id)
    ):
        sums[case_id, client_id] -= amount
    return [(case_id, client_id, amount) for (case_id, client_id), amount in sums.items()]


def _shared_cases(
    session: Session, scope: Scope, client_ids: Sequence[UUID]
) -> defaultdict[UUID, set[UUID]]:
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for client_id, case_id in session.execute(
        select(CaseParticipant.client_id, CaseParticipant.case_id)
        .join(
            Case,
            and_(
                Case.practice_id == CaseParticipant.practice_id,
                Case.id == CaseParticipant.case_id,
            ),
        )
        .where(
            CaseParticipant.practice_id == scope.practice_id,
            CaseParticipant.client_id.in_(client_ids),
            Case.kind.in_(SHARED_CASES),
        )
    ):
        found[client_id].add(case_id)
    return found
