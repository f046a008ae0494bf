"""Reads of attached files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app.core.cases import queries as cases
from app.core.clinical.tables import Attachment
from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotFound
from app.core.people import queries as people
from app.core.store.ports import StoredFile, ports_of
from app.core.store.reading import FILE, visible


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """An attached file; ``here`` tells whether its content lies on this computer."""

    id: UUID
    name: str
    media_type: str
    size: int
    added_at: datetime
    here: bool


def owners(session: Session, scope: Scope, record: tuple[str, UUID]) -> list[tuple[UUID, str]]:
    """Return id and name of the people whose files a record shows: a client, or a case's all."""
    kind, record_id = record
    ids = [record_id]
    if kind == "case":
        ids = cases.participants(session, scope, ids).get(record_id, [])
    return [(each.id, each.name.display) for each in people.clients(session, scope, ids)]


def of_client(session: Session, scope: Scope, client_id: UUID) -> list[AttachmentView]:
    """Return the files of a client, newest first."""
    return _views(session, scope, Attachment.client_id == client_id)


def of_note(session: Session, scope: Scope, note_id: UUID) -> list[AttachmentView]:
    """Return the files of a note, newest first."""
    return _views(session, scope, Attachment.note_id == note_id)


def stored(session: Session, scope: Scope, attachment_id: UUID) -> tuple[str, StoredFile]:
    """Return name and content of a file; raises ``NotFound``."""
    row = session.scalars(
        select(Attachment).where(_visible(scope), Attachment.id == attachment_id)
    ).one_or_none()
    if row is None:
        raise NotFound("This file is no longer there.")
    return row.name, StoredFile(row.address, row.key, row.size)


def known_addresses(session: Session, scope: Scope) -> Sequence[tuple[str, int]]:
    """Return address and size of every file of the practice, deleted ones included."""
    rows = session.execute(
        select(Attachment.address, Attachment.size)
        .where(Attachment.practice_id == scope.practice_id)
        .execution_options(include_deleted=True)
    )
    return [(address, size) for address, size in rows]


def _visible(scope: Scope) -> ColumnElement[bool]:
    return and_(Attachment.practice_id == scope.practice_id, visible(scope, FILE))


def _views(session: Session, scope: Scope, condition: ColumnElement[bool]) -> list[AttachmentView]:
    files = ports_of(session).files
    rows = session.scalars(
        select(Attachment)
        .where(_visible(scope), condition)
        .order_by(Attachment.added_at.desc(), Attachment.id.desc())
    )
    return [
        AttachmentView(
            row.id,
            row.name,
            row.media_type,
            row.size,
            row.added_at,
            files.has(row.address, row.size),
        )
        for row in rows
    ]
