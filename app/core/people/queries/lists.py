"""Clients and contacts by the many: for lists, for a count, for what else names them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from app.core.kernel.acting import Scope
from app.core.kernel.text import PersonName, digits, fold
from app.core.people.rules import ContactFields, Lifecycle, is_minor, waits_for_a_look
from app.core.people.tables import Client, ClientEmail, ClientPhone, Contact
from app.core.practice.rules.places import Address
from app.core.store.reading import visible_contacts, visible_people

#: What a ``PersonName`` is made of, in its order.
NAME_COLUMNS = (
    Client.legal_given,
    Client.legal_middle,
    Client.legal_family,
    Client.legal_suffix,
    Client.chosen_name,
)
#: More ids than this are not named one by one in a statement.
MANY = 300


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client in a list. ``found_by`` is what instant search compares, folded."""

    id: UUID
    name: PersonName
    lifecycle: Lifecycle
    needs_review: bool
    minor: bool
    first_seen: date | None
    main_email: str
    main_phone: str
    found_by: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a client is in their care, and whether their record waits to be looked at."""

    lifecycle: Lifecycle
    needs_review: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one person from another when a file is read in."""

    id: UUID
    name: PersonName
    birth_date: date | None
    emails: frozenset[str]
    phones: frozenset[str]
    """The last ten digits of each number."""


@dataclass(frozen=True, slots=True)
class ContactView:
    """A contact."""

    id: UUID
    fields: ContactFields


def among(column: Any, ids: Collection[UUID] | None) -> ColumnElement[bool]:
    """Return the condition that ``column`` is one of ``ids``; none at all without ids.

    Of very many ids the caller takes what it needs: naming each would cost more than reading all.
    """
    if ids is None or len(ids) > MANY:
        return true()
    found: ColumnElement[bool] = column.in_(ids)
    return found


def names(
    session: Session, scope: Scope, ids: Iterable[UUID] | None = None
) -> dict[UUID, PersonName]:
    """Return the names of the clients in ``ids``, or of all."""
    wanted = select(Client.id, *NAME_COLUMNS).where(
        Client.practice_id == scope.practice_id, visible_people(scope, Client.id)
    )
    if ids is not None:
        named = list(ids)
        if not named:
            return {}
        wanted = wanted.where(Client.id.in_(named))
    return {row[0]: PersonName(*row[1:]) for row in session.execute(wanted)}


def standings(
    session: Session, scope: Scope, ids: Collection[UUID] | None = None
) -> dict[UUID, Standing]:
    """Return where the clients in ``ids``, or all, are in their care."""
    wanted = select(Client.id, Client.lifecycle, Client.imported_at, Client.reviewed_at).where(
        Client.practice_id == scope.practice_id,
        visible_people(scope, Client.id),
        among(Client.id, ids),
    )
    return {
        row.id: Standing(row.lifecycle, waits_for_a_look(row.imported_at, row.reviewed_at))
        for row in session.execute(wanted)
    }


def lifecycle_counts(session: Session, scope: Scope) -> dict[Lifecycle, int]:
    """Return how many clients are in each status; statuses without any are left out."""
    rows = session.execute(
        select(Client.lifecycle, func.count())
        .where(Client.practice_id == scope.practice_id, visible_people(scope, Client.id))
        .group_by(Client.lifecycle)
    )
    return {row[0]: row[1] for row in rows}


def needing_review(session: Session, scope: Scope) -> list[UUID]:
    """Return the imported clients whom nobody has looked at yet, in the order of the file."""
    return list(session.scalars(_reviewable(select(Client.id), scope).order_by(Client.id)))


def review_count(session: Session, scope: Scope) -> int:
    """Return how many imported records wait to be looked at."""
    return session.scalar(_reviewable(select(func.count()).select_from(Client), scope)) or 0


def waiting_for_room(session: Session, scope: Scope) -> int:
    """Return how many clients an import left inactive because the plan had no room."""
    found = session.scalar(
        select(func.count())
        .select_from(Client)
        .where(
            Client.practice_id == scope.practice_id,
            Client.awaits_place,
            Client.lifecycle == Lifecycle.INACTIVE,
            visible_people(scope, Client.id),
        )
    )
    return found or 0


