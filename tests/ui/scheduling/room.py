"""The calendar on a real week, and a hand on its pointer and keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.core.scheduling.queries import SessionView
from app.ui.scheduling.block import SessionBlock
from app.ui.scheduling.card import SessionCard
from app.ui.scheduling.grid import GridCanvas
from app.ui.scheduling.page import CalendarPage
from tests.support.practice import TestDesk


class Room:
    """The calendar on the week of the design."""

    def __init__(self, qtbot: Any, screen: Any, desk: TestDesk) -> None:
        self.qtbot, self.desk = qtbot, desk
        self.context, self.heard = screen(desk)
        self.page = CalendarPage(self.context)
        self.page.resize(1224, 872)
        self.page.show()
        self.page.activateWindow()
        self.wait(lambda: bool(self.page.presenter.sessions) and self.canvas.grid is not None)
        self.wait(lambda: self.shown("Noor Haddad"))

    @property
    def canvas(self) -> GridCanvas:
        return self.page.week.grid.canvas

    def wait(self, reached: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(reached()), timeout=10_000)

    def find(self, title: str, day: int = 19) -> SessionView:
        found = (each for each in self.page.presenter.sessions if each.title == title)
        return next(each for each in found if each.day.day == day)

    def shown(self, title: str, day: int = 19) -> SessionBlock | None:
        return self.canvas.blocks.of(self.find(title, day).id)

    def block(self, title: str, day: int = 19) -> SessionBlock:
        found = self.shown(title, day)
        assert found is not None
        return found

    def point(self, at: datetime, right: int = 40) -> QPoint:
        grid = self.canvas.grid
        assert grid is not None
        box = grid.box(at, 30)
        assert box is not None
        return QPoint(round(box.left) + right, round(box.top) + 1)

    def drag(self, start: QPoint, end: QPoint) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        target = self.canvas.childAt(start) or self.canvas
        QTest.mousePress(target, left, none, target.mapFrom(self.canvas, start))
        for step in (start + QPoint(0, 9), end):
            QTest.mouseMove(target, target.mapFrom(self.canvas, step))
        QTest.mouseRelease(target, left, none, target.mapFrom(self.canvas, end))

    def key(
        self,
        widget: QWidget,
        key: Qt.Key,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        kind: QEvent.Type = QEvent.Type.KeyPress,
    ) -> None:
        QApplication.sendEvent(widget, QKeyEvent(kind, key, modifier))

    def card(self) -> SessionCard:
        self.wait(lambda: self.page.findChildren(SessionCard))
        return self.page.findChildren(SessionCard)[-1]

    def open_card(self, title: str, day: int = 19) -> SessionCard:
        self.block(title, day).click()
        self.wait(lambda: any(c.session.title == title for c in self.cards()))
        return next(c for c in self.cards() if c.session.title == title)

    def cards(self) -> list[SessionCard]:
        return [each for each in self.page.findChildren(SessionCard) if each.isVisible()]

    def press(self, within: QWidget, words: str) -> None:
        button = next(
            each
            for each in within.findChildren(QPushButton)
            if each.text() == words and each.isVisible()
        )
        button.click()
