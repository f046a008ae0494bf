"""Invoices in lists and one by one, and what is still to be billed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.core.billing.invoices.content import InvoiceContent, read_invoice
from app.core.billing.invoices.rules import InvoiceStatus, Standing, standing_of, standing_words
from app.core.billing.invoices.tables import Invoice, InvoiceLine
from app.core.billing.ledger.queries.charges import ChargeView, all_owed, charges
from app.core.billing.ledger.queries.payments import PaidPart, paid_by_charge
from app.core.billing.ledger.queries.sums import summed
from app.core.billing.ledger.tables import Allocation
from app.core.cases import queries as cases
from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotFound
from app.core.kernel.money import ZERO, Money, total
from app.core.store.ports import ports_of
from app.core.store.reading import visible_cases


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice in a list. ``case`` is the title of its case, ``words`` its standing in words.

    ``client_id`` is the client it is billed to; a contact's has none.
    """

    id: UUID
    number: str
    bill_to: str
    client_id: UUID | None
    case_id: UUID
    case: str
    issued_on: date
    due_on: date
    total: Money
    owing: Money
    standing: Standing
    words: str


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """One invoice with its charges as they stand now and what was paid of them.

    ``client_id`` is whose money pays it: the client it is billed to, else the one it is for.
    """

    row: InvoiceRow
    client_id: UUID
    content: InvoiceContent
    charges: tuple[ChargeView, ...]
    payments: tuple[PaidPart, ...]
    issued_at: datetime
    voided_at: datetime | None
    void_reason: str


@dataclass(frozen=True, slots=True)
class InvoiceMark:
    """The live invoice that a charge is on."""

    id: UUID
    number: str
    due_on: date


@dataclass(frozen=True, slots=True)
class InvoiceTotals:
    """What all live invoices still ask for, and how much of it is overdue."""

    owing: Money
    overdue: Money


#: Without the content, which no list shows.
_LISTED = (
    Invoice.id,
    Invoice.number,
    Invoice.status,
    Invoice.bill_to,
    Invoice.client_id,
    Invoice.case_id,
    Invoice.issued_on,
    Invoice.due_on,
    Invoice.total,
)


def invoices(
    session: Session, scope: Scope, today: date, first: date | None = None, last: date | None = None
) -> list[InvoiceRow]:
    """Return the invoices issued from ``first`` to ``last``, the latest number first.

    An older one that is still owed is there too: nobody should lose sight of it.
    """
    until = [] if last is None else [Invoice.issued_on <= last]
    if first is None:
        return _rows(session, scope, today, *until)
    recent = _rows(session, scope, today, Invoice.issued_on >= first, *until)
    shown = {row.id for row in recent}
    older = [each for each in _owed_invoices(session, scope) if each not in shown]
    # The date is compared here: given it, SQLite would walk the invoices of all years.
    owed = _rows(session, scope, today, Invoice.id.in_(older))
    return recent + [row for row in owed if last is None or row.issued_on <= last]


def invoices_of_case(
    session: Session, scope: Scope, case_id: UUID, today: date
) -> list[InvoiceRow]:
    """Return a case's invoices, the latest number first."""
    return _rows(session, scope, today, Invoice.case_id == case_id)


def invoice_totals(session: Session, scope: Scope, today: date) -> InvoiceTotals:
    """Return what all live invoices still ask for."""
    rows = _rows(session, scope, today, Invoice.id.in_(_owed_invoices(session, scope)))
    return InvoiceTotals(
        owing=total(row.owing for row in rows),
        overdue=total(row.owing for row in rows if row.standing is Standing.OVERDUE),
    )


def invoice(session: Session, scope: Scope, invoice_id: UUID, today: date) -> InvoiceView:
    """Return one invoice; raises ``NotFound``."""
    found = session.execute(
        select(Invoice, _paid_of_invoice()).where(_visible(scope), Invoice.id == invoice_id)
    ).one_or_none()
    if found is None:
        raise NotFound("This invoice is no longer there; go back and choose again.")
    row, paid = found
    lines = charges(session, scope, charge_ids_of_invoice(session, scope, invoice_id))
    return InvoiceView(
        row=_row(row, paid, cases.titles(session, scope, [row.case_id]), today),
        client_id=row.client_id or lines[0].client_id,
        content=read_invoice(row.content),
        charges=tuple(lines),
        payments=payments_of_charges(session, scope, [line.id for line in lines]),
        issued_at=row.issued_at,
        voided_at=row.voided_at,
        void_reason=row.void_reason,
    )


def invoice_by_number(session: Session, scope: Scope, number: str) -> UUID:
    """Return the id of the invoice with ``number``; raises ``NotFound``."""
    found = session.scalars(
        select(Invoice.id).where(_visible(scope), Invoice.number == number.strip().upper())
    ).first()
    if found is None:
        raise NotFound(f"There is no invoice {number}.")
    return found


