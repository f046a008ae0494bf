"""Whether the ledger adds up: what *Verify* looks at. An intact ledger has no fault."""

from __future__ import annotations

from sqlalchemy import and_, func, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from app.core.billing.ledger.queries.sums import (
    given_of_payment,
    is_void,
    paid_of_charge,
    taken_of_payment,
    visible_payments,
)
from app.core.billing.ledger.rules.words import PaymentKind
from app.core.billing.ledger.tables import Allocation, Charge, Payment
from app.core.kernel.acting import Scope
from app.core.kernel.money import ZERO
from app.core.store.columns import Cents
from app.core.store.reading import visible, visible_cases

_Original = aliased(Charge, name="original")


def ledger_faults(session: Session, scope: Scope) -> list[str]:
    """Return a sentence for everything in the ledger that does not add up.

    A charge is never paid beyond what it charges, a payment never pays more than it brought, no
    payment takes from a charge what it never gave, and a reversal is exactly what it reverses.
    """
    return [
        *_overpaid_charges(session, scope),
        *_overspent_payments(session, scope),
        *_negative_pairs(session, scope),
        *_unequal_reversals(session, scope),
    ]


def _overpaid_charges(session: Session, scope: Scope) -> list[str]:
    paid = paid_of_charge()
    rows = session.execute(
        select(Charge.held_on, Charge.amount, paid).where(
            Charge.practice_id == scope.practice_id,
            visible_cases(scope, Charge.case_id),
            Charge.reverses_id.is_(None),
            or_(
                paid > Charge.amount,
                paid < ZERO,
                and_(is_void(), paid != ZERO),
            ),
        )
    )
    return [f"{paid} is paid on the charge of {amount} for {day}." for day, amount, paid in rows]


def _overspent_payments(session: Session, scope: Scope) -> list[str]:
    given, held = given_of_payment(), type_coerce(Payment.amount + taken_of_payment(), Cents)
    rows = session.execute(
        select(Payment.received_on, held, given).where(
            visible_payments(scope),
            Payment.kind.in_((PaymentKind.PAYMENT, PaymentKind.OPENING_CREDIT)),
            or_(given > held, given < ZERO, held < ZERO),
        )
    )
    return [f"The payment of {day} holds {held}, but pays {given}." for day, held, given in rows]


def _negative_pairs(session: Session, scope: Scope) -> list[str]:
    rows = session.execute(
        select(func.sum(Allocation.amount))
        .where(Allocation.practice_id == scope.practice_id, visible(scope, "allocation"))
        .group_by(Allocation.payment_id, Allocation.charge_id)
        .having(func.sum(Allocation.amount) < ZERO)
    )
    return [f"A payment took {-row[0]} more from a charge than it gave." for row in rows]


def _unequal_reversals(session: Session, scope: Scope) -> list[str]:
    rows = session.execute(
        select(Charge.held_on, Charge.amount, _Original.amount)
        .join(
            _Original,
            and_(_Original.practice_id == Charge.practice_id, _Original.id == Charge.reverses_id),
        )
        .where(
            Charge.practice_id == scope.practice_id,
            visible_cases(scope, Charge.case_id),
            Charge.amount != -_Original.amount,
        )
    )
    return [
        f"The charge of {original} for {day} is reversed by {amount}."
        for day, amount, original in rows
    ]
