"""The focus ring: one widget a window that follows the keyboard, and brings it into view."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QPlainTextEdit,
    QScrollArea,
    QTextEdit,
    QWidget,
)

from app.ui.theme import look
from app.ui.widgets import paint

_REACH = 4
"""Offset 2 and width 2 of the ring, outside the control."""
_AROUND = 24
"""What is seen of the page above and below what is brought into view, in pixels of the design."""
_FOLLOWED = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.ZOrderChange)


def bring_into_view(control: QWidget) -> None:
    """Scroll the pages around ``control`` until it is seen.

    Of a list or table that is its current row, of a text the place where one types.
    """
    place = control.rect()
    if isinstance(control, QAbstractScrollArea):
        part: QRect | None = None
        if isinstance(control, QAbstractItemView) and control.currentIndex().isValid():
            part = control.visualRect(control.currentIndex())
        elif isinstance(control, (QTextEdit, QPlainTextEdit)):
            part = control.cursorRect()
        if part is not None:
            place = QRect(control.viewport().mapTo(control, part.topLeft()), part.size())
    # What is larger than the page is seen from its top on.
    spot, inside = place.topLeft(), control
    around = control.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea) and (content := around.widget()) is not None:
            top = inside.mapTo(content, spot)
            low = min(place.height(), around.viewport().height() - 2 * look.px(_AROUND))
            around.ensureVisible(top.x(), top.y() + low, 0, look.px(_AROUND))
            around.ensureVisible(top.x(), top.y(), 0, look.px(_AROUND))
        around = around.parentWidget()


class FocusRing(QWidget):
    """Draws the ring around the control with focus that has the property ``ring``.

    Shown when focus came by the keyboard. A ring of its own (fields, rows) needs none.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._home = window
        self._target: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    @Slot("QWidget*", "QWidget*")
    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        self._leave()
        by_pointer = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        # Focus that comes from nowhere came with the window, not by a key.
        if new is None or old is None or by_pointer:
            return
        if new.window() is self._home.window():
            # Where it stands is known once what was made with it is laid out.
            QTimer.singleShot(0, self._bring)
        if not new.property("ring"):
            return
        parent = new.parentWidget()
        if parent is None or new.window() is not self._home.window():
            return
        self._target = new
        new.installEventFilter(self)
        self.setParent(parent)
        self._settle()

    @Slot()
    def _bring(self) -> None:
        held: QWidget | None = QApplication.focusWidget()
        if held is not None and held.window() is self._home.window():
            bring_into_view(held)

    def _leave(self) -> None:
        if self._target is not None and shiboken6.isValid(self._target):
            self._target.removeEventFilter(self)
        self._target = None
        if shiboken6.isValid(self._home):
            self.hide()
            self.setParent(self._home)

    def _settle(self) -> None:
        if self._target is None:
            return
        reach = look.px(_REACH)
        self.setGeometry(self._target.geometry().adjusted(-reach, -reach, reach, reach))
        self.raise_()
        self.setVisible(self._target.isVisible())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._target:
            if event.type() in _FOLLOWED:
                self._settle()
            elif event.type() in (QEvent.Type.Hide, QEvent.Type.FocusOut):
                self._leave()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        radius = look.px(6) + look.px(_REACH) - 1
        paint.box(painter, QRectF(self.rect()), radius, edge=look.color("focus.ring"), width=2)
