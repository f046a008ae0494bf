"""Times of a day at which a session fits."""

from __future__ import annotations

from datetime import date, datetime, time

from app.core.scheduling.rules.openings import free_starts

DAY = date(2026, 11, 24)
OPEN = [(time(9), time(11)), (time(13), time(14))]


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute)


def test_quarter_hours_between_what_is_taken() -> None:
    taken = [(at(9, 30), at(10, 20))]
    assert free_starts(DAY, OPEN, taken, 30) == [
        time(9),
        time(10, 30),
        time(13),
        time(13, 15),
        time(13, 30),
    ]


def test_a_full_or_closed_day_has_none() -> None:
    assert free_starts(DAY, [], [], 50) == []
    assert free_starts(DAY, OPEN, [(at(8), at(18))], 50) == []
