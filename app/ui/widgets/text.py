"""Text with the design's line heights: one line that elides, or a paragraph that wraps."""

from __future__ import annotations

import math
import re
from html import unescape

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.theme import look

_TAG = re.compile(r"<[^>]*>")
_TONE = re.compile(r"<tone ([a-zA-Z.]+)>")


class Text(QLabel):
    """Plain text in one of the five sizes.

    A single line elides at its end where ``elide`` is on (the full text is the tooltip and the
    accessible name); ``wrap`` makes a paragraph. ``tone`` is a color token. ``drop`` lowers the
    words, so that they share a baseline with a larger size beside them.
    """

    def __init__(
        self,
        words: str = "",
        size: str = "body",
        weight: str = "regular",
        tone: str = "text.primary",
        *,
        wrap: bool = False,
        elide: bool = False,
        tabular: bool = False,
        struck: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        drop: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._size, self._weight, self._tone, self._drop = size, weight, tone, drop
        self._wraps, self._elides, self._tabular, self._struck = wrap, elide, tabular, struck
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(align | Qt.AlignmentFlag.AlignTop)
        grows = QSizePolicy.Policy.Preferred if elide or wrap else QSizePolicy.Policy.Minimum
        # Fixed would hold a paragraph to the one line of its hint, whatever its width.
        tall = QSizePolicy.Policy.Minimum if wrap else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(grows, tall)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self._restyle()
        self.setText(words)

    def set(self, words: str) -> None:
        """Show other words."""
        if words != self.text():
            self.setText(words)
            self.updateGeometry()
            self.update()

    def set_tone(self, token: str) -> None:
        """Take another color token."""
        self._tone = token
        self.update()

    def set_weight(self, weight: str) -> None:
        """Take another weight: regular, medium, semibold."""
        self._weight = weight
        self._restyle()

    def ink(self) -> QColor:
        """Return the color the text has now."""
        return look.color(self._tone if self.isEnabled() else "text.muted")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._restyle()
        super().changeEvent(event)

    def _restyle(self) -> None:
        font = look.font(self._size, self._weight, tabular=self._tabular)
        font.setStrikeOut(self._struck)
        self.setFont(font)
        self.updateGeometry()

    def _line(self) -> int:
        return look.line_height(self._size)

    def sizeHint(self) -> QSize:
        lines = self.text().split("\n") if self._wraps else [self.text()]
        metrics = QFontMetricsF(self.font())
        width = max((metrics.horizontalAdvance(line) for line in lines), default=0)
        return QSize(math.ceil(width) + 1, self._line() * max(1, len(lines)))

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        if self._wraps or self._elides:
            return QSize(min(hint.width(), look.px(40)), self._line())
        return hint

    def hasHeightForWidth(self) -> bool:
        return self._wraps

    def heightForWidth(self, width: int) -> int:
        if not self._wraps:
            return self._line()
        return max(1, self._flow(width).lineCount()) * self._line()

    def _flow(self, width: float) -> QTextLayout:
        flow = QTextLayout(self.text().replace("\n", "\u2028"), self.font())
        option = QTextOption(self.alignment() & ~Qt.AlignmentFlag.AlignVertical_Mask)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        flow.setTextOption(option)
        flow.beginLayout()
        metrics = QFontMetricsF(self.font())
        lead = (self._line() - metrics.height()) / 2
        top = 0.0
        while (line := flow.createLine()).isValid():
            line.setLineWidth(width)
            # Letters of another script may come from a taller font: the baseline stays.
            line.setPosition(QPointF(0, top + lead + metrics.ascent() - line.ascent()))
            top += self._line()
        flow.endLayout()
        return flow

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.ink())
        if self._wraps:
            self._flow(self.width()).draw(painter, QPointF(0, 0))
            return
        metrics = QFontMetricsF(self.font())
        words = self.text()
        if self._elides:
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, self.width())
            self.setToolTip(self.text() if words != self.text() else "")
        painter.setFont(self.font())
        top = (self.height() - self._line()) / 2 + look.px(self._drop)
        box = QRectF(0, top, self.width(), self._line())
        side = self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
        painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), words)


class RichText(QLabel):
    """A sentence with ``<b>``, ``<tone text.muted>``, ``<mark>`` and ``<a href>``.

    ``linkActivated`` says which link was followed.

    ``html`` is ours or escaped: never pass what people typed without ``html.escape``.
    """

    def __init__(
        self, html: str = "", size: str = "body", tone: str = "text.primary", *, wrap: bool = True
    ) -> None:
        super().__init__()
        self._size, self._tone, self._html = size, tone, html
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(wrap)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        if "<a " in html:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._restyle()

    def set(self, html: str) -> None:
        """Show another sentence."""
        self._html = html
        self._restyle()
        self.updateGeometry()

    def _plain(self) -> str:
        return unescape(_TAG.sub("", self._html))

    def sizeHint(self) -> QSize:
        # A label that wraps asks for a narrow, tall place; this one takes one line if it can.
        width = math.ceil(
            QFontMetricsF(look.font(self._size, "semibold")).horizontalAdvance(self._plain())
        )
        return QSize(width + 2, look.line_height(self._size))

    def minimumSizeHint(self) -> QSize:
        width = look.px(40) if self.wordWrap() else self.sizeHint().width()
        return QSize(width, look.line_height(self._size))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._restyle()
        super().changeEvent(event)

    def _restyle(self) -> None:
        self.setFont(look.font(self._size))
        ink, link = look.color(self._tone).name(), look.color("accent.text").name()
        html = self._html.replace("<b>", '<span style="font-weight:600">').replace(
            "</b>", "</span>"
        )
        html = _TONE.sub(lambda found: f'<span style="color:{look.color(found[1]).name()}">', html)
        tint = look.color("selection.text").name()
        marked = f'<span style="background-color:{tint};text-decoration:underline">'
        html = html.replace("<mark>", marked).replace("</mark>", "</span>")
        html = html.replace("</tone>", "</span>").replace(
            "<a ", f'<a style="color:{link};text-decoration:none;font-weight:500" '
        )
        line = look.line_height(self._size)
        self.setText(f'<p style="color:{ink};line-height:{line}px;margin:0">{html}</p>')
