"""An invoice is issued: numbered, drawn and kept with its paper, in one unit of work."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from app.core.billing.invoices.commands import issue_invoice
from app.core.billing.invoices.queries.drafting import invoice_draft
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.invoices.tables import Invoice
from app.core.kernel.acting import Permission
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
    number = uow.numbers.take(_PREFIX, uow.today.year)
    content = replace(draft.content, number=number)
    paper = uow.papers.put(render_invoice(content))
    return issue_invoice(uow, order.invoice_id, draft, content, paper)
