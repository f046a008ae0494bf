"""Boxed cells: a caption over a value, in rows of 24 columns."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.paper.fonts import Weight
from app.core.paper.sheet import LEFT, MEASURE, Ink, Sheet
from app.core.paper.typeset import Style, fit

CAPTION = Style(10.5, 13, soft=True)
VALUE = Style(12.5, 16, Weight.MEDIUM)
CLAIM_VALUE = Style(12.5, 16, Weight.BOLD)

_COLUMNS = 24
_PADDING = 8.0
_ROW_HEIGHT = 38.0
_CAPTION_TOP, _VALUE_TOP = 4.0, 17.0
_LONG_LEADING = 14.0


@dataclass(frozen=True, slots=True)
class Cell:
    """``span`` of 24 columns. What a claim needs is ``claimed`` and stands in bold."""

    span: int
    caption: str
    value: str
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class _Laid:
    cell: Cell
    style: Style
    lines: list[str]


class CellGrid:
    """Rows of cells, each row as high as its longest value needs."""

    def __init__(self, rows: list[list[Cell]]) -> None:
        self._rows = [[self._lay(cell) for cell in row] for row in rows]
        self._heights = [
            _ROW_HEIGHT + _LONG_LEADING * (max(len(laid.lines) for laid in row) - 1)
            for row in self._rows
        ]

    @property
    def height(self) -> float:
        """Return the height with the outer rules."""
        return sum(self._heights) + 2

    def draw(self, sheet: Sheet, top: float) -> float:
        """Draw the grid over the page's measure; return where it ends."""
        y = top + 1
        for index, (row, height) in enumerate(zip(self._rows, self._heights, strict=True)):
            if index:
                sheet.across(LEFT, y - 1, MEASURE, Ink.RULE)
            x = LEFT + 1
            for laid in row:
                if x > LEFT + 1:
                    sheet.down(x - 1, y - 1, height + 1, Ink.RULE)
                self._draw_cell(sheet, laid, x + _PADDING, y)
                x += _width(laid.cell.span)
            y += height
        sheet.box(LEFT, top, MEASURE, self.height, Ink.BLACK)
        return y + 1

    @staticmethod
    def _lay(cell: Cell) -> _Laid:
        room = _width(cell.span) - 2 * _PADDING
        style, lines = fit(cell.value, CLAIM_VALUE if cell.claimed else VALUE, room)
        return _Laid(cell, style, lines)

    @staticmethod
    def _draw_cell(sheet: Sheet, laid: _Laid, x: float, y: float) -> None:
        sheet.text(x, y + _CAPTION_TOP, laid.cell.caption, CAPTION)
        for number, line in enumerate(laid.lines):
            sheet.text(x, y + _VALUE_TOP + _LONG_LEADING * number, line, laid.style)


def _width(span: int) -> float:
    return (MEASURE - 2) * span / _COLUMNS
