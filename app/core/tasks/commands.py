"""Decide what the inbox asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.cases.tables import Case
from app.core.clinical.commands.notes import save_amendment_draft
from app.core.clinical.rules.notes import NoteStatus
from app.core.clinical.tables import AmendmentDraft, Note
from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import NotAllowed, NotFound, UserError
from app.core.store.base import Synced, synced_tables
from app.core.store.columns import decode, encode
from app.core.store.command import command
from app.core.store.reading import visible_cases
from app.core.store.unit import UnitOfWork
from app.core.tasks.queries.inbox import sections_of
from app.core.tasks.rules import inbox as rules
from app.core.tasks.rules.inbox import InboxKind, InboxState
from app.core.tasks.tables import InboxItem

_TEXTS = (InboxKind.TEXT, InboxKind.LATE_REVISION, InboxKind.SECOND_SIGNATURE)


@command(permission=Permission.READ_RECORDS, act=Act.FINISH, label="Decide")
def decide(
    uow: UnitOfWork,
    item_id: UUID,
    state: InboxState,
    joined: Mapping[str, str] | None = None,
) -> None:
    """Decide an inbox item; both versions stay in the inbox.

    ``joined`` is the text of two drafts combined, as the person read it (with ``BOTH``). Raises
    ``UserError`` for a choice that this kind does not offer, ``NotAllowed`` for a note's words
    without the right to write notes. An item decided already stays as it was decided.
    """
    item = _item(uow, item_id)
    if item.state is not InboxState.OPEN:
        return
    offered = {choice.state for choice in rules.QUESTIONS[item.kind].choices}
    if state not in offered:
        raise UserError("This cannot be decided in that way: choose one of the offered ways.")
    if item.kind not in _TEXTS:
        # Only the words of a note are part of finishing it.
        uow.entitlement.require(Act.CLOSE)
    elif not uow.actor.may(Permission.WRITE_NOTES):
        raise NotAllowed("Only a member who writes notes decides about their words.")
    if state is InboxState.REPLACED:
        _replace(uow, item)
    elif state is InboxState.BOTH:
        _both(uow, item, joined)
    item.state = state
    item.decided_at = uow.now
    item.decided_by = uow.actor.member_id
    uow.about("inbox_item", item.id)


def _item(uow: UnitOfWork, item_id: UUID) -> InboxItem:
    item = uow.get(InboxItem, item_id)
    if item.case_id is not None:
        seen = select(Case.id).where(Case.id == item.case_id, visible_cases(uow.scope, Case.id))
        if uow.session.scalars(seen).one_or_none() is None:
            raise NotFound("This question is no longer there; go back and choose it again.")
    return item


def _record(uow: UnitOfWork, item: InboxItem) -> Synced:
    kind = synced_tables().get(item.entity)
    row = None if kind is None else uow.find(kind, item.record_id)
    if row is None:
        raise UserError("The record is no longer there: put this aside by keeping this one.")
    return row


def _replace(uow: UnitOfWork, item: InboxItem) -> None:
    row = _record(uow, item)
    if isinstance(row, Note) and row.status is NoteStatus.SIGNED:
        raise UserError("This note was signed meanwhile: keep both, and amend it.")
    _keep_what_it_held(uow, item, row)
    columns = type(row).__table__.columns
    values = {name: value for name, value in (item.other or {}).items() if name in columns}
    if isinstance(row, Note) and "revision" in values:
        # A new revision of this record, so that a signature never names two texts.
        values["revision"] = max(row.revision, int(values["revision"])) + 1
    for name, value in values.items():
        setattr(row, name, decode(columns[name].type, value))


def _keep_what_it_held(uow: UnitOfWork, item: InboxItem, row: Synced) -> None:
    """Keep what the record holds now in an item of its own, decided already.

    Whatever takes its place, both versions stay in the inbox. The item at hand may be decided or
    written on elsewhere at the same time, and then holds other words than were replaced here.
    """
    columns = type(row).__table__.columns
    held = {
        name: encode(columns[name].type, getattr(row, name)) if name in columns else was
        for name, was in (item.kept or {}).items()
    }
    uow.add(
        InboxItem(
            kind=item.kind,
            state=InboxState.REPLACED,
            entity=item.entity,
            record_id=item.record_id,
            case_id=item.case_id,
            kept=held,
            other=item.other,
            base=item.base,
            kept_device=item.kept_device,
            other_device=item.other_device,
            kept_at=item.kept_at,
            other_at=item.other_at,
            made_at=uow.now,
            decided_at=uow.now,
            decided_by=uow.actor.member_id,
        )
    )


def _amend(uow: UnitOfWork, note: Note, words: str) -> None:
    begun = uow.session.scalars(
        select(AmendmentDraft.text).where(
            AmendmentDraft.note_id == note.id, AmendmentDraft.author_id == uow.actor.member_id
        )
    ).first()
    if words:
        save_amendment_draft(uow, note.id, "\n\n".join(filter(None, [begun, words])))


def _both(uow: UnitOfWork, item: InboxItem, joined: Mapping[str, str] | None) -> None:
    other = sections_of(item.other)
    row: Any = _record(uow, item)
    kept = sections_of({"sections": row.sections} if isinstance(row, Note) else {"text": row.text})
    if isinstance(row, Note) and row.status is NoteStatus.SIGNED:
        _amend(uow, row, rules.what_was_added(kept, other))
        return
    if joined:
        _keep_what_it_held(uow, item, row)
    heading = f"From {item.other_device}:" if item.other_device else "From the other computer:"
    both = dict(joined) if joined else rules.one_below_the_other(kept, other, heading)
    if isinstance(row, Note):
        row.sections = both
        row.revision += 1
    else:
        row.text = both.get("text", "")
