"""One box over clients, cases, appointments, invoices, superbills and notes.

What a word finds is a record; its title is made here, where every area may be read. Actions and
settings are added by the window, which knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.billing.invoices.tables import Invoice
from app.core.billing.superbills.tables import Superbill
from app.core.cases import queries as cases
from app.core.cases.tables import Case, CaseParticipant
from app.core.clinical.tables import Note
from app.core.kernel.acting import Scope
from app.core.kernel.phrases import date_words, plural, time_words, weekday_day
from app.core.people import queries as people
from app.core.scheduling.queries import next_booked
from app.core.store.ports import ports_of
from app.core.store.reading import visible_cases, visible_people
from app.core.tasks.queries.case_attention import wall_now

#: How many results of names, and of note texts, one keystroke asks for.
NAMES, BODIES = 12, 6
#: The kind of the hit that is no record: notes that cannot be found yet.
UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that the box found: what opens, and how it is called."""

    kind: str
    id: UUID
    title: str
    detail: str = ""


_Namer = Callable[[Session, Scope, list[UUID], datetime], list[Hit]]


def search(session: Session, scope: Scope, words: str, now: datetime) -> list[Hit]:
    """Return what ``words`` find, names before note texts; nothing for an empty box.

    While texts that came from the account are still being indexed, the last hit says so: its
    kind is ``UNREAD``, and it opens nothing.
    """
    index = ports_of(session).search
    found = index.find(session, words, body=False, limit=NAMES)
    if scope.note_text:
        found += index.find(session, words, body=True, limit=BODIES)
    hits: dict[tuple[str, UUID], Hit] = {}
    for kind, name in _NAMERS.items():
        ids = [one.id for one in found if one.kind == kind]
        if ids:
            hits.update({(kind, each.id): each for each in name(session, scope, ids, now)})
    ordered = [hits[one.kind, one.id] for one in found if (one.kind, one.id) in hits]
    ordered += _next_sessions(session, scope, ordered, now)
    unread = index.unread(session) if scope.note_text else 0
    return [*ordered, _unread(unread)] if unread else ordered


def _unread(count: int) -> Hit:
    still = plural(count, "text is still being indexed", "texts are still being indexed")
    return Hit(UNREAD, UUID(int=0), "Some notes cannot be found yet", still)


def recent(session: Session, scope: Scope, ids: Collection[UUID], now: datetime) -> list[Hit]:
    """Return the records of an empty box: those that the window saw last."""
    return _clients(session, scope, list(ids), now)


def _clients(session: Session, scope: Scope, ids: list[UUID], _now: datetime) -> list[Hit]:
    """A client is opened at the case they are in; one without a case at their own record."""
    names = people.names(session, scope, ids)
    kinds: dict[UUID, list[str]] = {}
    rows = session.execute(
        select(CaseParticipant.client_id, Case.kind)
        .join(Case, Case.id == CaseParticipant.case_id)
        .where(
            CaseParticipant.client_id.in_(ids),
            CaseParticipant.to_on.is_(None),
            visible_cases(scope, CaseParticipant.case_id),
        )
        .order_by(Case.closed_on.is_(None).desc(), CaseParticipant.case_id)
    )
    for client_id, kind in rows:
        kinds.setdefault(client_id, []).append(kind.label)
    hits = []
    for client_id, name in names.items():
        words = ", ".join(dict.fromkeys(kinds.get(client_id, ())))
        if name.legal != name.display:
            words = ", ".join(part for part in (f"legal name {name.legal}", words) if part)
        hits.append(Hit("client", client_id, name.display, words))
    return hits


def _cases(session: Session, scope: Scope, ids: list[UUID], _now: datetime) -> list[Hit]:
    return [
        Hit("case", one.id, one.title, one.kind.label) for one in cases.cases(session, scope, ids)
    ]


def _notes(session: Session, scope: Scope, ids: list[UUID], _now: datetime) -> list[Hit]:
    rows = session.execute(
        select(Note.id, Note.case_id, Note.held_on, Note.status).where(
            Note.id.in_(ids), visible_cases(scope, Note.case_id)
        )
    ).all()
    titles = cases.titles(session, scope, {row.case_id for row in rows})
    return [
        Hit(
            "note",
            row.id,
            f"Note of {date_words(row.held_on)}",
            f"{titles.get(row.case_id, '')}, {row.status.label.lower()}",
        )
        for row in rows
    ]


def _papers(
    kind: str, table: type[Invoice | Superbill], named: Any, visible: Callable[[Scope], Any]
) -> _Namer:
    """Return what names the papers of a kind by their number; ``named`` is who is on them."""

    def name(session: Session, scope: Scope, ids: list[UUID], _now: datetime) -> list[Hit]:
        rows = session.execute(
            select(table.id, table.number, table.issued_on, named).where(
                table.id.in_(ids), visible(scope)
            )
        )
        return [
            Hit(kind, paper_id, number, f"{who}, {date_words(issued_on)}")
            for paper_id, number, issued_on, who in rows
        ]

    return name


_NAMERS: dict[str, _Namer] = {
    "client": _clients,
    "case": _cases,
    "invoice": _papers(
        "invoice", Invoice, Invoice.bill_to, lambda scope: visible_cases(scope, Invoice.case_id)
    ),
    "superbill": _papers(
        "superbill",
        Superbill,
        Superbill.patient,
        lambda scope: visible_people(scope, Superbill.client_id),
    ),
    "note": _notes,
}


def _next_sessions(session: Session, scope: Scope, hits: list[Hit], now: datetime) -> list[Hit]:
    """The next session of the best people found, so that a name leads to the calendar too."""
    ids = [hit.id for hit in hits if hit.kind == "client"][:3]
    if not ids:
        return []
    rows = session.execute(
        select(CaseParticipant.case_id).where(
            CaseParticipant.client_id.in_(ids),
            CaseParticipant.to_on.is_(None),
            visible_cases(scope, CaseParticipant.case_id),
        )
    )
    here = wall_now(session, scope, now)
    ahead = next_booked(session, scope, here, {row.case_id for row in rows})
    titles = cases.titles(session, scope, ahead)
    return [
        Hit(
            "appointment",
            one.id,
            titles[case_id],
            f"{weekday_day(one.starts)}, {time_words(one.starts)}",
        )
        for case_id, one in sorted(ahead.items(), key=lambda item: item[1].starts)
    ]
