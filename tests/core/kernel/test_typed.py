"""Days and times as people type them."""

from __future__ import annotations

from datetime import date, time

import pytest

from app.core.kernel.errors import UserError
from app.core.kernel.typed import read_day, read_time

TODAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", TODAY),
        ("Tomorrow", date(2026, 11, 20)),
        ("yesterday", date(2026, 11, 18)),
        ("tue", date(2026, 11, 24)),
        ("Thursday", date(2026, 11, 26)),
        ("nov 24", date(2026, 11, 24)),
        ("Tuesday, Nov 24, 2026", date(2026, 11, 24)),
        ("November 24th", date(2026, 11, 24)),
        ("sept 3 2025", date(2025, 9, 3)),
        ("1/5", date(2027, 1, 5)),
        ("11/24/26", date(2026, 11, 24)),
        ("4/2/62", date(1962, 4, 2)),
        ("11-24-2026", date(2026, 11, 24)),
        ("2026-02-03", date(2026, 2, 3)),
        ("2/29", date(2028, 2, 29)),
    ],
)
def test_days(text: str, day: date) -> None:
    assert read_day(text, TODAY) == day


def test_the_nearest_year_is_meant() -> None:
    assert read_day("12/30", date(2026, 1, 4)) == date(2025, 12, 30)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("2/31/2026", "February 2026 has 28 days"),
        ("feb 31", "no day 31"),
        ("2026-02-31", "no day 31"),
        ("13/2/2026", "no month 13"),
        ("0000-01-01", "year"),
        ("soon", "like Nov 24"),
        ("novel 3", "like Nov 24"),
        ("", "like Nov 24"),
    ],
)
def test_days_that_no_calendar_has(text: str, word: str) -> None:
    with pytest.raises(UserError, match=word) as refused:
        read_day(text, TODAY, field="starts")
    assert refused.value.field == "starts"


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("3:45 pm", time(15, 45)),
        ("345p", time(15, 45)),
        ("3:45", time(15, 45)),
        ("15:45", time(15, 45)),
        ("9", time(9)),
        ("9.30", time(9, 30)),
        ("12 a.m.", time(0)),
        ("12pm", time(12)),
        ("03:30", time(3, 30)),
        ("noon", time(12)),
        ("midnight", time(0)),
    ],
)
def test_times(text: str, clock: time) -> None:
    assert read_time(text) == clock


@pytest.mark.parametrize("text", ["", "25", "13 pm", "9:75", "later"])
def test_times_that_no_clock_shows(text: str) -> None:
    with pytest.raises(UserError, match="Type a time"):
        read_time(text)
