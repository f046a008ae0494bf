"""Which rows of a list go on which page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Room:
    """Pixels for rows: on the first page, on a further one; and what must follow them.

    ``closing`` stands below the last row, ``carried`` below the last row of every other page.
    """

    first: float
    further: float
    closing: float
    carried: float


def paginate(heights: Sequence[float], room: Room) -> list[range]:
    """Return the rows of each page, so that no page but the first is without rows.

    The totals never stand alone: the last page has at least one row.
    """
    pages: list[range] = []
    start = 0
    while True:
        here = room.further if pages else room.first
        if sum(heights[start:]) + room.closing <= here:
            pages.append(range(start, len(heights)))
            return pages
        end = _fitting(heights, start, here - room.carried)
        if end == len(heights):
            # All rows fit, the totals do not: the last row goes with them.
            end -= 1
        if end <= start and pages:
            end = start + 1
        if end >= len(heights):
            # One row and the totals are higher than a page; nothing can be gained by a break.
            pages.append(range(start, len(heights)))
            return pages
        pages.append(range(start, end))
        start = end


def _fitting(heights: Sequence[float], start: int, room: float) -> int:
    end, used = start, 0.0
    while end < len(heights) and used + heights[end] <= room:
        used += heights[end]
        end += 1
    return end
