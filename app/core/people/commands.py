"""Writes of the people area: one command for each verb of a client's record.

Making a client active is membership's, because the plan has a say in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import UserError
from app.core.kernel.text import PersonName, clean_line, clean_text
from app.core.people.rules import (
    AddressFields,
    ContactFields,
    DetailFields,
    EmailFields,
    InsuranceFields,
    Lifecycle,
    NewClient,
    PhoneFields,
    RelationshipFields,
    Verification,
    check_addresses,
    check_birth_date,
    check_contact,
    check_emails,
    check_insurances,
    check_name,
    check_phones,
    check_relationship,
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
from app.core.store.command import command
from app.core.store.unit import UnitOfWork

Owned = ClientEmail | ClientPhone | ClientAddress | ClientInsurance


@command(permission=Permission.EDIT_CLIENTS, label="Add client", undo=True)
def add_client(uow: UnitOfWork, new: NewClient) -> UUID:
    """Add a client of whom at least a name is known, in any status but ACTIVE.

    Raises ``UserError`` naming the field to mend.
    """
    if new.lifecycle is Lifecycle.ACTIVE:
        raise ValueError("a client becomes active by membership's command")
    row = uow.add(Client(**_name_values(new.name), lifecycle=new.lifecycle))
    uow.about("client", row.id)
    _write_details(uow, row, new.details)
    # Whoever sees only their own would not find a client who is nobody's yet.
    row.primary_member_id = row.primary_member_id or uow.scope.cases_of
    set_emails(uow, row.id, new.emails)
    set_phones(uow, row.id, new.phones)
    set_addresses(uow, row.id, new.addresses)
    set_insurances(uow, row.id, new.insurances)
    return row.id


@command(permission=Permission.EDIT_CLIENTS, act=Act.CLOSE, label="Change name", undo=True)
def change_name(uow: UnitOfWork, client_id: UUID, name: PersonName) -> None:
    """Change legal and chosen name; papers already issued keep the name of their day."""
    _assign(_client(uow, client_id), _name_values(name))


@command(permission=Permission.EDIT_CLIENTS, act=Act.CLOSE, label="Change details", undo=True)
def change_details(uow: UnitOfWork, client_id: UUID, details: DetailFields) -> None:
    """Change pronouns, date of birth, sex, first day, clinician and remarks."""
    _write_details(uow, _client(uow, client_id), details)


@command(permission=Permission.EDIT_CLIENTS, act=Act.CLOSE, label="Change email", undo=True)
def set_emails(uow: UnitOfWork, client_id: UUID, emails: tuple[EmailFields, ...]) -> None:
    """Replace a client's e-mail addresses and what each is good for."""
    rows = [asdict(each) for each in check_emails(emails)]
    _replace(uow, ClientEmail, client_id, "address", rows)


@command(permission=Permission.EDIT_CLIENTS, act=Act.CLOSE, label="Change phone", undo=True)
def set_phones(uow: UnitOfWork, client_id: UUID, phones: tuple[PhoneFields, ...]) -> None:
    """Replace a client's phone numbers and what each is good for."""
    rows = [asdict(each) for each in check_phones(phones)]
    _replace(uow, ClientPhone, client_id, "number", rows)


@command(permission=Permission.EDIT_CLIENTS, act=Act.CLOSE, label="Change address", undo=True)
def set_addresses(uow: UnitOfWork, client_id: UUID, addresses: tuple[AddressFields, ...]) -> None:
    """Replace a client's postal addresses."""
    rows = [
        {**asdict(each.address), "is_main": each.is_main, "is_shared": each.is_shared}
        for each in check_addresses(addresses)
    ]
    _replace(uow, ClientAddress, client_id, "line1", rows)


@command(permission=Permission.EDIT_CLIENTS, act=Act.CLOSE, label="Change insurance", undo=True)
def set_insurances(
    uow: UnitOfWork, client_id: UUID, insurances: tuple[InsuranceFields, ...]
) -> None:
    """Replace a client's insurances, the primary one first."""
    checked = check_insurances(insurances, uow.today)
    rows = [{**asdict(each), "position": index} for index, each in enumerate(checked)]
    _replace(uow, ClientInsurance, client_id, "payer", rows)


@command(permission=Permission.EDIT_CLIENTS, label="Change status", undo=True)
def change_lifecycle(uow: UnitOfWork, client_id: UUID, lifecycle: Lifecycle) -> None:
    """Move a client to a status of waiting or asking: prospect, intake, waitlist, participant."""
    if lifecycle in (Lifecycle.ACTIVE, Lifecycle.INACTIVE, Lifecycle.ARCHIVED):
        raise ValueError(f"{lifecycle} has a command of its own")
    _client(uow, client_id).lifecycle = lifecycle


@command(permission=Permission.EDIT_CLIENTS, act=Act.WITHDRAW, label="Make inactive", undo=True)
def make_inactive(uow: UnitOfWork, client_id: UUID) -> None:
    """End a client's care for now; the record stays as it is."""
    _client(uow, client_id).lifecycle = Lifecycle.INACTIVE


@command(permission=Permission.EDIT_CLIENTS, act=Act.WITHDRAW, label="Archive", undo=True)
def archive_client(uow: UnitOfWork, client_id: UUID) -> None:
    """Put a record out of the daily lists; nothing of it is deleted."""
    _client(uow, client_id).lifecycle = Lifecycle.ARCHIVED


@command(permission=Permission.EDIT_CLIENTS, act=Act.CLOSE, label="Mark as reviewed", undo=True)
def mark_reviewed(uow: UnitOfWork, client_id: UUID) -> None:
    """Say that an imported record was looked at and is right."""
    _client(uow, client_id).reviewed_at = uow.now


