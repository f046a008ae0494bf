"""Tables of the ledger. A row once written is never changed: a mistake is reversed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.billing.ledger.rules.words import ChargeKind, Method, PaymentKind
from app.core.kernel.money import Money
from app.core.store.base import Synced, link, only_where_set
from app.core.store.columns import Json, word


class Charge(Synced):
    """What one line of a session owes, or a row that reverses such a charge as a whole."""

    __tablename__ = "charge"
    __area__ = "billing"
    __append_only__ = True

    case_id: Mapped[UUID] = link("care_case")
    client_id: Mapped[UUID] = link("client")
    """Whom the service was for: the identified patient of a couple or family."""
    appointment_id: Mapped[UUID | None] = link("appointment", nullable=True)
    service_line_id: Mapped[UUID | None] = link("service_line", nullable=True)
    member_id: Mapped[UUID | None] = link("member", nullable=True)
    """Who held the session."""
    kind: Mapped[ChargeKind] = mapped_column(word(ChargeKind))
    held_on: Mapped[date]
    code: Mapped[str] = mapped_column(default="")
    description: Mapped[str]
    modifiers: Mapped[list[str]] = mapped_column(Json, default=list)
    units: Mapped[int] = mapped_column(default=1)
    minutes: Mapped[int] = mapped_column(default=0)
    amount: Mapped[Money]
    """For all units; below zero in a reversal."""
    usual_fee: Mapped[Money]
    reverses_id: Mapped[UUID | None] = link("charge", nullable=True)
    reason: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]

    __table_args__ = (
        # Holds all that the sum of a case needs, so that no row has to be fetched for it.
        Index("ix_charge_case", "practice_id", "case_id", "deleted_at", "held_on", "amount"),
        Index(None, "practice_id", "client_id", "held_on"),
        Index(None, "practice_id", "held_on"),
        Index(None, "practice_id", "appointment_id"),
        only_where_set("ix_charge_reversal", "reverses_id"),
    )


class Payment(Synced):
    """Money received, or a row that gives back or takes out what another one received."""

    __tablename__ = "payment"
    __area__ = "billing"
    __append_only__ = True

    client_id: Mapped[UUID] = link("client")
    """Who paid, and whose credit the rest is."""
    case_id: Mapped[UUID | None] = link("care_case", nullable=True)
    kind: Mapped[PaymentKind] = mapped_column(word(PaymentKind))
    method: Mapped[Method] = mapped_column(word(Method))
    reference: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    received_on: Mapped[date]
    amount: Mapped[Money]
    """Below zero in refunds and reversals."""
    reverses_id: Mapped[UUID | None] = link("payment", nullable=True)
    """The payment that a refund or reversal takes from."""
    recorded_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "practice_id", "client_id", "received_on"),
        Index(None, "practice_id", "received_on"),
        only_where_set("ix_payment_reversal", "reverses_id"),
    )


class Allocation(Synced):
    """What a payment pays of a charge; below zero where that is taken back."""

    __tablename__ = "allocation"
    __area__ = "billing"
    __append_only__ = True

    payment_id: Mapped[UUID] = link("payment")
    """The payment itself, never its refund or reversal."""
    charge_id: Mapped[UUID] = link("charge")
    amount: Mapped[Money]
    recorded_at: Mapped[datetime]

    # These hold all that a sum needs, so that no row has to be fetched for it.
    __table_args__ = (
        Index("ix_allocation_charge", "practice_id", "charge_id", "deleted_at", "amount"),
        Index("ix_allocation_payment", "practice_id", "payment_id", "deleted_at", "amount"),
    )
