"""The day in words and rows: what each line of Today says. Pure functions, no Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.core.billing.ledger.queries.balances import Balance
from app.core.clinical.rules.notes import NoteStatus
from app.core.practice.rules.places import SessionFormat
from app.core.scheduling.queries import SessionView
from app.core.scheduling.rules.status import AppointmentStatus
from app.core.tasks.queries import SessionContext, Today, TodaySession
from app.core.tasks.rules.attention import NextAct
from app.ui.widgets.phrases import clock_range, counted, long_day, plural, time_words
from app.ui.widgets.status import Status, Tone

NOW, SESSION, FOLLOWING = "now", "session", "following"

_FORMAT_ICONS = {
    SessionFormat.IN_PERSON: "map-pin",
    SessionFormat.VIDEO: "video",
    SessionFormat.PHONE: "phone",
}
_STATUSES = {
    AppointmentStatus.SCHEDULED: Status("circle-dashed", "Scheduled", Tone.QUIET),
    AppointmentStatus.CONFIRMED: Status("circle-check", "Confirmed", Tone.ACCENT),
    AppointmentStatus.COMPLETED: Status("circle-check", "Attended", Tone.QUIET),
    AppointmentStatus.NO_SHOW: Status("ban", "No-show", Tone.QUIET),
    AppointmentStatus.LATE_CANCELED: Status("clock", "Canceled late", Tone.WARN),
    AppointmentStatus.CANCELED: Status("ban", "Canceled", Tone.QUIET),
}


@dataclass(frozen=True, slots=True)
class DayLine:
    """One line of the day. ``act`` is the word of its link, done by ``next``."""

    kind: str
    time: str = ""
    session_id: UUID | None = None
    title: str = ""
    detail: str = ""
    icon: str = ""
    color: str = ""
    status: Status | None = None
    aside: str = ""
    act: str = ""
    next: NextAct = NextAct.NOTHING
    past: bool = False
    gone: bool = False
    is_next: bool = False

    def spoken(self) -> str:
        """Return the line as a screen reader says it."""
        status = self.status.words if self.status else ""
        parts = (self.time, self.title, self.detail, status, self.aside, self.act)
        return ", ".join(part for part in parts if part)


def day_lines(today: Today, now: datetime, here: datetime) -> list[DayLine]:
    """Return the lines of the day. ``now`` is the instant, ``here`` the wall time of it."""
    upcoming = today.upcoming(now)
    lines: list[DayLine] = []
    marked = False
    for each in today.sessions:
        if not marked and each.session.starts_at > now:
            lines.append(DayLine(NOW, time=time_words(here)[:-3], title="Now"))
            marked = True
        lines.append(_session_line(each, now, is_next=each is upcoming))
    if today.sessions and not marked:
        lines.append(DayLine(NOW, time=time_words(here)[:-3], title="Now"))
    if today.following:
        lines.append(_following_line(today.following))
    return lines


def _session_line(each: TodaySession, now: datetime, *, is_next: bool) -> DayLine:
    session = each.session
    gone = session.status.is_gone
    aside, act = _aside(each, now, is_next=is_next)
    return DayLine(
        SESSION,
        time=time_words(session.starts),
        session_id=session.id,
        title=session.title,
        detail=f"{session.case_kind.label} · {_place(session)}",
        icon=_FORMAT_ICONS.get(session.format, "map-pin") if session.format else "map-pin",
        color="line.strong" if gone else f"calendar.{session.color.value}.bar",
        status=status_of(each),
        aside=aside,
        act=act,
        next=each.next,
        past=session.ends_at <= now and not is_next,
        gone=gone,
        is_next=is_next,
    )


def _place(session: SessionView) -> str:
    if session.status.is_gone:
        return "charged" if session.is_charged else "no fee"
    if session.format in (SessionFormat.VIDEO, SessionFormat.PHONE):
        return session.format.label.lower()
    return session.location_name or "no place yet"


def status_of(each: TodaySession) -> Status:
    """Return where a session stands: its note if that waits, else its status."""
    if each.next is NextAct.WRITE_NOTE:
        return Status("pen-line", "Note to write", Tone.WARN)
    if each.next is NextAct.SIGN_NOTE or each.note is NoteStatus.DRAFT:
        return Status("pen-line", "Note to sign", Tone.WARN)
    return _STATUSES[each.session.status]


def _aside(each: TodaySession, now: datetime, *, is_next: bool) -> tuple[str, str]:
    """Return the second line at the right: words, or the word of a link."""
    if is_next and each.session.status.is_open:
        return until(each.session, now), ""
    if each.next is NextAct.ATTENDED:
        return "", "Attended"
    if each.next is NextAct.CONFIRM:
        return "", "Confirm"
    if each.owing.cents > 0:
        return "", f"Take {each.owing}"
    return (str(each.charged), "") if each.charged else ("", "")


def until(session: SessionView, now: datetime) -> str:
    """Return how far a session is: ``in 12 min``, ``now, until 12:20 PM``, ``ended 9:50 AM``."""
    if session.ends_at <= now:
        return f"ended {time_words(session.ends)}"
    if session.starts_at <= now:
        return f"until {time_words(session.ends)}"
    minutes = int((session.starts_at - now).total_seconds() + 59) // 60
    if minutes < 60:
        return f"in {minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"in {hours} h {rest} min" if rest else f"in {hours} h"


def _following_line(following: tuple[SessionView, ...]) -> DayLine:
    first = following[0]
    count = counted(len(following)).capitalize()
    noun = "session" if len(following) == 1 else "sessions"
    at = "at" if len(following) == 1 else "the first at"
    words = f"{count} {noun}, {at} {time_words(first.starts)}."
    day = f"{first.starts:%a} {first.starts.day}"
    return DayLine(FOLLOWING, time=day, session_id=first.id, title=words, act="Show")


def summary(today: Today, now: datetime) -> str:
    """Return the day in a sentence: ``Three sessions done, four to come.``"""
    kept = [each.session for each in today.sessions if not each.session.status.is_gone]
    if not kept:
        return "No sessions today."
    done = sum(session.ends_at <= now for session in kept)
    ahead = len(kept) - done
    if not done:
        return f"{_sessions(ahead)} to come."
    if not ahead:
        return f"{_sessions(done)} done, nothing to come."
    return f"{_sessions(done)} done, {counted(ahead)} to come."


def _sessions(count: int) -> str:
    return f"{counted(count).capitalize()} {'session' if count == 1 else 'sessions'}"


def title(today: Today) -> str:
    """Return ``Thursday, November 19``."""
    return long_day(today.day)


# The context of a session


@dataclass(frozen=True, slots=True)
class DiagnosisLine:
    """A diagnosis of a person; ``whose`` only where several people are in the session."""

    code: str
    description: str
    since: str
    whose: str = ""


@dataclass(frozen=True, slots=True)
class ContextWords:
    """What the context pane says, line by line."""

    title: str
    pronouns: str
    detail: str
    when: str
    balance: str
    diagnoses: tuple[DiagnosisLine, ...] = field(default_factory=tuple)


def context_words(context: SessionContext, now: datetime) -> ContextWords:
    """Return the words of the context pane."""
    session = context.today.session
    several = len(context.people) > 1
    ages = [plural(person.age, "year") for person in context.people if person.age is not None]
    place = session.format.label.lower() if session.format else session.location_name
    time = clock_range(session.starts, session.ends) + (f", {place}" if place else "")
    parts = [*(ages if not several else []), f"{ordinal(context.number)} session", time]
    pronouns = " · ".join(person.pronouns for person in context.people if person.pronouns)
    return ContextWords(
        title=session.title,
        pronouns=pronouns,
        detail=" · ".join(parts),
        when=until(session, now),
        balance=balance_words(context.balance),
        diagnoses=tuple(
            DiagnosisLine(
                each.code,
                each.description,
                f"since {each.valid_from:%b} {each.valid_from.day}"
                + (
                    f", {each.valid_from.year}"
                    if each.valid_from.year != session.starts.year
                    else ""
                ),
                person.name if several else "",
            )
            for person in context.people
            for each in person.diagnoses
        ),
    )


def balance_words(balance: Balance) -> str:
    """Return what is owing and what is left as credit."""
    owing = f"{balance.owing} owing" if balance.owing.cents > 0 else "Nothing owing"
    return f"{owing}, credit {balance.credit}" if balance.credit.cents > 0 else owing


def ordinal(number: int) -> str:
    """Return ``1st``, ``2nd``, ``11th``."""
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd'}).get(number % 10, 'th')}"
