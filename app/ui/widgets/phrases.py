"""Dates and times as screens say them, and as people type them.

The kernel has the forms that papers share; screens find all of them here.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from app.core.kernel.phrases import (
    date_words,
    long_day,
    plural,
    short_day,
    time_words,
    weekday_day,
)
from app.core.kernel.typed import read_day, read_time

__all__ = [
    "clock_range",
    "counted",
    "date_words",
    "day_words",
    "long_day",
    "parse_day",
    "parse_time",
    "plural",
    "short_day",
    "time_words",
    "weekday_day",
]


def clock_range(start: datetime, end: datetime) -> str:
    """Return ``11:30 AM – 12:20 PM``; the first half loses its AM where both agree."""
    first = time_words(start)
    if (start.hour < 12) == (end.hour < 12):
        first = first[:-3]
    return f"{first} – {time_words(end)}"


def day_words(day: date, today: date) -> str:
    """Return how far a day is, as people say it: Today, Tomorrow, ``Nov 24``, ``Oct 3, 2025``."""
    near = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}.get((day - today).days)
    if near is not None:
        return near
    return short_day(day) if abs(day - today) < timedelta(days=180) else date_words(day)


_SMALL = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def counted(count: int) -> str:
    """Return a small count as a word: ``three``; above twelve as figures."""
    return _SMALL[count] if 0 <= count < len(_SMALL) else f"{count:,}"


def parse_day(text: str, *, today: date, field: str = "date") -> date | None:
    """Read a date as people type it (``kernel.typed.read_day``); empty is None."""
    return read_day(text, today, field=field) if text.strip() else None


def parse_time(text: str, *, field: str = "time") -> time | None:
    """Read a time as people type it (``kernel.typed.read_time``); empty is None."""
    return read_time(text, field=field) if text.strip() else None
