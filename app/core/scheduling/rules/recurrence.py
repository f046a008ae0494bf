"""Series: weekly rules as RFC 5545 text, and their occurrences by closed form.

A rule runs in wall time. Expanding in UTC would be an hour off for half of the year, and a
general expander walks from the first occurrence on; a weekly rule needs one division.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.core.kernel.errors import UserError
from app.core.scheduling.rules.walltime import LAST_YEAR, instant

MOST_WEEKS_BETWEEN = 52
MOST_TIMES = 520
"""Ten years of weekly sessions."""

_WEEK = 7
_UNTIL = re.compile(r"^(\d{8})(?:T(\d{6})(Z?))?$")
_KNOWN_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})


@dataclass(frozen=True, slots=True)
class Repeat:
    """Every so many weeks, ``count`` times, or ``until`` a day, or on and on."""

    every: int = 1
    count: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Weekly:
    """A series ready to be expanded: its first wall time, its step, the last day it may fall on."""

    starts: datetime
    every: int
    last: date | None

    def between(self, first: datetime, before: datetime) -> Iterator[datetime]:
        """Yield the wall times that the rule gives from ``first`` until just before ``before``."""
        step = self.every * _WEEK
        ordinal = self.starts.toordinal()
        index = max(0, -((ordinal - first.toordinal()) // step))
        end = before.toordinal()
        if self.last is not None:
            end = min(end, self.last.toordinal())
        days = step * index
        while ordinal + days <= end:
            at = self.starts + timedelta(days=days)
            if at >= before:
                return
            if at >= first:
                yield at
            days += step


def check_repeat(repeat: Repeat, starts: datetime) -> Repeat:
    """Return ``repeat`` if a series from ``starts`` can follow it; else raise ``UserError``."""
    if not 1 <= repeat.every <= MOST_WEEKS_BETWEEN:
        raise UserError("A series repeats every 1 to 52 weeks.", field="every")
    if repeat.count is not None and repeat.until is not None:
        raise UserError(
            "End the series after a number of times or on a day, not both.", field="until"
        )
    if repeat.count is not None and not 1 <= repeat.count <= MOST_TIMES:
        raise UserError(f"A series has 1 to {MOST_TIMES} sessions.", field="count")
    if repeat.until is not None and repeat.until < starts.date():
        raise UserError(
            "The series ends before its first session: choose a later day.", field="until"
        )
    if repeat.until is not None and repeat.until.year > LAST_YEAR:
        raise UserError("Choose an earlier last day for the series.", field="until")
    return repeat


def rule_text(repeat: Repeat, zone: str) -> str:
    """Return the rule as RFC 5545 writes it (3.3.10).

    With a zoned start ``UNTIL`` must be UTC: the last second of the last day in ``zone``.
    """
    parts = ["FREQ=WEEKLY"]
    if repeat.every != 1:
        parts.append(f"INTERVAL={repeat.every}")
    if repeat.count is not None:
        parts.append(f"COUNT={repeat.count}")
    if repeat.until is not None:
        end = instant(datetime.combine(repeat.until, time(23, 59, 59)), zone)
        parts.append(f"UNTIL={end:%Y%m%dT%H%M%SZ}")
    return ";".join(parts)


@lru_cache(maxsize=4096)
def read_rule(text: str, zone: str) -> Repeat:
    """Return what ``rule_text`` wrote; raises ``UserError`` for a rule of another kind."""
    pairs = [part.partition("=") for part in text.strip().removeprefix("RRULE:").upper().split(";")]
    parts = {name: value for name, _, value in pairs}
    unknown = parts.keys() - _KNOWN_PARTS
    if parts.get("FREQ") != "WEEKLY" or unknown:
        raise UserError("Only series that repeat every so many weeks can be kept.", field="rule")
    if "COUNT" in parts and "UNTIL" in parts:
        raise UserError("A series has a number of times or a last day, not both.", field="rule")
    count = _number(parts["COUNT"]) if "COUNT" in parts else None
    until = _last_day(parts["UNTIL"], zone) if "UNTIL" in parts else None
    return Repeat(_number(parts.get("INTERVAL", "1")), count, until)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) < 10_000):
        raise UserError("The series' rule cannot be read.", field="rule")
    return int(text)


def _last_day(text: str, zone: str) -> date:
    match = _UNTIL.match(text)
    if match is None:
        raise UserError("The series' last day cannot be read.", field="rule")
    day, clock, utc = match.groups()
    try:
        at = datetime.fromisoformat(f"{day}T{clock or '000000'}")
    except ValueError as unreadable:
        raise UserError("The series' last day cannot be read.", field="rule") from unreadable
    return at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date() if utc else at.date()


def last_day(starts: datetime, repeat: Repeat) -> date | None:
    """Return the last day on which the series may have a session; ``None`` when it goes on."""
    if repeat.count is None:
        return repeat.until
    return starts.date() + timedelta(days=_WEEK * repeat.every * (repeat.count - 1))


def ended_on(repeat: Repeat, last: date) -> Repeat:
    """Return ``repeat`` with ``last`` as its last day, instead of whatever ended it before."""
    return replace(repeat, count=None, until=last)


def number_of(starts: datetime, repeat: Repeat, at: datetime) -> tuple[int, int | None]:
    """Return which session of the series ``at`` is (from 1), and of how many if it ends."""
    step = _WEEK * repeat.every
    index = (at.date() - starts.date()).days // step
    last = last_day(starts, repeat)
    of = None if last is None else (last - starts.date()).days // step + 1
    return index + 1, of


def repeat_words(repeat: Repeat, starts: datetime) -> str:
    """Return ``Every Thursday until Dec 17``, ``Every 2 weeks on Thursday, 8 times``."""
    words = (
        f"Every {starts:%A}" if repeat.every == 1 else f"Every {repeat.every} weeks on {starts:%A}"
    )
    if repeat.count is not None:
        return f"{words}, {repeat.count} times" if repeat.count > 1 else f"{words}, once"
    if repeat.until is None:
        return words
    end = f"{repeat.until:%b} {repeat.until.day}"
    if repeat.until.year != starts.year:
        end = f"{end}, {repeat.until.year}"
    return f"{words} until {end}"
