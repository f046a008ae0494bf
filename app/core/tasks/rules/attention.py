"""Attention by rules, the workflow state of a case, and the next act of a session.

Nothing here is stored: a rule's task vanishes when its cause does (product: *Tasks / Needs
attention*, *Workflow state*).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.core.kernel.acting import Actor, Permission
from app.core.kernel.money import Money


class Tone(StrEnum):
    """How loudly something asks: quiet, waiting, refused, somebody asks."""

    QUIET = "QUIET"
    WARN = "WARN"
    DANGER = "DANGER"
    INFO = "INFO"


class AttentionKind(StrEnum):
    """The rules that make tasks, in the order in which they are listed."""

    TO_DECIDE = "TO_DECIDE"
    BACKUP_OVERDUE = "BACKUP_OVERDUE"
    PLAN_ENDED = "PLAN_ENDED"
    PLAN_ENDS = "PLAN_ENDS"
    OVER_PLAN = "OVER_PLAN"
    MISSING_IDENTIFIER = "MISSING_IDENTIFIER"
    UNSIGNED_NOTE = "UNSIGNED_NOTE"
    UNCLOSED_SESSION = "UNCLOSED_SESSION"
    UNPAID = "UNPAID"
    SUPERBILL_OVERSTATED = "SUPERBILL_OVERSTATED"
    RECORD_TO_REVIEW = "RECORD_TO_REVIEW"


@dataclass(frozen=True, slots=True)
class AttentionRule:
    """How a kind of task looks, what it offers, and the permission that its mend needs."""

    icon: str
    tone: Tone
    act: str
    needs: Permission


RULES: dict[AttentionKind, AttentionRule] = {
    AttentionKind.TO_DECIDE: AttentionRule(
        "columns-2", Tone.WARN, "Choose", Permission.READ_RECORDS
    ),
    AttentionKind.BACKUP_OVERDUE: AttentionRule(
        "hard-drive", Tone.DANGER, "Back up", Permission.KEEP_FILE
    ),
    AttentionKind.PLAN_ENDED: AttentionRule(
        "credit-card", Tone.DANGER, "Open", Permission.MANAGE_TEAM
    ),
    AttentionKind.PLAN_ENDS: AttentionRule("hourglass", Tone.WARN, "Open", Permission.MANAGE_TEAM),
    AttentionKind.OVER_PLAN: AttentionRule(
        "users-round", Tone.WARN, "Choose", Permission.EDIT_CLIENTS
    ),
    AttentionKind.MISSING_IDENTIFIER: AttentionRule(
        "id-card", Tone.WARN, "Add", Permission.PRACTICE_SETTINGS
    ),
    AttentionKind.UNSIGNED_NOTE: AttentionRule(
        "pencil-line", Tone.WARN, "Open", Permission.WRITE_NOTES
    ),
    AttentionKind.UNCLOSED_SESSION: AttentionRule(
        "calendar-check", Tone.WARN, "Close", Permission.SCHEDULE
    ),
    AttentionKind.UNPAID: AttentionRule("banknote", Tone.QUIET, "Take", Permission.BILL),
    AttentionKind.SUPERBILL_OVERSTATED: AttentionRule(
        "file-warning", Tone.WARN, "Open", Permission.BILL
    ),
    AttentionKind.RECORD_TO_REVIEW: AttentionRule(
        "file-search", Tone.QUIET, "Review", Permission.EDIT_CLIENTS
    ),
}

#: A session's payment is asked for again after this long; before, it is ordinary life.
UNPAID_AFTER = timedelta(days=1)
#: How many tasks of one kind stand alone before they are told as one.
SINGLY = 5


@dataclass(frozen=True, slots=True)
class Attention:
    """One task: what it is, about whom, and where its mend is.

    ``record`` is the kind and id of the record that the act opens, ``field`` the field in it.
    ``sentence`` says in full what the two lines of a list have no room for.
    """

    kind: AttentionKind
    title: str
    detail: str
    record: tuple[str, UUID] | None = None
    field: str = ""
    since: date | None = None
    sentence: str = ""

    @property
    def rule(self) -> AttentionRule:
        """Return how this kind of task looks."""
        return RULES[self.kind]


def asked_of(actor: Actor, items: Iterable[Attention]) -> tuple[Attention, ...]:
    """Return the tasks that ``actor`` may mend; of the others nothing is shown."""
    return tuple(each for each in items if actor.may(each.rule.needs))


def in_order(items: Iterable[Attention]) -> tuple[Attention, ...]:
    """Return tasks in the order of the rules; those of one rule stay as they are."""
    order = list(AttentionKind)
    return tuple(sorted(items, key=lambda each: order.index(each.kind)))


class WorkflowState(StrEnum):
    """What a case needs now; computed, never stored."""

    RECORD_TO_REVIEW = "Imported record needs review"
    NEEDS_ATTENTION = "Needs attention"
    READY_TO_SCHEDULE = "Ready to schedule"
    NOTHING_BOOKED = "Nothing booked"
    ON_TRACK = "On track"
    RESTING = "Not active"


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the workflow state of a case is computed from."""

    needs_review: bool
    active: bool
    waiting: bool
    """Prospect, intake pending or on the waitlist."""
    has_sessions: bool
    next_session: datetime | None
    unsigned: int
    unclosed: int
    owing: Money
    diagnosed: bool
    can_superbill: bool


