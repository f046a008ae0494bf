"""What of a booking can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import pytest

from app.core.kernel.errors import UserError
from app.core.kernel.money import Money
from app.core.scheduling.rules.booking import Booking, Line, check_booking, check_lines, check_past
from app.core.scheduling.rules.status import AppointmentStatus

SERVICE = UUID(int=1)
GOOD = Booking(UUID(int=2), datetime(2026, 11, 24, 15, 45), 50, (Line(SERVICE),))


def test_a_booking_is_cleaned() -> None:
    typed = replace(
        GOOD, client_state="oregon", memo=" door\tcode ", lines=(Line(SERVICE, 1, ("hj",)),)
    )
    stored = check_booking(typed)
    assert (stored.client_state, stored.memo) == ("OR", "door code")
    assert stored.lines == (Line(SERVICE, 1, ("HJ",)),)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(GOOD, minutes=None), "minutes"),
        (replace(GOOD, minutes=0), "minutes"),
        (replace(GOOD, minutes=1441), "minutes"),
        (replace(GOOD, lines=()), "lines"),
        (replace(GOOD, status=AppointmentStatus.COMPLETED), "status"),
        (replace(GOOD, client_state="Ontario"), "client_state"),
        (replace(GOOD, starts=datetime(26, 11, 24)), "starts"),
    ],
)
def test_what_cannot_be_names_its_field(wrong: Booking, field: str) -> None:
    with pytest.raises(UserError) as refused:
        check_booking(wrong)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "lines",
    [
        (Line(SERVICE),) * 7,
        (Line(SERVICE, 0),),
        (Line(SERVICE, 100),),
        (Line(SERVICE, 1, None, Money(-1)),),
        (Line(SERVICE, 1, ("1", "2")),),
    ],
)
def test_lines_that_cannot_be(lines: tuple[Line, ...]) -> None:
    with pytest.raises(UserError) as refused:
        check_lines(lines)
    assert refused.value.field == "lines"


def test_held_sessions_lie_in_the_past() -> None:
    check_past(datetime(2026, 11, 19, 23), date(2026, 11, 19))
    with pytest.raises(UserError, match="book"):
        check_past(datetime(2026, 11, 20), date(2026, 11, 19))
