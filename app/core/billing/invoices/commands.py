"""Writes of the invoices. Drawing the paper is the journey ``create_invoice``."""

from __future__ import annotations

from uuid import UUID

from app.core.billing.invoices.content import InvoiceContent
from app.core.billing.invoices.queries.drafting import InvoiceDraft
from app.core.billing.invoices.queries.listing import invoice_paper
from app.core.billing.invoices.rules import InvoiceStatus
from app.core.billing.invoices.tables import Invoice, InvoiceLine
from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import UserError
from app.core.kernel.text import clean_line
from app.core.store.command import command
from app.core.store.unit import UnitOfWork


@command(permission=Permission.BILL, label="Create invoice")
def issue_invoice(
    uow: UnitOfWork, invoice_id: UUID, draft: InvoiceDraft, content: InvoiceContent, paper: str
) -> UUID:
    """Keep an invoice as it was issued: its frozen content, and the hash of its ``paper``."""
    uow.about("invoice", invoice_id)
    uow.add(
        Invoice(
            id=invoice_id,
            number=content.number,
            status=InvoiceStatus.OPEN,
            case_id=draft.case_id,
            client_id=draft.recipient.client_id,
            contact_id=draft.recipient.contact_id,
            bill_to=content.bill_to.name,
            issued_on=content.issued_on,
            due_on=content.due_on,
            total=content.total,
            content=content.canonical(),
            content_hash=content.sha256(),
            paper_hash=paper,
            issued_at=uow.now,
        )
    )
    uow.insert_many(
        InvoiceLine,
        [
            {"invoice_id": invoice_id, "charge_id": charge_id, "position": position}
            for position, charge_id in enumerate(draft.charge_ids)
        ],
    )
    return invoice_id


@command(permission=Permission.BILL, act=Act.SETTLE, label="Void invoice")
def void_invoice(uow: UnitOfWork, invoice_id: UUID, *, reason: str = "") -> None:
    """Withdraw an invoice: its number stays used, its charges can be invoiced anew.

    What was paid stays with the charges. Raises ``UserError`` when it is void already.
    """
    row = uow.get(Invoice, invoice_id)
    if row.status is InvoiceStatus.VOID:
        raise UserError(f"Invoice {row.number} is void already.")
    uow.about("invoice", invoice_id)
    row.status = InvoiceStatus.VOID
    row.voided_at = uow.now
    row.void_reason = clean_line(reason, field="reason")


@command(permission=Permission.BILL, act=Act.READ, label="Print invoice")
def take_out_invoice(uow: UnitOfWork, invoice_id: UUID) -> bytes:
    """Return an invoice's PDF to be printed or saved, and note that in the audit."""
    uow.witness("invoice", invoice_id)
    return invoice_paper(uow.session, uow.scope, invoice_id)
