"""What an invoice would print, put together from the practice as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.billing.invoices.content import (
    BillTo,
    InvoiceContent,
    InvoiceLine,
    InvoicePayment,
    WayToPay,
)
from app.core.billing.invoices.queries.listing import invoices_of_charges, payments_of_charges
from app.core.billing.invoices.rules import InvoiceOrder, due_date, service_words, subject_words
from app.core.billing.ledger.queries.charges import ChargeView, charges
from app.core.cases import queries as cases
from app.core.cases.queries import Billed
from app.core.kernel.acting import Scope
from app.core.kernel.errors import UserError
from app.core.kernel.money import total
from app.core.kernel.text import PersonName
from app.core.people import queries as people
from app.core.people.tables import Client, ClientAddress
from app.core.practice import queries as practice
from app.core.practice.content import entity_of
from app.core.practice.rules.places import Address
from app.core.scheduling.tables import Appointment
from app.core.store.reading import visible_people
from app.core.team import queries as team


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom an invoice is billed to: a client or a contact."""

    client_id: UUID | None
    contact_id: UUID | None
    printed: BillTo


@dataclass(frozen=True, slots=True)
class InvoiceDraft:
    """An invoice ready to be numbered and issued; its content has no number yet."""

    case_id: UUID
    recipient: Recipient
    charge_ids: tuple[UUID, ...]
    content: InvoiceContent


def invoice_draft(session: Session, scope: Scope, order: InvoiceOrder, today: date) -> InvoiceDraft:
    """Return what the invoice of ``order`` would say if it were issued ``today``.

    Raises ``UserError`` when a charge is void, on an invoice already or of another case than
    the rest, when nothing is chosen, or for a due date that cannot be.
    """
    chosen = charges(session, scope, order.charge_ids)
    _check(session, scope, order, chosen)
    first = chosen[0]
    case = cases.billed(session, scope, first.case_id)
    own = practice.practice(session, scope)
    recipient = _recipient(session, scope, case, first, order.bill_to)
    paid = payments_of_charges(session, scope, [each.id for each in chosen])
    content = InvoiceContent(
        entity=entity_of(own.fields, is_demo=own.is_demo),
        number="",
        issued_on=today,
        due_on=due_date(today, own.fields.payment_terms_days, order.due_on),
        bill_to=recipient.printed,
        subject=subject_words(case.kind, first.held_on, chosen[-1].held_on),
        for_case=first.case,
        lines=tuple(_lines(session, scope, chosen)),
        payments=tuple(
            InvoicePayment(part.received_on, part.words, part.amount)
            for part in paid
            if not part.is_credit
        ),
        credit=total(part.amount for part in paid if part.is_credit),
        ways_to_pay=(WayToPay("Check, payable to", own.billing_name),),
        footer=own.fields.invoice_footer,
    )
    return InvoiceDraft(first.case_id, recipient, tuple(each.id for each in chosen), content)


def _check(session: Session, scope: Scope, order: InvoiceOrder, chosen: list[ChargeView]) -> None:
    if not chosen or len(chosen) != len(set(order.charge_ids)):
        raise UserError("Choose the charges that the invoice asks for.", field="charges")
    if len({each.case_id for each in chosen}) > 1:
        raise UserError("An invoice is for one case: choose charges of one.", field="charges")
    if any(each.is_void for each in chosen):
        raise UserError("One of these charges is void; choose the others.", field="charges")
    on_invoice = invoices_of_charges(session, scope, order.charge_ids)
    if on_invoice:
        number = next(iter(on_invoice.values())).number
        raise UserError(f"This is already on invoice {number}.", field="charges")


def _lines(session: Session, scope: Scope, chosen: list[ChargeView]) -> list[InvoiceLine]:
    supervisors = _supervisors(session, scope, chosen)
    members = {each.member_id for each in chosen} | set(supervisors.values())
    titled = team.titles(session, scope, [each for each in members if each])
    return [
        InvoiceLine(
            held_on=each.held_on,
            service=service_words(each.code, each.description, each.minutes, each.units),
            provider=titled.get(each.member_id, "") if each.member_id else "",
            fee=each.amount - each.adjustment,
            adjustment=each.adjustment,
            supervisor=titled.get(supervisors[each.id], "") if each.id in supervisors else "",
        )
        for each in chosen
    ]


def _supervisors(session: Session, scope: Scope, chosen: list[ChargeView]) -> dict[UUID, UUID]:
    """Return who supervised the session of each charge that was supervised."""
    rows = session.execute(
        select(Appointment.id, Appointment.supervisor_id).where(
            Appointment.practice_id == scope.practice_id,
            Appointment.id.in_([each.appointment_id for each in chosen if each.appointment_id]),
            Appointment.supervisor_id.is_not(None),
        )
    )
    of_session = {row.id: row.supervisor_id for row in rows}
    return {
        each.id: of_session[each.appointment_id]
        for each in chosen
        if each.appointment_id in of_session
    }


def _recipient(
    session: Session, scope: Scope, case: Billed, first: ChargeView, wanted: UUID | None
) -> Recipient:
    """Return who is billed: as wanted, else the first payer of the case, else the client."""
    chosen = wanted or next(iter(case.payers), first.client_id)
    client = _addressed(session, scope, chosen)
    if client is not None:
        return Recipient(chosen, None, client)
    for contact in people.contacts(session, scope):
        if contact.id == chosen:
            address = ", ".join(contact.fields.address.lines())
            return Recipient(None, chosen, BillTo(contact.fields.name, address))
    raise UserError("Choose who the invoice is for.", field="bill_to")


def _addressed(session: Session, scope: Scope, client_id: UUID) -> BillTo | None:
    """Return a client's name and main address; ``None`` when it is no client."""
    at = ClientAddress
    row = session.execute(
        select(*people.NAME_COLUMNS, at.line1, at.line2, at.city, at.state, at.zip, at.country)
        .outerjoin(
            at, (at.practice_id == Client.practice_id) & (at.client_id == Client.id) & at.is_main
        )
        .where(
            Client.practice_id == scope.practice_id,
            Client.id == client_id,
            visible_people(scope, Client.id),
        )
        .order_by(at.id)
    ).first()
    if row is None:
        return None
    names = len(people.NAME_COLUMNS)
    address = Address() if row[names] is None else Address(*row[names:])
    return BillTo(PersonName(*row[:names]).display, ", ".join(address.lines()))
