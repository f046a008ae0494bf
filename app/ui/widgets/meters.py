"""How much of how many: a meter of cells, the progress of long work, a small line of values."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.buttons import Link
from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.text import Text

_MOST_CELLS = 20


class Bar(QProgressBar):
    """A 6-px bar; a progress bar for a screen reader."""

    def __init__(
        self, done: int = 0, total: int = 100, name: str = "", *, token: str = "accent.base"
    ) -> None:
        super().__init__()
        self._token = token
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set(done, total)

    def set(self, done: int, total: int) -> None:
        """Show ``done`` of ``total``."""
        self.setRange(0, max(total, 1))
        self.setValue(min(done, max(total, 1)))

    def sizeHint(self) -> QSize:
        return QSize(look.px(84), look.px(6))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(24), look.px(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        radius = self.height() / 2
        paint.box(painter, QRectF(self.rect()), radius, fill=look.color("surface.pressed"))
        share = self.value() / self.maximum()
        if share > 0:
            width = max(self.height(), self.width() * share)
            paint.box(
                painter, QRectF(0, 0, width, self.height()), radius, fill=look.color(self._token)
            )


class Meter(QProgressBar):
    """Units used of those allowed, a cell each up to 20; ochre at nine tenths, clay when full."""

    def __init__(self, used: int, limit: int, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set(used, limit)

    def set(self, used: int, limit: int) -> None:
        """Show ``used`` of ``limit``."""
        self._used = used
        self.setRange(0, max(limit, 1))
        self.setValue(min(used, limit))

    def sizeHint(self) -> QSize:
        return QSize(look.px(160), look.px(6))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(60), look.px(6))

    def _token(self) -> str:
        if self._used >= self.maximum():
            return "danger.mark"
        return "warn.mark" if self._used * 10 >= self.maximum() * 9 else "accent.base"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        cells = min(self.maximum(), _MOST_CELLS)
        gap = look.px(4)
        width = (self.width() - gap * (cells - 1)) / cells
        filled = cells if self._used >= self.maximum() else self._used * cells // self.maximum()
        for cell in range(cells):
            token = self._token() if cell < filled else "surface.pressed"
            spot = QRectF(cell * (width + gap), 0, width, self.height())
            paint.box(painter, spot, self.height() / 2, fill=look.color(token))


class Progress(QWidget):
    """Long work with its count; it can be cancelled."""

    cancelled = Signal()

    def __init__(self, words: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Text(words, elide=True, tabular=True)
        self._cancel = Link("Cancel", on_click=self.cancelled.emit)
        self._bar = Bar(name=words)
        line = row_layout(gap=8)
        line.addWidget(self._words, 1)
        line.addWidget(self._cancel)
        box = column_layout(self, gap=8)
        box.addLayout(line)
        box.addWidget(self._bar)

    def set(self, done: int, total: int, words: str) -> None:
        """Show how far it is: ``Making superbills, 8 of 12``."""
        self._words.set(words)
        self._bar.setAccessibleName(words)
        self._bar.set(done, total)

    def finish(self, words: str) -> None:
        """Say what was done; nothing can be cancelled any more."""
        self._words.set(words)
        self._bar.set(1, 1)
        self._cancel.hide()


class Sparkline(QWidget):
    """A line of values with the last one filled; the words beside it say what they are."""

    def __init__(self, values: Sequence[float], name: str, *, height: int = 36) -> None:
        super().__init__()
        self._values = list(values)
        self._drawn_height = height
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(look.px(188), look.px(self._drawn_height))

    def _points(self) -> list[QPointF]:
        low, high = min(self._values), max(self._values)
        span = (high - low) or 1.0
        inset = look.px(4)
        step = (self.width() - 2 * inset) / max(1, len(self._values) - 1)
        room = self.height() - 2 * inset
        return [
            QPointF(inset + place * step, inset + (1 - (value - low) / span) * room)
            for place, value in enumerate(self._values)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._values:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = look.color("accent.text")
        pen = QPen(ink, 1.5)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        points = self._points()
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(look.color("surface.page"))
        for point in points[:-1]:
            painter.drawEllipse(point, look.px(2.5), look.px(2.5))
        painter.setBrush(ink)
        painter.drawEllipse(points[-1], look.px(3), look.px(3))
