"""Dates, times and counts in words."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from app.core.kernel.phrases import (
    date_words,
    long_day,
    plural,
    short_day,
    time_words,
    weekday_day,
)

DAY = date(2026, 11, 9)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (time(0, 0), "12:00 AM"),
        (time(0, 5), "12:05 AM"),
        (time(9, 14), "9:14 AM"),
        (time(11, 59), "11:59 AM"),
        (time(12, 0), "12:00 PM"),
        (datetime(2026, 11, 9, 23, 59), "11:59 PM"),
    ],
)
def test_times_of_day(moment: time | datetime, words: str) -> None:
    assert time_words(moment) == words


def test_days() -> None:
    assert short_day(DAY) == "Nov 9"
    assert date_words(DAY) == "Nov 9, 2026"
    assert weekday_day(DAY) == "Mon, Nov 9"
    assert long_day(DAY) == "Monday, November 9"


@pytest.mark.parametrize(
    ("count", "many", "words"),
    [
        (0, "", "0 persons"),
        (1, "", "1 person"),
        (2, "", "2 persons"),
        (1, "people", "1 person"),
        (5000, "people", "5,000 people"),
    ],
)
def test_counts(count: int, many: str, words: str) -> None:
    assert plural(count, "person", many) == words
