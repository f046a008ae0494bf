"""Tables of the superbills. What was issued is never changed: a correction supersedes it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.kernel.money import Money
from app.core.store.base import Search, Synced, link, only_where_set


class Superbill(Synced):
    """An issued superbill, with its content and paper as issued."""

    __tablename__ = "superbill"
    __area__ = "billing"
    __search__ = Search(kind="superbill", text=("number", "patient"))
    __append_only__ = True

    number: Mapped[str]
    client_id: Mapped[UUID] = link("client")
    patient: Mapped[str]
    """The legal name as of issue."""
    provider: Mapped[str]
    """Who rendered the services, as of issue."""
    first_on: Mapped[date]
    last_on: Mapped[date]
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    charged: Mapped[Money]
    """What the client was charged: fees and adjustments."""
    paid: Mapped[Money]
    content: Mapped[str]
    """Canonical JSON of ``SuperbillContent``."""
    content_hash: Mapped[str]
    paper_hash: Mapped[str]
    supersedes_id: Mapped[UUID | None] = link("superbill", nullable=True)

    __table_args__ = (
        Index(None, "practice_id", "issued_on"),
        Index(None, "practice_id", "client_id", "first_on"),
        only_where_set("ix_superbill_superseded", "supersedes_id"),
        Index(None, "practice_id", "first_on"),
    )


class SuperbillLine(Synced):
    """A charge on a superbill, with what the paper says was paid of it."""

    __tablename__ = "superbill_line"
    __area__ = "billing"
    __append_only__ = True

    superbill_id: Mapped[UUID] = link("superbill")
    charge_id: Mapped[UUID] = link("charge")
    appointment_id: Mapped[UUID | None] = link("appointment", nullable=True)
    position: Mapped[int] = mapped_column(default=0)
    held_on: Mapped[date]
    paid: Mapped[Money]

    __table_args__ = (
        Index(None, "practice_id", "superbill_id"),
        Index(None, "practice_id", "charge_id"),
    )


class SuperbillNumber(Synced):
    """A number that a long paper took before it was drawn; its id is the superbill's.

    Without such a superbill the number is explained by this row, and never given again.
    """

    __tablename__ = "superbill_number"
    __area__ = "billing"
    __append_only__ = True

    number: Mapped[str]
    client_id: Mapped[UUID] = link("client")
    taken_at: Mapped[datetime]
