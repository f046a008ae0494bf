"""A month of days: under a date field, and beside the calendar."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import cast

from PySide6.QtCore import QDate, QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFrame,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.theme import icons, look
from app.ui.widgets import paint

#: Height of a week in the month beside the calendar, and the side of a day's circle.
_WEEK, _CIRCLE = 27, 26


class _Days(QCalendarWidget):
    """What both months share: muted names of the days over plain numbers."""

    SURFACE = "surface.raised"
    NAMES = QCalendarWidget.HorizontalHeaderFormat.ShortDayNames

    def __init__(self, parent: QWidget | None, name: str) -> None:
        super().__init__(parent)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setHorizontalHeaderFormat(self.NAMES)
        self.setGridVisible(False)
        self.setAccessibleName(name)
        self.days_view = cast(QTableView, self.findChild(QTableView))
        self.days_view.setAccessibleName(name)
        # Else seven columns are as wide as Qt's style likes its heads.
        self.days_view.horizontalHeader().setMinimumSectionSize(1)
        self._restyle()

    def _restyle(self) -> None:
        head = QTextCharFormat()
        head.setForeground(look.color("text.muted"))
        head.setBackground(look.color(self.SURFACE))
        head.setFont(look.font("caption"))
        self.setHeaderTextFormat(head)
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.setWeekdayTextFormat(weekend, head)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._restyle()

    def paintCell(self, painter: QPainter, rect: object, day: QDate | object) -> None:
        if not isinstance(day, QDate):
            return
        painter.save()
        area = QRectF(rect)  # type: ignore[call-overload]
        ink, strong = self.paint_day(painter, area, day)
        painter.setFont(look.font("body", "semibold" if strong else "regular", tabular=True))
        painter.setPen(ink)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), str(day.day()))
        painter.restore()

    def paint_day(self, painter: QPainter, area: QRectF, day: QDate) -> tuple[QColor, bool]:
        """Paint what lies under the number; return its ink, and whether it is strong."""
        raise NotImplementedError

    def number_token(self, day: QDate) -> str:
        """Return the ink of a day that nothing lies under: other months are muted."""
        return "text.primary" if day.month() == self.monthShown() else "text.muted"


class _Month(_Days):
    """Days to choose from: the chosen one filled, today ringed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Choose a day")
        self.setFirstDayOfWeek(Qt.DayOfWeek.Sunday)
        self.setMinimumSize(look.px(280), look.px(232))
        for name, icon, words in (
            ("qt_calendar_prevmonth", "chevron-left", "Month before"),
            ("qt_calendar_nextmonth", "chevron-right", "Month after"),
        ):
            button = self.findChild(QToolButton, name)
            if button is not None:
                button.setIcon(icons.icon(icon, "text.secondary"))
                button.setAccessibleName(words)

    def paint_day(self, painter: QPainter, area: QRectF, day: QDate) -> tuple[QColor, bool]:
        side = min(area.width(), area.height()) - 2
        spot = QRectF(0, 0, side, side)
        spot.moveCenter(area.center())
        if day == self.selectedDate():
            paint.box(painter, spot, look.px(6), fill=look.color("accent.base"))
            return look.color("text.onAccent"), True
        if day == QDate.currentDate():
            paint.box(painter, spot, look.px(6), edge=look.color("line.control"))
        return look.color(self.number_token(day)), False


class MiniMonth(_Days):
    """The month beside the calendar: the days shown in a band, today in a filled circle.

    ``chosen`` gives the day that a click or an arrow key went to.
    """

    SURFACE = "surface.canvas"
    NAMES = QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "Month")
        self.setNavigationBarVisible(False)
        self.setProperty("side", True)
        self.setFixedHeight(look.px(7 * _WEEK))
        self._band: frozenset[QDate] = frozenset()
        self._today = QDate()
        self.selectionChanged.connect(self._choose)

    def _restyle(self) -> None:
        super()._restyle()
        self.setFixedHeight(look.px(7 * _WEEK))

    def minimumSizeHint(self) -> QSize:
        # Qt asks for more than seven numbers need.
        return QSize(look.px(7 * _CIRCLE), look.px(7 * _WEEK))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def show_days(
        self, days: Collection[date], anchor: date, today: date, *, week_starts: int
    ) -> None:
        """Put the band under ``days``; a month that was leafed to stays while the days do."""
        band = frozenset(_qdate(day) for day in days)
        moved = band != self._band
        self._band, self._today = band, _qdate(today)
        self.blockSignals(True)
        self.setFirstDayOfWeek(Qt.DayOfWeek(week_starts + 1))
        if moved or self.selectedDate() != _qdate(anchor):
            self.setSelectedDate(_qdate(anchor))
        self.blockSignals(False)
        self.updateCells()

    def _choose(self) -> None:
        self.chosen.emit(_date(self.selectedDate()))

    def paint_day(self, painter: QPainter, area: QRectF, day: QDate) -> tuple[QColor, bool]:
        """Paint what lies under a day's number; return the number's ink, and whether it is bold."""
        middle, tall = area.center().y(), look.px(_CIRCLE)
        if day in self._band:
            painter.setClipRect(area)
            band = QRectF(area.left(), middle - tall / 2, area.width(), tall)
            # Round where the band begins and ends; the clip cuts what reaches into the next day.
            column = (day.dayOfWeek() - self.firstDayOfWeek().value) % 7
            before = column > 0 and day.addDays(-1) in self._band
            after = column < 6 and day.addDays(1) in self._band
            band.adjust(-tall if before else 0, 0, tall if after else 0, 0)
            paint.box(painter, band, tall / 2, fill=look.color("selection.row"))
            painter.setClipping(False)
        circle = QRectF(0, 0, tall, tall)
        circle.moveCenter(area.center())
        if self.days_view.hasFocus() and day == self.selectedDate():
            ring = circle.adjusted(-1, -1, 1, 1)
            paint.box(painter, ring, ring.width() / 2, edge=look.color("focus.ring"), width=2)
            circle.adjust(2, 2, -2, -2)
        if day == self._today:
            paint.box(painter, circle, circle.width() / 2, fill=look.color("accent.base"))
            return look.color("text.onAccent"), True
        return look.color(self.number_token(day)), False


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _date(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())


class MonthPopup(QFrame):
    """Opens over the page; a click or ↵ picks a day."""

    picked = Signal(QDate)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.month = _Month(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 6, 6, 6)
        box.addWidget(self.month)
        self.month.clicked.connect(self.picked.emit)
        self.month.activated.connect(self.picked.emit)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color("surface.raised"))
        paint.box(painter, QRectF(self.rect()), 0, edge=look.color("line.strong"))
