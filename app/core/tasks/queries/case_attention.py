"""What is left to do in one case: its notes, its open sessions, its records to review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clinical.queries.notes import UnsignedNote, unsigned_notes
from app.core.kernel.acting import Scope
from app.core.kernel.clock import wall_time
from app.core.kernel.phrases import short_day
from app.core.people import queries as people
from app.core.practice import queries as practice
from app.core.scheduling.queries import SessionView, unclosed
from app.core.tasks.rules.attention import Attention, AttentionKind, age_words


@dataclass(frozen=True, slots=True)
class When:
    """The moment of a reading: the instant, and the day on the practice's wall."""

    now: datetime
    today: date


def wall_now(session: Session, scope: Scope, now: datetime) -> datetime:
    """Return the instant ``now`` as wall time of the practice."""
    return wall_time(now, practice.practice(session, scope).zone)


def attention_of_case(
    session: Session,
    scope: Scope,
    case_id: UUID,
    unsigned: Sequence[UnsignedNote],
    to_review: Sequence[UUID],
    when: When,
) -> list[Attention]:
    """Return what is left to do in one case: its notes, its open sessions, records to review.

    ``unsigned`` are its notes that wait, ``to_review`` those of its people whose records do, as
    the caller has read already.
    """
    return [
        *(note_task(each, when) for each in unsigned if each.held_on < when.today),
        *(open_task(each, when) for each in open_sessions(session, scope, when, case_id)),
        *review_tasks(session, scope, to_review),
    ]


def waiting_notes(session: Session, scope: Scope, when: When) -> list[UnsignedNote]:
    """Return the notes of days before today that wait; oldest first."""
    if not scope.note_text:
        return []
    return [each for each in unsigned_notes(session, scope) if each.held_on < when.today]


def note_task(note: UnsignedNote, when: When) -> Attention:
    """Return what is to be done about a note."""
    verb = "Sign" if note.note_id else "Write"
    title = f"{verb} {note.held_on:%A}\u2019s note"
    if (when.today - note.held_on).days >= 7:
        title = f"{verb} the note of {short_day(note.held_on)}"
    detail = f"{note.case_title}, {age_words(note.held_on, when.today)}"
    record = _note_record(note)
    return Attention(AttentionKind.UNSIGNED_NOTE, title, detail, record, since=note.held_on)


def _note_record(note: UnsignedNote) -> tuple[str, UUID]:
    if note.note_id is not None:
        return "note", note.note_id
    if note.appointment_id is not None:
        return "appointment", note.appointment_id
    return "case", note.case_id


def open_sessions(
    session: Session, scope: Scope, when: When, case_id: UUID | None = None
) -> list[SessionView]:
    """Return the sessions of days before today that nobody closed, of one case or of all."""
    last_minute = datetime.combine(when.today, time()) - timedelta(minutes=1)
    return unclosed(session, scope, last_minute, case_id)


def open_task(found: SessionView, when: When) -> Attention:
    """Return what is to be done about a session that nobody closed."""
    title = f"Say how {found.starts:%A}\u2019s session went"
    if (when.today - found.day).days >= 7:
        title = f"Say how the session of {short_day(found.day)} went"
    record = ("appointment", found.id)
    return Attention(AttentionKind.UNCLOSED_SESSION, title, found.title, record, since=found.day)


def review_tasks(session: Session, scope: Scope, ids: Sequence[UUID]) -> Iterator[Attention]:
    """Yield what is to be done about records that came from a file."""
    names = people.names(session, scope, ids)
    for client_id in ids:
        if client_id not in names:
            continue
        yield Attention(
            AttentionKind.RECORD_TO_REVIEW,
            "Imported record to review",
            names[client_id].display,
            ("client", client_id),
        )
