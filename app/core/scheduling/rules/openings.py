"""Times of a day at which a session fits: nothing in the way, within the opening hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

#: Offered times begin on the quarter hour.
STEP = timedelta(minutes=15)

_WEEK = 7


def next_start(
    after: datetime, opened: Callable[[date], Sequence[tuple[time, time]]], minutes: int
) -> datetime:
    """Return the time to propose for a new session: the next whole hour if the office is open then.

    Otherwise it is the next time at which the office opens, and without any opening hours the next
    whole hour. What is booked already is not looked at: the editor says what is in the way.
    """
    hour = after.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    length = timedelta(minutes=minutes)
    for days in range(_WEEK + 1):
        day = hour.date() + timedelta(days=days)
        for opens, closes in sorted(opened(day)):
            at = max(hour, datetime.combine(day, opens))
            if at + length <= datetime.combine(day, closes):
                return at
    return hour


def free_starts(
    day: date,
    opened: Sequence[tuple[time, time]],
    taken: Sequence[tuple[datetime, datetime]],
    minutes: int,
) -> list[time]:
    """Return every quarter hour of ``day`` at which ``minutes`` fit between what is ``taken``."""
    length = timedelta(minutes=minutes)
    found: list[time] = []
    for opens, closes in opened:
        at, end = datetime.combine(day, opens), datetime.combine(day, closes)
        while at + length <= end:
            if all(ends <= at or begins >= at + length for begins, ends in taken):
                found.append(at.time())
            at += STEP
    return found
