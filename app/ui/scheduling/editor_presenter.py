"""The appointment editor's behaviour: what is typed, what is in its way, what is booked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.core.cases.queries import CaseView
from app.core.kernel.canonical import from_plain, to_plain
from app.core.kernel.changes import Outcome
from app.core.kernel.desk import Desk
from app.core.kernel.errors import UserError
from app.core.practice.queries import LocationView, ServiceView
from app.core.practice.rules.places import SessionFormat
from app.core.scheduling import commands, queries
from app.core.scheduling.queries import (
    BookingChoices,
    CalendarView,
    SessionDetail,
    SessionView,
)
from app.core.scheduling.rules.booking import Line
from app.core.scheduling.rules.openings import free_starts, next_start
from app.core.scheduling.rules.recurrence import Repeat, check_repeat
from app.core.scheduling.rules.walltime import (
    fold_notice,
    gap_notice,
    minutes_between,
    place,
)
from app.ui.scheduling.typed_session import (
    USUAL_MINUTES,
    Typed,
    as_booking,
    as_details,
    first_session,
    typed_of,
)
from app.ui.scheduling.words import taken_by
from app.ui.shell.form_presenter import FormPresenter, Later, at_once
from app.ui.shell.presenter import Deliver

#: The editor's fields that say when it is.
_TIMES = frozenset({"date", "starts", "ends"})


class EditorPresenter(FormPresenter):
    """Books a session or a series, or changes one that is booked.

    What was left half-way belongs to the session that is changed, or to whom a new one was asked
    for: words about one client never come up beside another.
    """

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        *,
        starts: datetime | None = None,
        minutes: int | None = None,
        case_id: UUID | None = None,
        client_id: UUID | None = None,
        session_id: UUID | None = None,
        did: Callable[[Outcome[Any]], None] | None = None,
        later: Later = at_once,
        unkept: Callable[[Exception], None] | None = None,
    ) -> None:
        about = session_id or case_id or client_id
        key = f"appointment/{about or 'new'}"
        super().__init__(desk, deliver, key, did=did, later=later, unkept=unkept)
        self.session_id = session_id
        self._client_id = client_id
        self.choices: BookingChoices | None = None
        self.before: SessionDetail | None = None
        self._proposes_time = starts is None and session_id is None
        self._asked_for = (starts, minutes)
        self.typed = Typed(starts or self._next_hour(), minutes or USUAL_MINUTES, case_id)
        self._length_is_chosen = minutes is not None
        self.conflicts: tuple[SessionView, ...] = ()
        self.day: CalendarView | None = None
        self.error: UserError | None = None
        self.saved: Callable[[UUID], None] | None = None
        """Hears which session was booked or changed: of a series the first one."""

    def _next_hour(self) -> datetime:
        now = self.now()
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)

    # Reading

    def refresh(self) -> None:
        """Read what can be chosen, the session to be changed, and the day beside it."""
        self.read("choices", queries.booking_choices, then=self._have_choices)
        if self.session_id is not None and self.before is None:
            today = self.now().date()
            self.read(
                "session",
                queries.session_detail,
                self.session_id,
                today,
                then=self._have_session,
            )
        self._look_around()

    def _have_choices(self, choices: BookingChoices) -> None:
        self.choices = choices
        if self._client_id is not None and self.typed.case_id is None:
            self.typed = replace(self.typed, case_id=self._case_of(self._client_id))
        if self.session_id is None:
            self._fill_in()
            self._propose_time(choices)
        self._begin_when_read()
        self.changed()

    def _begin_when_read(self) -> None:
        if self.choices is not None and (self.session_id is None or self.before is not None):
            self.begin()

    def _propose_time(self, choices: BookingChoices) -> None:
        """Begin within the opening hours, where nobody said when."""
        if not self._proposes_time:
            return

        def opened(day: date) -> list[tuple[time, time]]:
            return [(e.opens, e.closes) for e in choices.hours if e.weekday == day.weekday()]

        self._set(starts=next_start(self.now(), opened, self.typed.minutes))

    def _case_of(self, client_id: UUID) -> UUID | None:
        """Return the client's own open case, else one that they share."""
        cases = self.choices.cases if self.choices else ()
        theirs = [each for each in cases if client_id in {person.id for person in each.people}]
        return min(theirs, key=lambda each: len(each.people)).id if theirs else None

    def _have_session(self, detail: SessionDetail) -> None:
        self.before = detail
        self._length_is_chosen = True
        self.typed = typed_of(detail)
        self._begin_when_read()
        self.changed()
        self._look_around()

    def _fill_in(self) -> None:
        """Take what the case usually has, where nothing was chosen yet."""
        case = self.case
        if self.choices is None:
            return
        services = [each.id for each in self.choices.services]
        if not self.typed.lines and services:
            usual = case.default_service_id if case else None
            self._set_lines((Line(usual if usual in services else services[0]),))
        locations = [each.id for each in self.choices.locations]
        if self.typed.location_id is None and locations:
            usual = case.default_location_id if case else None
            found = usual if usual in locations else locations[0]
            self.typed = replace(self.typed, location_id=found)
        if self.typed.member_id is None:
            member = case.provider_id if case else self.desk.actor.member_id
            self.typed = replace(self.typed, member_id=member)

    def _look_around(self) -> None:
        typed = self.typed
        day = typed.starts.date()
        self.read("day", queries.calendar, day, day, then=self._have_day)
        self.read(
            "overlaps",
            queries.overlaps,
            typed.starts,
            typed.minutes,
            self.desk.zone,
            member_id=typed.member_id or self.desk.actor.member_id,
            repeat=self._checked_repeat(),
            besides=self.session_id,
            then=self._have_conflicts,
        )

    def _checked_repeat(self) -> Repeat | None:
        # While the end of a series is being typed, only its first session is compared.
        repeat = self.typed.repeat
        if repeat is None:
            return None
        try:
            return check_repeat(repeat, self.typed.starts)
        except UserError:
            return None

    def _have_day(self, view: CalendarView) -> None:
        self.day = view
        self.changed()

    def _have_conflicts(self, found: list[SessionView]) -> None:
        self.conflicts = tuple(found)
        self.changed()

    # What is shown

    def now(self) -> datetime:
        """Return the time on the practice's wall."""
        return self.desk.clock.now().astimezone(ZoneInfo(self.desk.zone)).replace(tzinfo=None)

    @property
    def case(self) -> CaseView | None:
        """Return the chosen case."""
        cases = self.choices.cases if self.choices else ()
        return next((each for each in cases if each.id == self.typed.case_id), None)

    @property
    def location(self) -> LocationView | None:
        """Return the chosen location."""
        found = self.choices.locations if self.choices else ()
        return next((each for each in found if each.id == self.typed.location_id), None)

    @property
    def is_telehealth(self) -> bool:
        """Return whether where the client is must be recorded."""
        return self.location is not None and self.location.format is not SessionFormat.IN_PERSON

    @property
    def ends(self) -> datetime:
        """Return the wall time at which it ends."""
        return place(self.typed.starts, self.typed.minutes, self.desk.zone).ends

    @property
    def is_settled(self) -> bool:
        """Return whether its time and services stay: it was held, missed or canceled."""
        return self.before is not None and not self.before.session.status.is_open

    @property
    def clash(self) -> str:
        """Return the sentence about what it would lie over, or ""."""
        return taken_by(self.conflicts)

    @property
    def clock_notice(self) -> str:
        """Return the sentence about a clock change at that time, or ""."""
        at, zone = self.typed.starts, self.desk.zone
        return gap_notice(at, zone) or fold_notice(at, zone) or ""

    @property
    def openings(self) -> list[time]:
        """Return times of the same day at which nothing is in the way, the nearest first."""
        if self.day is None:
            return []
        day = self.typed.starts.date()
        hours = [(e.opens, e.closes) for e in self.day.hours if e.weekday == day.weekday()]
        others = [each for each in self.day.sessions if each.id != self.session_id]
        taken = [(each.starts, each.ends) for each in others if not each.status.is_gone]
        free = free_starts(day, hours, taken, self.typed.minutes)
        at = self.typed.starts
        return sorted(free, key=lambda each: abs(datetime.combine(day, each) - at))

    # Typing

    def set(self, **values: Any) -> None:
        """Take what was typed; a time or a series is compared with the calendar again."""
        self.touched()
        self._set(**values)

    def _set(self, **values: Any) -> None:
        self.error = None
        before = self.typed
        self.typed = replace(before, **values)
        if "minutes" in values:
            self._length_is_chosen = True
        if "starts" in values:
            self._proposes_time = False
        if values.keys() & {"starts", "minutes", "every", "until", "count", "last", "member_id"}:
            self._look_around()
        self.changed()

    def choose_case(self, case_id: UUID | None) -> None:
        """Take another client; what the new case usually has replaces what was filled in."""
        self.typed = replace(
            self.typed, case_id=case_id, lines=(), location_id=None, member_id=None
        )
        self._fill_in()
        self.set()

    def choose_service(self, index: int, service_id: UUID | None) -> None:
        """Take another service for a line; ``None`` drops the line, a new index adds one."""
        lines = list(self.typed.lines)
        if service_id is None:
            del lines[index]
        elif index < len(lines):
            lines[index] = Line(service_id)
        else:
            lines.append(Line(service_id))
        self._set_lines(tuple(lines))
        self._look_around()
        self.set()

    def _set_lines(self, lines: tuple[Line, ...]) -> None:
        self.typed = replace(self.typed, lines=lines)
        first = self.service(lines[0].service_id) if lines else None
        if first is not None and not self._length_is_chosen:
            self.typed = replace(self.typed, minutes=first.minutes)

    def service(self, service_id: UUID) -> ServiceView | None:
        """Return a service that can be chosen."""
        found = self.choices.services if self.choices else ()
        return next((each for each in found if each.id == service_id), None)

    def set_end(self, clock: time) -> None:
        """Take another end of the same day; raises ``UserError`` when it is not after the start."""
        ends = datetime.combine(self.typed.starts.date(), clock)
        self.set(minutes=minutes_between(self.typed.starts, ends, self.desk.zone))

    def move(self, *, days: int = 0, minutes: int = 0) -> None:
        """Move it by days, or by minutes within its day."""
        at = self.typed.starts + timedelta(days=days)
        later = at + timedelta(minutes=minutes)
        self.set(starts=later if later.date() == at.date() else at)

    # Left half-way

    def content(self) -> dict[str, Any]:
        """Return what stands in the editor."""
        return {"typed": to_plain(self.typed)}

    def take_up(self, content: dict[str, Any]) -> None:
        """Go on with what stood in it; a time asked for in the calendar holds against it."""
        self.typed = from_plain(Typed, content["typed"])
        self._length_is_chosen = True
        starts, minutes = self._asked_for
        if starts is not None:
            length = minutes or self.typed.minutes
            self.typed = replace(self.typed, starts=starts, minutes=length)
            content["texts"] = {
                name: text for name, text in content["texts"].items() if name not in _TIMES
            }
        if self.session_id is None and self.case is None:
            self.typed = replace(self.typed, case_id=None)
        self._fill_in()
        self._proposes_time = False
        self._look_around()

    # Saving

    def save(self) -> None:
        """Book or change it; ``saved`` is called when that is done."""
        typed = self.typed
        if typed.case_id is None:
            self._refused(UserError("Choose who the session is with.", field="case"))
            return
        if self.session_id is not None:
            self._change(self.session_id)
            return
        booking = as_booking(typed, typed.case_id, telehealth=self.is_telehealth)
        if typed.repeat is None:
            self._save(commands.book_session, booking)
        else:
            self._save(commands.book_series, booking, typed.repeat)

    def _change(self, session_id: UUID) -> None:
        typed = self.typed
        details = as_details(typed, telehealth=self.is_telehealth)
        self._save(commands.edit_session, session_id, typed.starts, typed.minutes, details)

    def _save(self, command: Callable[..., UUID], *args: Any) -> None:
        done = partial(self._done, self.typed)
        self.submit(command, *args, then=done, failed=self._refused)

    def _done(self, typed: Typed, outcome: Outcome[UUID]) -> None:
        self.did(outcome)
        if self.saved is not None:
            is_series = self.session_id is None and typed.repeat is not None
            self.saved(first_session(outcome.value, typed) if is_series else outcome.value)

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error
        self.error = error
        self.changed()
