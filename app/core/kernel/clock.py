"""The one clock. Only this module calls ``now()``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells moments of record; injected wherever time is needed."""

    def now(self) -> datetime:
        """Return the current moment, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """Return the current moment in UTC."""
        return datetime.now(UTC)


def unix_ms(moment: datetime) -> int:
    """Return whole milliseconds since 1970 of an aware ``moment``."""
    return int(moment.timestamp() * 1000)


def whole_milliseconds(moment: datetime) -> datetime:
    """Return ``moment`` without the part of it that the store does not keep."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def today(clock: Clock, zone: str) -> date:
    """Return the date on the practice's wall in IANA ``zone``."""
    return clock.now().astimezone(ZoneInfo(zone)).date()


def wall_time(moment: datetime, zone: str) -> datetime:
    """Return an aware ``moment`` as naive wall time in IANA ``zone``."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
