"""The real page of Today: names, keys, reflow, nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.shell.registry import House
from app.ui.tasks.area import register as register_tasks
from app.ui.tasks.panel import AttentionPanel
from app.ui.theme import look
from app.ui.today.attentionpane import AttentionPane
from app.ui.today.daylist import DayList, act_rect
from app.ui.today.page import TodayPage
from app.ui.today.words import FOLLOWING
from app.ui.widgets import paint
from app.ui.widgets.buttons import Button
from app.ui.widgets.panes import Sheet
from tests.support.design_day import DesignDay
from tests.support.practice import TestDesk
from tests.support.screens import Heard, focused, part


class _Shown:
    def __init__(self, page: TodayPage, heard: Heard, qtbot: Any) -> None:
        self.page, self.heard, self.qtbot = page, heard, qtbot
        self.list = part(page, DayList)
        qtbot.waitUntil(lambda: len(self.list.lines()) > 0 and self.button("Open note") is not None)

    def button(self, words: str) -> Button | None:
        found = [each for each in self.page.findChildren(Button) if each.text() == words]
        return found[-1] if found else None


@pytest.fixture
def shown(looked: QApplication, qtbot: Any, screen: Any, thursday: DesignDay) -> Iterator[_Shown]:
    house = House()
    register_tasks(house)
    context, heard = screen(thursday.desk, house)
    page = TodayPage(context)
    page.resize(1440, 872)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    yield _Shown(page, heard, qtbot)
    page.closing()
    page.close()
    page.deleteLater()


def test_every_control_has_a_name(shown: _Shown) -> None:
    focusable = [
        each
        for each in shown.page.findChildren(QWidget)
        if each.focusPolicy() != Qt.FocusPolicy.NoFocus and each.isVisible()
    ]
    assert len(focusable) > 5
    for each in focusable:
        spoken = QAccessible.queryAccessibleInterface(each)
        assert spoken.text(QAccessible.Text.Name), type(each).__name__


def test_the_day_is_read_line_by_line(shown: _Shown) -> None:
    spoken = [
        shown.list.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in range(shown.list.model().rowCount())
    ]
    assert (
        spoken[1] == "9:00 AM, Walter Strand, Individual · Alder Street, Note to sign, Take $165.00"
    )
    assert spoken[4] == "11:30 AM, Noor Haddad, Individual · video, Confirmed, in 12 min"


def test_enter_opens_the_note_of_the_selected_session(shown: _Shown, thursday: DesignDay) -> None:
    shown.list.setFocus()
    QTest.keyClick(shown.list, Qt.Key.Key_Return)
    place = shown.heard.visited[-1]
    assert (place.area, place.ask) == ("clinical", {"appointment": str(thursday.sessions["Noor"])})


def test_arrow_keys_look_at_another_session_past_the_now_line(shown: _Shown) -> None:
    QTest.keyClick(shown.list, Qt.Key.Key_Up)
    line = shown.list.current()
    assert line is not None
    assert line.title == "Daniel & Ruth Okonkwo-Bell"


def test_the_link_of_a_line_does_its_act(shown: _Shown, thursday: DesignDay) -> None:
    row = next(
        place for place, line in enumerate(shown.list.lines()) if line.act.startswith("Take")
    )
    area = shown.list.visualRect(shown.list.model().index(row, 0)).toRectF()
    spot = act_rect(shown.list.lines()[row], area).center().toPoint()
    QTest.mouseClick(shown.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    place = shown.heard.visited[-1]
    assert (place.area, place.part) == ("billing", "payments")
    assert place.ask == {"case": str(thursday.cases["Walter"])}


def test_attended_by_the_table_of_actions(shown: _Shown) -> None:
    assert shown.page.can("today.attended")
    assert not shown.page.can("today.confirm")
    shown.page.act("today.attended")
    shown.qtbot.waitUntil(lambda: not shown.page.can("today.attended"))


def test_needs_attention_becomes_a_button_with_a_sheet(shown: _Shown) -> None:
    shown.page.resize(1180, 732)
    button = next(
        each for each in shown.page.findChildren(Button) if each.text() == "Needs attention"
    )
    assert button.isVisible()
    shown.qtbot.waitUntil(lambda: button.accessibleName() == "Needs attention 6")
    button.click()
    sheet = part(shown.page, Sheet)
    assert sheet.is_open()
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert not sheet.is_open()


def test_list_and_context_take_turns_where_there_is_no_room(shown: _Shown) -> None:
    look.use(QApplication.instance(), percent=150)  # type: ignore[arg-type]
    shown.page.resize(1024, 680)
    turn = shown.button("Show session")
    assert turn is not None
    assert turn.isVisible()
    turn.click()
    assert not shown.list.isVisible()
    QTest.keyClick(shown.page, Qt.Key.Key_Escape)
    assert shown.list.isVisible()


def test_a_long_name_takes_more_lines_where_one_has_no_room_for_it(
    shown: _Shown,
) -> None:
    last = [each.kind for each in shown.list.lines()].index(FOLLOWING) - 1
    name = shown.list.lines()[last].title
    long, short = (shown.list.model().index(row, 0) for row in (last, 0))
    shown.qtbot.waitUntil(lambda: shown.list.visualRect(long).height() == look.px(94))
    assert shown.list.visualRect(short).height() == look.px(54)
    assert name in long.data(Qt.ItemDataRole.ToolTipRole)
    assert name in long.data(Qt.ItemDataRole.AccessibleTextRole)
    font = look.font("lead", "semibold")
    in_full = ["Theodora Alexandrina", "Papadimitriou-", "Wetherington-Ashby"]
    assert paint.broken(name, font, 180, most=3) == in_full
    assert paint.broken(name, font, 180, most=2)[1].endswith("…")
    assert paint.broken("Jun Tanaka", font, 180, most=3) == ["Jun Tanaka"]


def test_a_click_beside_everything_changes_nothing(shown: _Shown) -> None:
    QTest.mouseClick(shown.page, Qt.MouseButton.LeftButton, pos=QPoint(3, 860))
    assert shown.heard.visited == []


def test_a_pane_that_closed_before_its_panels_were_made_makes_none(
    looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk
) -> None:
    house = House()
    register_tasks(house)
    context, _heard = screen(desk, house)
    pane = AttentionPane(context)
    qtbot.addWidget(pane)
    pane.closing()
    pane.begin()
    assert pane.findChildren(AttentionPanel) == []
