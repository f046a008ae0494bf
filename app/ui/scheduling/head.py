"""The names of the days over the grid."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.scheduling.geometry import Grid
from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.phrases import long_day

_HEIGHT = 41


class DayNames(QWidget):
    """Weekday and day of each column; today's in a filled circle."""

    def __init__(self) -> None:
        super().__init__()
        self._grid: Grid | None = None
        self._today = date.min
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_days(self, grid: Grid, today: date) -> None:
        """Name the columns of ``grid``."""
        self._grid, self._today = grid, today
        named = f"{long_day(grid.days[0])} to {long_day(grid.days[-1])}"
        self.setAccessibleName(named if len(grid.days) > 1 else long_day(grid.days[0]))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look.px(400), look.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(200), look.px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._grid is not None:
            for day, left in zip(self._grid.days, self._grid.lefts, strict=True):
                self._paint_day(painter, day, left + look.px(8))
        paint.hairline(painter, 0, self.width(), self.height() - 1, "line.strong")

    def _paint_day(self, painter: QPainter, day: date, left: float) -> None:
        is_today = day == self._today
        name = look.font("body", "semibold" if is_today else "regular")
        ink = look.color("text.primary" if is_today else "text.secondary")
        top, height = look.px(7), look.px(26)
        area = QRectF(left, top, look.px(60), height)
        width = paint.words(painter, area, f"{day:%a}", name, ink, elide=False)
        number = look.font("lead", "semibold", tabular=True)
        words = str(day.day)
        wide = paint.width_of(words, number)
        at = left + width + look.px(6)
        if is_today:
            round_wide = max(look.px(26), wide + look.px(8))
            paint.box(
                painter,
                QRectF(at, top, round_wide, height),
                height / 2,
                fill=look.color("accent.base"),
            )
            at += (round_wide - wide) / 2
        token = "text.onAccent" if is_today else "text.primary"
        area = QRectF(at, top, wide + 1, height)
        paint.words(painter, area, words, number, look.color(token), elide=False)
