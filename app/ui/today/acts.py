"""What can be done with a session of the day, in which order: the table behind buttons and menu."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.tasks.queries import TodaySession
from app.core.tasks.rules.attention import NextAct

NOTE, CONFIRM, ATTENDED, MISSED, MISSED_CHARGED, PAYMENT, REOPEN, SHOW, RECORD = (
    "today.note",
    "today.confirm",
    "today.attended",
    "today.missed",
    "today.missed_charged",
    "today.payment",
    "today.reopen",
    "today.show",
    "today.record",
)


@dataclass(frozen=True, slots=True)
class SessionAct:
    """An act on the selected session, as the action table knows it."""

    id: str
    words: str
    icon: str
    keys: str = ""


ACTS: dict[str, SessionAct] = {
    act.id: act
    for act in (
        SessionAct(NOTE, "Open note", "pen-line", "Return"),
        SessionAct(CONFIRM, "Confirm", "circle-check", "C"),
        SessionAct(ATTENDED, "Attended", "check", "A"),
        SessionAct(MISSED, "Missed, not charged", "ban", "M"),
        SessionAct(MISSED_CHARGED, "Missed and charged", "ban", "Shift+M"),
        SessionAct(PAYMENT, "Take payment", "banknote", "P"),
        SessionAct(REOPEN, "Reopen", "rotate-ccw"),
        SessionAct(SHOW, "Show in calendar", "calendar-days", "E"),
        SessionAct(RECORD, "Open record", "user-round", "R"),
    )
}


def possible(each: TodaySession, *, may_read_notes: bool) -> list[str]:
    """Return the acts that a session allows now."""
    status = each.session.status
    acts = []
    if may_read_notes and not status.is_gone:
        acts.append(NOTE)
    if status.is_open:
        acts += [CONFIRM] if status.value == "SCHEDULED" else []
        acts += [ATTENDED, MISSED, MISSED_CHARGED]
    else:
        acts.append(REOPEN)
    if each.owing.cents > 0:
        acts.append(PAYMENT)
    return [*acts, SHOW, RECORD]


def in_front(each: TodaySession, allowed: list[str]) -> list[str]:
    """Return at most three acts that stand as buttons, the primary one first."""
    order = {
        NextAct.CONFIRM: [NOTE, CONFIRM, ATTENDED],
        NextAct.ATTENDED: [ATTENDED, NOTE, MISSED],
        NextAct.WRITE_NOTE: [NOTE, PAYMENT],
        NextAct.SIGN_NOTE: [NOTE, PAYMENT],
        NextAct.TAKE_PAYMENT: [PAYMENT, NOTE],
        NextAct.NOTHING: [NOTE, ATTENDED],
    }[each.next]
    return [act for act in order if act in allowed][:3]


def note_words(each: TodaySession) -> str:
    """Return what the note's button says."""
    return "Write note" if each.next is NextAct.WRITE_NOTE else "Open note"
