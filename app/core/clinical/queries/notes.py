"""Read notes: one to edit or read, those of a case or client, and which are still to be signed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.cases.queries import titles
from app.core.cases.rules import CLINICAL_KINDS, NEEDS_IDENTIFIED_PATIENT
from app.core.cases.tables import Case, CaseParticipant
from app.core.clinical.queries.left_drafts import may_discard
from app.core.clinical.rules.notes import (
    NoteFormat,
    NoteKind,
    NoteStatus,
    opening_words,
    plan_text,
)
from app.core.clinical.tables import Amendment, AmendmentDraft, Note
from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotAllowed, NotFound
from app.core.scheduling.rules.status import AppointmentStatus
from app.core.scheduling.tables import Appointment
from app.core.store.reading import visible_cases

#: Notes that a list reads at once; older ones are asked for.
PAGE = 100
#: How long before the last session held a missing note is still looked for.
UNSIGNED_FOR = timedelta(days=366)

_NO_TEXT = "Your role in this practice does not include reading notes."
_NEWEST = (Note.held_on.desc(), Note.id.desc())


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """What was added to a signed note, by whom and when (UTC)."""

    id: UUID
    text: str
    author_name: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note to write or to read.

    ``hash`` is that of the kept draft, to be handed to *sign*; of a signed note, the one signed.
    ``may_discard`` is true of one's own draft and of one that was left (see ``left_drafts``).
    ``subject_id`` is the person whose diagnoses stand above it, if the case has such a person;
    ``lacks_patient`` says that nobody chose the identified patient yet; ``amendment_draft`` is
    what the reader has begun to add to a signed note.
    """

    id: UUID
    case_id: UUID
    case_title: str
    appointment_id: UUID | None
    client_id: UUID | None
    subject_id: UUID | None
    lacks_patient: bool
    kind: NoteKind
    format: NoteFormat
    status: NoteStatus
    sections: Mapping[str, str]
    held_on: date
    starts: datetime | None
    revision: int
    hash: str
    signed_at: datetime | None
    signed_name: str
    amendments: tuple[AmendmentView, ...]
    amendment_draft: str
    may_change: bool
    may_discard: bool

    @property
    def is_draft(self) -> bool:
        """Return whether it can still be written."""
        return self.status is NoteStatus.DRAFT


@dataclass(frozen=True, slots=True)
class NoteHead:
    """A note in a list. ``opening`` is empty for readers without the right to note text."""

    id: UUID
    case_id: UUID
    appointment_id: UUID | None
    kind: NoteKind
    format: NoteFormat
    status: NoteStatus
    held_on: date
    signed_name: str
    amendments: int
    opening: str


@dataclass(frozen=True, slots=True)
class LastPlan:
    """What the last signed note of a case says of the time ahead."""

    note_id: UUID
    held_on: date
    text: str


@dataclass(frozen=True, slots=True)
class UnsignedNote:
    """A session held whose note waits: begun (``note_id``) or not yet."""

    case_id: UUID
    case_title: str
    appointment_id: UUID | None
    note_id: UUID | None
    held_on: date


def note(session: Session, scope: Scope, note_id: UUID) -> NoteView:
    """Return one note with its amendments.

    Raises ``NotFound``, and ``NotAllowed`` for a role that reads no note text.
    """
    if not scope.note_text:
        raise NotAllowed(_NO_TEXT)
    row = session.scalars(select(Note).where(Note.id == note_id, _visible(scope))).one_or_none()
    if row is None:
        raise NotFound("This note is no longer there; go back and choose it again.")
    starts = _starts(session, row.appointment_id)
    draft = row.status is NoteStatus.DRAFT
    held_on = starts.date() if draft and starts is not None else row.held_on
    subject_id, lacks_patient = _subject(session, row)
    return NoteView(
        id=row.id,
        case_id=row.case_id,
        case_title=titles(session, scope, [row.case_id])[row.case_id],
        appointment_id=row.appointment_id,
        client_id=row.client_id,
        subject_id=subject_id,
        lacks_patient=lacks_patient,
        kind=row.kind,
        format=row.format,
        status=row.status,
        sections=row.sections,
        held_on=held_on,
        starts=starts,
        revision=row.revision,
        hash=row.as_of(held_on).hash if draft else row.signed_hash,
        signed_at=row.signed_at,
        signed_name=row.signed_name,
        amendments=_amendments(session, row.id),
        amendment_draft=_amendment_draft(session, scope, row.id),
        may_change=row.author_id == scope.member_id,
        may_discard=may_discard(session, scope, row.id),
    )


