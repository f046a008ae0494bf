"""How a record is called, by its kind and id: for whoever finds one, or is told of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from app.core.kernel.phrases import date_words, time_words, weekday_day
from app.core.kernel.records import kind_words
from app.core.people import queries as people
from app.core.scheduling.tables import Appointment
from app.core.store.base import synced_tables
from app.core.store.reading import FILE, HANGS_BY, visible, visible_cases, visible_people

#: The kind of the record that a column names by which rows hang on it.
_WHOLE = {
    "case_id": "case",
    "client_id": "client",
    "appointment_id": "appointment",
    "note_id": "note",
    "invoice_id": "invoice",
    "superbill_id": "superbill",
}
#: Tables whose records are called otherwise.
_KINDS = {"care_case": "case"}


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that the box found: what opens, and how it is called."""

    kind: str
    id: UUID
    title: str
    detail: str = ""


Namer = Callable[[Session, Scope, list[UUID], datetime], list[Hit]]


@dataclass(frozen=True, slots=True)
class Named:
    """A row in a person's words; ``record`` is what opens, ``None`` where nothing does."""

    words: str
    record: tuple[str, UUID] | None = None


def named_rows(
    session: Session, scope: Scope, rows: Sequence[tuple[str, UUID]], now: datetime
) -> list[Named]:
    """Return how each row, of a table and with an id, is called; in the order of ``rows``.

    A part is called by the record that it belongs to. What is gone, may not be seen or has no name
    is called by its kind alone.
    """
    found: dict[tuple[str, UUID], Named] = {}
    for entity in dict.fromkeys(entity for entity, _ in rows):
        ids = [row_id for other, row_id in rows if other == entity]
        kind = _KINDS.get(entity, entity)
        if kind in NAMERS:
            for hit in NAMERS[kind](session, scope, ids, now):
                found[entity, hit.id] = Named(_with_kind(hit), (kind, hit.id))
        else:
            found.update(_parts(session, scope, entity, ids, now))
    return [found.get(row) or Named(kind_words(row[0]).capitalize()) for row in rows]


def _with_kind(hit: Hit) -> str:
    """Return the name with what tells it from another record of the same person."""
    if hit.kind in ("client", "case"):
        return f"{hit.title}, {hit.kind}"
    if hit.kind == "appointment":
        return f"Session of {hit.detail}, {hit.title}"
    return ", ".join(part for part in (hit.title, hit.detail) if part)


def _parts(
    session: Session, scope: Scope, entity: str, ids: list[UUID], now: datetime
) -> dict[tuple[str, UUID], Named]:
    """Name rows by the record that they hang on."""
    hangs_by = "client_id" if entity == FILE else HANGS_BY.get(entity, "")
    whole, table = _WHOLE.get(hangs_by), synced_tables().get(entity)
    if whole is None or table is None:
        return {}
    of: dict[UUID, UUID] = {
        row_id: owner
        for row_id, owner in session.execute(
            select(table.id, getattr(table, hangs_by)).where(
                table.id.in_(ids), visible(scope, entity)
            )
        )
        if owner is not None
    }
    owners = {each.id: each for each in NAMERS[whole](session, scope, [*set(of.values())], now)}
    return {
        (entity, row_id): Named(
            f"{_title(owners[owner])}, {kind_words(entity, whole)}", (whole, owner)
        )
        for row_id, owner in of.items()
        if owner in owners
    }


def _title(hit: Hit) -> str:
    return hit.title if hit.kind in ("client", "case") else _with_kind(hit)


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
            Note.id.in_(ids), visible(scope, Note.__tablename__)
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


def _appointments(session: Session, scope: Scope, ids: list[UUID], _now: datetime) -> list[Hit]:
    rows = session.execute(
        select(Appointment.id, Appointment.case_id, Appointment.starts).where(
            Appointment.id.in_(ids), visible_cases(scope, Appointment.case_id)
        )
    ).all()
    titles = cases.titles(session, scope, {row.case_id for row in rows})
    return [
        Hit("appointment", row.id, titles.get(row.case_id, ""), when_words(row.starts))
        for row in rows
    ]


def when_words(starts: datetime) -> str:
    """Return ``Thu, Nov 19, 9:00 AM``."""
    return f"{weekday_day(starts)}, {time_words(starts)}"


def _papers(
    kind: str, table: type[Invoice | Superbill], named: Any, visible: Callable[[Scope], Any]
) -> Namer:
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


#: What names the records of a kind.
NAMERS: dict[str, Namer] = {
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
    "appointment": _appointments,
}
