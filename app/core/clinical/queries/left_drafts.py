"""Drafts whose author writes no more: nobody else signs them, so somebody must discard them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.core.cases.tables import Case
from app.core.clinical.rules.notes import NoteStatus
from app.core.clinical.tables import Note
from app.core.kernel.acting import Permission, Scope, member_actor
from app.core.team.rules import MemberStatus
from app.core.team.tables import Member


def may_discard(session: Session, scope: Scope, note_id: UUID) -> bool:
    """Return whether the reader may discard a note that they see: their own draft, or one left.

    A draft is left when its author is a member no more, or has a role that writes no notes. The
    owner discards it, or the clinician whose case it is now; supervising the case is not enough.
    """
    note = session.get(Note, (scope.practice_id, note_id))
    if note is None or note.status is not NoteStatus.DRAFT or not scope.note_text:
        return False
    if note.author_id == scope.member_id:
        return True
    return _answers_for(session, scope, note) and not _author_writes(session, note)


def _answers_for(session: Session, scope: Scope, note: Note) -> bool:
    if scope.cases_of is None:
        return True
    own = exists().where(Case.id == note.case_id, Case.provider_id == scope.cases_of)
    return bool(session.scalar(select(own)))


def _author_writes(session: Session, note: Note) -> bool:
    author = session.get(Member, (note.practice_id, note.author_id))
    if author is None or author.status is not MemberStatus.ACTIVE:
        return False
    return member_actor(note.practice_id, author.id, author.role).may(Permission.WRITE_NOTES)
