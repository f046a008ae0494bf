"""A banner above the page that stays: acting as another member, or the demo practice."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import look
from app.ui.widgets.buttons import Link
from app.ui.widgets.layout import row_layout
from app.ui.widgets.message import IconMark
from app.ui.widgets.text import Text


class Banner(QWidget):
    """One sentence on a soft fill, with an act at its right if there is one."""

    def __init__(
        self, tone: str, sentence: str, act: Link | None = None, *, icon: str = "user-round"
    ) -> None:
        super().__init__()
        self._tone = tone
        line = row_layout(self, gap=8, margin=(14, 0, 14, 0))
        line.addWidget(IconMark(icon, f"{tone}.text"))
        self._words = Text(sentence, tone=f"{tone}.text", elide=True)
        line.addWidget(self._words, 1)
        if act is not None:
            line.addWidget(act)
        self.setFixedHeight(look.px(36))
        self.setAccessibleName(sentence)

    def say(self, sentence: str) -> None:
        """Show another sentence."""
        self._words.set(sentence)
        self.setAccessibleName(sentence)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), look.color(f"{self._tone}.soft"))
