"""Tables of the people area."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.kernel.text import PersonName
from app.core.people.rules import (
    InsuredRelation,
    Lifecycle,
    PhoneKind,
    RelationshipType,
    Sex,
    Verification,
)
from app.core.store.base import Search, Synced, link
from app.core.store.columns import word
from app.core.store.merging import Merging


class Client(Synced):
    """A person who receives a service."""

    __tablename__ = "client"
    __area__ = "people"
    __search__ = Search(
        kind="client", text=("legal_given", "legal_middle", "legal_family", "chosen_name")
    )
    __merging__ = Merging(clinical=True)

    legal_given: Mapped[str]
    legal_middle: Mapped[str] = mapped_column(default="")
    legal_family: Mapped[str] = mapped_column(default="")
    legal_suffix: Mapped[str] = mapped_column(default="")
    chosen_name: Mapped[str] = mapped_column(default="")
    pronouns: Mapped[str] = mapped_column(default="")
    birth_date: Mapped[date | None]
    sex: Mapped[Sex] = mapped_column(word(Sex), default=Sex.NOT_SAID)
    lifecycle: Mapped[Lifecycle] = mapped_column(word(Lifecycle))
    first_seen: Mapped[date | None]
    notes: Mapped[str] = mapped_column(default="")
    primary_member_id: Mapped[UUID | None] = link("member", nullable=True)
    imported_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    awaits_place: Mapped[bool] = mapped_column(default=False)
    """Active in the file they came from, inactive here because the plan had no room."""
    import_remarks: Mapped[str] = mapped_column(default="")
    """What the import was not sure of, a sentence a line."""
    import_id: Mapped[UUID | None] = link("import_run", nullable=True)

    __table_args__ = (
        Index(None, "practice_id", "lifecycle"),
        Index(None, "practice_id", "import_id"),
    )

    @property
    def name(self) -> PersonName:
        """Return the name as a value."""
        return PersonName(
            self.legal_given,
            self.legal_middle,
            self.legal_family,
            self.legal_suffix,
            self.chosen_name,
        )


class ClientEmail(Synced):
    """An e-mail address of a client, and whether we may write to it."""

    __tablename__ = "client_email"
    __area__ = "people"
    __search__ = Search(kind="client", owner="client_id", text=("address",))
    __merging__ = Merging(sensitive=("consent_email",))

    client_id: Mapped[UUID] = link("client")
    address: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    is_main: Mapped[bool] = mapped_column(default=False)
    consent_email: Mapped[bool] = mapped_column(default=False)
    is_shared: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index(None, "practice_id", "client_id"),)


class ClientPhone(Synced):
    """A phone number of a client, and what we may do with it."""

    __tablename__ = "client_phone"
    __area__ = "people"
    __search__ = Search(kind="client", owner="client_id", text=("number",))
    __merging__ = Merging(sensitive=("consent_text", "consent_voicemail"))

    client_id: Mapped[UUID] = link("client")
    number: Mapped[str]
    kind: Mapped[PhoneKind] = mapped_column(word(PhoneKind), default=PhoneKind.MOBILE)
    is_main: Mapped[bool] = mapped_column(default=False)
    consent_text: Mapped[bool] = mapped_column(default=False)
    consent_voicemail: Mapped[bool] = mapped_column(default=False)
    is_shared: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index(None, "practice_id", "client_id"),)


class ClientAddress(Synced):
    """A postal address of a client."""

    __tablename__ = "client_address"
    __area__ = "people"
    __merging__ = Merging(groups=(("line1", "line2", "city", "state", "zip", "country"),))

    client_id: Mapped[UUID] = link("client")
    line1: Mapped[str] = mapped_column(default="")
    line2: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="")
    zip: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="US")
    is_main: Mapped[bool] = mapped_column(default=False)
    is_shared: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index(None, "practice_id", "client_id"),)


class ClientInsurance(Synced):
    """An insurance of a client; ``position`` 0 is the primary one."""

    __tablename__ = "client_insurance"
    __area__ = "people"
    __merging__ = Merging(
        groups=(
            ("payer", "member_number", "group_number"),
            ("relation", "insured_name", "insured_birth_date"),
        )
    )

    client_id: Mapped[UUID] = link("client")
    payer: Mapped[str]
    member_number: Mapped[str] = mapped_column(default="")
    group_number: Mapped[str] = mapped_column(default="")
    relation: Mapped[InsuredRelation] = mapped_column(
        word(InsuredRelation), default=InsuredRelation.SELF
    )
    insured_name: Mapped[str] = mapped_column(default="")
    insured_birth_date: Mapped[date | None]
    position: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index(None, "practice_id", "client_id"),)


class Contact(Synced):
    """A person or organization that is no client."""

    __tablename__ = "contact"
    __area__ = "people"
    __search__ = Search(kind="contact", text=("name", "email", "phone"))
    __merging__ = Merging(groups=(("line1", "line2", "city", "state", "zip"),))

    name: Mapped[str]
    is_organization: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    line1: Mapped[str] = mapped_column(default="")
    line2: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="")
    zip: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    import_id: Mapped[UUID | None] = link("import_run", nullable=True)


class Relationship(Synced):
    """How a contact, or another client, stands to a client, and what that one may do."""

    __tablename__ = "relationship"
    __area__ = "people"
    __merging__ = Merging(
        groups=(("type", "verification"),), sensitive=("is_emergency", "verification", "signs")
    )

    client_id: Mapped[UUID] = link("client")
    contact_id: Mapped[UUID | None] = link("contact", nullable=True)
    other_client_id: Mapped[UUID | None] = link("client", nullable=True)
    type: Mapped[RelationshipType] = mapped_column(word(RelationshipType))
    is_emergency: Mapped[bool] = mapped_column(default=False)
    verification: Mapped[Verification] = mapped_column(
        word(Verification), default=Verification.NOT_ASKED
    )
    signs: Mapped[bool] = mapped_column(default=False)
    billing: Mapped[bool] = mapped_column(default=False)
    scheduling: Mapped[bool] = mapped_column(default=False)
    messages: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        Index(None, "practice_id", "client_id"),
        Index(None, "practice_id", "other_client_id"),
    )
