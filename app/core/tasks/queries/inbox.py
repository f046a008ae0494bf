"""The inbox: two versions of a record side by side, and work that the account refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.core.cases import queries as cases
from app.core.clinical.rules.notes import SECTIONS
from app.core.clinical.tables import Note
from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotFound
from app.core.kernel.phrases import short_day
from app.core.kernel.records import kind_words
from app.core.practice.queries import practice
from app.core.store.base import synced_tables
from app.core.store.reading import visible_cases
from app.core.tasks.queries.inbox_fields import Part, field_parts
from app.core.tasks.queries.numbered import NumberedPaper, papers_numbered
from app.core.tasks.rules import inbox as rules
from app.core.tasks.rules.inbox import InboxKind, InboxState, Question
from app.core.tasks.tables import InboxItem

#: Text that only a member who may read notes sees.
_NOTE_TABLES = ("note", "amendment", "amendment_draft")
_SECTION_TITLES = {section.key: section.title for section in SECTIONS}


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An item as the list shows it."""

    id: UUID
    kind: InboxKind
    title: str
    about: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """One side: the computer that it comes from, and when it was written there."""

    device: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class InboxView:
    """An item with both versions; ``joined`` is offered where the changes do not overlap.

    ``is_alone`` says that there is but the version set aside: the account never had the record.
    ``papers`` are those that bear one number, where the question is about that.
    """

    id: UUID
    kind: InboxKind
    question: Question
    about: str
    kept: Version
    other: Version
    parts: tuple[Part, ...]
    joined: Mapping[str, str] | None
    reason: str
    record: tuple[str, UUID]
    state: InboxState
    is_alone: bool
    papers: tuple[NumberedPaper, ...] = ()


def inbox(session: Session, scope: Scope) -> list[InboxRow]:
    """Return what a person must decide, newest first."""
    found = list(
        session.scalars(
            select(InboxItem)
            .where(_open(scope))
            .order_by(InboxItem.made_at.desc(), InboxItem.id.desc())
            .limit(500)
        )
    )
    titles = cases.titles(session, scope, {item.case_id for item in found if item.case_id})
    days = _note_days(session, scope, found)
    return [
        InboxRow(
            item.id,
            item.kind,
            rules.question(item.kind, item.entity, item.kept or {}, item.other or {}).title,
            _about(item, titles, days),
            item.made_at,
        )
        for item in found
    ]


def waiting(session: Session, scope: Scope) -> int:
    """Return how many items are undecided."""
    count = session.scalar(select(func.count()).select_from(InboxItem).where(_open(scope)))
    return count or 0


def inbox_item(session: Session, scope: Scope, item_id: UUID) -> InboxView:
    """Return one item with both versions; raises ``NotFound``."""
    item = session.scalars(
        select(InboxItem).where(InboxItem.id == item_id, _visible(scope))
    ).one_or_none()
    if item is None:
        raise NotFound("This question is no longer there: it was decided on another computer.")
    titles = cases.titles(session, scope, [item.case_id] if item.case_id else [])
    days = _note_days(session, scope, [item])
    is_text = item.kind in (InboxKind.TEXT, InboxKind.LATE_REVISION, InboxKind.SECOND_SIGNATURE)
    zone = "" if is_text else practice(session, scope).zone
    joined = None
    if item.kind is InboxKind.TEXT:
        joined = rules.combined_sections(
            sections_of(item.base), sections_of(item.kept), sections_of(item.other)
        )
    return InboxView(
        id=item.id,
        kind=item.kind,
        question=rules.question(item.kind, item.entity, item.kept or {}, item.other or {}),
        about=_about(item, titles, days),
        kept=Version(item.kept_device, item.kept_at),
        other=Version(item.other_device, item.other_at),
        parts=_text_parts(item) if is_text else field_parts(item, zone),
        joined=joined,
        reason=rules.REASONS.get(item.reason, item.reason),
        record=(item.entity, item.record_id),
        state=item.state,
        is_alone=item.kind is InboxKind.REFUSED and not item.kept,
        papers=_papers(session, scope, item),
    )


def _papers(session: Session, scope: Scope, item: InboxItem) -> tuple[NumberedPaper, ...]:
    number = (item.kept or {}).get("number", "")
    if item.kind is not InboxKind.NUMBER or number != (item.other or {}).get("number"):
        return ()
    return papers_numbered(session, scope, item.entity, number)


def sections_of(values: Any) -> dict[str, str]:
    """Return the texts of a version: a note's sections, or an amendment's one text."""
    if not isinstance(values, dict):
        return {}
    found = values.get("sections")
    if isinstance(found, dict):
        return {str(key): str(text) for key, text in found.items()}
    return {"text": str(values["text"])} if values.get("text") else {}


def _visible(scope: Scope) -> ColumnElement[bool]:
    seen = or_(InboxItem.case_id.is_(None), visible_cases(scope, InboxItem.case_id))
    if scope.note_text:
        return seen
    return seen & InboxItem.entity.not_in(_NOTE_TABLES)


def _open(scope: Scope) -> ColumnElement[bool]:
    of_practice = InboxItem.practice_id == scope.practice_id
    return of_practice & (InboxItem.state == InboxState.OPEN) & _visible(scope)


def _note_days(session: Session, scope: Scope, items: list[InboxItem]) -> dict[UUID, str]:
    ids = [item.record_id for item in items if item.entity == "note"]
    if not ids:
        return {}
    rows = session.execute(
        select(Note.id, Note.held_on).where(Note.practice_id == scope.practice_id, Note.id.in_(ids))
    )
    return {row.id: short_day(row.held_on) for row in rows}


def _about(item: InboxItem, titles: Mapping[UUID, str], days: Mapping[UUID, str]) -> str:
    kind = synced_tables().get(item.entity)
    thing = "" if kind is None else kind_words(item.entity)
    named = titles.get(item.case_id, "") if item.case_id else ""
    what = days.get(item.record_id, "") if item.entity == "note" else thing if named else ""
    return ", ".join(part for part in (named or thing.capitalize(), what) if part)


def _text_parts(item: InboxItem) -> tuple[Part, ...]:
    kept, other = sections_of(item.kept), sections_of(item.other)
    keys = [key for key in _SECTION_TITLES if key in kept or key in other]
    return tuple(
        Part(_SECTION_TITLES[key], *rules.compare(kept.get(key, ""), other.get(key, "")))
        for key in keys
    )
