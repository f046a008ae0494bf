"""Attach files to clients and notes, rename them, take them away."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from app.core.cases.tables import Case
from app.core.clinical.rules import attachments as rules
from app.core.clinical.tables import Attachment, Note
from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import NotAllowed, NotFound
from app.core.people.tables import Client
from app.core.store.command import command
from app.core.store.ports import StoredFile
from app.core.store.reading import visible_cases
from app.core.store.unit import UnitOfWork


@command(permission=Permission.EDIT_CLIENTS, act=Act.BOOK, label="Attach file", undo=True)
def attach_to_client(uow: UnitOfWork, client_id: UUID, file: StoredFile, name: str) -> UUID:
    """Attach an encrypted file to a client and return its id; raises ``UserError``."""
    uow.get(Client, client_id)
    uow.about("client", client_id)
    return uow.add(_attachment(uow, file, name, client_id=client_id)).id


@command(permission=Permission.WRITE_NOTES, act=Act.CLOSE, label="Attach file", undo=True)
def attach_to_note(uow: UnitOfWork, note_id: UUID, file: StoredFile, name: str) -> UUID:
    """Attach an encrypted file to a note, signed or not; raises ``UserError``."""
    note = uow.get(Note, note_id)
    _require_visible(uow, note.case_id)
    uow.about("note", note_id)
    made = _attachment(uow, file, name, note_id=note_id, case_id=note.case_id)
    return uow.add(made).id


@command(permission=Permission.EDIT_CLIENTS, act=Act.CLOSE, label="Remove file", undo=True)
def remove_attachment(uow: UnitOfWork, attachment_id: UUID) -> None:
    """Take a file away; undo brings it back."""
    found = uow.get(Attachment, attachment_id)
    if found.case_id is not None:
        _require_visible(uow, found.case_id)
    if found.note_id is not None and not uow.actor.may(Permission.WRITE_NOTES):
        raise NotAllowed("Only a member who writes notes takes a note's file away.")
    uow.delete(found)


@command(permission=Permission.READ_RECORDS, act=Act.READ, label="Save a copy of a file")
def note_copy(uow: UnitOfWork, attachment_id: UUID) -> None:
    """Note in the audit that a copy of a file left the practice."""
    uow.witness("attachment", uow.get(Attachment, attachment_id).id)


def _attachment(
    uow: UnitOfWork,
    file: StoredFile,
    name: str,
    *,
    client_id: UUID | None = None,
    note_id: UUID | None = None,
    case_id: UUID | None = None,
) -> Attachment:
    kept = rules.check_name(name)
    return Attachment(
        client_id=client_id,
        note_id=note_id,
        case_id=case_id,
        name=kept,
        media_type=rules.media_type(kept),
        size=rules.check_size(file.size),
        address=file.address,
        key=file.key,
        added_at=uow.now,
        added_by=uow.actor.member_id,
    )


def _require_visible(uow: UnitOfWork, case_id: UUID) -> None:
    seen = select(Case.id).where(Case.id == case_id, visible_cases(uow.scope, Case.id))
    if uow.session.scalars(seen).one_or_none() is None:
        raise NotFound("This case is no longer there; go back and choose it again.")
