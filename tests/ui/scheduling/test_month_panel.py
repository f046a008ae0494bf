"""The month beside the calendar: closed at first, goes by a click or a key, names the colors."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.scheduling.month_panel import MonthPanel
from app.ui.theme import look
from app.ui.widgets.buttons import IconButton, Link
from app.ui.widgets.month import MiniMonth
from app.ui.widgets.panes import Sheet
from app.ui.widgets.text import Text
from tests.support.accessible import speechless
from tests.ui.scheduling.room import Room


def _panel(room: Room) -> MonthPanel:
    room.page.act("scheduling.months")
    found = room.page.findChildren(MonthPanel)
    assert len(found) == 1
    room.wait(found[0].isVisible)
    return found[0]


def _month(panel: MonthPanel) -> MiniMonth:
    found = panel.findChild(MiniMonth)
    assert found is not None
    return found


def _day_at(month: MiniMonth, week: int, column: int) -> QPoint:
    view = month.days_view
    return view.visualRect(view.model().index(week + 1, column)).center()


def test_it_is_closed_until_it_is_asked_for(room: Room) -> None:
    assert not room.page.findChildren(MonthPanel)
    before = room.canvas.width()
    panel = _panel(room)
    room.wait(lambda: room.canvas.width() < before)
    assert panel.width() == look.token_px("layout.calendarPanel")
    assert not speechless(panel)
    room.page.act("scheduling.months")
    room.wait(lambda: room.canvas.width() == before)
    assert not room.page.week.months.is_open()


def test_a_click_on_a_day_goes_to_its_week(room: Room) -> None:
    month = _month(_panel(room))
    view = month.days_view
    # Monday, November 2 stands first in the second line of the month.
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=_day_at(month, 1, 0))
    room.wait(lambda: room.page.presenter.anchor == date(2026, 11, 2))
    assert room.page.presenter.days[0] == date(2026, 11, 2)


def test_arrow_keys_go_on_and_leafing_goes_nowhere(room: Room) -> None:
    panel = _panel(room)
    month = _month(panel)
    month.days_view.setFocus()
    room.key(month.days_view, Qt.Key.Key_Down)
    room.wait(lambda: room.page.presenter.anchor == date(2026, 11, 26))
    named = [each.text() for each in panel.findChildren(Text)]
    assert "November 2026" in named
    ahead = next(
        each for each in panel.findChildren(IconButton) if each.accessibleName() == "Month after"
    )
    ahead.click()
    assert "December 2026" in [each.text() for each in panel.findChildren(Text)]
    assert room.page.presenter.anchor == date(2026, 11, 26)
    room.page.presenter.today()
    room.wait(lambda: month.monthShown() == 11)


def test_every_service_has_its_color_and_its_sessions(room: Room) -> None:
    panel = _panel(room)
    legend = {each.words: each for each in room.page.presenter.legend}
    held = [each for each in room.page.presenter.sessions if not each.status.is_gone]
    assert sum(each.count for each in legend.values()) == len(held)
    spoken = {each.accessibleName() for each in panel.findChildren(QWidget)}
    individual = legend["Individual"]
    assert f"Individual: {individual.color.value}, {individual.count} sessions" in spoken
    next(each for each in panel.findChildren(Link) if each.text() == "Change").click()
    assert (room.heard.visited[-1].area, room.heard.visited[-1].part) == ("settings", "services")


def test_where_there_is_no_room_it_lies_over_the_edge(room: Room) -> None:
    room.page.resize(920, 700)
    before = room.canvas.width()
    panel = _panel(room)
    sheet = panel.parentWidget()
    assert isinstance(sheet, Sheet)
    assert room.canvas.width() == before
    room.key(sheet, Qt.Key.Key_Escape)
    assert not room.page.week.months.is_open()


def test_it_stands_beside_the_week_again_when_there_is_room(room: Room) -> None:
    _panel(room)
    room.page.resize(920, 700)
    room.wait(lambda: not room.page.week.months.is_open())
    room.page.resize(1224, 872)
    room.wait(room.page.week.months.is_open)


def test_today_is_a_filled_circle_in_the_band(room: Room, looked: QApplication) -> None:
    month = _month(_panel(room))
    QApplication.processEvents()
    picture = month.days_view.viewport().grab().toImage()
    ratio = picture.devicePixelRatio()

    def color(week: int, column: int, left: int) -> QColor:
        spot = _day_at(month, week, column) - QPoint(left, 0)
        return picture.pixelColor(round(spot.x() * ratio), round(spot.y() * ratio))

    assert color(3, 3, 11) == look.color("accent.base")
    assert color(3, 1, 13) == look.color("selection.row")
    assert color(2, 1, 13) == look.color("surface.canvas")
