"""The ledger as it was written: every row of a span of days, reversals too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.billing.ledger.queries.sums import visible_payments
from app.core.billing.ledger.rules.words import PaymentKind, method_words, within_sentence
from app.core.billing.ledger.tables import Charge, Payment
from app.core.kernel.acting import Scope
from app.core.kernel.money import Money
from app.core.people import queries as people
from app.core.store.reading import visible_cases

_KIND_WORDS = {
    PaymentKind.PAYMENT: "Payment",
    PaymentKind.OPENING_CREDIT: "Opening credit",
    PaymentKind.REFUND: "Refund",
    PaymentKind.REVERSAL: "Payment reversed",
}


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One row: what was charged or received, below zero where it was taken back.

    ``on`` is the date of service or of receipt, ``note`` the reason of a reversal.
    """

    id: UUID
    on: date
    recorded_at: datetime
    client_id: UUID
    client: str
    words: str
    note: str
    charged: Money | None
    received: Money | None


def ledger_lines(session: Session, scope: Scope, first: date, last: date) -> list[LedgerLine]:
    """Return every row dated ``first`` to ``last``, both included, the newest first."""
    charges: Sequence[Charge] = session.scalars(
        select(Charge).where(
            Charge.practice_id == scope.practice_id,
            visible_cases(scope, Charge.case_id),
            Charge.held_on.between(first, last),
        )
    ).all()
    payments: Sequence[Payment] = session.scalars(
        select(Payment).where(visible_payments(scope), Payment.received_on.between(first, last))
    ).all()
    clients = {row.client_id for row in charges} | {row.client_id for row in payments}
    named = people.names(session, scope, clients)
    names = {client_id: name.display for client_id, name in named.items()}
    lines = [_of_charge(row, names) for row in charges]
    lines.extend(_of_payment(row, names) for row in payments)
    return sorted(lines, key=lambda line: (line.on, line.recorded_at, line.id), reverse=True)


def _of_charge(row: Charge, names: dict[UUID, str]) -> LedgerLine:
    words = row.description if row.reverses_id is None else f"{row.description}, voided"
    return LedgerLine(
        row.id,
        row.held_on,
        row.recorded_at,
        row.client_id,
        names.get(row.client_id, ""),
        words,
        row.reason,
        row.amount,
        None,
    )


def _of_payment(row: Payment, names: dict[UUID, str]) -> LedgerLine:
    by = within_sentence(method_words(row.method, row.reference))
    kind = _KIND_WORDS[row.kind]
    return LedgerLine(
        row.id,
        row.received_on,
        row.recorded_at,
        row.client_id,
        names.get(row.client_id, ""),
        kind if row.kind is PaymentKind.OPENING_CREDIT else f"{kind}, {by}",
        row.note,
        None,
        row.amount,
    )