@dataclass(frozen=True, slots=True)
class Workflow:
    """The state, the suggested next step, and the word of its link; ``act`` names what it does."""

    state: WorkflowState
    step: str
    link: str = ""
    act: str = ""

    @property
    def asks(self) -> bool:
        """Return whether the state asks for something."""
        return self.state not in (WorkflowState.ON_TRACK, WorkflowState.RESTING)


_NOTHING = "Nothing to do."
_BOOK = "Book session"


def workflow(facts: CaseFacts) -> Workflow:
    """Return the workflow state of a case: the first thing that holds it up."""
    state = WorkflowState
    undiagnosed = facts.can_superbill and facts.has_sessions and not facts.diagnosed
    steps = (
        (
            facts.needs_review,
            Workflow(
                state.RECORD_TO_REVIEW,
                "Look the imported record over.",
                "Mark as reviewed",
                "review",
            ),
        ),
        (
            facts.unclosed > 0,
            Workflow(
                state.NEEDS_ATTENTION, "Say how the last session went.", "Show", "appointments"
            ),
        ),
        (
            facts.unsigned > 0,
            Workflow(state.NEEDS_ATTENTION, "Sign the open note.", "Open note", "unsigned"),
        ),
        (
            facts.owing.cents > 0,
            Workflow(state.NEEDS_ATTENTION, f"{facts.owing} is owing.", "Take payment", "payment"),
        ),
        (
            undiagnosed,
            Workflow(
                state.NEEDS_ATTENTION,
                "Add a diagnosis; a superbill needs one.",
                "Add diagnosis",
                "diagnosis",
            ),
        ),
        (facts.next_session is not None, Workflow(state.ON_TRACK, _NOTHING)),
        (
            facts.waiting and not facts.has_sessions,
            Workflow(state.READY_TO_SCHEDULE, "Book the first session.", _BOOK, "book"),
        ),
        (facts.active, Workflow(state.NOTHING_BOOKED, "Book the next session.", _BOOK, "book")),
    )
    return next((step for holds, step in steps if holds), Workflow(state.RESTING, _NOTHING))


class NextAct(StrEnum):
    """What to do next for a session of today."""

    CONFIRM = "CONFIRM"
    ATTENDED = "ATTENDED"
    WRITE_NOTE = "WRITE_NOTE"
    SIGN_NOTE = "SIGN_NOTE"
    TAKE_PAYMENT = "TAKE_PAYMENT"
    NOTHING = "NOTHING"


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What the next act of a session is computed from."""

    open: bool
    """Scheduled or confirmed."""
    confirmed: bool
    held: bool
    begun: bool
    has_note: bool
    note_signed: bool
    owing: Money


def next_act(facts: SessionFacts) -> NextAct:
    """Return the one act that brings a session on: confirm, attended, note, payment."""
    if facts.open:
        if facts.begun:
            return NextAct.ATTENDED
        return NextAct.NOTHING if facts.confirmed else NextAct.CONFIRM
    if not facts.held:
        return NextAct.TAKE_PAYMENT if facts.owing.cents > 0 else NextAct.NOTHING
    if not facts.has_note:
        return NextAct.WRITE_NOTE
    if not facts.note_signed:
        return NextAct.SIGN_NOTE
    return NextAct.TAKE_PAYMENT if facts.owing.cents > 0 else NextAct.NOTHING


def backup_overdue(last: datetime | None, now: datetime) -> bool:
    """Return whether the last good backup is more than two days old, or there is none."""
    return last is None or now - last > timedelta(days=2)


def age_words(since: date, today: date) -> str:
    """Return how long ago ``since`` was, as a task says it."""
    days = (today - since).days
    if days <= 0:
        return "today"
    return "1 day old" if days == 1 else f"{days} days old"
