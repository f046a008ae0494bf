"""The clock of a life that is told faster than it was lived."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


class MovingClock:
    """A ``kernel.clock.Clock`` that stands wherever the generator put it."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment at which the clock stands."""
        return self._moment

    def set(self, moment: datetime) -> None:
        """Move the clock to an aware ``moment``."""
        self._moment = moment.astimezone(UTC)

    def evening_of(self, day: date, zone: str) -> None:
        """Move the clock to the end of a working day on the wall of IANA ``zone``."""
        self.set(datetime.combine(day, time(18, 30), ZoneInfo(zone)))
