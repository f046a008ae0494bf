"""Status is an icon and a word, colored only where it asks for something."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.theme import icons, look
from app.ui.widgets import paint


class Tone(StrEnum):
    """What a status asks for; the value is the token of its ink."""

    QUIET = "text.secondary"
    MUTED = "text.muted"
    OK = "success.text"
    WARN = "warn.text"
    DANGER = "danger.text"
    INFO = "info.text"
    ACCENT = "accent.text"


@dataclass(frozen=True, slots=True)
class Status:
    """An icon (Lucide name, may be empty), a word and a tone."""

    icon: str
    words: str
    tone: Tone = Tone.QUIET


_GAP = 6


def status_width(status: Status, *, size: str = "body", icon: int = 14) -> float:
    """Return how wide a status is when nothing is elided."""
    lead = look.px(icon) + look.px(_GAP) if status.icon else 0
    return lead + paint.width_of(status.words, look.font(size, tabular=True))


def paint_status(
    painter: QPainter,
    rect: QRectF,
    status: Status,
    *,
    right: bool = False,
    size: str = "body",
    weight: str = "regular",
    icon: int = 14,
) -> None:
    """Paint a status in ``rect``, elided at its end; for delegates."""
    ink = look.color(status.tone.value)
    font = look.font(size, weight, tabular=True)
    side, gap = look.px(icon), look.px(_GAP)
    lead = side + gap if status.icon else 0
    wide = min(rect.width(), lead + paint.width_of(status.words, font) + 1)
    left = rect.right() - wide if right else rect.left()
    if status.icon:
        spot = QRectF(left, round(rect.center().y() - side / 2), side, side)
        icons.paint(painter, spot, status.icon, ink)
    paint.words(
        painter,
        QRectF(left + lead, rect.top(), wide - lead, rect.height()),
        status.words,
        font,
        ink,
    )


class StatusLabel(QLabel):
    """A status in a page; a label for screen readers."""

    def __init__(
        self,
        status: Status | None = None,
        *,
        weight: str = "regular",
        icon: int = 14,
        size: str = "body",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._status = status or Status("", "")
        self._weight, self._icon, self._size = weight, icon, size
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(self._status.words)

    def set(self, status: Status) -> None:
        """Show another status."""
        self._status = status
        self.setText(status.words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = status_width(self._status, size=self._size, icon=self._icon)
        return QSize(math.ceil(width) + 2, look.line_height(self._size))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), look.px(48)), look.line_height(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_status(
            painter,
            QRectF(self.rect()),
            self._status,
            weight=self._weight,
            icon=self._icon,
            size=self._size,
        )
