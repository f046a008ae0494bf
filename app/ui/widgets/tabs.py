"""Tabs inside a record or Billing, and the row of filters in a list's head."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QTabBar, QWidget

from app.ui.theme import look
from app.ui.widgets import paint

_TAB_GAP = 24
#: Where there is little room the gaps give way before the words do.
_LEAST_GAP = 12


class Tabs(QTabBar):
    """Words with a 2-px line under the current one."""

    chosen = Signal(str)

    def __init__(
        self,
        tabs: Sequence[tuple[str, str]],
        current: str = "",
        *,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._keys = [key for key, _ in tabs]
        self.setAccessibleName(name or "Parts of this page")
        self.setDrawBase(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setExpanding(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for _, words in tabs:
            self.addTab(words)
        if current:
            self.set_current(current)
        self.currentChanged.connect(self._current_changed)

    def _current_changed(self, index: int) -> None:
        self.chosen.emit(self._keys[index])

    def set_current(self, key: str) -> None:
        """Show ``key`` as the current tab; an unknown one is a bug."""
        self.setCurrentIndex(self._keys.index(key))

    def current_key(self) -> str:
        """Return the key of the current tab."""
        return self._keys[self.currentIndex()]

    def tabSizeHint(self, index: int) -> QSize:
        gap = self._gap() if index < self.count() - 1 else 0
        return QSize(self._words_width(index) + gap, look.px(40))

    def _words_width(self, index: int) -> int:
        return math.ceil(paint.width_of(self.tabText(index), look.font("body", "semibold")))

    def _gap(self) -> int:
        words = sum(self._words_width(index) for index in range(self.count()))
        fits = (self.width() - words) // max(1, self.count() - 1)
        return max(look.px(_LEAST_GAP), min(look.px(_TAB_GAP), fits))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.hairline(painter, 0, self.width(), self.height() - 1)
        for index in range(self.count()):
            self._paint_tab(painter, index)

    def _paint_tab(self, painter: QPainter, index: int) -> None:
        area = QRectF(self.tabRect(index))
        if index < self.count() - 1:
            area.setWidth(area.width() - self._gap())
        current = index == self.currentIndex()
        hover = (
            area.contains(self.mapFromGlobal(self.cursor().pos()).toPointF()) and self.underMouse()
        )
        ink = look.color("text.primary" if current or hover else "text.secondary")
        font = look.font("body", "semibold" if current else "regular")
        paint.words(
            painter,
            area.adjusted(0, 0, 1, -look.px(2)),
            self.tabText(index),
            font,
            ink,
            elide=False,
        )
        if current:
            line = QRectF(area.left(), area.bottom() - 2, area.width(), 2)
            painter.fillRect(line, look.color("accent.base"))
            if self.hasFocus():
                ring = area.adjusted(-look.px(6), look.px(4), look.px(6), -look.px(6))
                ring.setLeft(max(0.0, ring.left()))
                paint.box(painter, ring, look.px(6), edge=look.color("focus.ring"), width=2)


class _Filter(QRadioButton):
    """One filter with its count."""

    def __init__(self, words: str, count: int | None, parent: QWidget) -> None:
        super().__init__(words, parent)
        self.setProperty("ring", True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_count(count)

    def set_count(self, count: int | None) -> None:
        self._count = "" if count is None else f"{count:,}"
        self.setAccessibleName(f"{self.text()} {self._count}".strip())
        self.updateGeometry()
        self.update()

    def _words_width(self) -> float:
        return paint.width_of(self.text(), look.font("body", "semibold"))

    def sizeHint(self) -> QSize:
        count = paint.width_of(self._count, look.font("body", tabular=True))
        gap = look.px(6) if self._count else 0
        return QSize(math.ceil(self._words_width() + gap + count) + 2 * look.px(10), look.px(28))

    def hitButton(self, pos: Any) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        if on or self.underMouse():
            fill = look.color("selection.row" if on else "surface.hover")
            paint.box(painter, QRectF(self.rect()), look.px(6), fill=fill)
        font = look.font("body", "semibold" if on else "regular")
        ink = look.color("text.primary" if on else "text.secondary")
        area = QRectF(look.px(10), 0, self.width(), self.height())
        used = paint.words(painter, area, self.text(), font, ink, elide=False)
        after = area.adjusted(used + look.px(6), 0, 0, 0)
        muted = look.color("text.secondary")
        paint.words(
            painter, after, self._count, look.font("body", tabular=True), muted, elide=False
        )


class FilterBar(QWidget):
    """Filters in a list's head, of which one holds; each may carry a count."""

    chosen = Signal(str)

    def __init__(
        self,
        filters: Sequence[tuple[str, str, int | None]],
        current: str = "",
        *,
        name: str = "Filter",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._keys = [key for key, _, _ in filters]
        self._group = QButtonGroup(self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(look.px(2))
        for index, (_, words, count) in enumerate(filters):
            made = _Filter(words, count, self)
            self._group.addButton(made, index)
            line.addWidget(made)
        line.addStretch(1)
        self.set_current(current or self._keys[0])
        self._group.idToggled.connect(self._toggled)

    def set_current(self, key: str) -> None:
        """Let ``key`` hold."""
        self._group.button(self._keys.index(key)).setChecked(True)

    def current_key(self) -> str:
        """Return the filter that holds."""
        return self._keys[self._group.checkedId()]

    def set_counts(self, counts: Mapping[str, int | None]) -> None:
        """Show other counts; filters that are not named keep theirs."""
        for index, key in enumerate(self._keys):
            button = self._group.button(index)
            if key in counts and isinstance(button, _Filter):
                button.set_count(counts[key])

    def _toggled(self, index: int, on: bool) -> None:
        if on:
            self.chosen.emit(self._keys[index])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)
