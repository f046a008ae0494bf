"""Reads of payments: what came in, what it paid, what is left of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from app.core.billing.ledger.queries.sums import (
    among,
    given_of_payment,
    summed,
    taken_of_payment,
    visible_payments,
)
from app.core.billing.ledger.rules.allocation import Credit, Piece
from app.core.billing.ledger.rules.words import Method, PaymentKind, method_words
from app.core.billing.ledger.tables import Allocation, Charge, Payment
from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotFound
from app.core.kernel.money import ZERO, Money, total
from app.core.people import queries as people
from app.core.store.reading import visible, visible_cases

#: Rows that brought money, or the credit that it left before this program.
_INCOMING = (PaymentKind.PAYMENT, PaymentKind.OPENING_CREDIT)


@dataclass(frozen=True, slots=True)
class PaidFor:
    """What a payment pays of one charge, net."""

    charge_id: UUID
    held_on: date
    description: str
    amount: Money


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment, what it pays now, and what was given back of it.

    ``client`` is the display name of who paid. ``taken`` sums refunds and reversals (zero or
    below); ``parts`` are oldest date of service first.
    """

    id: UUID
    client_id: UUID
    client: str
    case_id: UUID | None
    kind: PaymentKind
    method: Method
    reference: str
    note: str
    received_on: date
    recorded_at: datetime
    amount: Money
    taken: Money
    reverses_id: UUID | None
    parts: tuple[PaidFor, ...]

    @property
    def words(self) -> str:
        """Return its means in words: ``Check 1042``."""
        return method_words(self.method, self.reference)

    @property
    def allocated(self) -> Money:
        """Return what it pays of charges."""
        return total(part.amount for part in self.parts)

    @property
    def credit(self) -> Money:
        """Return what is left of it as the payer's credit; of a refund or reversal, nothing."""
        return self.amount + self.taken - self.allocated if self.kind in _INCOMING else ZERO

    @property
    def is_gone(self) -> bool:
        """Return whether all of it was given back or taken out."""
        return self.kind in _INCOMING and self.amount + self.taken == ZERO


@dataclass(frozen=True, slots=True)
class PaidPart:
    """What one payment pays of a charge, as superbills and invoices print it.

    ``is_credit`` marks a credit that was brought forward into this program.
    """

    received_on: date
    method: str
    reference: str
    amount: Money
    payment_id: UUID
    words: str
    is_credit: bool

    def plus(self, more: Money) -> PaidPart:
        """Return it with ``more`` of the same payment."""
        return replace(self, amount=self.amount + more)


@dataclass(frozen=True, slots=True)
class PaidSummary:
    """What is paid of a charge: net allocations, by date received."""

    paid: Money = ZERO
    parts: tuple[PaidPart, ...] = ()


def payment(session: Session, scope: Scope, payment_id: UUID) -> PaymentView:
    """Return one payment; raises ``NotFound``."""
    found = _views(session, scope, Payment.id == payment_id)
    if not found:
        raise NotFound("This payment is no longer there; go back and choose again.")
    return found[0]


def payments_of_clients(
    session: Session, scope: Scope, client_ids: Sequence[UUID]
) -> list[PaymentView]:
    """Return all payments, refunds and reversals of clients, newest first."""
    return _views(session, scope, among(Payment.client_id, client_ids))


def payments_between(session: Session, scope: Scope, first: date, last: date) -> list[PaymentView]:
    """Return all payments, refunds and reversals dated ``first`` to ``last``, newest first."""
    return _views(session, scope, Payment.received_on.between(first, last))


def paid_by_charge(
    session: Session, scope: Scope, charge_ids: Sequence[UUID]
) -> dict[UUID, PaidSummary]:
    """Return what is paid of each charge and by what; every id asked for is there.

    Credit that was applied is paid: it stands with the date and means of the payment it is from.
    """
    rows = session.execute(_paid_among(scope), {"ids": charge_ids})
    parts: defaultdict[UUID, list[PaidPart]] = defaultdict(list)
    for charge_id, received_on, method, reference, net, payment_id in rows:
        parts[charge_id].append(
            PaidPart(
                received_on,
                method.label,
                reference,
                net,
                payment_id,
                method_words(method, reference),
                method is Method.BROUGHT_FORWARD,
            )
        )
    return {
        charge_id: PaidSummary(
            total(part.amount for part in parts[charge_id]), tuple(parts[charge_id])
        )
        for charge_id in charge_ids
    }


