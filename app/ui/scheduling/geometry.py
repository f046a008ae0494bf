"""Where days, hours and sessions stand in the grid: numbers in, rectangles out, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.core.scheduling.queries import SessionView

DAY_MINUTES = 24 * 60
#: Sizes of the design at 100 percent.
HOUR, GUTTER, TOP = 62, 60, 10
_LEFT_MARGIN, _RIGHT_MARGIN, _LANE_GAP = 4, 6, 2
#: A weekend day beside a weekday, until something is in it at the smallest width.
WEEKEND = 0.63
_SMALLEST = 100
#: Shorter sessions are drawn as long, so that a name fits.
_SHORTEST_DRAWN = 25
_WEEKDAYS = 5


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the grid."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A day of those shown, by its index, and a minute of it."""

    day: int
    minute: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns of some days, ``scale`` times the design's sizes."""

    days: tuple[date, ...]
    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    scale: float

    @property
    def height(self) -> float:
        """Return the height of a whole day with its margins."""
        return (2 * TOP + HOUR * 24) * self.scale

    def y(self, minute: float) -> float:
        """Return where a minute of the day is."""
        return (TOP + minute * HOUR / 60) * self.scale

    def spot(self, x: float, y: float) -> Spot:
        """Return the day and minute under a point; points outside belong to the nearest."""
        day = max((i for i, left in enumerate(self.lefts) if left <= x), default=0)
        minute = (y / self.scale - TOP) * 60 / HOUR
        return Spot(day, round(min(max(minute, 0), DAY_MINUTES)))

    def wall(self, spot: Spot) -> datetime:
        """Return the wall time of a spot."""
        return datetime.combine(self.days[spot.day], time()) + timedelta(minutes=spot.minute)

    def index(self, day: date) -> int | None:
        """Return the column of ``day``, if it is shown."""
        return self.days.index(day) if day in self.days else None

    def box(self, starts: datetime, minutes: int, lane: int = 0, lanes: int = 1) -> Box | None:
        """Return the rectangle of a session, in one of the lanes of its column."""
        index = self.index(starts.date())
        if index is None:
            return None
        begin = starts.hour * 60 + starts.minute
        end = min(begin + max(minutes, _SHORTEST_DRAWN), DAY_MINUTES)
        room = self.widths[index] - (_LEFT_MARGIN + _RIGHT_MARGIN) * self.scale
        step = room / lanes
        gap = _LANE_GAP * self.scale if lanes > 1 else 0
        top = self.y(begin) + 1
        return Box(
            self.lefts[index] + _LEFT_MARGIN * self.scale + lane * step,
            top,
            step - gap,
            self.y(end) - top - 1,
        )


def grid_of(days: Sequence[date], width: float, busy: frozenset[date], scale: float) -> Grid:
    """Return the columns of ``days`` in ``width`` pixels; ``busy`` days have something in them."""
    room = width - GUTTER * scale
    shares = _shares(days, room, busy, scale)
    unit = room / sum(shares)
    lefts: list[float] = []
    left = GUTTER * scale
    widths = [round(share * unit) for share in shares]
    widths[-1] += round(room) - sum(widths)
    for each in widths:
        lefts.append(left)
        left += each
    return Grid(tuple(days), tuple(lefts), tuple(float(each) for each in widths), scale)


def _shares(days: Sequence[date], room: float, busy: frozenset[date], scale: float) -> list[float]:
    if len(days) == 1:
        return [1.0]
    shares = [1.0 if day.weekday() < _WEEKDAYS else WEEKEND for day in days]
    narrow = room / sum(shares) * WEEKEND < _SMALLEST * scale
    return [
        1.0 if narrow and day in busy else share for day, share in zip(days, shares, strict=True)
    ]


def wall_minutes(session: SessionView) -> int:
    """Return how long a session is on the wall's clock, which a clock change makes jump.

    An hour before clocks go back ends when it began: such a one is drawn as long as it lasts.
    """
    minutes = (session.ends - session.starts) // timedelta(minutes=1)
    return minutes if minutes > 0 else session.minutes


@dataclass(frozen=True, slots=True)
class Lane:
    """Which of how many lanes a session stands in."""

    number: int
    of: int


def lanes(sessions: Sequence[SessionView]) -> dict[UUID, Lane]:
    """Return the lane of each session: those that share time stand beside each other."""
    found: dict[UUID, Lane] = {}
    cluster: list[tuple[UUID, int]] = []
    ends: list[datetime] = []

    def close() -> None:
        found.update((each, Lane(number, len(ends))) for each, number in cluster)
        cluster.clear()
        ends.clear()

    for session in sorted(sessions, key=lambda each: (each.starts, each.id)):
        if ends and session.starts >= max(ends):
            close()
        drawn = max(wall_minutes(session), _SHORTEST_DRAWN)
        ends_here = session.starts + timedelta(minutes=drawn)
        free = next((i for i, end in enumerate(ends) if end <= session.starts), None)
        if free is None:
            free = len(ends)
            ends.append(ends_here)
        else:
            ends[free] = ends_here
        cluster.append((session.id, free))
    close()
    return found


def closed_stretches(
    opened: Sequence[tuple[time, time]],
) -> list[tuple[int, int]]:
    """Return the minutes of a day outside its opening hours, as (from, to) in order."""
    closed: list[tuple[int, int]] = []
    at = 0
    for opens, closes in sorted(opened):
        begin, end = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
        if begin > at:
            closed.append((at, begin))
        at = max(at, end)
    if at < DAY_MINUTES:
        closed.append((at, DAY_MINUTES))
    return closed
