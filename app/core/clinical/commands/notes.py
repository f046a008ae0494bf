"""Write, sign and amend notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.core.cases.tables import Case
from app.core.clinical.queries.left_drafts import may_discard
from app.core.clinical.rules import notes as rules
from app.core.clinical.rules.notes import NoteFormat, NoteKind, NoteStatus, Revision
from app.core.clinical.tables import Amendment, AmendmentDraft, Note
from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import NotAllowed, NotFound, UserError
from app.core.kernel.text import clean_text
from app.core.practice.queries import setting
from app.core.scheduling.commands.keeping import touch
from app.core.scheduling.tables import Appointment
from app.core.store.command import command
from app.core.store.reading import visible_cases
from app.core.store.unit import UnitOfWork
from app.core.team.queries import member

FORMAT_SETTING = "notes.format"


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note without a session. ``client_id`` where it is about one person of the case alone."""

    case_id: UUID
    held_on: date
    client_id: UUID | None = None
    kind: NoteKind = NoteKind.CONTACT
    format: NoteFormat | None = None


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft as it is now kept: its revision, and the hash that signing it asks for."""

    note_id: UUID
    revision: int
    hash: str


@dataclass(frozen=True, slots=True)
class SignedNote:
    """What was signed, by whom, and the hash of exactly that text."""

    note_id: UUID
    signed_name: str
    hash: str


@command(permission=Permission.WRITE_NOTES, act=Act.CLOSE, label="Start note")
def start_session_note(
    uow: UnitOfWork, appointment_id: UUID, format_: NoteFormat | None = None
) -> UUID:
    """Return the member's draft for a session; there is one at a time, made if there is none.

    An occurrence of a series that is only computed so far becomes a row.
    A session with a signed note may get another note. Without ``format_`` it is that of the
    case's last note, else the one of the settings. Raises ``NotFound`` for a session that this
    member does not see.
    """
    author_id = rules.author_of(uow.actor)
    appointment = touch(uow, appointment_id)
    _require_visible(uow, appointment.case_id)
    own = select(Note).where(
        Note.appointment_id == appointment_id,
        Note.author_id == author_id,
        Note.status == NoteStatus.DRAFT,
    )
    draft = uow.session.scalars(own.order_by(Note.id).limit(1)).one_or_none()
    if draft is not None:
        return draft.id
    note = Note(
        case_id=appointment.case_id,
        appointment_id=appointment_id,
        author_id=author_id,
        kind=NoteKind.PROGRESS,
        format=format_ or _opening_format(uow, appointment.case_id),
        held_on=appointment.starts.date(),
    )
    return uow.add(note).id


@command(permission=Permission.WRITE_NOTES, act=Act.BOOK, label="Start note")
def start_note(uow: UnitOfWork, new: NewNote) -> UUID:
    """Return a new draft that belongs to no session."""
    author_id = rules.author_of(uow.actor)
    _require_visible(uow, new.case_id)
    note = Note(
        case_id=new.case_id,
        client_id=new.client_id,
        author_id=author_id,
        kind=new.kind,
        format=new.format or _opening_format(uow, new.case_id),
        held_on=new.held_on,
    )
    return uow.add(note).id


@command(permission=Permission.WRITE_NOTES, act=Act.FINISH, label="Keep draft")
def save_draft(
    uow: UnitOfWork, note_id: UUID, format_: NoteFormat, sections: Mapping[str, str]
) -> KeptDraft:
    """Keep a draft as typed; called within two seconds of a keystroke.

    The last save wins: one person's saves never refuse each other. A text that is already kept
    makes no new revision. Raises ``UserError`` for a signed note or too long a section.
    """
    note = _own_draft(uow, note_id)
    texts = rules.check_texts(sections)
    if (note.format, note.sections) != (format_, texts):
        note.format = format_
        note.sections = texts
        note.revision += 1
    revision = _revision(uow, note)
    return KeptDraft(note.id, note.revision, revision.hash)


@command(permission=Permission.WRITE_NOTES, act=Act.FINISH, label="Sign note")
def sign_note(uow: UnitOfWork, note_id: UUID, seen_hash: str) -> SignedNote:
    """Sign and lock the note exactly as the person saw it (``seen_hash`` of what was kept).

    Later changes are amendments. Raises ``ChangedSince`` when the kept text is another one,
    ``UserError`` for an empty note or a session still ahead.
    """
    note = _own_draft(uow, note_id)
    revision = _revision(uow, note)
    rules.require_signable(revision, seen_hash, uow.today)
    # Read first: a read between the changes would write them one by one, and SIGNED locks the row.
    signed_name = _signature(uow, revision.author_id)
    note.held_on = revision.held_on
    note.status = NoteStatus.SIGNED
    note.signed_at = uow.now
    note.signed_by = revision.author_id
    note.signed_name = signed_name
    note.signed_hash = revision.hash
    uow.about("note", note.id)
    return SignedNote(note.id, signed_name, revision.hash)


@command(permission=Permission.WRITE_NOTES, act=Act.FINISH, label="Keep draft")
def save_amendment_draft(uow: UnitOfWork, note_id: UUID, text: str) -> None:
    """Keep an amendment while it is typed, within two seconds of a keystroke, like a note."""
    author_id = rules.author_of(uow.actor)
    rules.require_signed(_visible_note(uow, note_id).status)
    words = clean_text(text, field="text", limit=rules.SECTION_LIMIT)
    draft = _amendment_draft(uow, note_id, author_id)
    if draft is not None:
        draft.text = words
    elif words:
        uow.add(AmendmentDraft(note_id=note_id, author_id=author_id, text=words))


@command(permission=Permission.WRITE_NOTES, act=Act.FINISH, label="Amend note")
def amend_note(uow: UnitOfWork, note_id: UUID, text: str) -> UUID:
    """Add an amendment below a signed note and return its id; the original never changes."""
    author_id = rules.author_of(uow.actor)
    note = _visible_note(uow, note_id)
    rules.require_signed(note.status)
    words = clean_text(text, field="text", limit=rules.SECTION_LIMIT)
    if not words:
        raise UserError("Write the amendment first.", field="text")
    # Moments are kept in whole milliseconds; the hash must cover the moment as kept.
    written_at = uow.now.replace(microsecond=uow.now.microsecond // 1000 * 1000)
    content = rules.AmendmentText(note_id, author_id, written_at, words, _last_hash(uow, note))
    amendment = Amendment(
        note_id=note_id,
        text=words,
        author_id=author_id,
        author_name=_signature(uow, author_id),
        written_at=written_at,
        hash=content.hash,
    )
    draft = _amendment_draft(uow, note_id, author_id)
    if draft is not None:
        uow.delete(draft)
    uow.about("note", note_id)
    return uow.add(amendment).id


@command(permission=Permission.READ_NOTES, act=Act.READ, label="Open note")
def open_note(uow: UnitOfWork, note_id: UUID) -> None:
    """Note in the audit that the member read this note, once an hour."""
    uow.witness("note", _visible_note(uow, note_id).id)


@command(permission=Permission.WRITE_NOTES, act=Act.CLOSE, label="Discard draft", undo=True)
def discard_draft(uow: UnitOfWork, note_id: UUID) -> None:
    """Discard the member's own draft, or one that was left; undo brings it back.

    Raises ``NotAllowed`` for a draft whose author can still sign it, ``UserError`` once signed.
    """
    note = _visible_note(uow, note_id)
    rules.author_of(uow.actor)
    rules.require_draft(note.status)
    if not may_discard(uow.session, uow.scope, note.id):
        raise NotAllowed("Only its author can discard this draft.")
    uow.about("note", note.id)
    uow.delete(note)


@command(permission=Permission.WRITE_NOTES, act=Act.FINISH, label="Discard empty draft")
def discard_empty_draft(uow: UnitOfWork, note_id: UUID) -> bool:
    """Discard a draft in which nothing was written; return whether it was one.

    Called when a note is closed, so that opening one by mistake leaves nothing behind.
    """
    note = uow.find(Note, note_id)
    if note is None or note.status is not NoteStatus.DRAFT or note.sections:
        return False
    uow.delete(_own_draft(uow, note_id))
    return True


def _visible_note(uow: UnitOfWork, note_id: UUID) -> Note:
    note = uow.get(Note, note_id)
    _require_visible(uow, note.case_id)
    return note


def _own_draft(uow: UnitOfWork, note_id: UUID) -> Note:
    note = _visible_note(uow, note_id)
    rules.require_author(note.author_id, rules.author_of(uow.actor))
    rules.require_draft(note.status)
    return note


def _require_visible(uow: UnitOfWork, case_id: UUID) -> None:
    seen = select(Case.id).where(Case.id == case_id, visible_cases(uow.scope, Case.id))
    if uow.session.scalars(seen).one_or_none() is None:
        raise NotFound("This case is no longer there; go back and choose it again.")


def _opening_format(uow: UnitOfWork, case_id: UUID) -> NoteFormat:
    latest = (
        select(Note.format)
        .where(Note.case_id == case_id)
        .order_by(Note.held_on.desc(), Note.id.desc())
        .limit(1)
    )
    chosen = setting(uow.session, uow.scope, FORMAT_SETTING)
    return rules.opening_format(uow.session.scalars(latest).one_or_none(), str(chosen))


def _revision(uow: UnitOfWork, note: Note) -> Revision:
    return note.as_of(_held_on(uow, note))


def _held_on(uow: UnitOfWork, note: Note) -> date:
    # A session may have been moved since its draft was begun.
    if note.appointment_id is None:
        return note.held_on
    starts = select(Appointment.starts).where(Appointment.id == note.appointment_id)
    moved_to = uow.session.scalars(starts).one_or_none()
    return note.held_on if moved_to is None else moved_to.date()


def _amendment_draft(uow: UnitOfWork, note_id: UUID, author_id: UUID) -> AmendmentDraft | None:
    own = select(AmendmentDraft).where(
        AmendmentDraft.note_id == note_id, AmendmentDraft.author_id == author_id
    )
    return uow.session.scalars(own.order_by(AmendmentDraft.id).limit(1)).one_or_none()


def _signature(uow: UnitOfWork, member_id: UUID) -> str:
    return member(uow.session, uow.scope, member_id).titled


def _last_hash(uow: UnitOfWork, note: Note) -> str:
    latest = (
        select(Amendment.hash)
        .where(Amendment.note_id == note.id)
        .order_by(Amendment.written_at.desc(), Amendment.id.desc())
        .limit(1)
    )
    return uow.session.scalars(latest).one_or_none() or note.signed_hash