def signed_before(
    session: Session, scope: Scope, case_id: UUID, note_id: UUID | None = None
) -> list[NoteHead]:
    """Return the case's signed notes to read beside ``note_id``, the latest first.

    Only notes of the same day or earlier ones, never ``note_id`` itself.
    """
    wanted = and_(Note.case_id == case_id, Note.status == NoteStatus.SIGNED)
    if note_id is not None:
        held_on = select(Note.held_on).where(Note.id == note_id).scalar_subquery()
        wanted = and_(wanted, Note.id != note_id, Note.held_on <= held_on)
    return _heads(session, scope, wanted, PAGE)


def notes_of_case(
    session: Session, scope: Scope, case_id: UUID, limit: int = PAGE
) -> list[NoteHead]:
    """Return the notes of a case, the latest first."""
    return _heads(session, scope, Note.case_id == case_id, limit)


def notes_of_client(
    session: Session, scope: Scope, client_id: UUID, limit: int = PAGE
) -> list[NoteHead]:
    """Return the notes of all cases of a client, the latest first.

    A note about another person of a couple or family alone is not among them.
    """
    cases = select(CaseParticipant.case_id).where(CaseParticipant.client_id == client_id)
    wanted = and_(
        Note.case_id.in_(cases), or_(Note.client_id.is_(None), Note.client_id == client_id)
    )
    return _heads(session, scope, wanted, limit)


def note_statuses(
    session: Session, scope: Scope, appointment_ids: Collection[UUID]
) -> dict[UUID, NoteStatus]:
    """Return, for the sessions that have one, whether their note is signed or still a draft.

    Of several notes the one that is not yet signed counts.
    """
    rows = session.execute(
        select(Note.appointment_id, func.min(Note.status))
        .where(
            Note.practice_id == scope.practice_id,
            Note.appointment_id.in_(list(appointment_ids)),
            visible_cases(scope, Note.case_id),
        )
        .group_by(Note.appointment_id)
    )
    # DRAFT comes before SIGNED in the alphabet as well.
    return {found: NoteStatus(status) for found, status in rows if found is not None}


def draft_of_session(session: Session, scope: Scope, appointment_id: UUID) -> UUID | None:
    """Return the reader's own draft for a session, if one was begun."""
    own = select(Note.id).where(
        Note.appointment_id == appointment_id,
        Note.author_id == scope.member_id,
        Note.status == NoteStatus.DRAFT,
        _visible(scope),
    )
    # The first one is chosen here: for an ORDER BY, SQLite would walk all notes by their ids.
    return min(session.scalars(own), default=None)


