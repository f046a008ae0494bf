"""What clients and cases owe and have paid ahead, in batch; and whether the ledger adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import and_, func, select, type_coerce
from sqlalchemy.orm import Session

from app.core.billing.ledger.queries.sums import (
    given_of_payment,
    paid_of_charge,
    visible_payments,
)
from app.core.billing.ledger.rules.words import SHARED_CASES
from app.core.billing.ledger.tables import Charge, Payment
from app.core.cases import queries as cases
from app.core.cases.tables import Case, CaseParticipant
from app.core.kernel.acting import Scope
from app.core.kernel.money import ZERO, Money, total
from app.core.people import queries as people
from app.core.store.columns import Cents
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


@dataclass(frozen=True, slots=True)
class Share:
    """What a person's line of a list says is owed, so that no charge stands in two lines.

    ``elsewhere`` is what is owed together with ``beside``, in whose line it stands.
    """

    owing: Money = ZERO
    elsewhere: Money = ZERO
    beside: UUID | None = None


def balance_of_case(
    session: Session, scope: Scope, case_id: UUID, inside: Sequence[UUID] | None = None
) -> Balance:
    """Return what is owed in a case and the credit of the people in it.

    ``inside`` are those people, where the caller has read them already.
    """
    members = None if inside is None else {case_id: inside}
    return balances_of_cases(session, scope, [case_id], members)[case_id]


def balances_of_cases(
    session: Session,
    scope: Scope,
    case_ids: Sequence[UUID],
    members: Mapping[UUID, Sequence[UUID]] | None = None,
) -> dict[UUID, Balance]:
    """Return the balance of each case; the credit is that of the people who are in it now.

    ``members`` are those people, where the caller has read them already.
    """
    owing: defaultdict[UUID, Money] = defaultdict(Money)
    for case_id, _, amount in _owing(session, scope, case_ids):
        owing[case_id] += amount
    if members is None:
        members = cases.participants(session, scope, case_ids)
    payers = list({client_id for inside in members.values() for client_id in inside})
    credit = credits_of_clients(session, scope, payers)
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


def shares_of_clients(
    session: Session, scope: Scope, client_ids: Sequence[UUID]
) -> dict[UUID, Share]:
    """Return what each client's line says in a list of these clients.

    What a couple or family owes together stands once: with whom it is charged for, else with the
    first of them in the list.
    """
    people_of: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for client_id, case_ids in _shared_cases(session, scope, client_ids).items():
        for case_id in case_ids:
            people_of[case_id].append(client_id)
    places = {client_id: place for place, client_id in enumerate(client_ids)}
    found = dict.fromkeys(client_ids, Share())
    sums = _owing(session, scope, None, clients=client_ids, or_cases=list(people_of))
    for case_id, owed_for, amount in sums:
        together = sorted(people_of[case_id], key=places.__getitem__)
        line = owed_for if owed_for in places else next(iter(together), None)
        if line is None:
            continue  # of somebody who is not in the list
        found[line] = replace(found[line], owing=found[line].owing + amount)
        for other in together:
            if other != line:
                elsewhere = found[other].elsewhere + amount
                found[other] = replace(found[other], elsewhere=elsewhere, beside=line)
    return found


def credits_of_clients(
    session: Session, scope: Scope, client_ids: Sequence[UUID]
) -> defaultdict[UUID, Money]:
    """Return what each client has paid ahead; nobody's is zero."""
    held: defaultdict[UUID, Money] = defaultdict(Money)
    # One look for each payment, however many there are of other people.
    for client_id, amount in session.execute(
        select(Payment.client_id, func.sum(Payment.amount - given_of_payment(), type_=Cents))
        .where(visible_payments(scope), people.among(Payment.client_id, client_ids))
        .group_by(Payment.client_id)
    ):
        held[client_id] = amount
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
        people.among(Charge.case_id, case_ids),
    ]
    if clients is not None and len(clients) <= people.MANY:
        conditions.append(Charge.client_id.in_(clients) | Charge.case_id.in_(or_cases))
    open_part = Charge.amount - paid_of_charge()
    wanted = select(Charge.case_id, Charge.client_id, type_coerce(open_part, Cents))
    wanted = wanted.where(*conditions)
    # Of one case the rest is paid long since, and few rows are left to be added up here; for a
    # GROUP BY, SQLite would walk the charges of every case in its order.
    sums: defaultdict[tuple[UUID, UUID], Money] = defaultdict(Money)
    for case_id, client_id, amount in session.execute(wanted.where(open_part != 0)):
        sums[case_id, client_id] += amount
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
            people.among(CaseParticipant.client_id, client_ids),
            Case.kind.in_(SHARED_CASES),
        )
    ):
        found[client_id].add(case_id)
    return found
