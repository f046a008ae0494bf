"""Dates, times and counts as the program says them, in US English."""

from __future__ import annotations

from datetime import date, datetime, time


def time_words(moment: datetime | time) -> str:
    """Return ``9:14 AM``."""
    return f"{moment.hour % 12 or 12}:{moment.minute:02d} {'AM' if moment.hour < 12 else 'PM'}"


def short_day(day: date) -> str:
    """Return ``Nov 19``."""
    return f"{day:%b} {day.day}"


def date_words(day: date) -> str:
    """Return ``Nov 19, 2026``."""
    return f"{short_day(day)}, {day.year}"


def full_date(day: date) -> str:
    """Return ``November 19, 2026``, as sentences say it."""
    return f"{day:%B} {day.day}, {day.year}"


def weekday_day(day: date) -> str:
    """Return ``Thu, Nov 19``."""
    return f"{day:%a}, {short_day(day)}"


def long_day(day: date) -> str:
    """Return ``Thursday, November 19``."""
    return f"{day:%A, %B} {day.day}"


def plural(count: int, one: str, many: str = "") -> str:
    """Return ``1 session`` or ``3 sessions``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