# Every screen and paper that says what is paid reads this.
@lru_cache(maxsize=8)
def _paid_among(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Allocation.charge_id,
            Payment.received_on,
            Payment.method,
            Payment.reference,
            func.sum(Allocation.amount),
            Payment.id,
        )
        .join(Payment, _of_payment())
        .where(visible_payments(scope), Allocation.charge_id.in_(bindparam("ids", expanding=True)))
        .group_by(Allocation.charge_id, Payment.id)
        .having(func.sum(Allocation.amount) != ZERO)
        .order_by(Payment.received_on, Payment.id)
    )


def received_between(session: Session, scope: Scope, first: date, last: date) -> Money:
    """Return what came in from ``first`` to ``last``, less refunds and reversals.

    A credit brought forward came in before this program and does not count.
    """
    return (
        session.scalar(
            select(summed(Payment.amount)).where(
                visible_payments(scope),
                Payment.received_on.between(first, last),
                Payment.method != Method.BROUGHT_FORWARD,
            )
        )
        or ZERO
    )


def credits_left(session: Session, scope: Scope, client_ids: Sequence[UUID]) -> list[Credit]:
    """Return the payments of clients that have something left, oldest first."""
    rows = session.execute(
        select(
            Payment.id, Payment.received_on, Payment.amount, taken_of_payment(), given_of_payment()
        )
        .where(
            visible_payments(scope),
            Payment.kind.in_(_INCOMING),
            Payment.client_id.in_(client_ids),
            Payment.amount + taken_of_payment() > given_of_payment(),
        )
        .order_by(Payment.received_on, Payment.id)
    )
    return [Credit(row[0], row[1], row[2] + row[3] - row[4]) for row in rows]


def pieces_of_payment(session: Session, scope: Scope, payment_id: UUID) -> list[Piece]:
    """Return what a payment pays of each charge, net, the newest allocation first."""
    return _pieces(session, scope, Allocation.payment_id == payment_id)


def pieces_of_charge(session: Session, scope: Scope, charge_id: UUID) -> list[Piece]:
    """Return what each payment pays of a charge, net, the newest allocation first."""
    return _pieces(session, scope, Allocation.charge_id == charge_id)


def _pieces(session: Session, scope: Scope, condition: Any) -> list[Piece]:
    rows = session.execute(
        select(Allocation.payment_id, Allocation.charge_id, func.sum(Allocation.amount))
        .where(Allocation.practice_id == scope.practice_id, visible(scope, "allocation"), condition)
        .group_by(Allocation.payment_id, Allocation.charge_id)
        .having(func.sum(Allocation.amount) > ZERO)
        .order_by(func.max(Allocation.id).desc())
    )
    return [Piece(*row) for row in rows]


@cache
def _of_payment() -> Any:
    return and_(Payment.practice_id == Allocation.practice_id, Payment.id == Allocation.payment_id)


def _views(session: Session, scope: Scope, *conditions: Any) -> list[PaymentView]:
    rows = session.execute(
        select(Payment, taken_of_payment())
        .where(visible_payments(scope), *conditions)
        .order_by(Payment.received_on.desc(), Payment.recorded_at.desc(), Payment.id.desc())
    ).all()
    names = people.names(session, scope, {row.client_id for row, _ in rows})
    parts = _parts(session, scope, [row.id for row, _ in rows])
    return [
        PaymentView(
            id=row.id,
            client_id=row.client_id,
            client=names[row.client_id].display if row.client_id in names else "",
            case_id=row.case_id,
            kind=row.kind,
            method=row.method,
            reference=row.reference,
            note=row.note,
            received_on=row.received_on,
            recorded_at=row.recorded_at,
            amount=row.amount,
            taken=taken,
            reverses_id=row.reverses_id,
            parts=tuple(parts[row.id]),
        )
        for row, taken in rows
    ]


def _parts(
    session: Session, scope: Scope, payment_ids: Sequence[UUID]
) -> defaultdict[UUID, list[PaidFor]]:
    rows = session.execute(
        select(
            Allocation.payment_id,
            Charge.id,
            Charge.held_on,
            Charge.description,
            func.sum(Allocation.amount),
        )
        .join(
            Charge,
            and_(Charge.practice_id == Allocation.practice_id, Charge.id == Allocation.charge_id),
        )
        .where(
            Allocation.practice_id == scope.practice_id,
            Allocation.payment_id.in_(payment_ids),
            visible_cases(scope, Charge.case_id),
        )
        .group_by(Allocation.payment_id, Charge.id)
        .having(func.sum(Allocation.amount) != ZERO)
        .order_by(Charge.held_on, Charge.id)
    )
    found: defaultdict[UUID, list[PaidFor]] = defaultdict(list)
    for payment_id, charge_id, held_on, description, amount in rows:
        found[payment_id].append(PaidFor(charge_id, held_on, description, amount))
    return found
