"""A note is begun and its text kept in one act, for whoever brings a whole text."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from app.core.clinical.commands.notes import (
    KeptDraft,
    NewNote,
    save_draft,
    start_note,
    start_session_note,
)
from app.core.clinical.rules.notes import NoteFormat
from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.store.command import command
from app.core.store.unit import UnitOfWork


@command(permission=Permission.WRITE_NOTES, act=Act.CLOSE, label="Write note")
def write_note(
    uow: UnitOfWork, about: UUID | NewNote, format_: NoteFormat, sections: Mapping[str, str]
) -> KeptDraft:
    """Write a draft ``about`` a session, or about none; return it as kept.

    Raises ``UserError``, and begins no note, for too long a section.
    """
    if isinstance(about, NewNote):
        # Of no session: the plan's table knows it as any other write.
        uow.entitlement.require(Act.BOOK)
        note_id = start_note(uow, about)
    else:
        note_id = start_session_note(uow, about, format_)
    uow.session.flush()
    return save_draft(uow, note_id, format_, sections)
