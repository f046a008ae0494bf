"""What a drag or a key does to a session's time, before it is dropped: no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import Enum

from app.core.scheduling.queries import SessionView
from app.core.scheduling.rules.walltime import instant, place
from app.ui.scheduling.geometry import DAY_MINUTES, Grid, Spot

STEP = 15
"""Minutes to which a drag and a key snap."""
MORNING = 8
"""The first hour in view, if nothing is earlier."""


class Kind(Enum):
    """What is being changed."""

    CREATE = "create"
    MOVE = "move"
    RESIZE = "resize"


@dataclass(frozen=True, slots=True)
class Draft:
    """A time that is not saved yet. ``session`` is the one that moves; a new one has none."""

    kind: Kind
    starts: datetime
    minutes: int
    session: SessionView | None = None

    @property
    def ends(self) -> datetime:
        """Return the wall time at which it ends, right through a clock change."""
        if self.session is None:
            return self.starts + timedelta(minutes=self.minutes)
        return place(self.starts, self.minutes, self.session.zone).ends

    @property
    def is_changed(self) -> bool:
        """Return whether dropping it would change anything."""
        if self.session is None:
            return True
        return (self.starts, self.minutes) != (self.session.starts, self.session.minutes)

    def shifted(self, *, days: int = 0, minutes: int = 0) -> Draft:
        """Return it on another day or at another time of the same day."""
        moved = self.starts + timedelta(days=days)
        at = moved + timedelta(minutes=minutes)
        return replace(self, starts=at if at.date() == moved.date() else moved)

    def resized(self, minutes: int) -> Draft:
        """Return it longer or shorter by ``minutes``, at least one step long."""
        return replace(self, minutes=min(max(self.minutes + minutes, STEP), DAY_MINUTES))


def snapped(minute: float) -> int:
    """Return the nearest step of the day."""
    return min(max(round(minute / STEP) * STEP, 0), DAY_MINUTES - STEP)


@dataclass(frozen=True, slots=True)
class LastDrop:
    """What was dropped last, and how its session stood on screen just then."""

    draft: Draft | None = None
    shown: SessionView | None = None

    def standing(self, session: SessionView) -> Draft:
        """Return where ``session`` stands, or will once its drop is saved and read back.

        Two quick presses are two moves, though the first is not read back yet.
        """
        if self.draft is not None and self.shown is session:
            session = replace(session, starts=self.draft.starts, minutes=self.draft.minutes)
        return Draft(Kind.MOVE, session.starts, session.minutes, session)


def time_from(days: Sequence[date], wanted: datetime, minutes: int) -> Draft:
    """Return the time from which arrows go on: ``wanted``, else the first morning of ``days``."""
    if days and wanted.date() not in days:
        wanted = datetime.combine(days[0], time(MORNING))
    minute = snapped(wanted.hour * 60 + wanted.minute)
    return Draft(
        Kind.CREATE, datetime.combine(wanted.date(), time(minute // 60, minute % 60)), minutes
    )


def _real_minutes(session: SessionView, ends: datetime) -> int:
    begins = instant(session.starts, session.zone)
    return (instant(ends, session.zone) - begins) // timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Drag:
    """A press of the pointer at ``origin`` that became a drag."""

    kind: Kind
    grid: Grid
    origin: Spot
    usual_minutes: int
    session: SessionView | None = None

    def to(self, spot: Spot) -> Draft:
        """Return what dropping at ``spot`` would make."""
        if self.session is None:
            return self._created(spot)
        if self.kind is Kind.RESIZE:
            end = datetime.combine(self.session.day, time())
            end += timedelta(minutes=round(spot.minute / STEP) * STEP)
            minutes = _real_minutes(self.session, end)
            return Draft(Kind.RESIZE, self.session.starts, max(minutes, STEP), self.session)
        begin = self.session.starts.hour * 60 + self.session.starts.minute
        minute = snapped(begin + spot.minute - self.origin.minute)
        starts = self.grid.wall(Spot(spot.day, minute))
        return Draft(Kind.MOVE, starts, self.session.minutes, self.session)

    def _created(self, spot: Spot) -> Draft:
        # The quarter hour that was pressed is inside; the other end is the nearest one.
        pressed = self.origin.minute // STEP * STEP
        first = min(pressed, snapped(spot.minute))
        last = max(pressed + STEP, round(spot.minute / STEP) * STEP)
        first = min(first, DAY_MINUTES - STEP)
        minutes = max(last - first, STEP)
        starts = self.grid.wall(Spot(self.origin.day, first))
        return Draft(Kind.CREATE, starts, minutes)

    def clicked(self) -> Draft:
        """Return the usual length at the half hour that was clicked."""
        minute = min(self.origin.minute // 30 * 30, DAY_MINUTES - STEP)
        starts = self.grid.wall(Spot(self.origin.day, minute))
        return Draft(Kind.CREATE, starts, self.usual_minutes)
