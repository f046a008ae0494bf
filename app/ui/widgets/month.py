"""The month that opens under a date field."""

from __future__ import annotations

from PySide6.QtCore import QDate, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QToolButton, QVBoxLayout, QWidget

from app.ui.theme import icons, look
from app.ui.widgets import paint


class _Month(QCalendarWidget):
    """Days as the design draws them: the chosen one filled, today ringed, other months muted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        self.setFirstDayOfWeek(Qt.DayOfWeek.Sunday)
        self.setGridVisible(False)
        self.setAccessibleName("Choose a day")
        self.setMinimumSize(look.px(280), look.px(232))
        head = QTextCharFormat()
        head.setForeground(look.color("text.muted"))
        head.setBackground(look.color("surface.raised"))
        self.setHeaderTextFormat(head)
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.setWeekdayTextFormat(weekend, head)
        for name, icon, words in (
            ("qt_calendar_prevmonth", "chevron-left", "Month before"),
            ("qt_calendar_nextmonth", "chevron-right", "Month after"),
        ):
            button = self.findChild(QToolButton, name)
            if button is not None:
                button.setIcon(icons.icon(icon, "text.secondary"))
                button.setAccessibleName(words)

    def paintCell(self, painter: QPainter, rect: object, day: QDate | object) -> None:
        if not isinstance(day, QDate):
            return
        painter.save()
        area = QRectF(rect)  # type: ignore[call-overload]
        side = min(area.width(), area.height()) - 2
        spot = QRectF(0, 0, side, side)
        spot.moveCenter(area.center())
        chosen = day == self.selectedDate()
        if chosen:
            paint.box(painter, spot, look.px(6), fill=look.color("accent.base"))
        elif day == QDate.currentDate():
            paint.box(painter, spot, look.px(6), edge=look.color("line.control"))
        inside = day.month() == self.monthShown()
        token = "text.onAccent" if chosen else "text.primary" if inside else "text.muted"
        painter.setFont(look.font("body", "semibold" if chosen else "regular", tabular=True))
        painter.setPen(look.color(token))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), str(day.day()))
        painter.restore()


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
