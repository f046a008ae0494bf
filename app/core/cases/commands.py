"""Writes of the cases area, and adding clients together with their case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.core.cases.rules import (
    NAMED_KINDS,
    CaseDefaults,
    NewCase,
    PayerFields,
    check_identified,
    check_participants,
    check_payers,
)
from app.core.cases.tables import Case, CaseBillingContact, CaseParticipant
from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import UserError
from app.core.kernel.text import clean_line
from app.core.membership.commands import activate_clients
from app.core.people.commands import add_client, add_contact
from app.core.people.rules import ContactFields, Lifecycle, NewClient
from app.core.people.tables import Client
from app.core.practice.rules.catalogue import CaseKind
from app.core.store.command import command
from app.core.store.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Added:
    """The records that adding clients made."""

    case_id: UUID
    client_ids: tuple[UUID, ...]


@command(permission=Permission.EDIT_CLIENTS, label="Open case", undo=True)
def open_case(uow: UnitOfWork, new: NewCase) -> UUID:
    """Open a case with its people.

    Raises ``UserError`` when they do not fit its kind (a couple is exactly two), or when the
    identified patient is none of them; ``NotFound`` for a client who is not there.
    """
    people = check_participants(new.kind, new.client_ids)
    identified = check_identified(new.kind, people, new.identified_client_id)
    name = clean_line(new.name, field="name")
    if new.kind in NAMED_KINDS and not name:
        raise UserError("Give the group a name.", field="name")
    for client_id in people:
        uow.get(Client, client_id)
    row = uow.add(
        Case(
            kind=new.kind,
            name=name,
            identified_client_id=identified,
            provider_id=new.provider_id or uow.actor.for_member_id or uow.actor.member_id,
            relationship_label=clean_line(new.relationship_label, field="relationship_label"),
            opened_on=new.opened_on or uow.today,
            default_service_id=new.defaults.service_id,
            default_location_id=new.defaults.location_id,
        )
    )
    uow.about("case", row.id)
    for position, client_id in enumerate(people):
        uow.add(CaseParticipant(case_id=row.id, client_id=client_id, position=position))
    return row.id


@command(permission=Permission.EDIT_CLIENTS, label="Add client", undo=True)
def add_client_with_case(
    uow: UnitOfWork, new: NewClient, *, provider_id: UUID | None = None
) -> Added:
    """Add a client and their individual case; an ACTIVE one only if the plan has room.

    Raises ``UserError`` naming the field to mend, ``PlanRefuses`` when the plan is full.
    """
    people = _add_people(uow, new)
    case_id = open_case(uow, NewCase(CaseKind.INDIVIDUAL, people, provider_id=provider_id))
    return Added(case_id, people)


@command(permission=Permission.EDIT_CLIENTS, label="Add couple", undo=True)
def add_couple(
    uow: UnitOfWork,
    first: NewClient | UUID,
    second: NewClient | UUID,
    *,
    identified: int | None = None,
    relationship_label: str = "",
    provider_id: UUID | None = None,
) -> Added:
    """Add a couple case of two people, each new or here already.

    ``identified`` is 0 or 1, the one who is the identified patient. Raises ``UserError`` for
    one person twice, ``PlanRefuses`` when the plan has no room for both.
    """
    people = _add_people(uow, first, second)
    case_id = open_case(
        uow,
        NewCase(
            CaseKind.COUPLE,
            people,
            identified_client_id=None if identified is None else people[identified],
            relationship_label=relationship_label,
            provider_id=provider_id,
        ),
    )
    return Added(case_id, people)


@command(
    permission=Permission.EDIT_CLIENTS, act=Act.CLOSE, label="Name identified patient", undo=True
)
def set_identified_patient(uow: UnitOfWork, case_id: UUID, client_id: UUID | None) -> None:
    """Say whose diagnosis and insurance a couple's or family's papers carry."""
    row = _case(uow, case_id)
    row.identified_client_id = check_identified(row.kind, _people(uow, case_id), client_id)


@command(permission=Permission.EDIT_CLIENTS, label="Change case", undo=True)
def change_case(
    uow: UnitOfWork,
    case_id: UUID,
    *,
    provider_id: UUID | None,
    relationship_label: str,
    defaults: CaseDefaults,
) -> None:
    """Change who holds the case, what its people are to each other, how sessions begin."""
    row = _case(uow, case_id)
    row.provider_id = provider_id
    row.relationship_label = clean_line(relationship_label, field="relationship_label")
    row.default_service_id = defaults.service_id
    row.default_location_id = defaults.location_id


@command(permission=Permission.EDIT_CLIENTS, label="Rename group", undo=True)
def rename_case(uow: UnitOfWork, case_id: UUID, name: str) -> None:
    """Change the name of a group; other cases are called by their people."""
    row = _case(uow, case_id)
    clean = clean_line(name, field="name")
    if row.kind not in NAMED_KINDS:
        raise UserError("This case is called by its people: change their names.", field="name")
    if not clean:
        raise UserError("Give the group a name.", field="name")
    row.name = clean


@command(permission=Permission.BILL, label="Change who pays", undo=True)
def set_payers(uow: UnitOfWork, case_id: UUID, payers: Sequence[PayerFields]) -> None:
    """Replace who pays for a case, and what share; none means its clients do."""
    _case(uow, case_id)
    checked = check_payers(payers)
    for row in uow.session.scalars(
        select(CaseBillingContact).where(
            CaseBillingContact.practice_id == uow.actor.practice_id,
            CaseBillingContact.case_id == case_id,
        )
    ):
        uow.delete(row)
    for payer in checked:
        uow.add(
            CaseBillingContact(
                case_id=case_id,
                client_id=payer.client_id,
                contact_id=payer.contact_id,
                share_percent=payer.share_percent,
            )
        )


@command(permission=Permission.BILL, label="Add billing contact", undo=True)
def add_billing_contact(uow: UnitOfWork, case_id: UUID, contact: ContactFields) -> UUID:
    """Add a person or organization that is no client, and bill the case to it from now on.

    Raises ``UserError`` naming the field to mend. Invoices issued before keep whom they name.
    """
    _case(uow, case_id)
    contact_id = add_contact(uow, contact)
    set_payers(uow, case_id, (PayerFields(contact_id=contact_id),))
    return contact_id


@command(permission=Permission.EDIT_CLIENTS, act=Act.WITHDRAW, label="Close case", undo=True)
def close_case(uow: UnitOfWork, case_id: UUID, *, on: date | None = None) -> None:
    """End a case; its record stays."""
    _case(uow, case_id).closed_on = on or uow.today


@command(permission=Permission.EDIT_CLIENTS, label="Reopen case", undo=True)
def reopen_case(uow: UnitOfWork, case_id: UUID) -> None:
    """Go on with a case that was closed."""
    _case(uow, case_id).closed_on = None


def _add_people(uow: UnitOfWork, *wanted: NewClient | UUID) -> tuple[UUID, ...]:
    people: list[UUID] = []
    to_activate: list[UUID] = []
    for each in wanted:
        if isinstance(each, UUID):
            people.append(each)
        elif each.lifecycle is Lifecycle.ACTIVE:
            people.append(add_client(uow, replace(each, lifecycle=Lifecycle.PROSPECT)))
            to_activate.append(people[-1])
        else:
            people.append(add_client(uow, each))
    if to_activate:
        # Together, so that a refusal counts the places before the first of a couple took one.
        activate_clients(uow, to_activate)
    return tuple(people)


def _case(uow: UnitOfWork, case_id: UUID) -> Case:
    uow.about("case", case_id)
    return uow.get(Case, case_id)


def _people(uow: UnitOfWork, case_id: UUID) -> list[UUID]:
    return list(
        uow.session.scalars(
            select(CaseParticipant.client_id)
            .where(
                CaseParticipant.practice_id == uow.actor.practice_id,
                CaseParticipant.case_id == case_id,
                CaseParticipant.to_on.is_(None),
            )
            .order_by(CaseParticipant.position)
        )
    )
