"""What stands in a table: columns, cells and rows, and how a cell is painted."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.status import Status, paint_status, status_width

#: Space between the texts of two columns.
GUTTER = 12
#: The circle of initials, and the height of each of two lines.
_CIRCLE, _LINE = 28, 18


@dataclass(frozen=True, slots=True)
class Column:
    """A column: fixed ``width``, a share of what is left (``stretch``), or as wide as its texts.

    One that ``yields`` goes away before a name of another column would elide.
    """

    key: str
    words: str
    width: int | None = None
    stretch: int = 0
    right: bool = False
    weight: str = "regular"
    tone: str = "text.primary"
    sortable: bool = True
    yields: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: words or a status; ``second`` is a muted run after the words; ``sort`` orders it.

    ``below`` is a muted line under the words, in rows high enough for two; ``initials`` stand in a
    circle before them.
    """

    words: str = ""
    status: Status | None = None
    tone: str = ""
    weight: str = ""
    second: str = ""
    below: str = ""
    initials: str = ""
    sort: Any = None
    struck: bool = False

    def spoken(self) -> str:
        """Return the cell as a screen reader says it."""
        status = self.status.words if self.status else ""
        return " ".join(part for part in (self.words, self.second, self.below, status) if part)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row; ``checked`` None has no check, ``refused`` has a dashed one that cannot be set."""

    key: Hashable
    cells: Sequence[Cell | Status | str]
    checked: bool | None = None
    refused: bool = False


def as_cell(value: Cell | Status | str) -> Cell:
    """Return what was given for a cell as a :class:`Cell`."""
    if isinstance(value, Cell):
        return value
    return Cell(status=value) if isinstance(value, Status) else Cell(str(value))


def sort_key(cell: Cell) -> tuple[int, Any]:
    """Return what a cell sorts by; empty ones come last."""
    value = cell.sort if cell.sort is not None else cell.spoken().casefold()
    empty = value in ("", "—")
    return (1 if empty else 0, value if not empty else "")


def cell_width(cell: Cell, column: Column) -> float:
    """Return how wide the cell is when nothing is elided."""
    if cell.status is not None:
        return status_width(cell.status)
    font = look.font("body", cell.weight or column.weight, tabular=True)
    width = QFontMetricsF(font).horizontalAdvance(cell.words)
    if cell.second:
        width += look.px(8) + paint.width_of(cell.second, look.font("body", tabular=True))
    if cell.below:
        width = max(width, paint.width_of(cell.below, look.font("body", tabular=True)))
    return width + (look.px(_CIRCLE + GUTTER) if cell.initials else 0)


def paint_cell(painter: QPainter, area: QRectF, cell: Cell, column: Column) -> None:
    """Paint a cell's content in ``area``."""
    if cell.status is not None:
        paint_status(painter, area, cell.status, right=column.right)
        return
    if cell.initials:
        spot = QRectF(area.left(), area.center().y() - look.px(_CIRCLE) / 2, look.px(_CIRCLE), 0)
        spot.setHeight(spot.width())
        paint.initials(painter, spot, cell.initials)
        area = area.adjusted(look.px(_CIRCLE + GUTTER), 0, 0, 0)
    if cell.below:
        line = look.px(_LINE)
        area = QRectF(area.left(), area.center().y() - line, area.width(), line)
        under, plain = area.translated(0, line), look.font("body", tabular=True)
        soft = look.color("text.secondary")
        paint.words(painter, under, cell.below, plain, soft, right=column.right)
    font = look.font("body", cell.weight or column.weight, tabular=True)
    font.setStrikeOut(cell.struck)
    ink = look.color(cell.tone or column.tone)
    used = paint.words(painter, area, cell.words, font, ink, right=column.right)
    if cell.second and not column.right:
        rest = area.adjusted(used + look.px(8), 0, 0, 0)
        plain, soft = look.font("body", tabular=True), look.color("text.secondary")
        paint.words(painter, rest, cell.second, plain, soft)
