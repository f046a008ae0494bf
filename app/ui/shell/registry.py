"""What areas register: their page, their panels on other pages, their actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from app.core.kernel.acting import Permission
from app.ui.shell.actions import ActionTable
from app.ui.shell.places import Place

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.shell.context import ScreenContext
    from app.ui.shell.presenter import Presenter
    from app.ui.shell.program import Program


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the program. ``nav`` False is reached only from records; ``foot`` stands below.

    ``needs`` is the permission without which the area is absent.
    """

    id: str
    words: str
    icon: str
    page: Callable[[ScreenContext], QWidget]
    keys: str = ""
    position: int = 0
    nav: bool = True
    foot: bool = False
    needs: Permission | None = None
    count: Callable[[ScreenContext, Callable[[int], None]], Presenter] | None = None
    """Makes what keeps the number beside the words in the side bar."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of another area's page: a tab of a record, a card of Today, a page of Settings."""

    kind: str
    place: str
    key: str
    words: str
    build: Callable[[ScreenContext, UUID | None], QWidget]
    position: int = 0
    needs: Permission | None = None


class Areas:
    """The areas, in the order of the side bar."""

    def __init__(self) -> None:
        self._areas: dict[str, Area] = {}

    def add(self, area: Area) -> None:
        """Register an area; a second of one id is a bug and raises ``ValueError``."""
        if area.id in self._areas:
            raise ValueError(f"area {area.id} exists")
        self._areas[area.id] = area

    def __iter__(self) -> Iterator[Area]:
        return iter(sorted(self._areas.values(), key=lambda area: area.position))

    def __getitem__(self, area_id: str) -> Area:
        return self._areas[area_id]

    def __contains__(self, area_id: object) -> bool:
        return area_id in self._areas


class Panels:
    """The panels, by the kind of record and the place where they stand."""

    def __init__(self) -> None:
        self._panels: list[Panel] = []

    def add(self, panel: Panel) -> None:
        """Register a panel."""
        self._panels.append(panel)

    def __iter__(self) -> Iterator[Panel]:
        return iter(self._panels)

    def of(self, kind: str, place: str) -> list[Panel]:
        """Return the panels that stand there, in order."""
        found = [panel for panel in self._panels if (panel.kind, panel.place) == (kind, place)]
        return sorted(found, key=lambda panel: panel.position)


class House:
    """The registries that an area's ``register(house)`` fills.

    ``fronts`` stand in for the areas while no practice is open: ``first_run`` and ``locked``.
    """

    def __init__(self) -> None:
        self.fronts: dict[str, Callable[[Program], QWidget]] = {}
        self.areas = Areas()
        self.panels = Panels()
        self.actions = ActionTable()

    def of_member(self, may: Callable[[Permission], bool]) -> House:
        """Return what a member finds here: what their role does not include is absent."""
        found = House()
        found.fronts = self.fronts
        for area in self.areas:
            if area.needs is None or may(area.needs):
                found.areas.add(area)
        for panel in self.panels:
            if panel.needs is None or may(panel.needs):
                found.panels.add(panel)
        for action in self.actions:
            somewhere = not action.areas or any(area in found.areas for area in action.areas)
            if somewhere and (action.needs is None or may(action.needs)):
                found.actions.add(action)
        return found

    def lost_to(self, other: House, place: Place) -> str:
        """Return the words of the area or part that ``place`` has here and not in ``other``."""
        if place.area not in other.areas:
            return self.areas[place.area].words
        kinds = {place.area, place.record[0] if place.record is not None else ""}
        held, holds = (
            {each.key: each.words for each in house.panels if each.kind in kinds}
            for house in (self, other)
        )
        return "" if place.part in holds else held.get(place.part, "")
