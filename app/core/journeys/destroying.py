"""The records of clients are destroyed for good: what goes with them is found, counted, removed.

Source: `product.md`, retention; purge of a practice without an account.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.cases.tables import Case, CaseParticipant
from app.core.clinical.tables import Attachment
from app.core.kernel.acting import Permission, Scope
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import NotFound, UserError
from app.core.kernel.records import counted_kinds
from app.core.people.rules import Lifecycle
from app.core.people.tables import Client
from app.core.scheduling.tables import Appointment
from app.core.store.base import Synced, synced_tables
from app.core.store.command import command
from app.core.store.ports import ports_of
from app.core.store.reading import CASE, CONTACT, PERSON
from app.core.store.unit import UnitOfWork

Record = tuple[str, UUID]
_IN_ACCOUNT = (
    "This practice is or was connected to an account, which holds the record, too: ask whoever "
    "runs the account’s server to destroy it there. It then leaves every computer."
)
_NOT_THERE = "This client is no longer there; list them to see names and ids."
_ALL = {"include_deleted": True}
_MANY = 500
#: What ties a person to the case or record of somebody else; the tie goes, the other stays.
_TIES = frozenset({"case_participant", "case_billing_contact", "relationship"})
#: Kinds that a person counts; what hangs on them goes along unsaid.
_COUNTED = (
    *(PERSON, CASE, CONTACT, "appointment", "note", "attachment"),
    *("charge", "payment", "invoice", "superbill"),
)


@dataclass(frozen=True, slots=True)
class Destruction:
    """What is, or was, destroyed together: all rows, and the files that nothing else names."""

    records: tuple[Record, ...]
    files: frozenset[str]
    last_day: date | None
    """Of the last session."""

    def counts(self) -> list[tuple[str, int]]:
        """Return how many there are of each kind that a person counts, by its entity."""
        found = Counter(entity for entity, _ in self.records)
        return [(entity, found[entity]) for entity in _COUNTED if found[entity]]

    def words(self) -> str:
        """Return ``1 client, 12 appointments, 11 notes``."""
        return ", ".join(counted_kinds(self.counts()))


def destruction(
    session: Session, scope: Scope, client_ids: Collection[UUID], now: datetime
) -> Destruction:
    """Return what would go with these clients.

    Raises ``UserError`` for one who is not archived, has an open case or came with an import that
    can be undone, where a record is somebody else's, too, who is not among them, and where an
    account holds the practice; ``NotFound`` for one who is not there, and for who does not see all
    cases.
    """
    if not ports_of(session).removal.is_alone(session):
        raise UserError(_IN_ACCOUNT)
    if scope.cases_of is not None:
        raise NotFound(_NOT_THERE)
    people = _archived(session, scope, client_ids)
    _require_imports_to_stay(session, scope, people, now)
    cases = _closed_cases(session, scope, people)
    gone: dict[str, set[UUID]] = {PERSON: set(people), CASE: set(cases)}
    _spread(session, scope, gone, [(PERSON, people), (CASE, cases)])
    _require_nobody_elses(session, scope, gone)
    contacts = _contacts_of_nobody_else(session, scope, gone)
    if contacts:
        gone[CONTACT] = contacts
    records = tuple((entity, pk) for entity, ids in sorted(gone.items()) for pk in sorted(ids))
    return Destruction(records, _files(session, scope, records), _last_day(session, scope, cases))


def returned(session: Session, scope: Scope, destroyed: Collection[Record]) -> Destruction:
    """Return which of the records that were ``destroyed`` are here again, as after a restore.

    None where an account holds the practice, which says what there is.
    """
    here: list[Record] = []
    if ports_of(session).removal.is_alone(session):
        by_table: dict[str, set[UUID]] = {}
        for entity, pk in destroyed:
            by_table.setdefault(entity, set()).add(pk)
        for entity, ids in sorted(by_table.items()):
            kind = synced_tables().get(entity)
            if kind is not None:
                here += [(entity, pk) for pk in _rows(session, scope, kind, "id", ids)]
    return Destruction(tuple(here), _files(session, scope, here), None)


@command(permission=Permission.MANAGE_TEAM, act=Act.WITHDRAW, label="Destroy records")
def destroy_clients(
    uow: UnitOfWork, client_ids: Collection[UUID], note: Callable[[Collection[Record]], object]
) -> Destruction:
    """Destroy archived clients with all that hangs on them; nothing brings it back.

    It is the owner's alone: no other role can be given the team. The numbers of their papers stay
    given. ``note`` is told of the records before anything is removed, so that whatever happens
    then, no copy of the file brings them back. Raises what ``destruction`` and ``note`` raise.
    """
    found = destruction(uow.session, uow.scope, client_ids, uow.now)
    note(found.records)
    uow.about("client", min(client_ids))
    _forget_what_imports_said(uow, client_ids)
    uow.destroy(found.records)
    return found


@command(permission=Permission.READ_RECORDS, act=Act.READ, label="Destroy records again")
def destroy_returned(uow: UnitOfWork, destroyed: Collection[Record]) -> Destruction:
    """Destroy again what a restored file brought back of what had been ``destroyed``."""
    found = returned(uow.session, uow.scope, destroyed)
    if found.records:
        _forget_what_imports_said(uow, [pk for entity, pk in found.records if entity == PERSON])
        uow.destroy(found.records)
    return found


def _archived(session: Session, scope: Scope, client_ids: Collection[UUID]) -> set[UUID]:
    people = set(client_ids)
    if not people:
        raise UserError("Name the client whose record is to be destroyed.", field="client")
    found = session.scalars(
        select(Client).where(Client.practice_id == scope.practice_id, Client.id.in_(people))
    ).all()
    if len(found) < len(people):
        raise NotFound(_NOT_THERE)
    for row in found:
        if row.lifecycle is not Lifecycle.ARCHIVED:
            raise UserError(
                f"{row.name.display} is not archived: archive the record first.", field="client"
            )
    return people


def _require_imports_to_stay(
    session: Session, scope: Scope, people: set[UUID], now: datetime
) -> None:
    """Raise ``UserError`` where an import that brought one of them is still offered for undo.

    Its undo would lose a part, and say that everything was taken back.
    """
    undo = ports_of(session).undo_log
    for run in _values(session, scope, Client, "import_id", people):
        if undo.latest_of_job(session, run, now) is not None:
            raise UserError(
                "This client came with an import that can still be undone: undo it, or wait until "
                "its 30 days are over.",
                field="client",
            )


def _closed_cases(session: Session, scope: Scope, people: set[UUID]) -> set[UUID]:
    """Return the cases that are of these people alone, all of them closed."""
    cases: set[UUID] = set()
    for case_id in _cases_with(session, scope, people):
        others = session.scalars(
            select(Client)
            .join(CaseParticipant, CaseParticipant.client_id == Client.id)
            .where(
                Client.practice_id == scope.practice_id,
                CaseParticipant.case_id == case_id,
                Client.id.not_in(people),
            )
            .order_by(Client.id)
        ).first()
        if others is None:
            cases.add(case_id)
        elif case_id in _cases_with(session, scope, people, deleted=False):
            raise UserError(
                f"{others.name.display} is in one of the cases, too: name both, or keep both.",
                field="client",
            )
    still_open = select(Case.id).where(
        Case.practice_id == scope.practice_id, Case.id.in_(cases), Case.closed_on.is_(None)
    )
    if session.scalars(still_open).first() is not None:
        raise UserError("A case of this client is open: close it first.", field="client")
    return cases


def _cases_with(
    session: Session, scope: Scope, people: set[UUID], *, deleted: bool = True
) -> set[UUID]:
    """Return the cases in which these people are, or with ``deleted`` once stood by mistake."""
    statement = select(CaseParticipant.case_id).where(
        CaseParticipant.practice_id == scope.practice_id, CaseParticipant.client_id.in_(people)
    )
    return set(session.scalars(statement, execution_options={"include_deleted": deleted}))


def _spread(
    session: Session,
    scope: Scope,
    gone: dict[str, set[UUID]],
    begun: list[tuple[str, set[UUID]]],
) -> None:
    """Add to ``gone`` all that points at it, and at that in turn."""
    while begun:
        entity, ids = begun.pop()
        for kind in synced_tables().values():
            name = kind.__tablename__
            if name in (PERSON, CASE):
                # A case of others that names one of these as its identified patient stays.
                continue
            for column in _links(kind, entity):
                fresh = _rows(session, scope, kind, column, ids) - gone.setdefault(name, set())
                if fresh:
                    gone[name] |= fresh
                    begun.append((name, fresh))


def _require_nobody_elses(session: Session, scope: Scope, gone: dict[str, set[UUID]]) -> None:
    for kind in synced_tables().values():
        name = kind.__tablename__
        if name in _TIES or not gone.get(name):
            continue
        for target in (PERSON, CASE):
            for column in _links(kind, target):
                named = _values(session, scope, kind, column, gone[name])
                if named - gone[target]:
                    raise UserError(
                        f"Some of these records ({name}) are somebody else’s, too: destroy both "
                        "clients together, or keep both.",
                        field="client",
                    )


def _contacts_of_nobody_else(
    session: Session, scope: Scope, gone: dict[str, set[UUID]]
) -> set[UUID]:
    """Return the contacts that nothing names but what goes."""
    tied = [(kind, column) for kind in synced_tables().values() for column in _links(kind, CONTACT)]
    contacts: set[UUID] = set()
    for kind, column in tied:
        contacts |= _values(session, scope, kind, column, gone.get(kind.__tablename__, set()))
    for kind, column in tied:
        for contact in list(contacts):
            if _rows(session, scope, kind, column, {contact}) - gone.get(kind.__tablename__, set()):
                contacts.discard(contact)
    return contacts


def _files(session: Session, scope: Scope, records: Collection[Record]) -> frozenset[str]:
    going = {pk for entity, pk in records if entity == Attachment.__tablename__}
    named = _values(session, scope, Attachment, "address", going)
    return frozenset(
        address
        for address in named
        if not _rows(session, scope, Attachment, "address", {address}) - going
    )


def _last_day(session: Session, scope: Scope, cases: set[UUID]) -> date | None:
    started = session.scalars(
        select(Appointment.starts)
        .where(Appointment.practice_id == scope.practice_id, Appointment.case_id.in_(cases))
        .order_by(Appointment.starts.desc())
        .limit(1)
    ).first()
    return started.date() if started else None


def _forget_what_imports_said(uow: UnitOfWork, client_ids: Collection[UUID]) -> None:
    """Forget the sentences of the imports that brought these clients: they quote the rows."""
    runs = _values(uow.session, uow.scope, Client, "import_id", set(client_ids))
    for run in runs:
        uow.empty_lists("import_run", run, ("problems", "kept"))


def _links(kind: type[Synced], target: str) -> Iterator[str]:
    return (each.name for each in kind.__table__.columns if each.info.get("link") == target)


def _rows(
    session: Session, scope: Scope, kind: type[Synced], column: str, values: Iterable[Any]
) -> set[UUID]:
    """Return the rows, deleted ones included, in which ``column`` has one of ``values``."""
    return _found(session, scope, kind, kind.id, getattr(kind, column), values)


def _values(
    session: Session, scope: Scope, kind: type[Synced], column: str, ids: Iterable[UUID]
) -> set[Any]:
    """Return what ``column`` holds in these rows, deleted ones included, but for nothing."""
    return _found(session, scope, kind, getattr(kind, column), kind.id, ids) - {None}


def _found(
    session: Session, scope: Scope, kind: type[Synced], wanted: Any, by: Any, values: Iterable[Any]
) -> set[Any]:
    listed, found = list(values), set[Any]()
    for start in range(0, len(listed), _MANY):
        statement = select(wanted).where(
            kind.practice_id == scope.practice_id, by.in_(listed[start : start + _MANY])
        )
        found |= set(session.scalars(statement, execution_options=_ALL))
    return found
