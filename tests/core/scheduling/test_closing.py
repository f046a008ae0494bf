"""What becomes of sessions, on a real encrypted practice."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import pytest

from app.core.kernel.errors import UserError
from app.core.scheduling import queries
from app.core.scheduling.commands import (
    book_session,
    cancel_session,
    complete_session,
    confirm_session,
    miss_session,
    reopen_session,
)
from app.core.scheduling.queries import SessionView
from app.core.scheduling.rules import AppointmentStatus, CanceledBy
from app.core.scheduling.rules.booking import Booking
from tests.core.scheduling.conftest import Room
from tests.support.practice import TestDesk

TODAY = date(2026, 11, 19)


def booked(desk: TestDesk, room: Room, day: int = 19) -> UUID:
    starts = datetime(2026, 11, day, 9)
    return desk.do(book_session, Booking(room.case_id, starts, lines=room.line)).value


def seen(desk: TestDesk, session_id: UUID) -> SessionView:
    return desk.ask(queries.session_of, session_id, TODAY)


def test_confirmed_then_attended(desk: TestDesk, room: Room) -> None:
    session_id = booked(desk, room)
    desk.do(confirm_session, session_id)
    desk.do(complete_session, session_id)
    assert seen(desk, session_id).is_charged
    with pytest.raises(UserError, match="reopen"):
        desk.do(miss_session, session_id)
    with pytest.raises(UserError, match="already"):
        desk.do(complete_session, session_id)


def test_a_later_day_is_not_settled_and_stays_as_it_was(desk: TestDesk, room: Room) -> None:
    session_id = booked(desk, room, day=20)
    with pytest.raises(UserError, match="Nov 20"):
        desk.do(complete_session, session_id)
    assert seen(desk, session_id).status is AppointmentStatus.SCHEDULED


def test_missed_and_charged_all_the_same(desk: TestDesk, room: Room) -> None:
    session_id = booked(desk, room)
    desk.do(miss_session, session_id, chargeable=True)
    assert seen(desk, session_id).is_charged
    desk.do(reopen_session, session_id)
    found = seen(desk, session_id)
    assert (found.status, found.chargeable) == (AppointmentStatus.SCHEDULED, False)


def test_canceled_by_whom_and_why(desk: TestDesk, room: Room) -> None:
    session_id = booked(desk, room, day=24)
    canceled = desk.do(
        cancel_session, session_id, by=CanceledBy.PRACTICE, reason=" I am ill ", chargeable=True
    )
    found = seen(desk, session_id)
    assert (found.status, found.canceled_by, found.reason, found.chargeable) == (
        AppointmentStatus.CANCELED,
        CanceledBy.PRACTICE,
        "I am ill",
        False,
    )
    assert canceled.undo is not None
    desk.undo(canceled.undo).result()
    assert seen(desk, session_id).status is AppointmentStatus.SCHEDULED


def test_a_late_cancellation_may_be_charged(desk: TestDesk, room: Room) -> None:
    session_id = booked(desk, room, day=20)
    desk.do(cancel_session, session_id, late=True, chargeable=True)
    assert seen(desk, session_id).status is AppointmentStatus.LATE_CANCELED
    assert seen(desk, session_id).is_charged
