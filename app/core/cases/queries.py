"""Reads of the cases area, and the lists that span people and cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.core.cases.rules import ClientFilter, billing_words, case_title, case_words
from app.core.cases.tables import Case, CaseBillingContact, CaseParticipant
from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotFound
from app.core.kernel.text import PersonName, fold
from app.core.people import queries as people
from app.core.people.queries import ClientRow
from app.core.people.rules import Lifecycle
from app.core.people.tables import Client, Contact
from app.core.practice.rules.catalogue import CaseKind
from app.core.store.reading import visible_cases, visible_people
from app.core.team import queries as team


@dataclass(frozen=True, slots=True)
class CasePerson:
    """A client who takes part in a case now."""

    id: UUID
    name: PersonName


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays a share (percent) of a case: one of its people, or a contact."""

    client_id: UUID | None
    contact_id: UUID | None
    name: str
    share_percent: int


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with its people. ``title`` is how screens call it."""

    id: UUID
    kind: CaseKind
    title: str
    people: tuple[CasePerson, ...]
    identified_client_id: UUID | None
    provider_id: UUID | None
    supervisor_id: UUID | None
    relationship_label: str
    opened_on: date | None
    closed_on: date | None
    default_service_id: UUID | None
    default_location_id: UUID | None
    payers: tuple[Payer, ...]

    @property
    def is_open(self) -> bool:
        """Return whether work goes on."""
        return self.closed_on is None

    @property
    def billing_words(self) -> str:
        """Return the billing arrangement, "" where the client simply pays."""
        return billing_words([(payer.name, payer.share_percent) for payer in self.payers])


@dataclass(frozen=True, slots=True)
class Billed:
    """What an invoice asks of a case: its kind, and the clients or contacts who pay for it."""

    kind: CaseKind
    payers: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A line of the list of records: a case, or a client without one.

    ``record`` is the kind and id of what opens; ``found_by`` what instant search compares.
    """

    case_id: UUID | None
    client_ids: tuple[UUID, ...]
    kind: CaseKind | None
    title: str
    words: str
    lifecycles: frozenset[Lifecycle]
    needs_review: bool
    found_by: str

    @property
    def record(self) -> tuple[str, UUID]:
        """Return kind and id of the record."""
        return ("case", self.case_id) if self.case_id else ("client", self.client_ids[0])


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A line of the full list of clients: a person, and the cases they are in."""

    client: ClientRow
    case_ids: tuple[UUID, ...]
    case_words: str
    provider: str


@dataclass(frozen=True, slots=True)
class _Loaded:
    """Cases and who is in them, read together."""

    cases: dict[UUID, Case]
    members: dict[UUID, list[UUID]]
    names: dict[UUID, PersonName]

    def title(self, case_id: UUID) -> str:
        row = self.cases[case_id]
        return case_title(row.kind, row.name, [self.names[each] for each in self.inside(case_id)])

    def inside(self, case_id: UUID) -> list[UUID]:
        return [each for each in self.members[case_id] if each in self.names]


def case(session: Session, scope: Scope, case_id: UUID) -> CaseView:
    """Return one case; raises ``NotFound``."""
    found = cases(session, scope, [case_id])
    if not found:
        raise NotFound("This case is no longer there; go back and choose again.")
    return found[0]


def cases(session: Session, scope: Scope, ids: Sequence[UUID] | None = None) -> list[CaseView]:
    """Return the cases in ``ids`` in that order, or all in the order in which they began."""
    loaded = _load(session, scope, ids)
    payers = _payers(session, scope, loaded)
    wanted = loaded.cases if ids is None else [each for each in ids if each in loaded.cases]
    return [_view(loaded, each, tuple(payers[each])) for each in wanted]


def billed(session: Session, scope: Scope, case_id: UUID) -> Billed:
    """Return whom a case is billed to, the first one first; raises ``NotFound``."""
    payer = CaseBillingContact
    rows = session.execute(
        select(Case.kind, payer.client_id, payer.contact_id)
        .outerjoin(payer, (payer.practice_id == Case.practice_id) & (payer.case_id == Case.id))
        .where(
            Case.practice_id == scope.practice_id,
            Case.id == case_id,
            visible_cases(scope, Case.id),
        )
        .order_by(payer.id)
    ).all()
    if not rows:
        raise NotFound("This case is no longer there; go back and choose again.")
    payers = (client_id or contact_id for _, client_id, contact_id in rows)
    return Billed(rows[0].kind, tuple(each for each in payers if each is not None))


def cases_of_client(session: Session, scope: Scope, client_id: UUID) -> list[CaseView]:
    """Return the cases that a client is in: open ones first, then the ones closed last."""
    ids = session.scalars(
        select(CaseParticipant.case_id).where(
            CaseParticipant.practice_id == scope.practice_id,
            CaseParticipant.client_id == client_id,
        )
    ).all()
    found = cases(session, scope, list(dict.fromkeys(ids)))
    closed_last = sorted(found, key=lambda each: each.closed_on or date.max, reverse=True)
    return sorted(closed_last, key=lambda each: not each.is_open)


def titles(session: Session, scope: Scope, ids: Iterable[UUID] | None = None) -> dict[UUID, str]:
    """Return how screens call the cases in ``ids``, or all."""
    wanted = None if ids is None else list(ids)
    if wanted == []:
        return {}
    loaded = _load(session, scope, wanted)
    found = loaded.cases if wanted is None else loaded.cases.keys() & wanted
    return {each: loaded.title(each) for each in found}


def called(
    session: Session, scope: Scope, ids: Iterable[UUID]
) -> tuple[dict[UUID, str], dict[UUID, PersonName]]:
    """Return how screens call the cases in ``ids``, and the names of the people in them."""
    loaded = _load(session, scope, list(ids))
    return {each: loaded.title(each) for each in loaded.cases}, loaded.names


def participants(
    session: Session, scope: Scope, case_ids: Iterable[UUID] | None = None
) -> dict[UUID, list[UUID]]:
    """Return the clients in each case, in their order; of all cases without ``case_ids``."""
    wanted = None if case_ids is None else list(case_ids)
    members = _members(session, scope, wanted)
    found = members if wanted is None else members.keys() & wanted
    return {each: members[each] for each in found}


def case_rows(
    session: Session, scope: Scope, today: date, chosen: ClientFilter = ClientFilter.EVERYONE
) -> list[CaseRow]:
    """Return the open cases in which somebody fits ``chosen``, and fitting clients without any.

    By title. A couple is one line.
    """
    fitting = {row.id: row for row in _fitting(session, scope, today, chosen)}
    loaded = _of_people(session, scope, fitting)
    partners = {each for inside in loaded.members.values() for each in inside} - fitting.keys()
    rows_of = fitting | _rows_of(session, scope, today, partners)
    rows: list[CaseRow] = []
    placed: set[UUID] = set()
    for case_id, found in loaded.cases.items():
        inside = [rows_of[each] for each in loaded.members[case_id] if each in rows_of]
        if found.closed_on is None:
            placed.update(row.id for row in inside)
            rows.append(_case_row(found, inside))
    rows.extend(_lone_row(row) for row in fitting.values() if row.id not in placed)
    return sorted(rows, key=lambda row: fold(row.title))


def person_rows(
    session: Session, scope: Scope, today: date, chosen: ClientFilter = ClientFilter.EVERYONE
) -> list[PersonRow]:
    """Return the people who fit ``chosen`` with their cases, by display name."""
    rows = _fitting(session, scope, today, chosen)
    loaded = _of_people(session, scope, {row.id for row in rows})
    providers = {each.id: each.short for each in team.members(session, scope)}
    of_person: defaultdict[UUID, list[Case]] = defaultdict(list)
    for case_id, inside in loaded.members.items():
        found = loaded.cases.get(case_id)
        if found is not None and found.closed_on is None:
            for client_id in inside:
                of_person[client_id].append(found)
    return [_person_row(row, of_person[row.id], loaded, providers) for row in rows]


def filter_counts(session: Session, scope: Scope) -> dict[ClientFilter, int]:
    """Return how many people each filter of the list shows."""
    by_lifecycle = people.lifecycle_counts(session, scope)
    counts = {
        each: sum(by_lifecycle.get(one, 0) for one in each.lifecycles) for each in ClientFilter
    }
    counts[ClientFilter.TO_REVIEW] = people.review_count(session, scope)
    return counts


def _fitting(session: Session, scope: Scope, today: date, chosen: ClientFilter) -> list[ClientRow]:
    to_review = chosen is ClientFilter.TO_REVIEW
    return people.client_rows(session, scope, today, chosen.lifecycles, only_to_review=to_review)


def _rows_of(
    session: Session, scope: Scope, today: date, ids: Collection[UUID]
) -> dict[UUID, ClientRow]:
    rows = people.client_rows(session, scope, today, ids=ids) if ids else []
    return {row.id: row for row in rows}


def _of_people(session: Session, scope: Scope, client_ids: Collection[UUID]) -> _Loaded:
    """Load the cases that any of ``client_ids`` is in now."""
    ids = session.scalars(
        select(CaseParticipant.case_id)
        .where(
            CaseParticipant.practice_id == scope.practice_id,
            CaseParticipant.to_on.is_(None),
            people.among(CaseParticipant.client_id, client_ids),
        )
        .distinct()
    ).all()
    loaded = _load(session, scope, ids)
    wanted = set(client_ids)
    for case_id in [each for each in loaded.cases if wanted.isdisjoint(loaded.members[each])]:
        del loaded.cases[case_id]
        del loaded.members[case_id]
    return loaded


def _load(session: Session, scope: Scope, ids: Sequence[UUID] | None) -> _Loaded:
    loaded = _Loaded({}, defaultdict(list), {})
    named = ids is not None and len(ids) <= people.MANY
    rows = session.execute(_with_people(scope, named), {"ids": ids} if named else {})
    for row, client_id, *name in rows:
        loaded.cases[row.id] = row
        if client_id is not None:
            loaded.members[row.id].append(client_id)
            if name[0] is not None:
                loaded.names[client_id] = PersonName(*name)
    return loaded


@lru_cache(maxsize=16)
def _with_people(scope: Scope, named: bool) -> Select[*tuple[Any, ...]]:
    """Return the statement for cases, who is in them now, and the names of those one may see."""
    inside = CaseParticipant
    wanted = (
        select(Case, inside.client_id, *people.NAME_COLUMNS)
        .outerjoin(
            inside,
            (inside.practice_id == Case.practice_id)
            & (inside.case_id == Case.id)
            & inside.to_on.is_(None),
        )
        .outerjoin(
            Client,
            (Client.practice_id == inside.practice_id)
            & (Client.id == inside.client_id)
            & visible_people(scope, Client.id),
        )
        .where(Case.practice_id == scope.practice_id, visible_cases(scope, Case.id))
        .order_by(Case.id, inside.position, inside.id)
    )
    return wanted.where(Case.id.in_(bindparam("ids", expanding=True))) if named else wanted


def _members(
    session: Session, scope: Scope, ids: Sequence[UUID] | None
) -> defaultdict[UUID, list[UUID]]:
    wanted = select(CaseParticipant.case_id, CaseParticipant.client_id).where(
        CaseParticipant.practice_id == scope.practice_id,
        CaseParticipant.to_on.is_(None),
        visible_cases(scope, CaseParticipant.case_id),
    )
    wanted = wanted.where(people.among(CaseParticipant.case_id, ids))
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for case_id, client_id in session.execute(
        wanted.order_by(CaseParticipant.position, CaseParticipant.id)
    ):
        found[case_id].append(client_id)
    return found


def _payers(session: Session, scope: Scope, loaded: _Loaded) -> defaultdict[UUID, list[Payer]]:
    rows = session.execute(_payers_among(scope.practice_id), {"ids": list(loaded.cases)})
    found: defaultdict[UUID, list[Payer]] = defaultdict(list)
    for case_id, client_id, contact_id, share, contact_name in rows:
        name = loaded.names[client_id].display if client_id in loaded.names else contact_name
        found[case_id].append(Payer(client_id, contact_id, name or "", share))
    return found


@lru_cache(maxsize=16)
def _payers_among(practice_id: UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(
            CaseBillingContact.case_id,
            CaseBillingContact.client_id,
            CaseBillingContact.contact_id,
            CaseBillingContact.share_percent,
            Contact.name,
        )
        .outerjoin(
            Contact,
            (Contact.practice_id == CaseBillingContact.practice_id)
            & (Contact.id == CaseBillingContact.contact_id),
        )
        .where(
            CaseBillingContact.practice_id == practice_id,
            CaseBillingContact.case_id.in_(bindparam("ids", expanding=True)),
        )
        .order_by(CaseBillingContact.id)
    )


def _view(loaded: _Loaded, case_id: UUID, payers: tuple[Payer, ...]) -> CaseView:
    row = loaded.cases[case_id]
    return CaseView(
        id=case_id,
        kind=row.kind,
        title=loaded.title(case_id),
        people=tuple(CasePerson(each, loaded.names[each]) for each in loaded.inside(case_id)),
        identified_client_id=row.identified_client_id,
        provider_id=row.provider_id,
        supervisor_id=row.supervisor_id,
        relationship_label=row.relationship_label,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        default_service_id=row.default_service_id,
        default_location_id=row.default_location_id,
        payers=payers,
    )


def _case_row(row: Case, inside: list[ClientRow]) -> CaseRow:
    return CaseRow(
        case_id=row.id,
        client_ids=tuple(each.id for each in inside),
        kind=row.kind,
        title=case_title(row.kind, row.name, [each.name for each in inside]),
        words=case_words(row.kind, len(inside), minor=any(each.minor for each in inside)),
        lifecycles=frozenset(each.lifecycle for each in inside),
        needs_review=any(each.needs_review for each in inside),
        found_by=" ".join([fold(row.name), *(each.found_by for each in inside)]).strip(),
    )


def _lone_row(row: ClientRow) -> CaseRow:
    return CaseRow(
        case_id=None,
        client_ids=(row.id,),
        kind=None,
        title=row.name.display,
        words="No open case",
        lifecycles=frozenset({row.lifecycle}),
        needs_review=row.needs_review,
        found_by=row.found_by,
    )


def _person_row(
    row: ClientRow, inside: list[Case], loaded: _Loaded, providers: dict[UUID, str]
) -> PersonRow:
    words = [_words_for(each, loaded) for each in inside]
    provider = next((each.provider_id for each in inside if each.provider_id), None)
    return PersonRow(
        client=row,
        case_ids=tuple(each.id for each in inside),
        case_words=", ".join(dict.fromkeys(words)),
        provider=providers.get(provider, "") if provider else "",
    )


def _words_for(found: Case, loaded: _Loaded) -> str:
    # The person's own name stands in the line already: a title of two given names repeats it.
    if found.kind is CaseKind.INDIVIDUAL:
        return found.kind.label
    title = loaded.title(found.id)
    if found.kind is CaseKind.COUPLE:
        families = " & ".join(loaded.names[each].family for each in loaded.inside(found.id))
        return f"{found.kind.label}, {title}" if title == families else found.kind.label
    return title
