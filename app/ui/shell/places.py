"""Where the person is: an area, a record in it, a part of that record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

Record = tuple[str, UUID]
"""Kind of record (``case``, ``client``, ``invoice``) and its id."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place to go. ``part`` is a tab or page of the area; ``ask`` fills a form on arrival."""

    area: str
    record: Record | None = None
    part: str = ""
    ask: Mapping[str, str] = field(default_factory=dict)

    def same_page(self, other: Place) -> bool:
        """Return whether both are one stop for *Back*, whatever was asked on arrival."""
        return (self.area, self.record, self.part) == (other.area, other.record, other.part)


class History:
    """The stops of *Back* and *Forward*."""

    def __init__(self) -> None:
        self._stops: list[Place] = []
        self._at = -1

    @property
    def here(self) -> Place | None:
        """The place shown now."""
        return self._stops[self._at] if self._stops else None

    def visit(self, place: Place) -> None:
        """Go to a new place; what lay ahead is forgotten."""
        here = self.here
        if here is not None and here.same_page(place):
            self._stops[self._at] = place
            return
        del self._stops[self._at + 1 :]
        self._stops.append(place)
        self._at += 1

    def can_go(self, steps: int) -> bool:
        """Return whether there is a stop ``steps`` away (-1 back, 1 forward)."""
        return 0 <= self._at + steps < len(self._stops)

    def go(self, steps: int) -> Place:
        """Step back or forward and return the place; raises ``IndexError`` past either end."""
        if not self.can_go(steps):
            raise IndexError("no such stop")
        self._at += steps
        return self._stops[self._at]

    def keep(self, allowed: Callable[[Place], bool]) -> None:
        """Forget the stops that are none any more; *here* is then the one before."""
        upto = sum(map(allowed, self._stops[: self._at + 1]))
        self._stops = [stop for stop in self._stops if allowed(stop)]
        self._at = max(upto - 1, 0) if self._stops else -1
