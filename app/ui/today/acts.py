"""What can be done with a session of the day, in which order: the table behind buttons and menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.core.kernel.acting import Permission
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
    needs: Permission
    keys: str = ""


ACTS: dict[str, SessionAct] = {
    act.id: act
    for act in (
        SessionAct(NOTE, "Open note", "pen-line", Permission.READ_NOTES, "Return"),
        SessionAct(CONFIRM, "Confirm", "circle-check", Permission.SCHEDULE, "C"),
        SessionAct(ATTENDED, "Attended", "check", Permission.SCHEDULE, "A"),
        SessionAct(MISSED, "Missed, not charged", "ban", Permission.SCHEDULE, "M"),
        SessionAct(MISSED_CHARGED, "Missed and charged", "ban", Permission.SCHEDULE, "Shift+M"),
        SessionAct(PAYMENT, "Take payment", "banknote", Permission.BILL, "P"),
        SessionAct(REOPEN, "Reopen", "rotate-ccw", Permission.SCHEDULE),
        SessionAct(SHOW, "Show in calendar", "calendar-days", Permission.SCHEDULE, "E"),
        SessionAct(RECORD, "Open record", "user-round", Permission.READ_RECORDS, "R"),
    )
}


def possible(each: TodaySession, may: Callable[[Permission], bool]) -> list[str]:
    """Return the acts that a session allows now to who ``may`` do them."""
    status = each.session.status
    acts = []
    if not status.is_gone:
        acts.append(NOTE)
    if status.is_open:
        acts += [CONFIRM] if status.value == "SCHEDULED" else []
        acts += [ATTENDED, MISSED, MISSED_CHARGED]
    else:
        acts.append(REOPEN)
    if each.owing.cents > 0:
        acts.append(PAYMENT)
    return [act for act in (*acts, SHOW, RECORD) if may(ACTS[act].needs)]


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
