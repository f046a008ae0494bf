"""Actions as a table: menus, palette, shortcuts and the help sheet are all made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.kernel.acting import Permission

if TYPE_CHECKING:
    from app.ui.shell.context import ScreenContext

#: The menus, left to right, with their access keys.
MENUS = ("&File", "&Edit", "&View", "&Go", "&Client", "&Session", "&Billing", "&Help")


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do by its name.

    ``keys`` are Qt's (``Ctrl+K``); ``areas`` limits it to these areas (empty: everywhere); ``menu``
    is the menu it stands in, without access key. With ``run`` it is done by the shell or an area
    wherever one is; without, the page in front is told its id.
    """

    id: str
    words: str
    icon: str = ""
    keys: str = ""
    areas: tuple[str, ...] = ()
    menu: str = ""
    run: Callable[[ScreenContext], None] | None = None
    enabled_when: Callable[[ScreenContext], bool] | None = None
    group: int = 0
    """Groups of one menu are parted by a line."""
    in_palette: bool = True
    needs: Permission | None = None
    """The permission without which the action is absent: no menu, shortcut or search has it."""


class ActionTable:
    """All actions, by id. Two of one id, or of one shortcut in one area, are a bug."""

    def __init__(self) -> None:
        self._actions: dict[str, Action] = {}

    def add(self, action: Action) -> None:
        """Add an action; raises ``ValueError`` for an id or a shortcut that is taken."""
        if action.id in self._actions:
            raise ValueError(f"action {action.id} exists")
        for other in self._actions.values():
            if action.keys and action.keys == other.keys and _meet(action, other):
                raise ValueError(f"{action.id} and {other.id} share {action.keys}")
        self._actions[action.id] = action

    def __iter__(self) -> Iterator[Action]:
        return iter(self._actions.values())

    def __getitem__(self, action_id: str) -> Action:
        return self._actions[action_id]

    def __contains__(self, action_id: object) -> bool:
        return action_id in self._actions

    def of_area(self, area: str) -> list[Action]:
        """Return what can be done in ``area``: its own actions first."""
        own = [action for action in self if area in action.areas]
        return own + [action for action in self if not action.areas]

    def of_menu(self, menu: str) -> list[Action]:
        """Return the actions of a menu in their groups."""
        found = [action for action in self if action.menu == menu]
        return sorted(found, key=lambda action: action.group)

    def keys_of(self, action_id: str) -> str:
        """Return the shortcut of an action, empty where there is none of that id."""
        action = self._actions.get(action_id)
        return action.keys if action is not None else ""


def _meet(one: Action, other: Action) -> bool:
    return not one.areas or not other.areas or not set(one.areas).isdisjoint(other.areas)
