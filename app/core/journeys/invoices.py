"""An invoice is issued: numbered, drawn and kept with its paper, in one unit of work."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from app.core.billing.invoices.commands import issue_invoice
from app.core.billing.invoices.content import InvoiceContent
from app.core.billing.invoices.queries.drafting import invoice_draft
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.invoices.tables import Invoice
from app.core.kernel.acting import Permission
from app.core.kernel.errors import UserError
from app.core.paper.fonts import missing_glyphs
from app.core.paper.invoice import render_invoice
from app.core.store.command import command
from app.core.store.unit import UnitOfWork

_PREFIX = "INV"


@command(permission=Permission.BILL, label="Create invoice")
def create_invoice(uow: UnitOfWork, order: InvoiceOrder) -> UUID:
    """Issue an invoice for charges of one case and return its id.

    Given the same ``invoice_id`` again it issues nothing. Raises ``UserError`` naming the field
    to mend; then no number is used.
    """
    if uow.find(Invoice, order.invoice_id) is not None:
        return order.invoice_id
    draft = invoice_draft(uow.session, uow.scope, order, uow.today)
    check_printable(draft.content)
    number = uow.numbers.take(_PREFIX, uow.today.year)
    content = replace(draft.content, number=number)
    paper = uow.papers.put(render_invoice(content))
    return issue_invoice(uow, order.invoice_id, draft, content, paper)


def check_printable(content: InvoiceContent) -> None:
    """Raise ``UserError`` when a letter of ``content`` is in none of our fonts."""
    said = [
        (content.bill_to.name, "the name to bill"),
        (content.bill_to.address, "the address"),
        (content.for_case, "the name of the case"),
        (content.footer, "the footer"),
        *((line.service, "the service") for line in content.lines),
        *((line.provider, "the provider") for line in content.lines),
    ]
    for text, what in said:
        if missing := missing_glyphs(text):
            raise UserError(f"{missing} cannot be printed: write {what} in Latin letters.")
