"""The table of actions, and everything made from it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMainWindow

from app.ui.areas import furnished
from app.ui.shell import commands
from app.ui.shell.actions import MENUS, Action, ActionTable
from app.ui.theme.tokens import RESOURCES


def _whole_table() -> ActionTable:
    house = furnished()
    for area in house.areas:
        if area.nav:
            house.actions.add(commands.area_action(area))
    for action in commands.SHELL_ACTIONS:
        house.actions.add(action)
    return house.actions


def test_the_whole_table_has_no_two_of_one_id_or_shortcut() -> None:
    assert len(list(_whole_table())) > 20


def test_every_action_stands_in_a_menu_with_an_icon_that_exists() -> None:
    menus = {title.replace("&", "") for title in MENUS}
    for action in _whole_table():
        assert not action.menu or action.menu in menus, action.id
        assert not action.icon or (RESOURCES / "icons" / f"{action.icon}.svg").exists(), action.id


def test_an_id_or_a_shortcut_that_is_taken_is_a_bug() -> None:
    table = ActionTable()
    table.add(Action("one", "One", keys="N", areas=("today",)))
    table.add(Action("two", "Two", keys="N", areas=("people",)))
    with pytest.raises(ValueError, match="exists"):
        table.add(Action("one", "Again"))
    with pytest.raises(ValueError, match="share N"):
        table.add(Action("three", "Three", keys="N"))


def test_shortcuts_of_other_areas_sleep(qtbot: object) -> None:
    table = ActionTable()
    table.add(Action("day", "Day", keys="D", areas=("scheduling",), menu="View"))
    table.add(Action("quit", "Quit", keys="Ctrl+Q", menu="File"))
    window = QMainWindow()
    done: list[str] = []
    bound = commands.bind(window, table, done.append)
    commands.enable(bound, table, "today", lambda _action: True)
    assert not bound["day"].isEnabled()
    assert bound["quit"].isEnabled()
    commands.enable(bound, table, "scheduling", lambda action: action.id != "quit")
    bound["day"].trigger()
    bound["quit"].trigger()
    assert done == ["day"]
    commands.fill_menu_bar(window.menuBar(), table, bound)
    assert [each.text() for each in window.menuBar().actions()] == ["&File", "&View"]
    window.deleteLater()
