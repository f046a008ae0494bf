"""When what the account did not have is asked for again: often while it is fresh, ever less often.

Its row came before its bytes, which mostly follow at once; some come when another computer is
opened after weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: The first wait and the longest one, in seconds; between them it waits as long as it has waited.
FIRST_WAIT, LONGEST_WAIT = 5.0, 600.0
#: News of the account may bring it earlier, but not before this part of the wait so far.
_WITH_NEWS = 0.1


@dataclass(slots=True)
class _Wait:
    since: datetime
    asked: datetime
    due: datetime


class Absent:
    """Names of files that the account lacked when it was asked. All moments are handed in."""

    def __init__(self) -> None:
        self._waits: dict[str, _Wait] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._waits

    def names(self) -> set[str]:
        """Return the names of all that wait."""
        return set(self._waits)

    def lacked(self, name: str, now: datetime) -> None:
        """Note that the account was asked and does not have it."""
        known = self._waits.get(name)
        since = now if known is None else known.since
        wait = min(max((now - since).total_seconds(), FIRST_WAIT), LONGEST_WAIT)
        self._waits[name] = _Wait(since, now, now + timedelta(seconds=wait))

    def news(self, name: str, now: datetime) -> None:
        """The account has something new, which may be this: ask soon."""
        waits = self._waits[name]
        gap = min((now - waits.since).total_seconds() * _WITH_NEWS, LONGEST_WAIT)
        soon = max(now, waits.asked + timedelta(seconds=gap))
        waits.due = min(waits.due, soon)

    def due(self, name: str) -> datetime | None:
        """Return when it is asked for again; ``None`` for what was never lacking."""
        waits = self._waits.get(name)
        return None if waits is None else waits.due

    def forget(self, name: str) -> None:
        """It came, or nobody wants it any more."""
        self._waits.pop(name, None)
