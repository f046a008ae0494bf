"""Days and times as people type them: ``tue``, ``nov 24``, ``3:45``, ``noon``."""

from __future__ import annotations

import calendar
import re
from datetime import date, time, timedelta

from app.core.kernel.errors import UserError

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_abbr)}
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_US = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})(?:[/.\-](\d{4}|\d{2}))?$")
_WORDS = re.compile(r"^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?$")
_TIME = re.compile(r"^(\d{1,2})(?:[:.]?([0-5]\d))?\s*([ap])?\.?(?:m\.?)?$")
#: Hours typed without AM or PM up to this one are afternoon: few sessions begin before seven.
_LAST_AFTERNOON_HOUR = 6
_YEARS_AHEAD = 20
_HALF_YEAR = timedelta(days=183)


def read_day(text: str, today: date, *, field: str = "date") -> date:
    """Return the day that ``text`` names, seen from ``today``.

    ``today``, ``tomorrow``, ``yesterday``, ``tue`` (the next one), ``nov 24``, ``11/24``,
    ``11/24/2026``, ``11/24/26``, ``2026-11-24``. Without a year it is the nearest such day. Raises
    ``UserError`` for a day that no calendar has.
    """
    typed = " ".join(text.lower().replace(",", " ").split())
    relative = {"today": 0, "tomorrow": 1, "yesterday": -1}
    if typed in relative:
        return today + timedelta(days=relative[typed])
    weekday = _weekday(typed)
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    words = typed.split(" ", 1)
    if len(words) == 2 and _weekday(words[0]) is not None:
        typed = words[1]
    year, month, day = _numbers(typed, today, field)
    if year is None:
        return _nearest(month, day, today, field)
    return _real(year, month, day, field)


def _weekday(word: str) -> int | None:
    if len(word) < 3 or not any(name.lower().startswith(word) for name in calendar.day_name):
        return None
    return _WEEKDAYS[word[:3]]


def _numbers(typed: str, today: date, field: str) -> tuple[int | None, int, int]:
    if match := _ISO.match(typed):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _US.match(typed):
        return _full_year(match[3], today), int(match[1]), int(match[2])
    match = _WORDS.match(typed)
    if match and match[1][:3] in _MONTHS and _is_month(match[1]):
        return (int(match[3]) if match[3] else None), _MONTHS[match[1][:3]], int(match[2])
    raise UserError("Type a day like Nov 24, 11/24/2026 or tomorrow.", field=field)


def _full_year(typed: str | None, today: date) -> int | None:
    if typed is None or len(typed) == 4:
        return None if typed is None else int(typed)
    # Two digits are mostly of birth dates: at most twenty years ahead, else the last century.
    year = 2000 + int(typed)
    return year if year <= today.year + _YEARS_AHEAD else year - 100


def _is_month(word: str) -> bool:
    return (
        any(name.lower().startswith(word) for name in calendar.month_name if name) or word == "sept"
    )


def _nearest(month: int, day: int, today: date, field: str) -> date:
    # Feb 29 without a year is the next one there is.
    if (month, day) == (2, 29):
        year = today.year
        while not calendar.isleap(year):
            year += 1
        return date(year, 2, 29)
    this_year = _real(today.year, month, day, field)
    if today - this_year > _HALF_YEAR:
        return this_year.replace(year=today.year + 1)
    if this_year - today > _HALF_YEAR:
        return this_year.replace(year=today.year - 1)
    return this_year


def _real(year: int, month: int, day: int, field: str) -> date:
    if not 1 <= month <= 12:
        raise UserError(
            f"There is no month {month}: type the month first, then the day.", field=field
        )
    if not 1 <= year <= 9999:
        raise UserError("Type the year with four digits.", field=field)
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        name = calendar.month_name[month]
        raise UserError(f"{name} {year} has {last} days, no day {day}.", field=field)
    return date(year, month, day)


def read_time(text: str, *, field: str = "starts") -> time:
    """Return the time of day that ``text`` names: ``3:45 pm``, ``345p``, ``15:45``, ``noon``.

    Without AM or PM, 1 to 6 is the afternoon: nobody has sessions at night. Raises ``UserError``
    for no time of day.
    """
    typed = " ".join(text.lower().split())
    if typed in ("noon", "midnight"):
        return time(12) if typed == "noon" else time(0)
    match = _TIME.match(typed)
    if match is None:
        raise UserError("Type a time like 9:30 or 2 PM.", field=field)
    hour, minute = int(match[1]), int(match[2] or 0)
    half = match[3]
    if hour > 23 or (half and not 1 <= hour <= 12):
        raise UserError("Type a time like 9:30 or 2 PM.", field=field)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif 1 <= hour <= _LAST_AFTERNOON_HOUR and not match[1].startswith("0"):
        hour += 12
    return time(hour, minute)
