"""Booking and changing through the editor, without a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.core.kernel.errors import UserError
from app.core.scheduling import queries
from app.core.scheduling.queries import SessionView
from app.core.scheduling.rules import AppointmentStatus
from app.ui.scheduling.day_beside import NEW, DayBeside
from app.ui.scheduling.editor_presenter import EditorPresenter
from app.ui.scheduling.typed_session import Until
from tests.support.practice import TestDesk
from tests.support.pumping import Pump

FRIDAY = datetime(2026, 11, 27, 11, 30)


class Room:
    """An editor, and how long to wait for it."""

    def __init__(self, desk: TestDesk, cases: dict[str, UUID]) -> None:
        self.desk, self.cases = desk, cases
        self.pump = Pump()
        self.saved = 0
        self.last: UUID | None = None
        self.made: list[EditorPresenter] = []

    def open(self, **given: Any) -> EditorPresenter:
        editor = EditorPresenter(self.desk, self.pump, **given)
        editor.saved = self._note
        self.made.append(editor)
        editor.refresh()
        self.pump.until(lambda: editor.choices is not None and editor.day is not None)
        return editor

    def _note(self, session_id: UUID) -> None:
        self.saved += 1
        self.last = session_id

    def until(self, reached: Callable[[], bool]) -> None:
        self.pump.until(reached)

    def on(self, day: date) -> list[SessionView]:
        return self.desk.ask(queries.sessions_between, day, day)


@pytest.fixture
def room(desk: TestDesk, cases: dict[str, UUID]) -> Iterator[Room]:
    made = Room(desk, cases)
    yield made
    for editor in made.made:
        editor.close()


def test_late_in_the_evening_the_next_opening_is_proposed(room: Room) -> None:
    room.desk.clock.set(datetime(2026, 11, 20, 7, 40, tzinfo=UTC))  # Thursday, 11:40 PM Pacific
    hours = [each for each in room.desk.ask(queries.booking_choices).hours if each.weekday == 4]
    editor = room.open(case_id=room.cases["Ada Lowry"])
    opens = min(each.opens for each in hours)
    assert editor.typed.starts == datetime.combine(date(2026, 11, 20), opens)


def test_a_session_is_booked_with_what_the_case_usually_has(room: Room) -> None:
    editor = room.open(starts=FRIDAY, case_id=room.cases["Ada Lowry"])
    assert editor.typed.lines
    assert editor.typed.location_id is not None
    assert editor.ends == FRIDAY + timedelta(minutes=50)
    editor.set(confirmed=True, memo="door code")
    editor.save()
    room.until(lambda: room.saved == 1)
    booked = next(each for each in room.on(FRIDAY.date()) if each.title == "Ada Lowry")
    assert (booked.starts, booked.status, booked.memo) == (
        FRIDAY,
        AppointmentStatus.CONFIRMED,
        "door code",
    )


def test_nobody_chosen_is_said_at_the_field(room: Room) -> None:
    editor = room.open(starts=FRIDAY)
    editor.save()
    assert editor.error is not None
    assert editor.error.field == "case"
    editor.choose_case(room.cases["Ada Lowry"])
    assert editor.error is None


def test_an_overlap_is_a_warning_with_times_that_are_free(room: Room) -> None:
    editor = room.open(starts=datetime(2026, 11, 27, 10), case_id=room.cases["Ada Lowry"])
    room.until(lambda: bool(editor.clash))
    assert editor.clash.startswith("Overlaps Mara Rhee")
    assert editor.openings
    assert time(10) not in editor.openings
    editor.save()
    room.until(lambda: room.saved == 1)
    assert sum(each.overlaps for each in room.on(date(2026, 11, 27))) == 2


def test_a_series_is_compared_and_booked(room: Room) -> None:
    editor = room.open(starts=FRIDAY, case_id=room.cases["Ada Lowry"])
    editor.set(every=2, until=Until.COUNT, count=3)
    editor.save()
    room.until(lambda: room.saved == 1)
    assert room.last in [each.id for each in room.on(FRIDAY.date())]
    days = [FRIDAY.date() + timedelta(days=14 * step) for step in range(4)]
    assert [any(each.title == "Ada Lowry" for each in room.on(day)) for day in days] == [
        True,
        True,
        True,
        False,
    ]


def test_a_series_that_cannot_be_names_its_field(room: Room) -> None:
    editor = room.open(starts=FRIDAY, case_id=room.cases["Ada Lowry"])
    editor.set(every=1, until=Until.DAY, last=date(2026, 11, 1))
    editor.save()
    room.until(lambda: editor.error is not None)
    assert editor.error is not None
    assert editor.error.field == "until"


def test_an_end_before_its_start_is_refused_at_once(room: Room) -> None:
    editor = room.open(starts=FRIDAY)
    with pytest.raises(UserError) as refused:
        editor.set_end(time(11))
    assert refused.value.field == "ends"
    editor.set_end(time(12, 30))
    assert editor.typed.minutes == 60


def test_services_and_length(room: Room) -> None:
    editor = room.open(starts=FRIDAY, case_id=room.cases["Ada Lowry"])
    assert editor.choices is not None
    intake = next(each for each in editor.choices.services if each.name == "Intake")
    editor.choose_service(0, intake.id)
    assert editor.typed.minutes == 75
    editor.choose_service(1, editor.choices.services[0].id)
    assert len(editor.typed.lines) == 2
    editor.choose_service(1, None)
    editor.set(minutes=60)
    editor.choose_service(0, editor.choices.services[0].id)
    assert editor.typed.minutes == 60


def test_one_occurrence_is_changed_alone(room: Room) -> None:
    day = date(2026, 11, 26)
    noor = next(each for each in room.on(day) if each.title == "Noor Haddad")
    editor = room.open(session_id=noor.id)
    room.until(lambda: editor.before is not None)
    assert editor.is_telehealth
    assert editor.typed.minutes == 50
    editor.move(minutes=15)
    editor.set(client_state="or", memo="moved")
    editor.save()
    room.until(lambda: room.saved == 1)
    found = next(each for each in room.on(day) if each.title == "Noor Haddad")
    assert (found.starts.time(), found.client_state, found.memo) == (time(11, 45), "OR", "moved")
    later = room.on(day + timedelta(days=7))
    assert next(each for each in later if each.title == "Noor Haddad").starts.time() == time(11, 30)


def test_a_clock_change_is_said(room: Room) -> None:
    editor = room.open(starts=datetime(2027, 3, 14, 2, 30))
    assert "does not exist" in editor.clock_notice
    editor.set(starts=datetime(2027, 11, 7, 1, 30))
    assert "comes twice" in editor.clock_notice


def test_the_day_beside_shows_the_new_session_with_its_overlap(room: Room) -> None:
    editor = room.open(starts=datetime(2026, 11, 27, 10), case_id=room.cases["Ada Lowry"])
    beside = DayBeside(editor)
    assert beside.days == (date(2026, 11, 27),)
    marked = {each.title for each in beside.sessions if each.overlaps}
    assert marked == {"Ada Lowry", "Mara Rhee"}
    assert beside.sessions[-1].id == NEW
    assert beside.opening(beside.days[0])
    editor.move(days=1)
    assert beside.sessions == ()


def test_a_second_press_of_book_books_nothing_twice(room: Room) -> None:
    editor = room.open(starts=FRIDAY, case_id=room.cases["Ada Lowry"])
    editor.save()
    editor.save()
    room.until(lambda: room.saved > 0)
    assert [each.title for each in room.on(FRIDAY.date()) if each.starts == FRIDAY] == ["Ada Lowry"]
    assert room.saved == 1


def test_what_was_refused_can_be_saved_again(room: Room) -> None:
    editor = room.open(starts=FRIDAY, case_id=room.cases["Ada Lowry"])
    editor.set(starts=FRIDAY.replace(year=1900))
    editor.save()
    room.until(lambda: editor.error is not None)
    editor.set(starts=FRIDAY)
    editor.save()
    room.until(lambda: room.saved == 1)
