"""Tables of the cases area."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.practice.rules.catalogue import CaseKind
from app.core.store.base import Search, Synced, link
from app.core.store.columns import word
from app.core.store.merging import Merging


class Case(Synced):
    """The unit of work: sessions, notes and money hang on it."""

    __tablename__ = "care_case"
    __area__ = "cases"
    __search__ = Search(kind="case", text=("name",))
    __merging__ = Merging(clinical=True)

    kind: Mapped[CaseKind] = mapped_column(word(CaseKind))
    name: Mapped[str] = mapped_column(default="")
    """Of groups only; the others' title is made of their participants' names."""
    identified_client_id: Mapped[UUID | None] = link("client", nullable=True)
    provider_id: Mapped[UUID | None] = link("member", nullable=True)
    supervisor_id: Mapped[UUID | None] = link("member", nullable=True)
    relationship_label: Mapped[str] = mapped_column(default="")
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    default_service_id: Mapped[UUID | None] = link("service", nullable=True)
    default_location_id: Mapped[UUID | None] = link("location", nullable=True)
    import_id: Mapped[UUID | None] = link("import_run", nullable=True)

    __table_args__ = (Index(None, "practice_id", "provider_id"),)


class CaseParticipant(Synced):
    """A client in a case, from the first to the last day, both included."""

    __tablename__ = "case_participant"
    __area__ = "cases"
    __merging__ = Merging(groups=(("from_on", "to_on"),))

    case_id: Mapped[UUID] = link("care_case")
    client_id: Mapped[UUID] = link("client")
    position: Mapped[int] = mapped_column(default=0)
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]

    __table_args__ = (
        Index(None, "practice_id", "case_id"),
        Index(None, "practice_id", "client_id"),
    )


class CaseBillingContact(Synced):
    """Who pays for a case, and what share of it (percent)."""

    __tablename__ = "case_billing_contact"
    __area__ = "cases"

    case_id: Mapped[UUID] = link("care_case")
    contact_id: Mapped[UUID | None] = link("contact", nullable=True)
    client_id: Mapped[UUID | None] = link("client", nullable=True)
    share_percent: Mapped[int] = mapped_column(default=100)

    __table_args__ = (Index(None, "practice_id", "case_id"),)
