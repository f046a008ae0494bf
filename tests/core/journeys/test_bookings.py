"""Bookings that touch more than the calendar."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.core.clinical.commands.notes import start_session_note
from app.core.journeys.bookings import delete_booking
from app.core.kernel.errors import UserError
from app.core.scheduling import queries
from app.core.scheduling.commands import book_session
from app.core.scheduling.rules.booking import Booking, Line
from tests.core.billing.conftest import TODAY, Walter
from tests.support.practice import TestDesk


def test_a_session_with_a_note_is_not_deleted(desk: TestDesk, walter: Walter) -> None:
    booking = Booking(walter.case_id, datetime(2026, 11, 19, 9), lines=(Line(walter.service_id),))
    plain, noted = (desk.do(book_session, booking).value for _ in range(2))
    desk.do(start_session_note, noted)
    with pytest.raises(UserError, match="has a note"):
        desk.do(delete_booking, noted)
    desk.do(delete_booking, plain)
    left = desk.ask(queries.sessions_between, TODAY, TODAY, case_ids=[walter.case_id])
    assert [each.id for each in left] == [noted]
