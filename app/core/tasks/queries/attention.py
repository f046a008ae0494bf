"""Needs attention: every rule's causes, read now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.billing.ledger.queries.charges import owing_cases
from app.core.billing.superbills.queries.issued import showing_more_than_paid
from app.core.cases import queries as cases
from app.core.clinical.queries.notes import UnsignedNote, unsigned_notes
from app.core.kernel.acting import Scope
from app.core.kernel.clock import wall_time
from app.core.kernel.entitlement import Entitlement
from app.core.kernel.phrases import short_day
from app.core.people import queries as people
from app.core.people.rules import Lifecycle
from app.core.people.tables import Client
from app.core.practice import queries as practice
from app.core.scheduling.queries import SessionView, unclosed
from app.core.store.ports import ports_of
from app.core.tasks.queries.inbox import inbox
from app.core.tasks.rules.attention import (
    SINGLY,
    UNPAID_AFTER,
    Attention,
    AttentionKind,
    age_words,
    backup_overdue,
)
from app.core.team import queries as team


@dataclass(frozen=True, slots=True)
class When:
    """The moment of a reading: the instant, and the day on the practice's wall."""

    now: datetime
    today: date


def wall_now(session: Session, scope: Scope, now: datetime) -> datetime:
    """Return the instant ``now`` as wall time of the practice."""
    return wall_time(now, practice.practice(session, scope).zone)


def attention(
    session: Session, scope: Scope, entitlement: Entitlement, when: When
) -> list[Attention]:
    """Return everything that needs attention, in the order of the rules, oldest first."""
    return [
        *_to_decide(session, scope),
        *_backup(session, entitlement, when),
        *_over_plan(session, scope, entitlement),
        *_identifiers(session, scope),
        *_notes(session, scope, when),
        *_unclosed(session, scope, when),
        *_unpaid(session, scope, when),
        *_overstated(session, scope),
        *_to_review(session, scope),
    ]


def _to_decide(session: Session, scope: Scope) -> Iterator[Attention]:
    for row in inbox(session, scope):
        yield Attention(
            AttentionKind.TO_DECIDE,
            row.title,
            row.about,
            record=("inbox_item", row.id),
            since=row.made_at.date(),
        )


def _backup(session: Session, entitlement: Entitlement, when: When) -> Iterator[Attention]:
    last = ports_of(session).last_backup
    if not entitlement.demo and backup_overdue(last, when.now):
        detail = (
            f"The last one is {age_words(last.date(), when.today)}" if last else "There is none yet"
        )
        yield Attention(AttentionKind.BACKUP_OVERDUE, "Backup is overdue", detail, field="backup")


def _over_plan(session: Session, scope: Scope, entitlement: Entitlement) -> Iterator[Attention]:
    waiting = session.scalar(
        select(func.count())
        .select_from(Client)
        .where(
            Client.practice_id == scope.practice_id,
            Client.awaits_place,
            Client.lifecycle == Lifecycle.INACTIVE,
        )
    )
    if waiting and entitlement.active_clients is not None:
        words = f"Over your plan: {waiting} imported"
        yield Attention(AttentionKind.OVER_PLAN, "Choose who is active", words)


def _identifiers(session: Session, scope: Scope) -> Iterator[Attention]:
    profile = practice.practice(session, scope)
    owner = team.owner(session, scope)
    wanted = (
        ("tax_id", "Tax ID is missing", profile.fields.tax_id, ("practice", profile.id)),
        (
            "address1",
            "Address is missing",
            profile.fields.address1,
            ("practice", profile.id),
        ),
        ("phone", "Phone is missing", profile.fields.phone, ("practice", profile.id)),
        ("npi", "NPI is missing", owner.npi, ("member", owner.id)),
        (
            "license",
            "License is missing",
            team.licenses(session, scope, owner.id),
            ("member", owner.id),
        ),
    )
    for field, title, value, record in wanted:
        if not value:
            yield Attention(
                AttentionKind.MISSING_IDENTIFIER, title, "Superbills need it", record, field
            )


