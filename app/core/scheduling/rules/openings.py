"""Times of a day at which a session fits: nothing in the way, within the opening hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

#: Offered times begin on the quarter hour.
STEP = timedelta(minutes=15)


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
