"""A small quiet dot on records whose changes the account does not have yet.

One set of record ids for the whole window; lists ask it row by row while they paint.
"""

from __future__ import annotations

from collections.abc import Hashable
from uuid import UUID

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import look
from app.ui.widgets.layout import reveal

NOT_UPLOADED = "Not uploaded yet"
_DIAMETER = 6


class Unsent(QObject):
    """The records that wait; ``changed`` is emitted when others do."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: frozenset[UUID] = frozenset()

    def set(self, ids: frozenset[UUID]) -> None:
        """Mark these records, and no others."""
        if ids != self._ids:
            self._ids = ids
            self.changed.emit()

    def __contains__(self, key: Hashable) -> bool:
        """Return whether a row's key, an id or kind and id, names a record that waits."""
        return (key[1] if isinstance(key, tuple) and len(key) > 1 else key) in self._ids


def with_words(spoken: str, unsent: bool) -> str:
    """Return what a screen reader says of a record, with the dot's words."""
    return f"{spoken}, {NOT_UPLOADED}" if unsent else spoken


def paint_dot(painter: QPainter, middle: QPointF, token: str = "text.muted") -> None:
    """Paint the dot."""
    radius = look.px(_DIAMETER) / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(look.color(token))
    painter.setBrush(look.color(token))
    painter.drawEllipse(middle, radius, radius)
    painter.restore()


def paint_in_gutter(painter: QPainter, area: QRectF) -> None:
    """Paint the dot in the 12 px before a row's words."""
    paint_dot(painter, QPointF(area.left() + look.px(4), area.center().y()))


class UnsentDot(QWidget):
    """The dot as a part of a row made of widgets; nothing while its record is uploaded."""

    def __init__(self, unsent: Unsent | None, key: UUID, named: QWidget) -> None:
        super().__init__()
        self._unsent, self._key, self._named = unsent, key, named
        self._spoken = named.accessibleName()
        self.setFixedSize(look.px(_DIAMETER + 2), look.px(_DIAMETER + 2))
        self.setToolTip(NOT_UPLOADED)
        self.setAccessibleName(NOT_UPLOADED)
        if unsent is not None:
            unsent.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        waits = self._unsent is not None and self._key in self._unsent
        self._named.setAccessibleName(with_words(self._spoken, waits))
        self._named.setToolTip(NOT_UPLOADED if waits else "")
        reveal(self, waits)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_dot(QPainter(self), QRectF(self.rect()).center())
