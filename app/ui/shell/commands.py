"""The actions of the shell itself, and actions made into shortcuts and menus."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenuBar

from app.ui.shell.actions import MENUS, Action, ActionTable
from app.ui.shell.registry import Area
from app.ui.widgets.menus import Menu

#: Shell actions by id → words, icon, keys, menu, group. What each does is wired by the window.
SHELL_ACTIONS: tuple[Action, ...] = (
    Action("shell.lock", "Lock", "lock", "Ctrl+L", menu="File", group=8),
    Action(
        "shell.quit", "Quit PracticeRunner", "", "Ctrl+Q", menu="File", group=9, in_palette=False
    ),
    Action("shell.undo", "Undo", "undo-2", "Ctrl+Z", menu="Edit"),
    Action(
        "shell.find", "Find anything…", "search", "Ctrl+K", menu="Edit", group=1, in_palette=False
    ),
    Action("shell.bigger", "Larger text", "", "Ctrl+=", menu="View"),
    Action("shell.smaller", "Smaller text", "", "Ctrl+-", menu="View"),
    Action("shell.plain_size", "Standard text size", "", "Ctrl+0", menu="View"),
    Action("shell.light", "Light", "sun", menu="View", group=1),
    Action("shell.dark", "Dark", "moon", menu="View", group=1),
    Action("shell.contrast", "High contrast", "eye", menu="View", group=1),
    Action("shell.back", "Back", "arrow-left", "Ctrl+[", menu="Go", group=1, in_palette=False),
    Action(
        "shell.forward", "Forward", "arrow-right", "Ctrl+]", menu="Go", group=1, in_palette=False
    ),
    Action("shell.keys", "Keyboard shortcuts", "command", "?", menu="Help", group=1),
)


def area_action(area: Area) -> Action:
    """Return the action that goes to an area."""
    menu = "Go" if not area.foot else "Help" if area.id == "help" else "File"
    return Action(f"go.{area.id}", area.words, area.icon, area.keys, menu=menu, group=0)


def bind(window: QMainWindow, table: ActionTable, run: Callable[[str], None]) -> dict[str, QAction]:
    """Make a ``QAction`` of every action on ``window``; its shortcut works while it is enabled."""
    made: dict[str, QAction] = {}
    for action in table:
        bound = QAction(action.words, window)
        if action.keys:
            bound.setShortcut(QKeySequence(action.keys))
            bound.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        bound.triggered.connect(lambda _checked=False, act=action.id: run(act))
        bound.setMenuRole(_role(action.id))
        window.addAction(bound)
        made[action.id] = bound
    return made


def _role(action_id: str) -> QAction.MenuRole:
    roles = {
        "shell.quit": QAction.MenuRole.QuitRole,
        "go.settings": QAction.MenuRole.PreferencesRole,
    }
    return roles.get(action_id, QAction.MenuRole.NoRole)


def fill_menu_bar(bar: QMenuBar, table: ActionTable, bound: dict[str, QAction]) -> None:
    """Fill the menu bar from the table; menus without actions are left out."""
    bar.clear()
    for title in MENUS:
        actions = table.of_menu(title.replace("&", ""))
        if not actions:
            continue
        menu = Menu(bar)
        menu.setTitle(title)
        bar.addMenu(menu)
        for before, action in zip([None, *actions], actions, strict=False):
            if before is not None and before.group != action.group:
                menu.addSeparator()
            menu.addAction(bound[action.id])


def enable(
    bound: dict[str, QAction], table: Iterable[Action], area: str, can: Callable[[Action], bool]
) -> None:
    """Enable what can be done in ``area`` now: shortcuts of other areas sleep."""
    for action in table:
        here = not action.areas or area in action.areas
        bound[action.id].setEnabled(here and can(action))
