"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

#: Thursday, November 19, 2026, 11:18 AM Pacific: the moment of all the design's pictures.
THE_MOMENT = datetime(2026, 11, 19, 19, 18, tzinfo=UTC)


class StillClock:
    """Implements ``kernel.clock.Clock``."""

    def __init__(self, moment: datetime = THE_MOMENT) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """Return the moment at which the clock stands."""
        return self._moment

    def set(self, moment: datetime) -> None:
        """Move the clock to ``moment`` (aware)."""
        self._moment = moment.astimezone(UTC)

    def forward(self, **span: float) -> None:
        """Move the clock on by a ``timedelta``."""
        self._moment += timedelta(**span)