def charge_ids_of_invoice(session: Session, scope: Scope, invoice_id: UUID) -> list[UUID]:
    """Return the charges that an invoice asks for, in its order."""
    return list(
        session.scalars(
            select(InvoiceLine.charge_id)
            .where(
                InvoiceLine.practice_id == scope.practice_id,
                InvoiceLine.invoice_id == invoice_id,
            )
            .order_by(InvoiceLine.position)
        )
    )


def invoices_of_charges(
    session: Session, scope: Scope, charge_ids: Sequence[UUID]
) -> dict[UUID, InvoiceMark]:
    """Return the live invoice of each charge that is on one."""
    rows = session.execute(
        select(InvoiceLine.charge_id, Invoice.id, Invoice.number, Invoice.due_on)
        .join(
            Invoice,
            and_(
                Invoice.practice_id == InvoiceLine.practice_id,
                Invoice.id == InvoiceLine.invoice_id,
            ),
        )
        .where(
            InvoiceLine.charge_id.in_(charge_ids),
            Invoice.status == InvoiceStatus.OPEN,
            _visible(scope),
        )
    )
    return {
        charge_id: InvoiceMark(invoice_id, number, due_on)
        for charge_id, invoice_id, number, due_on in rows
    }


def payments_of_charges(
    session: Session, scope: Scope, charge_ids: Sequence[UUID]
) -> tuple[PaidPart, ...]:
    """Return what was paid of these charges, one part for each payment, by date received."""
    sums: dict[UUID, PaidPart] = {}
    for summary in paid_by_charge(session, scope, charge_ids).values():
        for part in summary.parts:
            known = sums.get(part.payment_id)
            sums[part.payment_id] = part if known is None else known.plus(part.amount)
    return tuple(sorted(sums.values(), key=lambda part: (part.received_on, part.payment_id)))


def to_bill(session: Session, scope: Scope, case_id: UUID | None = None) -> list[ChargeView]:
    """Return what is owed and on no live invoice, oldest date of service first."""
    owed = [each.charge_id for each in all_owed(session, scope, case_id)]
    on_invoice = invoices_of_charges(session, scope, owed)
    return charges(session, scope, [each for each in owed if each not in on_invoice])


def invoice_paper(session: Session, scope: Scope, invoice_id: UUID) -> bytes:
    """Return the PDF of an invoice as it was issued; raises ``NotFound``."""
    digest = session.scalars(
        select(Invoice.paper_hash).where(_visible(scope), Invoice.id == invoice_id)
    ).one_or_none()
    if digest is None:
        raise NotFound("This invoice is no longer there; go back and choose again.")
    return ports_of(session).papers(session).get(digest)


def _visible(scope: Scope) -> Any:
    return and_(Invoice.practice_id == scope.practice_id, visible_cases(scope, Invoice.case_id))


@cache
def _paid_of_invoice() -> Any:
    return (
        select(summed(Allocation.amount))
        .join(
            InvoiceLine,
            and_(
                InvoiceLine.practice_id == Allocation.practice_id,
                InvoiceLine.charge_id == Allocation.charge_id,
            ),
        )
        .where(InvoiceLine.practice_id == Invoice.practice_id, InvoiceLine.invoice_id == Invoice.id)
        .correlate(Invoice)
        .scalar_subquery()
    )


def _owed_invoices(session: Session, scope: Scope) -> list[UUID]:
    # What is owed is looked up first: it is little, where the invoices of years are many.
    owed = [each.charge_id for each in all_owed(session, scope)]
    return list({mark.id for mark in invoices_of_charges(session, scope, owed).values()})


def _rows(session: Session, scope: Scope, today: date, *conditions: Any) -> list[InvoiceRow]:
    found = session.execute(
        select(*_LISTED, _paid_of_invoice().label("paid")).where(_visible(scope), *conditions)
    ).all()
    # Sorted here: an ORDER BY would make SQLite walk all invoices in the order of its index.
    found = sorted(found, key=lambda row: (row.issued_on, row.number), reverse=True)
    titles = cases.titles(session, scope, {row.case_id for row in found})
    return [_row(row, row.paid, titles, today) for row in found]


def _row(row: Any, paid: Money, titles: dict[UUID, str], today: date) -> InvoiceRow:
    owing = ZERO if row.status is InvoiceStatus.VOID else row.total - paid
    standing = standing_of(row.status, row.total, owing, row.due_on, today)
    return InvoiceRow(
        id=row.id,
        number=row.number,
        bill_to=row.bill_to,
        client_id=row.client_id,
        case_id=row.case_id,
        case=titles.get(row.case_id, ""),
        issued_on=row.issued_on,
        due_on=row.due_on,
        total=row.total,
        owing=owing,
        standing=standing,
        words=standing_words(standing, row.due_on, today),
    )
