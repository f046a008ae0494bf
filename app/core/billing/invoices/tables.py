"""Tables of the invoices."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.billing.invoices.rules import InvoiceStatus
from app.core.kernel.money import Money
from app.core.store.base import Search, Synced, link
from app.core.store.columns import word
from app.core.store.merging import Merging


class Invoice(Synced):
    """An issued invoice with its content and paper as issued; only its voiding is added later."""

    __tablename__ = "invoice"
    __area__ = "billing"
    __search__ = Search(kind="invoice", text=("number", "bill_to"))
    __frozen_when__ = "status = 'VOID'"
    __merging__ = Merging(groups=(("status", "voided_at", "void_reason"),), given=("number",))

    number: Mapped[str]
    status: Mapped[InvoiceStatus] = mapped_column(word(InvoiceStatus), default=InvoiceStatus.OPEN)
    case_id: Mapped[UUID] = link("care_case")
    client_id: Mapped[UUID | None] = link("client", nullable=True)
    contact_id: Mapped[UUID | None] = link("contact", nullable=True)
    bill_to: Mapped[str]
    """The name as of issue."""
    issued_on: Mapped[date]
    due_on: Mapped[date]
    total: Mapped[Money]
    content: Mapped[str]
    """Canonical JSON of ``InvoiceContent``."""
    content_hash: Mapped[str]
    paper_hash: Mapped[str]
    issued_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        Index(None, "practice_id", "issued_on"),
        Index(None, "practice_id", "case_id"),
    )


class InvoiceLine(Synced):
    """A charge on an invoice."""

    __tablename__ = "invoice_line"
    __area__ = "billing"
    __append_only__ = True

    invoice_id: Mapped[UUID] = link("invoice")
    charge_id: Mapped[UUID] = link("charge")
    position: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        Index("ix_invoice_line_invoice", "practice_id", "invoice_id", "deleted_at", "charge_id"),
        Index("ix_invoice_line_charge", "practice_id", "charge_id", "deleted_at", "invoice_id"),
    )
