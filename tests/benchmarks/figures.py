"""What a benchmark returns, and how its table is printed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: what was measured, in which unit, and what it should be.

    ``limit`` is the largest good figure; ``floor`` the peer of the same run, ``None`` where the
    target stands alone.
    """

    what: str
    figure: float
    unit: str
    target: str
    limit: float
    floor: float | None = None

    @property
    def good(self) -> bool:
        """Return whether the target is met."""
        return self.figure <= self.limit


def against_floor(what: str, figure: float, unit: str, floor: float, times: float) -> Figure:
    """Return the row of a figure that may be ``times`` its floor."""
    return Figure(what, figure, unit, f"≤ {times:g} × floor", floor * times, floor)


def milliseconds(act: Callable[[], object], *, runs: int, warm: int = 2) -> list[float]:
    """Return how long each of ``runs`` calls took, after ``warm`` uncounted ones."""
    for _ in range(warm):
        act()
    took = []
    for _ in range(runs):
        begun = time.perf_counter()
        act()
        took.append((time.perf_counter() - begun) * 1000)
    return took


def by_turns(
    act: Callable[[], float], peer: Callable[[], float], *, runs: int, warm: int = 20
) -> tuple[list[float], list[float]]:
    """Return the figures of both, taken by turns after some uncounted ones.

    What else the machine does meanwhile weighs on both alike.
    """
    both = [(act(), peer()) for _ in range(warm + runs)][warm:]
    return [ours for ours, _ in both], [theirs for _, theirs in both]


def median(values: list[float]) -> float:
    """Return the middle value."""
    return statistics.median(values)


def p95(values: list[float]) -> float:
    """Return the value that 95 of 100 stay below."""
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]


def table(figures: list[Figure]) -> str:
    """Return the rows as aligned text."""
    head = ("what", "figure", "floor", "target", "")
    rows = [
        (
            row.what,
            f"{row.figure:,.1f} {row.unit}",
            "–" if row.floor is None else f"{row.floor:,.1f} {row.unit}",
            row.target,
            "good" if row.good else "over",
        )
        for row in figures
    ]
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(5)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at in (1, 2) else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [head, *rows]
    )