def last_plans(session: Session, scope: Scope, case_ids: Collection[UUID]) -> dict[UUID, LastPlan]:
    """Return what the last signed note of each case says of the time ahead; none without text."""
    if not scope.note_text:
        return {}
    inner = aliased(Note)
    latest = (
        select(inner.id)
        .where(inner.case_id == Case.id, inner.status == NoteStatus.SIGNED)
        .order_by(inner.held_on.desc(), inner.id.desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )
    ids = select(latest).where(Case.id.in_(list(case_ids)), visible_cases(scope, Case.id))
    rows = session.execute(
        select(Note.case_id, Note.id, Note.held_on, Note.sections).where(Note.id.in_(ids))
    )
    plans = {
        case_id: LastPlan(note_id, held_on, plan_text(sections))
        for case_id, note_id, held_on, sections in rows
    }
    return {case_id: plan for case_id, plan in plans.items() if plan.text}


def unsigned_notes(session: Session, scope: Scope) -> list[UnsignedNote]:
    """Return sessions held without a signed note, and other drafts, the oldest first.

    Sessions without any note are looked for in the year before the last one held, so that the
    answer takes as long in year ten as in week two; drafts are found of whatever age. Who reads
    no note has none to write.
    """
    found = unsigned(session, scope)
    called = titles(session, scope, {each.case_id for each in found})
    return [each.of(called[each.case_id]) for each in found]


class Unsigned(NamedTuple):
    """An ``UnsignedNote`` before its case is named."""

    case_id: UUID
    appointment_id: UUID | None
    note_id: UUID | None
    held_on: date

    def of(self, case_title: str) -> UnsignedNote:
        """Return it with the name of its case."""
        return UnsignedNote(
            self.case_id, case_title, self.appointment_id, self.note_id, self.held_on
        )


def unsigned(session: Session, scope: Scope) -> list[Unsigned]:
    """Return what ``unsigned_notes`` does, without naming the cases."""
    if not scope.note_text:
        return []
    drafts = session.execute(
        select(Note.case_id, Note.appointment_id, Note.id, Note.held_on).where(
            Note.practice_id == scope.practice_id,
            Note.status == NoteStatus.DRAFT,
            _visible(scope),
        )
    )
    found = [Unsigned(*row) for row in drafts]
    found += _held_without_note(session, scope)
    return sorted(found, key=lambda each: each.held_on)


def _held_without_note(session: Session, scope: Scope) -> list[Unsigned]:
    held = (
        Appointment.practice_id == scope.practice_id,
        Appointment.status == AppointmentStatus.COMPLETED,
    )
    last: datetime | None = session.scalar(select(func.max(Appointment.starts)).where(*held))
    if last is None:
        return []
    has_note = exists().where(
        Note.practice_id == scope.practice_id,
        Note.appointment_id == Appointment.id,
        Note.deleted_at.is_(None),
    )
    rows = session.execute(
        select(Appointment.case_id, Appointment.id, Appointment.starts).where(
            *held,
            Appointment.starts >= last - UNSIGNED_FOR,
            ~has_note,
            visible_cases(scope, Appointment.case_id),
        )
    )
    return [Unsigned(case_id, held_id, None, starts.date()) for case_id, held_id, starts in rows]


def broken_signatures(session: Session, scope: Scope) -> list[UUID]:
    """Return signed notes whose text is not the one that was signed; empty is as it should be."""
    signed = select(Note).where(
        Note.practice_id == scope.practice_id, Note.status == NoteStatus.SIGNED, _visible(scope)
    )
    rows = session.scalars(signed.execution_options(yield_per=500))
    return [row.id for row in rows if row.as_of(row.held_on).hash != row.signed_hash]


def _visible(scope: Scope) -> ColumnElement[bool]:
    return visible_cases(scope, Note.case_id) if scope.note_text else false()


def _starts(session: Session, appointment_id: UUID | None) -> datetime | None:
    if appointment_id is None:
        return None
    wanted = select(Appointment.starts).where(Appointment.id == appointment_id)
    return session.scalars(wanted).one_or_none()


def _subject(session: Session, row: Note) -> tuple[UUID | None, bool]:
    case = session.scalars(select(Case).where(Case.id == row.case_id)).one()
    if case.kind not in CLINICAL_KINDS:
        return None, False
    subject_id = row.client_id or case.identified_client_id
    return subject_id, subject_id is None and case.kind in NEEDS_IDENTIFIED_PATIENT


def _amendments(session: Session, note_id: UUID) -> tuple[AmendmentView, ...]:
    rows = session.scalars(
        select(Amendment)
        .where(Amendment.note_id == note_id)
        .order_by(Amendment.written_at, Amendment.id)
    )
    return tuple(AmendmentView(row.id, row.text, row.author_name, row.written_at) for row in rows)


def _amendment_draft(session: Session, scope: Scope, note_id: UUID) -> str:
    own = select(AmendmentDraft.text).where(
        AmendmentDraft.note_id == note_id, AmendmentDraft.author_id == scope.member_id
    )
    return session.scalars(own.order_by(AmendmentDraft.id).limit(1)).one_or_none() or ""


def _heads(
    session: Session, scope: Scope, wanted: ColumnElement[bool], limit: int
) -> list[NoteHead]:
    columns: Sequence[Any] = (
        Note.id,
        Note.case_id,
        Note.appointment_id,
        Note.kind,
        Note.format,
        Note.status,
        Note.held_on,
        Note.signed_name,
        Note.sections,
    )
    rows = session.execute(
        select(*columns)
        .where(Note.practice_id == scope.practice_id, wanted, _visible(scope))
        .order_by(*_NEWEST)
        .limit(limit)
    ).all()
    amendments = _amendment_counts(session, [row.id for row in rows])
    return [
        NoteHead(
            id=row.id,
            case_id=row.case_id,
            appointment_id=row.appointment_id,
            kind=row.kind,
            format=row.format,
            status=row.status,
            held_on=row.held_on,
            signed_name=row.signed_name,
            amendments=amendments.get(row.id, 0),
            opening=opening_words(row.sections),
        )
        for row in rows
    ]


def _amendment_counts(session: Session, note_ids: list[UUID]) -> dict[UUID, int]:
    counted = session.execute(
        select(Amendment.note_id, func.count())
        .where(Amendment.note_id.in_(note_ids))
        .group_by(Amendment.note_id)
    )
    return {note_id: count for note_id, count in counted}  # noqa: C416 - rows are not pairs to mypy