def client_rows(
    session: Session,
    scope: Scope,
    today: date,
    lifecycles: Iterable[Lifecycle] | None = None,
    *,
    only_to_review: bool = False,
    ids: Collection[UUID] | None = None,
) -> list[ClientRow]:
    """Return the clients in ``lifecycles`` and among ``ids`` (all without), by display name."""
    wanted = select(
        Client.id,
        Client.lifecycle,
        Client.birth_date,
        Client.first_seen,
        Client.imported_at,
        Client.reviewed_at,
        *NAME_COLUMNS,
    ).where(
        Client.practice_id == scope.practice_id,
        visible_people(scope, Client.id),
        among(Client.id, ids),
    )
    if lifecycles is not None:
        wanted = wanted.where(Client.lifecycle.in_(list(lifecycles)))
    if only_to_review:
        wanted = _reviewable(wanted, scope)
    found = session.execute(wanted).all()
    seen = [row.id for row in found]
    emails = _points(session, scope, ClientEmail, ClientEmail.address, seen)
    phones = _points(session, scope, ClientPhone, ClientPhone.number, seen)
    rows = [
        _client_row(row, emails.get(row.id, []), phones.get(row.id, []), today) for row in found
    ]
    return sorted(rows, key=lambda each: each.name.sort_key)


def identities(session: Session, scope: Scope) -> list[Identity]:
    """Return every visible client as an import recognizes them, archived ones too."""
    emails = _points(session, scope, ClientEmail, ClientEmail.address)
    phones = _points(session, scope, ClientPhone, ClientPhone.number)
    rows = session.execute(
        select(Client.id, Client.birth_date, *NAME_COLUMNS).where(
            Client.practice_id == scope.practice_id, visible_people(scope, Client.id)
        )
    )
    return [
        Identity(
            id=row.id,
            name=PersonName(*row[2:]),
            birth_date=row.birth_date,
            emails=frozenset(address.casefold() for address, _ in emails.get(row.id, [])),
            phones=frozenset(digits(number)[-10:] for number, _ in phones.get(row.id, [])),
        )
        for row in rows
    ]


def contacts(session: Session, scope: Scope) -> list[ContactView]:
    """Return every contact of the visible clients by name; the owner sees all."""
    rows = session.scalars(
        select(Contact).where(
            Contact.practice_id == scope.practice_id, visible_contacts(scope, Contact.id)
        )
    )
    found = [ContactView(row.id, _contact(row)) for row in rows]
    return sorted(found, key=lambda each: fold(each.fields.name))


def _reviewable(statement: Any, scope: Scope) -> Any:
    return statement.where(
        Client.practice_id == scope.practice_id,
        Client.imported_at.is_not(None),
        Client.reviewed_at.is_(None),
        visible_people(scope, Client.id),
    )


def _points(
    session: Session,
    scope: Scope,
    kind: type[ClientEmail | ClientPhone],
    text: Any,
    ids: Collection[UUID] | None = None,
) -> dict[UUID, list[tuple[str, bool]]]:
    found: defaultdict[UUID, list[tuple[str, bool]]] = defaultdict(list)
    rows = session.execute(
        select(kind.client_id, text, kind.is_main)
        .where(
            kind.practice_id == scope.practice_id,
            kind.deleted_at.is_(None),
            among(kind.client_id, ids),
        )
        .order_by(kind.id)
    )
    for client_id, value, is_main in rows:
        found[client_id].append((value, is_main))
    return found


def _client_row(
    row: Any, emails: list[tuple[str, bool]], phones: list[tuple[str, bool]], today: date
) -> ClientRow:
    name = PersonName(*row[6:])
    numbers = [_number_words(number) for number, _ in phones]
    words = [name.display, name.given, name.middle, *numbers, *(address for address, _ in emails)]
    return ClientRow(
        id=row.id,
        name=name,
        lifecycle=row.lifecycle,
        needs_review=waits_for_a_look(row.imported_at, row.reviewed_at),
        minor=is_minor(row.birth_date, today),
        first_seen=row.first_seen,
        main_email=_main(emails),
        main_phone=_main(phones),
        found_by=fold(" ".join(words)),
    )


def _number_words(number: str) -> str:
    # A number is found by its groups as written, and in one piece with or without its area code.
    whole = digits(number)
    return f"{number} {whole} {whole[-7:]}"


def _main(points: list[tuple[str, bool]]) -> str:
    return next((value for value, is_main in points if is_main), "")


def _contact(row: Contact) -> ContactFields:
    address = Address(row.line1, row.line2, row.city, row.state, row.zip)
    return ContactFields(row.name, row.is_organization, row.email, row.phone, address, row.notes)
