"""What superbills say of their patients, and no more of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session

from app.core.billing.superbills.rules.facts import Person
from app.core.billing.superbills.rules.parties import Insurance
from app.core.kernel.acting import Scope
from app.core.kernel.text import PersonName
from app.core.people.queries import NAME_COLUMNS
from app.core.people.rules import InsuredRelation, Sex
from app.core.people.tables import Client, ClientAddress, ClientInsurance, ClientPhone
from app.core.practice.rules.places import Address
from app.core.store.reading import visible_people


def patients(session: Session, scope: Scope, ids: Sequence[UUID]) -> dict[UUID, Person]:
    """Return the clients in ``ids`` whom ``scope`` may see, with their main phone and address.

    Of several insurances the primary one is theirs.
    """
    rows = session.execute(_clients_among(scope), {"ids": ids}).all()
    seen = [client_id for client_id, *_ in rows]
    phones = _phones(session, scope, seen)
    addresses = _addresses(session, scope, seen)
    insurances = _insurances(session, scope, seen)
    return {
        client_id: Person(
            client_id=client_id,
            name=PersonName(*name),
            birth_date=birth_date,
            sex="" if sex is Sex.NOT_SAID else sex.label,
            phone=phones.get(client_id, ""),
            address=", ".join(addresses.get(client_id, Address()).lines()),
            insurance=insurances.get(client_id),
        )
        for client_id, birth_date, sex, *name in rows
    }


@lru_cache(maxsize=8)
def _clients_among(scope: Scope) -> Select[*tuple[Any, ...]]:
    return select(Client.id, Client.birth_date, Client.sex, *NAME_COLUMNS).where(
        Client.practice_id == scope.practice_id,
        Client.id.in_(bindparam("ids", expanding=True)),
        visible_people(scope, Client.id),
    )


def _of(practice_id: UUID, kind: type[ClientPhone | ClientAddress | ClientInsurance]) -> Any:
    among = kind.client_id.in_(bindparam("ids", expanding=True))
    return and_(kind.practice_id == practice_id, among)


def _phones(session: Session, scope: Scope, ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = session.execute(_phones_among(scope.practice_id), {"ids": ids})
    # Read backwards: of two that were made the main one on two computers, the first is it.
    return {client_id: number for client_id, number in rows}  # noqa: C416 - rows, to mypy no pairs


@lru_cache(maxsize=8)
def _phones_among(practice_id: UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(ClientPhone.client_id, ClientPhone.number)
        .where(_of(practice_id, ClientPhone), ClientPhone.is_main)
        .order_by(ClientPhone.id.desc())
    )


def _addresses(session: Session, scope: Scope, ids: Sequence[UUID]) -> dict[UUID, Address]:
    rows = session.execute(_addresses_among(scope.practice_id), {"ids": ids})
    return {client_id: Address(*said) for client_id, *said in rows}


@lru_cache(maxsize=8)
def _addresses_among(practice_id: UUID) -> Select[*tuple[Any, ...]]:
    parts = (
        ClientAddress.line1,
        ClientAddress.line2,
        ClientAddress.city,
        ClientAddress.state,
        ClientAddress.zip,
        ClientAddress.country,
    )
    return (
        select(ClientAddress.client_id, *parts)
        .where(_of(practice_id, ClientAddress), ClientAddress.is_main)
        .order_by(ClientAddress.id.desc())
    )


def _insurances(session: Session, scope: Scope, ids: Sequence[UUID]) -> dict[UUID, Insurance]:
    rows = session.execute(_insurances_among(scope.practice_id), {"ids": ids})
    return {row.client_id: _insurance(row) for row in rows}


@lru_cache(maxsize=8)
def _insurances_among(practice_id: UUID) -> Select[*tuple[Any, ...]]:
    said = (
        ClientInsurance.payer,
        ClientInsurance.member_number,
        ClientInsurance.group_number,
        ClientInsurance.relation,
        ClientInsurance.insured_name,
        ClientInsurance.insured_birth_date,
    )
    return (
        select(ClientInsurance.client_id, *said)
        .where(_of(practice_id, ClientInsurance))
        .order_by(ClientInsurance.position.desc(), ClientInsurance.id.desc())
    )


def _insurance(said: Any) -> Insurance:
    own = said.relation is InsuredRelation.SELF
    return Insurance(
        payer=said.payer,
        member_number=said.member_number,
        group_number=said.group_number,
        relation=said.relation.label,
        insured_name="" if own else said.insured_name,
        insured_birth_date=None if own else said.insured_birth_date,
    )
