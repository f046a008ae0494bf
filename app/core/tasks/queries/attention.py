"""Needs attention: every rule's causes, read now."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.core.billing.ledger.queries.charges import owing_cases
from app.core.billing.superbills.queries.issued import showing_more_than_paid
from app.core.cases import queries as cases
from app.core.kernel.acting import Scope
from app.core.kernel.entitlement import Entitlement
from app.core.kernel.phrases import short_day
from app.core.people import queries as people
from app.core.practice import queries as practice
from app.core.store.ports import ports_of
from app.core.tasks.queries.case_attention import (
    When,
    note_task,
    open_sessions,
    open_task,
    review_tasks,
    waiting_notes,
)
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
    waiting = people.waiting_for_room(session, scope)
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


def _notes(session: Session, scope: Scope, when: When) -> Iterator[Attention]:
    found = waiting_notes(session, scope, when)
    yield from (note_task(each, when) for each in found[:SINGLY])
    yield from _others(AttentionKind.UNSIGNED_NOTE, len(found), "notes to sign")


def _unclosed(session: Session, scope: Scope, when: When) -> Iterator[Attention]:
    found = open_sessions(session, scope, when)
    yield from (open_task(each, when) for each in found[:SINGLY])
    yield from _others(AttentionKind.UNCLOSED_SESSION, len(found), "sessions still open")


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
            "Superbill to replace",
            f"{each.number} shows too much",
            ("superbill", each.superbill_id),
        )


def _to_review(session: Session, scope: Scope) -> Iterator[Attention]:
    ids = people.needing_review(session, scope)
    if len(ids) > SINGLY:
        yield Attention(
            AttentionKind.RECORD_TO_REVIEW,
            f"{len(ids)} records to review",
            "Imported: names, birth dates",
        )
        return
    yield from review_tasks(session, scope, ids)


def _others(kind: AttentionKind, count: int, words: str) -> Iterator[Attention]:
    if count > SINGLY:
        yield Attention(kind, f"{count} {words}", f"{count - SINGLY} more than are listed here")
