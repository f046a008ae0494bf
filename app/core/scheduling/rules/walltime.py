"""Wall time and zone to instants, right through both clock changes.

A session keeps the time that the practice's wall clock shows; the instant is derived. Clock
changes follow RFC 5545, 3.3.5: a time that does not exist moves forward by the gap, a time that
exists twice is the first one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.core.kernel.clock import wall_time
from app.core.kernel.errors import UserError
from app.core.practice.rules.catalogue import LONGEST

#: Years in which a session can be: typing errors fall outside.
FIRST_YEAR, LAST_YEAR = 1950, 2199
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)


@dataclass(frozen=True, slots=True)
class Placed:
    """A session's times. ``starts`` and ``ends`` are wall time, the others instants in UTC.

    ``moved`` says that the wanted wall time does not exist, so that the session starts later.
    """

    starts: datetime
    ends: datetime
    starts_at: datetime
    ends_at: datetime
    moved: bool


def place(wanted: datetime, minutes: int, zone: str) -> Placed:
    """Return when a session of ``minutes`` wanted at naive wall time ``wanted`` really is."""
    starts_at = instant(wanted, zone)
    starts = wall_time(starts_at, zone)
    ends_at = starts_at + timedelta(minutes=minutes)
    return Placed(starts, wall_time(ends_at, zone), starts_at, ends_at, starts != wanted)


def instant(wall: datetime, zone: str) -> datetime:
    """Return the instant (UTC) of naive wall time ``wall``; the earlier one of two."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def day_bounds(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """Return the instants at which ``first`` begins and ``last`` has ended."""
    day_after = last + timedelta(days=1)
    return (
        instant(datetime.combine(first, time()), zone),
        instant(datetime.combine(day_after, time()), zone),
    )


def gap_notice(wanted: datetime, zone: str) -> str | None:
    """Return the sentence for a time that does not exist, or ``None``."""
    placed = place(wanted, 1, zone)
    if not placed.moved:
        return None
    return (
        f"Clocks go forward on {day_words(wanted.date())} and {time_words(wanted.time())} does "
        f"not exist: the session starts at {time_words(placed.starts.time())}."
    )


def fold_notice(wanted: datetime, zone: str) -> str | None:
    """Return the sentence for a time that exists twice, or ``None``."""
    here = ZoneInfo(zone)
    first = wanted.replace(tzinfo=here, fold=0)
    second = wanted.replace(tzinfo=here, fold=1)
    if first.utcoffset() == second.utcoffset() or place(wanted, 1, zone).moved:
        return None
    return (
        f"Clocks go back on {day_words(wanted.date())} and {time_words(wanted.time())} comes "
        "twice: the session is at the first one."
    )


def minutes_between(starts: datetime, ends: datetime, zone: str) -> int:
    """Return the real minutes from one wall time to another.

    Raises ``UserError`` (field ``ends``) when it ends before it starts or lasts over a day.
    """
    minutes = (instant(ends, zone) - instant(starts, zone)) // timedelta(minutes=1)
    if minutes <= 0:
        raise UserError("The session ends before it starts: choose a later end.", field="ends")
    if minutes > LONGEST:
        raise UserError("A session lasts at most 24 hours: choose an earlier end.", field="ends")
    return minutes


def check_start(starts: datetime, *, field: str = "starts") -> datetime:
    """Return a session's wall time in whole minutes; raises ``UserError`` for an absurd year."""
    if not FIRST_YEAR <= starts.year <= LAST_YEAR:
        raise UserError(f"Check the year: {starts.year} is not one of ours.", field=field)
    return starts.replace(second=0, microsecond=0, tzinfo=None, fold=0)


def time_words(clock: time) -> str:
    """Return ``9:14 AM``."""
    return f"{clock.hour % 12 or 12}:{clock.minute:02d} {'AM' if clock.hour < 12 else 'PM'}"


def day_words(day: date) -> str:
    """Return ``Thu, Nov 19, 2026``."""
    return f"{day:%a}, {day:%b} {day.day}, {day.year}"
