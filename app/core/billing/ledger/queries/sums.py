"""The sums that every read of the ledger is made of, as SQL expressions.

Those that depend on nothing are made once: making one costs as much as running it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, true
from sqlalchemy.orm import aliased

from app.core.billing.ledger.rules.words import SHARED_CASES
from app.core.billing.ledger.tables import Allocation, Charge, Payment
from app.core.cases.tables import Case, CaseParticipant
from app.core.kernel.acting import Scope
from app.core.kernel.money import ZERO
from app.core.store.columns import Cents
from app.core.store.reading import visible_cases, visible_people

_Reversal = aliased(Charge, name="reversal")
_Taken = aliased(Payment, name="taken")


def summed(amount: Any) -> Any:
    """Return the sum of an amount over rows; of none, zero."""
    return func.coalesce(func.sum(amount), literal(ZERO, Cents), type_=Cents)


@cache
def is_void() -> ColumnElement[bool]:
    """Return whether a charge has been reversed."""
    return exists(
        select(_Reversal.id).where(
            _Reversal.practice_id == Charge.practice_id, _Reversal.reverses_id == Charge.id
        )
    )


@cache
def paid_of_charge() -> Any:
    """Return the net allocations of a charge."""
    return (
        select(summed(Allocation.amount))
        .where(Allocation.practice_id == Charge.practice_id, Allocation.charge_id == Charge.id)
        .correlate(Charge)
        .scalar_subquery()
    )


@cache
def taken_of_payment() -> Any:
    """Return what refunds and reversals took out of a payment, zero or below."""
    return (
        select(summed(_Taken.amount))
        .where(_Taken.practice_id == Payment.practice_id, _Taken.reverses_id == Payment.id)
        .correlate(Payment)
        .scalar_subquery()
    )


@cache
def given_of_payment() -> Any:
    """Return the net allocations of a payment."""
    return (
        select(summed(Allocation.amount))
        .where(Allocation.practice_id == Payment.practice_id, Allocation.payment_id == Payment.id)
        .correlate(Payment)
        .scalar_subquery()
    )


@lru_cache(maxsize=16)
def real_charges(scope: Scope) -> ColumnElement[bool]:
    """Return the condition for charges that ``scope`` may see, without the reversing rows."""
    return and_(
        Charge.practice_id == scope.practice_id,
        Charge.reverses_id.is_(None),
        visible_cases(scope, Charge.case_id),
    )


def payable_by(scope: Scope, client_id: UUID) -> ColumnElement[bool]:
    """Return the condition for the charges that a client's money may pay.

    Those of services for the client, and all of the couples and families that the client is in.
    """
    shared = (
        select(CaseParticipant.case_id)
        .join(
            Case,
            and_(
                Case.practice_id == CaseParticipant.practice_id,
                Case.id == CaseParticipant.case_id,
            ),
        )
        .where(
            CaseParticipant.practice_id == scope.practice_id,
            CaseParticipant.client_id == client_id,
            Case.kind.in_(SHARED_CASES),
        )
    )
    return or_(Charge.client_id == client_id, Charge.case_id.in_(shared))


@lru_cache(maxsize=16)
def visible_payments(scope: Scope) -> ColumnElement[bool]:
    """Return the condition for payments of clients whom ``scope`` may see."""
    return and_(Payment.practice_id == scope.practice_id, visible_people(scope, Payment.client_id))


def among(column: Any, ids: Sequence[UUID] | None) -> ColumnElement[bool]:
    """Return the condition that ``column`` is one of ``ids``; ``None`` is any."""
    if ids is None:
        return true()
    found: ColumnElement[bool] = column.in_(ids)
    return found