def attention_of_case(
    session: Session, scope: Scope, case_id: UUID, client_ids: Collection[UUID], when: When
) -> list[Attention]:
    """Return what is left to do in one case: its notes, its open sessions, records to review."""
    waiting = set(people.needing_review(session, scope)).intersection(client_ids)
    return [
        *(_note_task(each, when) for each in _waiting_notes(session, scope, when, case_id)),
        *(_open_task(each, when) for each in _open_sessions(session, scope, when, case_id)),
        *_review_tasks(session, scope, sorted(waiting)),
    ]


def _notes(session: Session, scope: Scope, when: When) -> Iterator[Attention]:
    found = _waiting_notes(session, scope, when)
    yield from (_note_task(each, when) for each in found[:SINGLY])
    yield from _others(AttentionKind.UNSIGNED_NOTE, len(found), "notes to sign")


def _waiting_notes(
    session: Session, scope: Scope, when: When, case_id: UUID | None = None
) -> list[UnsignedNote]:
    if not scope.note_text:
        return []
    return [
        each
        for each in unsigned_notes(session, scope)
        if each.held_on < when.today and case_id in (None, each.case_id)
    ]


def _note_task(note: UnsignedNote, when: When) -> Attention:
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


def _unclosed(session: Session, scope: Scope, when: When) -> Iterator[Attention]:
    found = _open_sessions(session, scope, when)
    yield from (_open_task(each, when) for each in found[:SINGLY])
    yield from _others(AttentionKind.UNCLOSED_SESSION, len(found), "sessions still open")


def _open_sessions(
    session: Session, scope: Scope, when: When, case_id: UUID | None = None
) -> list[SessionView]:
    return [
        each
        for each in unclosed(session, scope, wall_now(session, scope, when.now))
        if each.day < when.today and case_id in (None, each.case_id)
    ]


def _open_task(found: SessionView, when: When) -> Attention:
    title = f"Say how {found.starts:%A}\u2019s session went"
    if (when.today - found.day).days >= 7:
        title = f"Say how the session of {short_day(found.day)} went"
    record = ("appointment", found.id)
    return Attention(AttentionKind.UNCLOSED_SESSION, title, found.title, record, since=found.day)


def _unpaid(session: Session, scope: Scope, when: When) -> Iterator[Attention]:
    due = when.today - UNPAID_AFTER
    found = [owed for owed in owing_cases(session, scope) if owed.since <= due]
    titles = cases.titles(session, scope, {owed.case_id for owed in found[:SINGLY]})
    for owed in found[:SINGLY]:
        detail = f"{titles.get(owed.case_id, '')}, since {short_day(owed.since)}"
        yield Attention(
            AttentionKind.UNPAID,
            f"{owed.amount} owing",
            detail,
            ("case", owed.case_id),
            since=owed.since,
        )
    yield from _others(AttentionKind.UNPAID, len(found), "clients owe money")


def _overstated(session: Session, scope: Scope) -> Iterator[Attention]:
    for each in showing_more_than_paid(session, scope)[:SINGLY]:
        yield Attention(
            AttentionKind.SUPERBILL_OVERSTATED,
            f"Superbill {each.number} shows more than was paid",
            "A payment on it was taken back",
            ("superbill", each.superbill_id),
        )


def _to_review(session: Session, scope: Scope) -> Iterator[Attention]:
    ids = people.needing_review(session, scope)
    if len(ids) > SINGLY:
        yield Attention(
            AttentionKind.RECORD_TO_REVIEW,
            f"{len(ids)} imported records to review",
            "Names, birth dates, who is active",
        )
        return
    yield from _review_tasks(session, scope, ids)


def _review_tasks(session: Session, scope: Scope, ids: Sequence[UUID]) -> Iterator[Attention]:
    names = people.names(session, scope, ids)
    for client_id in ids:
        yield Attention(
            AttentionKind.RECORD_TO_REVIEW,
            "Imported record to review",
            names[client_id].display,
            ("client", client_id),
        )


def _others(kind: AttentionKind, count: int, words: str) -> Iterator[Attention]:
    if count > SINGLY:
        yield Attention(kind, f"{count} {words}", f"{count - SINGLY} more than are listed here")