@command(permission=Permission.READ_RECORDS, act=Act.READ, label="Open chart")
def open_chart(uow: UnitOfWork, client_id: UUID) -> None:
    """Note in the audit that the member opened this record, once an hour."""
    uow.witness("client", _client(uow, client_id).id)


@command(permission=Permission.EDIT_CLIENTS, label="Add contact", undo=True)
def add_contact(uow: UnitOfWork, fields: ContactFields) -> UUID:
    """Add a person or organization that is no client."""
    row = uow.add(Contact(**_contact_values(fields)))
    uow.about("contact", row.id)
    return row.id


@command(permission=Permission.EDIT_CLIENTS, act=Act.CLOSE, label="Change contact", undo=True)
def change_contact(uow: UnitOfWork, contact_id: UUID, fields: ContactFields) -> None:
    """Change a contact's name and how to reach it."""
    uow.about("contact", contact_id)
    _assign(uow.get(Contact, contact_id), _contact_values(fields))


@command(permission=Permission.EDIT_CLIENTS, label="Add relationship", undo=True)
def add_relationship(uow: UnitOfWork, client_id: UUID, fields: RelationshipFields) -> UUID:
    """Tie a contact or another client to a client, with what that one may do.

    Raises ``UserError`` unless exactly one of both is named, or when it is the client itself.
    """
    _client(uow, client_id)
    if fields.other_client_id == client_id:
        raise UserError("Choose somebody else: this is the same person.", field="relationship")
    row = uow.add(Relationship(client_id=client_id, **_relationship_values(fields)))
    return row.id


@command(permission=Permission.EDIT_CLIENTS, label="Add relationship", undo=True)
def add_contact_for(
    uow: UnitOfWork, client_id: UUID, contact: ContactFields, fields: RelationshipFields
) -> UUID:
    """Add a contact and tie it to a client, in one act."""
    _client(uow, client_id)
    contact_id = add_contact(uow, contact)
    return add_relationship(uow, client_id, replace(fields, contact_id=contact_id))


@command(permission=Permission.EDIT_CLIENTS, label="Change relationship", undo=True)
def change_relationship(uow: UnitOfWork, relationship_id: UUID, fields: RelationshipFields) -> None:
    """Change what a helper is to a client and may do; none of the grants implies another."""
    row = uow.get(Relationship, relationship_id)
    uow.about("client", row.client_id)
    _assign(row, _relationship_values(fields))


@command(permission=Permission.EDIT_CLIENTS, label="Verify relationship", undo=True)
def verify_relationship(uow: UnitOfWork, relationship_id: UUID, verification: Verification) -> None:
    """Say how far a relationship was checked; only a verified representative may sign."""
    row = uow.get(Relationship, relationship_id)
    uow.about("client", row.client_id)
    row.verification = verification


@command(permission=Permission.EDIT_CLIENTS, label="Remove relationship", undo=True)
def remove_relationship(uow: UnitOfWork, relationship_id: UUID) -> None:
    """Untie a contact or another client; the contact itself stays."""
    row = uow.get(Relationship, relationship_id)
    uow.about("client", row.client_id)
    uow.delete(row)


def _client(uow: UnitOfWork, client_id: UUID) -> Client:
    uow.about("client", client_id)
    return uow.get(Client, client_id)


def _name_values(name: PersonName) -> dict[str, str]:
    checked = check_name(name)
    return {
        "legal_given": checked.given,
        "legal_middle": checked.middle,
        "legal_family": checked.family,
        "legal_suffix": checked.suffix,
        "chosen_name": checked.chosen,
    }


def _write_details(uow: UnitOfWork, row: Client, details: DetailFields) -> None:
    row.pronouns = clean_line(details.pronouns, field="pronouns", limit=40)
    row.birth_date = check_birth_date(details.birth_date, uow.today)
    row.sex = details.sex
    row.first_seen = details.first_seen
    row.primary_member_id = details.primary_member_id
    row.notes = clean_text(details.notes, field="notes", limit=20_000)


def _contact_values(fields: ContactFields) -> dict[str, Any]:
    values = asdict(check_contact(fields))
    address = values.pop("address")
    del address["country"]
    return {**values, **address}


def _relationship_values(fields: RelationshipFields) -> dict[str, Any]:
    values = asdict(check_relationship(fields))
    grants = values.pop("grants")
    return {**values, **grants}


def _replace(
    uow: UnitOfWork,
    kind: type[Owned],
    client_id: UUID,
    key: str,
    wanted: Sequence[dict[str, Any]],
) -> None:
    """Make a client's rows of ``kind`` those ``wanted``, changing as few as possible.

    A row with the same ``key`` stays that row; of the rest, old ones are rewritten before any
    is added, so that a corrected number keeps its history.
    """
    _client(uow, client_id)
    found: list[Any] = list(
        uow.session.scalars(
            select(kind)
            .where(kind.practice_id == uow.actor.practice_id, kind.client_id == client_id)
            .order_by(kind.id)
        )
    )
    keys = {values[key] for values in wanted}
    matched: dict[str, Any] = {}
    spare: list[Any] = []
    for row in found:
        name = getattr(row, key)
        if name in keys and name not in matched:
            matched[name] = row
        else:
            spare.append(row)
    for values in wanted:
        row = matched.pop(values[key], None) or (spare.pop(0) if spare else None)
        if row is None:
            uow.add(kind(client_id=client_id, **values))
        else:
            _assign(row, values)
    for row in spare:
        uow.delete(row)


def _assign(row: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
