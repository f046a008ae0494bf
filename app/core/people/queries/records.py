"""All that is known of single clients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotFound
from app.core.kernel.text import PersonName
from app.core.people.queries.lists import names
from app.core.people.rules import (
    AddressFields,
    DetailFields,
    EmailFields,
    Grants,
    InsuranceFields,
    Lifecycle,
    PhoneFields,
    RelationshipType,
    Verification,
    waits_for_a_look,
)
from app.core.people.tables import (
    Client,
    ClientAddress,
    ClientEmail,
    ClientInsurance,
    ClientPhone,
    Contact,
    Relationship,
)
from app.core.practice.rules.places import Address
from app.core.store.audit import AuditLine, entries
from app.core.store.reading import visible_people

Row = TypeVar("Row", ClientEmail, ClientPhone, ClientAddress, ClientInsurance, Relationship)


@dataclass(frozen=True, slots=True)
class RelationshipView:
    """Somebody tied to a client, seen from that client."""

    id: UUID
    type: RelationshipType
    contact_id: UUID | None
    other_client_id: UUID | None
    name: str
    email: str
    phone: str
    grants: Grants
    verification: Verification
    is_emergency: bool


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """All that is known of a client themself."""

    id: UUID
    name: PersonName
    lifecycle: Lifecycle
    details: DetailFields
    emails: tuple[EmailFields, ...]
    phones: tuple[PhoneFields, ...]
    addresses: tuple[AddressFields, ...]
    insurances: tuple[InsuranceFields, ...]
    relationships: tuple[RelationshipView, ...]
    imported_at: datetime | None
    reviewed_at: datetime | None
    import_remarks: str

    @property
    def needs_review(self) -> bool:
        """Return whether the record came from a file and nobody has looked at it yet."""
        return waits_for_a_look(self.imported_at, self.reviewed_at)

    @property
    def main_email(self) -> str:
        """Return the address to write to, or ""."""
        return next((each.address for each in self.emails if each.is_main), "")

    @property
    def main_phone(self) -> str:
        """Return the number to call, or ""."""
        return next((each.number for each in self.phones if each.is_main), "")

    @property
    def main_address(self) -> Address:
        """Return the postal address, an empty one where none is known."""
        return next((each.address for each in self.addresses if each.is_main), Address())


def client(session: Session, scope: Scope, client_id: UUID) -> ClientRecord:
    """Return one client's record; raises ``NotFound``."""
    found = clients(session, scope, [client_id])
    if not found:
        raise NotFound("This client is no longer there; go back and choose again.")
    return found[0]


def clients(session: Session, scope: Scope, ids: Sequence[UUID]) -> list[ClientRecord]:
    """Return the records of several clients, in the order of ``ids``."""
    rows = session.scalars(
        select(Client).where(
            Client.practice_id == scope.practice_id,
            Client.id.in_(ids),
            visible_people(scope, Client.id),
        )
    ).all()
    seen = [row.id for row in rows]
    emails = _owned(session, scope, ClientEmail, seen)
    phones = _owned(session, scope, ClientPhone, seen)
    addresses = _owned(session, scope, ClientAddress, seen)
    insurances = _owned(session, scope, ClientInsurance, seen)
    ties = _relationships(session, scope, seen)
    records = {
        row.id: ClientRecord(
            id=row.id,
            name=row.name,
            lifecycle=row.lifecycle,
            details=_details(row),
            emails=tuple(_email(each) for each in emails[row.id]),
            phones=tuple(_phone(each) for each in phones[row.id]),
            addresses=tuple(_address(each) for each in addresses[row.id]),
            insurances=tuple(
                _insurance(each) for each in sorted(insurances[row.id], key=lambda i: i.position)
            ),
            relationships=tuple(ties[row.id]),
            imported_at=row.imported_at,
            reviewed_at=row.reviewed_at,
            import_remarks=row.import_remarks,
        )
        for row in rows
    }
    return [records[each] for each in ids if each in records]


def activity(session: Session, scope: Scope, client_id: UUID, limit: int = 200) -> list[AuditLine]:
    """Return what was done to a client's record, newest first; names of fields, never values."""
    return entries(session, scope, subject_id=client_id, limit=limit)


def _owned(
    session: Session, scope: Scope, kind: type[Row], ids: list[UUID]
) -> defaultdict[UUID, list[Row]]:
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    rows = session.scalars(
        select(kind)
        .where(kind.practice_id == scope.practice_id, kind.client_id.in_(ids))
        .order_by(kind.id)
    )
    for row in rows:
        found[row.client_id].append(row)
    return found


def _relationships(
    session: Session, scope: Scope, ids: list[UUID]
) -> defaultdict[UUID, list[RelationshipView]]:
    ties = _owned(session, scope, Relationship, ids)
    every = [tie for each in ties.values() for tie in each]
    found: defaultdict[UUID, list[RelationshipView]] = defaultdict(list)
    if not every:
        return found
    reached = {
        row.id: row
        for row in session.scalars(
            select(Contact).where(
                Contact.practice_id == scope.practice_id,
                Contact.id.in_([tie.contact_id for tie in every if tie.contact_id]),
            )
        )
    }
    others = names(session, scope, [tie.other_client_id for tie in every if tie.other_client_id])
    for tie in every:
        contact = reached.get(tie.contact_id) if tie.contact_id else None
        other = others.get(tie.other_client_id) if tie.other_client_id else None
        found[tie.client_id].append(
            RelationshipView(
                id=tie.id,
                type=tie.type,
                contact_id=tie.contact_id,
                other_client_id=tie.other_client_id,
                name=contact.name if contact else (other.display if other else ""),
                email=contact.email if contact else "",
                phone=contact.phone if contact else "",
                grants=Grants(tie.signs, tie.billing, tie.scheduling, tie.messages),
                verification=tie.verification,
                is_emergency=tie.is_emergency,
            )
        )
    return found


def _details(row: Client) -> DetailFields:
    return DetailFields(
        row.pronouns, row.birth_date, row.sex, row.first_seen, row.primary_member_id, row.notes
    )


def _email(row: ClientEmail) -> EmailFields:
    return EmailFields(row.address, row.consent_email, row.is_main, row.is_shared, row.label)


def _phone(row: ClientPhone) -> PhoneFields:
    return PhoneFields(
        row.number, row.kind, row.consent_text, row.consent_voicemail, row.is_main, row.is_shared
    )


def _address(row: ClientAddress) -> AddressFields:
    address = Address(row.line1, row.line2, row.city, row.state, row.zip, row.country)
    return AddressFields(address, row.is_main, row.is_shared)


def _insurance(row: ClientInsurance) -> InsuranceFields:
    return InsuranceFields(
        row.payer,
        row.member_number,
        row.group_number,
        row.relation,
        row.insured_name,
        row.insured_birth_date,
    )
