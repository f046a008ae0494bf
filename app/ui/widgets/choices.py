"""Choices: a check, a radio, and segments of which one is chosen."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from app.ui.theme import icons, look
from app.ui.widgets import paint

_BOX = 16
_GAP = 8


def paint_check(
    painter: QPainter,
    spot: QRectF,
    state: Qt.CheckState,
    *,
    enabled: bool = True,
    refused: bool = False,
) -> None:
    """Draw the box of a check; ``refused`` is dashed: its cause has to be mended first."""
    if state == Qt.CheckState.Unchecked or refused:
        paint.box(
            painter,
            spot,
            look.px(4),
            fill=look.color("surface.page" if enabled else "surface.sunken"),
            edge=look.color("line.control" if enabled else "line.strong"),
            width=1.25,
            dashed=refused,
        )
        return
    fill = look.color("accent.base" if enabled else "line.control")
    paint.box(painter, spot, look.px(4), fill=fill)
    side = look.px(12)
    mark = QRectF(0, 0, side, side)
    mark.moveCenter(spot.center())
    name = "check" if state == Qt.CheckState.Checked else "minus"
    icons.paint(painter, mark, name, look.color("text.onAccent"))


class Check(QCheckBox):
    """A check with its words. ``on_change`` gets whether it is on."""

    def __init__(
        self,
        words: str,
        *,
        checked: bool = False,
        name: str = "",
        on_change: Callable[[bool], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, parent)
        self._refused = False
        self.setProperty("ring", True)
        self.setChecked(checked)
        if name:
            self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if on_change is not None:
            self.toggled.connect(on_change)

    def set_refused(self, refused: bool) -> None:
        """Draw it dashed and let nobody choose it."""
        self._refused = refused
        self.setEnabled(not refused)
        self.update()

    def sizeHint(self) -> QSize:
        return _choice_size(self.text())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: Any) -> bool:
        return self.rect().contains(pos)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = look.px(_BOX)
        spot = QRectF(0, round((self.height() - side) / 2), side, side)
        paint_check(
            painter, spot, self.checkState(), enabled=self.isEnabled(), refused=self._refused
        )
        _paint_words(painter, self, self.text())


class Radio(QRadioButton):
    """A radio with its words; radios of one parent exclude each other.

    One that ``heads`` a row of its own has larger, bold words.
    """

    def __init__(
        self,
        words: str,
        *,
        checked: bool = False,
        heads: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, parent)
        self._font = ("lead", "semibold") if heads else ("body", "regular")
        self.setProperty("ring", True)
        self.setChecked(checked)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return _choice_size(self.text(), *self._font)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: Any) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = look.px(_BOX)
        spot = QRectF(0, round((self.height() - side) / 2), side, side)
        if self.isChecked():
            ring = look.px(5)
            paint.box(painter, spot, side / 2, fill=look.color("surface.page"))
            inner = look.color("accent.base" if self.isEnabled() else "line.control")
            paint.box(painter, spot, side / 2, edge=inner, width=ring)
        else:
            fill, edge = look.color("surface.page"), look.color("line.control")
            paint.box(painter, spot, side / 2, fill=fill, edge=edge, width=1.25)
        _paint_words(painter, self, self.text(), *self._font)


def _choice_size(words: str, size: str = "body", weight: str = "regular") -> QSize:
    text = paint.width_of(words, look.font(size, weight)) + look.px(_GAP) if words else 0
    return QSize(math.ceil(look.px(_BOX) + text) + 1, look.line_height(size))


def _paint_words(
    painter: QPainter, control: QWidget, words: str, size: str = "body", weight: str = "regular"
) -> None:
    left = look.px(_BOX + _GAP)
    ink = look.color("text.primary" if control.isEnabled() else "text.muted")
    area = QRectF(left, 0, control.width() - left, control.height())
    paint.words(painter, area, words, look.font(size, weight), ink)


class _Segment(QRadioButton):
    """One of several; a radio for a screen reader."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(words, parent)
        self.setProperty("ring", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        width = paint.width_of(self.text(), look.font("body", "semibold"))
        return QSize(math.ceil(width) + 2 * look.px(13), look.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width() - look.px(12), look.px(24))

    def hitButton(self, pos: Any) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        chosen = self.isChecked()
        if chosen:
            area, edge = QRectF(self.rect()), look.color("line.strong")
            paint.box(painter, area, look.px(4), fill=look.color("surface.raised"), edge=edge)
        font = look.font("body", "semibold" if chosen else "regular")
        ink = look.color("text.primary" if chosen or self.underMouse() else "text.secondary")
        width = paint.width_of(self.text(), font)
        left = max(0.0, (self.width() - width) / 2)
        paint.words(
            painter, QRectF(left, 0, self.width() - left + 1, self.height()), self.text(), font, ink
        )


class Segmented(QFrame):
    """Two to five choices side by side; arrow keys move between them."""

    chosen = Signal(object)

    def __init__(
        self,
        options: Sequence[tuple[Any, str]],
        value: Any = None,
        *,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._values = [option for option, _ in options]
        self._group = QButtonGroup(self)
        self._line = QHBoxLayout(self)
        self._line.setSpacing(0)
        for index, (_, words) in enumerate(options):
            segment = _Segment(words, self)
            self._group.addButton(segment, index)
            self._line.addWidget(segment)
        self._restyle()
        self.set_value(self._values[0] if value is None else value)
        self._group.idToggled.connect(self._toggled)

    def fill_width(self) -> Segmented:
        """Take the whole width of its column."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return self

    def value(self) -> Any:
        """Return the chosen value."""
        return self._values[self._group.checkedId()]

    def set_value(self, value: Any) -> None:
        """Choose ``value``; an unknown one is a bug and raises ``ValueError``."""
        self._group.button(self._values.index(value)).setChecked(True)

    def chosen_button(self) -> QWidget:
        """Return the segment that is chosen, for the keyboard."""
        return self._group.button(self._group.checkedId())

    def _toggled(self, index: int, on: bool) -> None:
        if on:
            self.chosen.emit(self._values[index])
        self.update()

    def _restyle(self) -> None:
        self._line.setContentsMargins(3, 3, 3, 3)
        self.setFixedHeight(look.token_px("control.height"))
        for segment in self._group.buttons():
            segment.setFixedHeight(self.height() - 6)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._restyle()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        fill, edge = look.color("surface.sunken"), look.color("line.strong")
        paint.box(QPainter(self), QRectF(self.rect()), look.px(6), fill=fill, edge=edge)
