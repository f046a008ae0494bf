"""Putting things on a page: columns, rows, hairlines, sections, facts, a page that scrolls."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui.theme import look
from app.ui.widgets.text import Text
from app.ui.widgets.viewport import own_viewport

Margin = tuple[int, int, int, int]
NO_MARGIN: Margin = (0, 0, 0, 0)


def _margins(layout: QLayout, margin: Margin) -> None:
    left, top, right, bottom = (look.px(side) for side in margin)
    layout.setContentsMargins(left, top, right, bottom)


def column_layout(
    parent: QWidget | None = None, *, gap: int = 0, margin: Margin = NO_MARGIN
) -> QVBoxLayout:
    """Return a column layout with a gap and a margin of the design."""
    made = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    made.setSpacing(look.px(gap))
    _margins(made, margin)
    return made


def row_layout(
    parent: QWidget | None = None, *, gap: int = 8, margin: Margin = NO_MARGIN
) -> QHBoxLayout:
    """Return a row layout with a gap and a margin of the design."""
    made = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    made.setSpacing(look.px(gap))
    _margins(made, margin)
    return made


def column(*widgets: QWidget, gap: int = 0, margin: Margin = NO_MARGIN) -> QWidget:
    """Return a widget that holds ``widgets`` under each other."""
    made = QWidget()
    box = column_layout(made, gap=gap, margin=margin)
    for widget in widgets:
        box.addWidget(widget)
    return made


def row(*widgets: QWidget | None, gap: int = 8, margin: Margin = NO_MARGIN) -> QWidget:
    """Return a widget that holds ``widgets`` side by side; ``None`` takes the free room."""
    made = QWidget()
    box = row_layout(made, gap=gap, margin=margin)
    for widget in widgets:
        if widget is None:
            box.addStretch(1)
        else:
            box.addWidget(widget)
    return made


def two_columns(widgets: Sequence[QWidget | None], *, least: int = 200) -> QGridLayout:
    """Return a grid of two equal columns, each ``least`` wide; ``None`` leaves its place empty."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(look.px(20))
    grid.setVerticalSpacing(look.px(20))
    for column in (0, 1):
        grid.setColumnStretch(column, 1)
        grid.setColumnMinimumWidth(column, look.px(least))
    for number, widget in enumerate(widgets):
        # An empty column would have no gap before it: the one beside it would grow wider.
        shown = QWidget() if widget is None else widget
        grid.addWidget(shown, number // 2, number % 2, Qt.AlignmentFlag.AlignTop)
    return grid


def reveal(widget: QWidget, wanted: bool) -> None:
    """Show or hide a part of a page.

    A widget that stands nowhere yet is only left unhidden: shown, it would flash up as a window.
    """
    if not wanted or widget.parentWidget() is not None:
        widget.setVisible(wanted)


def emptied(layout: QLayout) -> None:
    """Take every widget out of ``layout`` and let Qt delete it, for a page that renders again."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            emptied(inner)


class Hairline(QWidget):
    """A line of one pixel at any text size."""

    def __init__(self, *, vertical: bool = False, token: str = "line.hair") -> None:
        super().__init__()
        self._token = token
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), look.color(self._token))


class Surface(QFrame):
    """A part of the window on canvas, page, raised or sunken; ``edges`` get hairlines."""

    def __init__(
        self, surface: str = "page", *, edges: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._surface = surface
        self._edges = edges
        inset = {
            side: 1 if side in edges.split() else 0 for side in ("left", "top", "right", "bottom")
        }
        self.setContentsMargins(inset["left"], inset["top"], inset["right"], inset["bottom"])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color(f"surface.{self._surface}"))
        width, height, line = self.width(), self.height(), look.color("line.hair")
        places = {
            "left": QRectF(0, 0, 1, height),
            "right": QRectF(width - 1, 0, 1, height),
            "top": QRectF(0, 0, width, 1),
            "bottom": QRectF(0, height - 1, width, 1),
        }
        for side in self._edges.split():
            painter.fillRect(places[side], line)


class Section(QWidget):
    """A bold 13-px line, its count, something at its right, and what belongs to it."""

    def __init__(
        self,
        title: str,
        *,
        count: int | None = None,
        aside: QWidget | None = None,
        gap: int = 8,
        side: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        """``side`` insets the bold line alone, over rows that reach beyond the text grid."""
        super().__init__(parent)
        self._title = Text(title, weight="semibold")
        self._count = Text("", tone="text.muted", tabular=True)
        self.head = row_layout(gap=8, margin=(side, 0, side, 0))
        self.head.addWidget(self._title)
        self.head.addWidget(self._count)
        self.head.addStretch(1)
        if aside is not None:
            self.head.addWidget(aside)
        self.body = column_layout(gap=0)
        box = column_layout(self, gap=gap)
        box.addLayout(self.head)
        box.addLayout(self.body)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.set_count(count)

    def set_count(self, count: int | None) -> None:
        """Show a count beside the title, or none."""
        self._count.set("" if count is None else f"{count:,}")
        reveal(self._count, count is not None)

    def set_title(self, title: str) -> None:
        """Take another title."""
        self._title.set(title)
        self.setAccessibleName(title)

    def add(self, widget: QWidget) -> QWidget:
        """Put ``widget`` under what is there already, and return it."""
        self.body.addWidget(widget)
        return widget

    def clear(self) -> None:
        """Take everything out of the section."""
        emptied(self.body)


class Facts(QWidget):
    """Labels in a muted column, what they say beside them."""

    def __init__(
        self, *, label_width: int = 150, gap: int = 13, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look.px(8))
        self._grid.setVerticalSpacing(look.px(gap))
        self._grid.setColumnMinimumWidth(0, look.px(label_width))
        self._grid.setColumnStretch(1, 1)

    def add(self, label: str, said: QWidget | str) -> QWidget:
        """Add a fact; words become text that wraps. Returns the widget that says it."""
        widget = Text(said, wrap=True) if isinstance(said, str) else said
        name = Text(label, tone="text.secondary")
        if isinstance(widget, QLabel) and not widget.accessibleName():
            widget.setAccessibleName(f"{label}: {widget.text()}")
        line = self._grid.rowCount()
        self._grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(widget, line, 1, Qt.AlignmentFlag.AlignTop)
        return widget

    def clear(self) -> None:
        """Take all facts away."""
        emptied(self._grid)


class Figure(QWidget):
    """A line of a summary: what, and how much at the right, lined up.

    A ``quiet`` one has its figure in the tone of its label.
    """

    def __init__(
        self,
        label: str,
        value: str,
        *,
        strong: bool = True,
        tone: str = "text.secondary",
        quiet: bool = False,
    ) -> None:
        super().__init__()
        weight, ink = "semibold" if strong else "regular", tone if quiet else "text.primary"
        self.value = Text(value, weight=weight, tone=ink, tabular=True)
        line = row_layout(self, gap=8)
        line.addWidget(Text(label, tone=tone, elide=True), 1)
        line.addWidget(self.value)
        self.setFixedHeight(look.px(26))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedHeight(look.px(26))
        super().changeEvent(event)


class ScrollPage(QScrollArea):
    """A page that scrolls down, never sideways; ``width`` limits the measure of its content.

    One that ``fills`` makes its content at least as high as itself.
    """

    def __init__(
        self,
        *,
        margin: Margin = (40, 24, 40, 24),
        width: int | None = None,
        gap: int = 0,
        fills: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        own_viewport(self, filled=False)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        content = QWidget()
        outer = row_layout(content, gap=0, margin=margin)
        inner = QWidget()
        if width is not None:
            inner.setMaximumWidth(look.px(width))
        outer.addWidget(inner, 1)
        if width is not None:
            outer.addStretch(0)
        filled = column_layout(inner, gap=0)
        self.body = column_layout(gap=gap)
        filled.addLayout(self.body, int(fills))
        filled.addStretch(int(not fills))
        self.setWidget(content)
        content.setAutoFillBackground(False)
