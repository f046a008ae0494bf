"""Times of a day at which a session fits."""

from __future__ import annotations

from datetime import date, datetime, time

from app.core.scheduling.rules.openings import free_starts, next_start

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


def opened(day: date) -> list[tuple[time, time]]:
    return OPEN if day.weekday() < 5 else []


def test_the_next_whole_hour_is_proposed_while_the_office_is_open() -> None:
    assert next_start(at(9, 20), opened, 50) == at(10)


def test_what_does_not_fit_before_closing_begins_when_the_office_opens_again() -> None:
    assert next_start(at(10, 5), opened, 50) == at(13)


def test_late_in_the_evening_the_next_opening_is_proposed() -> None:
    assert next_start(at(23, 30), opened, 50) == datetime(2026, 11, 25, 9)


def test_a_closed_weekend_is_passed_over() -> None:
    assert next_start(datetime(2026, 11, 27, 20), opened, 50) == datetime(2026, 11, 30, 9)


def test_without_opening_hours_the_next_whole_hour_is_proposed() -> None:
    assert next_start(at(9, 20), lambda _day: [], 50) == at(10)
