"""A message in the page: soft fill, icon, bold cause, and the mend as a link."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from app.ui.theme import icons, look
from app.ui.widgets import paint
from app.ui.widgets.buttons import Link
from app.ui.widgets.layout import column_layout, reveal, row_layout
from app.ui.widgets.status import Tone
from app.ui.widgets.text import RichText, Text

_ICONS = {
    Tone.WARN: "triangle-alert",
    Tone.DANGER: "octagon-alert",
    Tone.INFO: "info",
    Tone.OK: "circle-check",
}


class IconMark(QLabel):
    """An icon that stands beside words and says nothing by itself."""

    def __init__(self, icon: str, token: str = "text.secondary", size: int = 16) -> None:
        super().__init__()
        self._icon, self._token, self._icon_size = icon, token, size
        self.setFixedSize(look.px(size), look.px(size))

    def set(self, icon: str, token: str) -> None:
        """Show another icon."""
        self._icon, self._token = icon, token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._icon:
            icons.paint(QPainter(self), QRectF(self.rect()), self._icon, look.color(self._token))


class Message(QFrame):
    """One cause and its mend, in the tone of what it asks for (warn, danger, info, ok).

    ``stacked`` puts the sentence under the cause and the mend right behind it, where the sentence
    leads up to the mend (``Free on Tuesday: 2:30 PM``).
    """

    def __init__(
        self,
        tone: Tone,
        cause: str,
        sentence: str = "",
        *,
        mend: str = "",
        on_mend: Callable[[], object] | None = None,
        icon: str = "",
        stacked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        line = row_layout(self, gap=12, margin=(14, 8, 14, 8))
        mark = IconMark(icon or _ICONS[tone], tone.value)
        lead = column_layout(margin=(0, 4, 0, 0))
        lead.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        lead.addStretch(1)
        line.addLayout(lead)
        self._words = RichText("")
        # Rich text puts the whole leading above a line: half of it goes below again.
        self._words.setContentsMargins(0, 0, 0, look.px(4))
        self._mend = Link(mend, on_click=on_mend, tone=tone.value, weight="semibold")
        reveal(self._mend, bool(mend))
        self._second = Text("") if stacked else None
        if self._second is None:
            line.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
            end = column_layout(margin=(0, 2, 0, 0))
            end.addWidget(self._mend)
            end.addStretch(1)
            line.addLayout(end)
        else:
            below = row_layout(gap=5)
            below.addWidget(self._second)
            below.addWidget(self._mend)
            below.addStretch(1)
            both = column_layout()
            both.addWidget(self._words)
            both.addLayout(below)
            line.addLayout(both, 1)
        self.say(cause, sentence)

    def say(self, cause: str, sentence: str = "") -> None:
        """Show another cause and sentence."""
        bold = f"<tone {self._tone.value}><b>{escape(cause)}</b></tone>" if cause else ""
        beside = "" if self._second is not None else escape(sentence)
        self._words.set(f"{bold} {beside}".strip())
        if self._second is not None:
            self._second.set(sentence)
        self.setAccessibleName(f"{cause} {sentence}".strip())

    def paintEvent(self, event: QPaintEvent) -> None:
        family = self._tone.name.replace("OK", "SUCCESS").lower()
        fill = look.color(f"{family}.soft")
        edge = look.color(self._tone.value) if look.is_high_contrast() else None
        paint.box(QPainter(self), QRectF(self.rect()), look.px(6), fill=fill, edge=edge)
