"""A banner above the page that stays: acting as another, the demo, what one may do by now."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.layout import row_layout
from app.ui.widgets.message import IconMark
from app.ui.widgets.text import Text


class Banner(QWidget):
    """One sentence on a soft fill, with an act at its right if there is one.

    One that ``wraps`` takes as many lines as its sentence needs.
    """

    def __init__(
        self,
        tone: str,
        sentence: str,
        act: QPushButton | None = None,
        *,
        icon: str = "user-round",
        wraps: bool = False,
    ) -> None:
        super().__init__()
        self._tone, self._wraps = tone, wraps
        line = row_layout(self, gap=8, margin=(14, 4, 14, 4))
        line.addWidget(IconMark(icon, f"{tone}.text"))
        self._words = Text(sentence, tone=f"{tone}.text", elide=not wraps, wrap=wraps)
        line.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        if act is not None:
            line.addWidget(act)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._fit()
        self.setAccessibleName(sentence)

    def _fit(self) -> None:
        if self._wraps:
            self.setMinimumHeight(look.px(36))
        else:
            self.setFixedHeight(look.px(36))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def say(self, sentence: str) -> None:
        """Show another sentence."""
        self._words.set(sentence)
        self.setAccessibleName(sentence)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color(f"{self._tone}.soft"))
        paint.hairline(painter, 0, self.width(), self.height() - 1)
