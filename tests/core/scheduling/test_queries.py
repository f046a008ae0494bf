"""Reads of the calendar, on a real encrypted practice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from app.core.scheduling import queries
from app.core.scheduling.commands import (
    book_series,
    book_session,
    cancel_session,
    complete_session,
)
from app.core.scheduling.rules import AppointmentStatus
from app.core.scheduling.rules.booking import Booking
from app.core.scheduling.rules.recurrence import Repeat
from tests.core.scheduling.conftest import Room
from tests.support.practice import TestDesk

PACIFIC = "America/Los_Angeles"
NOW = datetime(2026, 11, 19, 11, 18)
TODAY = NOW.date()


def book(desk: TestDesk, room: Room, starts: datetime, case_id: UUID | None = None) -> UUID:
    booking = Booking(case_id or room.case_id, starts, lines=room.line)
    return desk.do(book_session, booking).value


def test_overlaps_are_marked_also_across_midnight_and_gone_ones_are_not(
    desk: TestDesk, room: Room
) -> None:
    late = book(desk, room, datetime(2026, 11, 22, 23, 30))
    book(desk, room, datetime(2026, 11, 23, 0, 0), room.couple_id)
    gone = book(desk, room, datetime(2026, 11, 23, 0, 10))
    desk.do(cancel_session, gone)
    monday = date(2026, 11, 23)
    found = desk.ask(queries.sessions_between, monday, monday)
    assert [(each.title, each.overlaps) for each in found] == [
        ("Daniel & Ruth Okonkwo", True),
        ("Ana Prieto", False),
    ]
    assert late not in {each.id for each in found}


def test_touching_sessions_do_not_overlap(desk: TestDesk, room: Room) -> None:
    book(desk, room, datetime(2026, 11, 23, 9))
    asked = desk.ask(queries.overlaps, datetime(2026, 11, 23, 9, 50), 50, PACIFIC)
    assert asked == []
    (met,) = desk.ask(queries.overlaps, datetime(2026, 11, 23, 9, 49), 50, PACIFIC)
    assert met.title == "Ana Prieto"
    assert desk.ask(queries.overlaps, met.starts, 50, PACIFIC, besides=met.id) == []
    elsewhere = desk.ask(queries.overlaps, met.starts, 50, PACIFIC, member_id=UUID(int=1))
    assert elsewhere == []


def test_a_series_to_be_booked_is_compared_as_a_whole(desk: TestDesk, room: Room) -> None:
    book(desk, room, datetime(2026, 12, 10, 9))
    wanted = datetime(2026, 11, 26, 9, 30)
    assert desk.ask(queries.overlaps, wanted, 50, PACIFIC) == []
    (met,) = desk.ask(queries.overlaps, wanted, 50, PACIFIC, repeat=Repeat(2))
    assert met.day == date(2026, 12, 10)


def test_last_and_next_for_cases_and_clients(desk: TestDesk, room: Room) -> None:
    held = book(desk, room, NOW - timedelta(days=7))
    desk.do(complete_session, held)
    book(desk, room, NOW - timedelta(days=1))
    desk.do(book_series, Booking(room.case_id, NOW + timedelta(days=7), lines=room.line), Repeat(9))
    near = desk.ask(queries.near_cases, NOW)
    assert set(near) == {room.case_id}
    last, upcoming = near[room.case_id].last, near[room.case_id].next
    assert last is not None
    assert last.id == held
    assert upcoming is not None
    assert upcoming.starts == NOW + timedelta(days=7)
    # Nine weeks ahead lies beyond the first stretch that is searched.
    later = desk.ask(queries.near_cases, NOW + timedelta(days=8), [room.case_id])
    assert later[room.case_id].next is not None
    of_client = desk.ask(queries.near_clients, NOW, [room.client_id])
    assert of_client == {room.client_id: near[room.case_id]}
    assert desk.ask(queries.last_seen, [room.client_id], NOW) == {room.client_id: last.day}
    booked = desk.ask(queries.next_booked, NOW, [room.case_id])
    assert {case_id: each.id for case_id, each in booked.items()} == {room.case_id: upcoming.id}
    assert desk.ask(queries.next_booked, NOW, []) == {}


def test_a_booked_session_comes_before_a_later_occurrence(desk: TestDesk, room: Room) -> None:
    desk.do(book_series, Booking(room.case_id, NOW + timedelta(days=7), lines=room.line), Repeat())
    soon = book(desk, room, NOW + timedelta(days=1))
    upcoming = desk.ask(queries.near_cases, NOW, [room.case_id])[room.case_id].next
    assert upcoming is not None
    assert upcoming.id == soon
    assert desk.ask(queries.next_booked, NOW, [room.case_id])[room.case_id].id == soon


def test_agenda_and_sessions_of_a_case(desk: TestDesk, room: Room) -> None:
    book(desk, room, NOW - timedelta(days=7))
    book(desk, room, NOW, room.couple_id)
    desk.do(book_series, Booking(room.case_id, NOW + timedelta(days=7), lines=room.line), Repeat())
    month = (date(2026, 11, 1), date(2026, 11, 30))
    agenda = desk.ask(queries.agenda, room.client_id, *month)
    assert [each.day.day for each in agenda] == [12, 26]
    assert desk.ask(queries.agenda, UUID(int=5), *month) == []
    of_case = desk.ask(queries.sessions_of_case, room.case_id, date(2026, 12, 4))
    assert [each.day.day for each in of_case] == [3, 26, 12]


def test_sessions_are_chosen_by_case_and_status(desk: TestDesk, room: Room) -> None:
    first = book(desk, room, NOW)
    book(desk, room, NOW, room.couple_id)
    desk.do(complete_session, first)
    held = desk.ask(queries.sessions_between, TODAY, TODAY, statuses=[AppointmentStatus.COMPLETED])
    assert [each.id for each in held] == [first]
    couples = desk.ask(queries.sessions_between, TODAY, TODAY, case_ids=[room.couple_id])
    assert [(each.case_id, each.overlaps) for each in couples] == [(room.couple_id, True)]
