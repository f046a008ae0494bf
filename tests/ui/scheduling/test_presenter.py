"""The calendar's behaviour, without a window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from app.core.kernel.errors import UserError
from app.core.kernel.money import Money
from app.core.scheduling.queries import SessionView
from app.core.scheduling.rules import AppointmentStatus, CanceledBy
from app.ui.scheduling.dragging import Draft, Kind
from app.ui.scheduling.presenter import CalendarPresenter, Mode
from tests.support.practice import TestDesk
from tests.support.pumping import Pump


class Room:
    """The calendar on the week of the design, and what was told."""

    def __init__(self, desk: TestDesk) -> None:
        self.pump = Pump()
        self.labels: list[str] = []
        self.refused: list[Exception] = []
        self.calendar = CalendarPresenter(
            desk,
            self.pump,
            did=lambda outcome: self.labels.append(outcome.label),
            fail=self.refused.append,
        )
        self.calendar.refresh()
        self.pump.until(lambda: bool(self.calendar.sessions) and bool(self.calendar.services))

    def find(self, title: str, *, day: int = 19) -> SessionView:
        found = (each for each in self.calendar.sessions if each.title == title)
        return next(each for each in found if each.day.day == day)

    def until_done(self, count: int = 1) -> None:
        self.pump.until(lambda: len(self.labels) >= count)


@pytest.fixture
def room(desk: TestDesk) -> Iterator[Room]:
    made = Room(desk)
    yield made
    made.calendar.close()


def test_it_opens_on_this_week(room: Room) -> None:
    assert room.calendar.days[0] == date(2026, 11, 16)
    assert room.calendar.counts == (24, 1)
    assert room.calendar.opening(date(2026, 11, 19))
    assert room.calendar.usual_minutes == 50


def test_going_through_weeks_and_days(room: Room) -> None:
    calendar = room.calendar
    calendar.step(1)
    assert calendar.days[0] == date(2026, 11, 23)
    assert list(calendar.sessions) == []
    room.pump.until(lambda: bool(calendar.sessions))
    calendar.show(mode=Mode.DAY, day=date(2026, 11, 17))
    room.pump.until(lambda: bool(calendar.sessions))
    assert {each.day for each in calendar.sessions} == {date(2026, 11, 17)}
    calendar.step(-1)
    assert calendar.days == (date(2026, 11, 16),)
    calendar.today()
    assert calendar.days == (date(2026, 11, 19),)


def test_one_service_at_a_time(room: Room) -> None:
    intake = next(each for each in room.calendar.services if each.name == "Intake")
    room.calendar.only(intake.id)
    assert {each.title for each in room.calendar.sessions} == {"Caleb Arsenault", "Theo Brandt"}
    room.calendar.only(None)
    assert len(room.calendar.sessions) == 26


def test_what_is_past(room: Room) -> None:
    assert room.calendar.is_past(room.find("Walter Strand"))
    assert not room.calendar.is_past(room.find("Noor Haddad"))
    assert room.calendar.may_settle(room.find("Noor Haddad"))
    assert not room.calendar.may_settle(room.find("Theo Brandt", day=20))


def test_an_overlap_is_said_before_the_drop_and_the_drop_saves(room: Room) -> None:
    tanaka = room.find("Jun Tanaka")
    over = Draft(Kind.MOVE, datetime(2026, 11, 19, 13, 45), 50, tanaka)
    assert room.calendar.conflict(over) == "Overlaps Mateo Villanueva, 1:30 – 2:20 PM"
    # Beatriz Sol is canceled: her hour is free.
    free = Draft(Kind.MOVE, datetime(2026, 11, 19, 15, 30), 50, tanaka)
    assert room.calendar.conflict(free) == ""
    room.calendar.drop(free)
    room.until_done()
    room.pump.until(lambda: room.find("Jun Tanaka").starts == free.starts)
    room.calendar.drop(Draft(Kind.MOVE, free.starts, 50, room.find("Jun Tanaka")))
    assert room.labels == ["Move session"]


def test_a_new_session_in_the_spring_gap_is_said(room: Room) -> None:
    gap = Draft(Kind.CREATE, datetime(2027, 3, 14, 2, 30), 50)
    assert "does not exist" in room.calendar.conflict(gap)


def test_a_session_is_confirmed_attended_and_reopened(room: Room) -> None:
    noor = room.find("Noor Haddad")
    room.calendar.select(noor.id)
    room.pump.until(lambda: room.calendar.detail is not None)
    assert room.calendar.detail is not None
    assert room.calendar.detail.series is not None
    assert room.calendar.price(room.calendar.detail.lines) == Money(165_00)
    for act, status in (
        (room.calendar.confirm, AppointmentStatus.CONFIRMED),
        (room.calendar.attended, AppointmentStatus.COMPLETED),
        (room.calendar.reopen, AppointmentStatus.SCHEDULED),
    ):
        act(noor.id)
        room.pump.until(lambda wanted=status: room.find("Noor Haddad").status is wanted)  # type: ignore[misc]


def test_missed_and_canceled(room: Room) -> None:
    room.calendar.missed(room.find("Noor Haddad").id, charged=True)
    room.pump.until(lambda: room.find("Noor Haddad").chargeable)
    late = room.find("Jun Tanaka")
    room.calendar.cancel(late.id, by=CanceledBy.CLIENT, reason="ill", late=True, charged=True)
    room.pump.until(lambda: room.find("Jun Tanaka").status is AppointmentStatus.LATE_CANCELED)
    plain = room.find("Mateo Villanueva")
    room.calendar.cancel(plain.id, by=CanceledBy.PRACTICE, reason="", late=False, charged=False)
    room.pump.until(lambda: room.find("Mateo Villanueva").status is AppointmentStatus.CANCELED)


def test_a_refusal_is_handed_on(room: Room) -> None:
    room.calendar.confirm(room.find("Walter Strand").id)
    room.pump.until(lambda: bool(room.refused))
    assert isinstance(room.refused[0], UserError)


def test_deleting_and_finding(room: Room) -> None:
    theo = room.find("Theo Brandt", day=20)
    room.calendar.show(day=theo.day + timedelta(days=30))
    room.calendar.find(theo.id)
    room.pump.until(lambda: room.calendar.selected == theo.id and bool(room.calendar.sessions))
    room.calendar.delete(theo.id)
    room.pump.until(lambda: room.calendar.session(theo.id) is None)
