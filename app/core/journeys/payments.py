"""Money acts that know of invoices."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from app.core.billing.invoices.queries.listing import charge_ids_of_invoice, invoices_of_charges
from app.core.billing.invoices.rules import InvoiceStatus
from app.core.billing.invoices.tables import Invoice
from app.core.billing.ledger import commands as ledger
from app.core.billing.ledger.commands import Recorded
from app.core.billing.ledger.queries.charges import charges_of_client
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import UserError
from app.core.store.command import command
from app.core.store.unit import UnitOfWork


@command(permission=Permission.BILL, act=Act.SETTLE, label="Record payment")
def pay_invoice(uow: UnitOfWork, invoice_id: UUID, entry: PaymentEntry) -> Recorded:
    """Take in money for one invoice's charges; what exceeds them becomes the payer's credit.

    Raises ``UserError`` for a void invoice, for one of other people, or naming the field to mend.
    """
    row = uow.get(Invoice, invoice_id)
    if row.status is InvoiceStatus.VOID:
        raise UserError(f"Invoice {row.number} is void: it asks for nothing.", field="invoice")
    chosen = tuple(charge_ids_of_invoice(uow.session, uow.scope, invoice_id))
    payable = charges_of_client(uow.session, uow.scope, entry.client_id)
    if not {each.id for each in payable}.issuperset(chosen):
        raise UserError(f"Invoice {row.number} is for somebody else.", field="client")
    return ledger.record_payment(uow, replace(entry, charge_ids=chosen))


@command(permission=Permission.BILL, act=Act.SETTLE, label="Void charge")
def void_charge(uow: UnitOfWork, charge_id: UUID, *, reason: str = "") -> None:
    """Reverse a charge that no live invoice asks for; what was paid of it becomes credit.

    Raises ``UserError`` when it is void already, or when an invoice has to be voided first.
    """
    mark = invoices_of_charges(uow.session, uow.scope, [charge_id]).get(charge_id)
    if mark is not None:
        raise UserError(
            f"This charge is on invoice {mark.number}: void the invoice first.",
            record=("invoice", str(mark.id)),
        )
    ledger.void_charge(uow, charge_id, reason=reason)
