"""When the program locks itself. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.scheduling.queries import SessionView

#: A tick that comes this much too late means that the computer slept meanwhile.
SLEPT = timedelta(seconds=60)
_NUMBERS = {1: "A minute", 5: "Five minutes", 10: "Ten minutes", 15: "Fifteen minutes"}


def is_due(
    idle: timedelta, limit: timedelta, now: datetime, running_until: datetime | None
) -> bool:
    """Return whether to lock after ``idle``: not while a session runs, but at its end."""
    return idle >= limit and (running_until is None or now >= running_until)


def running_until(sessions: Iterable[SessionView], now: datetime) -> datetime | None:
    """Return when the session that runs at ``now`` ends, the last of several; None for none."""
    ends = [
        each.ends_at
        for each in sessions
        if each.starts_at <= now < each.ends_at and not each.status.is_gone
    ]
    return max(ends, default=None)


def idle_words(minutes: int) -> str:
    """Return why it locked, as the lock says it."""
    time = _NUMBERS.get(minutes, f"{minutes} minutes")
    return f"{time} went by without a keystroke. Your draft was saved first."


SLEEP_WORDS = "This computer slept or its screen was locked. Your draft was saved first."
