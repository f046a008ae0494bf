"""Booking, entering, moving, changing and deleting, on a real encrypted practice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.core.cases.commands import close_case
from app.core.kernel.errors import NotFound, UserError
from app.core.kernel.money import Money
from app.core.scheduling import queries
from app.core.scheduling.commands import (
    PastSession,
    book_series,
    book_session,
    change_session,
    complete_session,
    confirm_session,
    delete_session,
    edit_session,
    end_series,
    enter_past_sessions,
    keep_begun_sessions,
    move_session,
)
from app.core.scheduling.queries import SessionView
from app.core.scheduling.rules import AppointmentStatus, ClientPlace
from app.core.scheduling.rules.booking import Booking, Details, Line
from app.core.scheduling.rules.recurrence import Repeat
from tests.core.scheduling.conftest import Room
from tests.support.practice import TestDesk

TUESDAY = datetime(2026, 11, 24, 15, 45)
TODAY = date(2026, 11, 19)


def week(desk: TestDesk, days: int = 6) -> list[SessionView]:
    monday = date(2026, 11, 23)
    return desk.ask(queries.sessions_between, monday, monday + timedelta(days=days))


def test_a_booked_session_takes_what_is_left_out_from_case_and_service(
    desk: TestDesk, room: Room, owner_id: UUID
) -> None:
    booked = desk.do(book_session, Booking(room.case_id, TUESDAY, lines=room.line))
    (found,) = week(desk)
    assert found.id == booked.value
    assert (found.title, found.minutes, found.service_name) == ("Ana Prieto", 50, "Individual")
    assert found.ends == datetime(2026, 11, 24, 16, 35)
    assert found.starts_at == datetime(2026, 11, 24, 23, 45, tzinfo=UTC)
    assert (found.location_id, found.place_of_service) == (room.office_id, "11")
    assert found.member_id == owner_id
    assert found.is_kept
    assert booked.changes.touches("scheduling")
    (line,) = desk.ask(queries.service_lines, [found.id])[found.id]
    assert (line.code, line.modifiers, line.fee, line.usual_fee) == (
        "0001Z",
        ("HJ",),
        None,
        Money(16500),
    )


def test_booking_is_undone(desk: TestDesk, room: Room) -> None:
    booked = desk.do(book_session, Booking(room.case_id, TUESDAY, lines=room.line))
    assert booked.undo is not None
    desk.undo(booked.undo).result()
    assert week(desk) == []


@pytest.mark.parametrize(
    ("lines", "minutes", "field"),
    [((), 50, "lines"), (None, 1441, "minutes"), (None, 0, "minutes")],
)
def test_a_booking_that_cannot_be_leaves_nothing(
    desk: TestDesk, room: Room, lines: tuple[Line, ...] | None, minutes: int, field: str
) -> None:
    booking = Booking(room.case_id, TUESDAY, minutes, room.line if lines is None else lines)
    with pytest.raises(UserError) as refused:
        desk.do(book_session, booking)
    assert refused.value.field == field
    assert week(desk) == []


def test_a_closed_case_is_not_booked(desk: TestDesk, room: Room) -> None:
    desk.do(close_case, room.case_id)
    with pytest.raises(UserError, match="closed"):
        desk.do(book_session, Booking(room.case_id, TUESDAY, lines=room.line))


def test_telehealth_records_where_the_client_is(desk: TestDesk, room: Room) -> None:
    booking = Booking(
        room.case_id,
        TUESDAY,
        lines=room.line,
        location_id=room.video_id,
        client_place=ClientPlace.HOME,
        client_state="OR",
    )
    session_id = desk.do(book_session, booking).value
    (found,) = week(desk)
    assert (found.place_of_service, found.client_state) == ("10", "OR")
    desk.do(change_session, session_id, Details(client_place=ClientPlace.ELSEWHERE))
    assert week(desk)[0].place_of_service == "02"


def test_a_series_is_computed_until_one_is_touched(desk: TestDesk, room: Room) -> None:
    booking = Booking(room.case_id, TUESDAY, lines=room.line)
    series_id = desk.do(book_series, booking, Repeat(count=3)).value
    found = week(desk, days=40)
    assert [each.day.day for each in found] == [24, 1, 8]
    assert not any(each.is_kept for each in found)
    second = found[1]
    confirmed = desk.do(confirm_session, second.id)
    again = week(desk, days=40)
    assert [each.id for each in again] == [each.id for each in found]
    assert [each.is_kept for each in again] == [False, True, False]
    assert again[1].status is AppointmentStatus.CONFIRMED
    assert (again[1].series_id, again[1].original_start) == (series_id, second.starts)
    assert len(desk.ask(queries.service_lines, [second.id])[second.id]) == 1
    # Undone, it is computed again; touched again, the same row comes back.
    assert confirmed.undo is not None
    desk.undo(confirmed.undo).result()
    assert [each.is_kept for each in week(desk, days=40)] == [False, False, False]
    desk.do(confirm_session, second.id)
    assert week(desk, days=40)[1].status is AppointmentStatus.CONFIRMED
    assert len(desk.ask(queries.service_lines, [second.id])[second.id]) == 1


def test_moving_one_occurrence_leaves_the_others(desk: TestDesk, room: Room) -> None:
    desk.do(book_series, Booking(room.case_id, TUESDAY, lines=room.line), Repeat(count=3))
    second = week(desk, days=40)[1]
    desk.do(move_session, second.id, datetime(2026, 12, 3, 9), 75)
    found = week(desk, days=40)
    assert [each.starts for each in found] == [
        TUESDAY,
        datetime(2026, 12, 3, 9),
        datetime(2026, 12, 8, 15, 45),
    ]
    assert found[1].original_start == second.starts
    assert found[1].ends == datetime(2026, 12, 3, 10, 15)
    detail = desk.ask(queries.session_detail, found[2].id, TODAY)
    assert detail.series is not None
    assert (detail.series.words, detail.series.number, detail.series.of) == (
        "Every Tuesday, 3 times",
        3,
        3,
    )
    assert detail.lines[0].modifiers == ("HJ",)


def test_deleting_one_occurrence_leaves_it_out_and_undo_brings_it_back(
    desk: TestDesk, room: Room
) -> None:
    desk.do(book_series, Booking(room.case_id, TUESDAY, lines=room.line), Repeat(count=3))
    second = week(desk, days=40)[1]
    deleted = desk.do(delete_session, second.id)
    assert [each.day.day for each in week(desk, days=40)] == [24, 8]
    assert deleted.undo is not None
    desk.undo(deleted.undo).result()
    assert [each.day.day for each in week(desk, days=40)] == [24, 1, 8]


def test_ending_a_series_keeps_what_was_touched(desk: TestDesk, room: Room) -> None:
    booking = Booking(room.case_id, TUESDAY, lines=room.line)
    series_id = desk.do(book_series, booking, Repeat()).value
    third = week(desk, days=40)[2]
    desk.do(confirm_session, third.id)
    desk.do(end_series, series_id, date(2026, 11, 30))
    assert [each.day.day for each in week(desk, days=60)] == [24, 8]
    with pytest.raises(UserError, match="ended"):
        desk.do(end_series, series_id, date(2026, 12, 24))
    with pytest.raises(UserError, match="before"):
        desk.do(end_series, series_id, date(2026, 11, 2))
    (series,) = desk.ask(queries.series_of_case, room.case_id)
    assert series.words == "Every Tuesday until Nov 30"


def test_begun_occurrences_become_rows(desk: TestDesk, room: Room) -> None:
    first = datetime(2026, 11, 3, 9)
    desk.do(book_series, Booking(room.case_id, first, lines=room.line), Repeat())
    november = desk.ask(queries.sessions_between, date(2026, 11, 1), date(2026, 11, 30))
    assert [each.is_kept for each in november] == [True, True, True, False]
    assert [each.day.day for each in desk.ask(queries.unclosed, datetime(2026, 11, 19, 11))] == [
        3,
        10,
        17,
    ]
    desk.clock.set(datetime(2026, 12, 10, 20, tzinfo=UTC))
    december = desk.ask(queries.unclosed, datetime(2026, 12, 10, 12))
    assert len(december) == 6
    assert desk.ask(queries.unclosed, datetime(2026, 12, 10, 12), room.case_id) == december
    assert desk.ask(queries.unclosed, datetime(2026, 12, 10, 12), uuid4()) == []
    assert desk.do(keep_begun_sessions).value == 3
    assert desk.do(keep_begun_sessions).value == 0


def test_past_sessions_are_entered_together_or_not_at_all(desk: TestDesk, room: Room) -> None:
    def past(day: int, status: AppointmentStatus = AppointmentStatus.COMPLETED) -> PastSession:
        booking = Booking(room.case_id, datetime(2026, 11, day, 10), lines=room.line)
        return PastSession(booking, status, chargeable=True)

    with pytest.raises(UserError) as refused:
        desk.do(enter_past_sessions, [past(12), past(20)])
    assert refused.value.field == "starts"
    with pytest.raises(UserError, match="at least one"):
        desk.do(enter_past_sessions, [])
    held = desk.do(enter_past_sessions, [past(5), past(12, AppointmentStatus.NO_SHOW)]).value
    found = desk.ask(queries.sessions_by_id, held)
    assert [each.status for each in found] == [
        AppointmentStatus.COMPLETED,
        AppointmentStatus.NO_SHOW,
    ]
    assert [each.chargeable for each in found] == [False, True]


def test_details_change_and_a_charged_session_keeps_its_services(
    desk: TestDesk, room: Room
) -> None:
    booking = Booking(room.case_id, datetime(2026, 11, 18, 9), lines=room.line)
    session_id = desk.do(book_session, booking).value
    lines = (Line(room.long_id, fee=Money(20000)), Line(room.service_id, 2, ()))
    desk.do(
        change_session,
        session_id,
        Details(lines, room.video_id, ClientPlace.HOME, "or", "ring twice"),
    )
    found = desk.ask(queries.session_of, session_id, TODAY)
    assert (found.service_name, found.location_name, found.memo) == (
        "Intake",
        "Video",
        "ring twice",
    )
    kept = desk.ask(queries.service_lines, [session_id])[session_id]
    assert [(each.units, each.fee) for each in kept] == [(1, Money(20000)), (2, None)]
    desk.do(change_session, session_id, Details(room.line))
    assert len(desk.ask(queries.service_lines, [session_id])[session_id]) == 1
    desk.do(complete_session, session_id)
    with pytest.raises(UserError) as refused:
        desk.do(change_session, session_id, Details(room.line))
    assert refused.value.field == "lines"
    with pytest.raises(UserError, match="reopen"):
        desk.do(delete_session, session_id)
    with pytest.raises(UserError, match="reopen"):
        desk.do(move_session, session_id, TUESDAY)
    desk.do(change_session, session_id, Details(location_id=room.office_id))
    assert desk.ask(queries.session_of, session_id, TODAY).location_id == room.office_id


def test_an_unknown_session_is_said(desk: TestDesk, room: Room) -> None:
    desk.do(book_series, Booking(room.case_id, TUESDAY, lines=room.line), Repeat())
    with pytest.raises(NotFound):
        desk.do(confirm_session, uuid4())
    with pytest.raises(NotFound):
        desk.ask(queries.session_of, uuid4(), TODAY)


def test_the_editor_saves_time_and_details_where_they_changed(desk: TestDesk, room: Room) -> None:
    booking = Booking(room.case_id, datetime(2026, 11, 18, 9), lines=room.line)
    session_id = desk.do(book_session, booking).value
    (line,) = desk.ask(queries.service_lines, [session_id])[session_id]
    same = (Line(line.service_id, line.units, line.modifiers, line.fee),)
    moved = datetime(2026, 11, 18, 10)
    desk.do(edit_session, session_id, moved, 50, Details(same, memo="later"))
    found = desk.ask(queries.session_of, session_id, TODAY)
    assert (found.starts, found.memo) == (moved, "later")
    desk.do(complete_session, session_id)
    # What is charged stays; where it was held can still be put right.
    desk.do(edit_session, session_id, moved, 50, Details(same, room.video_id))
    assert desk.ask(queries.session_of, session_id, TODAY).location_id == room.video_id
    with pytest.raises(UserError, match="reopen"):
        desk.do(edit_session, session_id, moved, 60, Details(same))
    with pytest.raises(UserError) as refused:
        desk.do(edit_session, session_id, moved, 50, Details((Line(room.long_id),)))
    assert refused.value.field == "lines"


def test_the_calendar_and_the_editor_read_what_they_need(desk: TestDesk, room: Room) -> None:
    desk.do(book_session, Booking(room.case_id, TUESDAY, lines=room.line))
    shown = desk.ask(queries.calendar, date(2026, 11, 23), date(2026, 11, 29))
    assert len(shown.sessions) == 1
    assert shown.hours
    frame = desk.ask(queries.calendar_frame)
    assert [each.name for each in frame.services] == ["Individual", "Intake"]
    assert frame.week_starts == 0
    choices = desk.ask(queries.booking_choices)
    assert [each.title for each in choices.cases] == ["Ana Prieto", "Daniel & Ruth Okonkwo"]
    assert len(choices.locations) == 2
    assert len(choices.members) == 1
