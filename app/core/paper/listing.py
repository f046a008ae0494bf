"""Ruled lists: columns with heads, rows that may take several lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from app.core.paper.fonts import Weight
from app.core.paper.sheet import LEFT, MEASURE, Ink, Sheet
from app.core.paper.typeset import Style, fit, shrink, width_of

HEAD = Style(10.5, 12.5, Weight.MEDIUM, soft=True)
BODY = Style(11, 16)
BOLD_BODY = Style(11, 16, Weight.SEMIBOLD)

_LEFT_PADDING, _RIGHT_PADDING = 6.0, 5.0
_PADDING = _LEFT_PADDING + _RIGHT_PADDING
_HEAD_PADDING = 5.0
_ROW_HEIGHT = 26.0
_LINE_HEIGHT = 13.0

#: A value: one text, or several that each begin a line.
Value = str | tuple[str, ...]


class Align(Enum):
    """Where a column's text stands."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Column:
    """A column between ``least`` and ``most`` pixels wide, as its values need.

    One that ``wraps`` breaks its text into lines, the others keep each text whole. A wrapping
    column without ``most`` takes what the others leave, and of other wrapping ones what it needs
    to reach its ``least``.
    """

    head: tuple[str, ...]
    least: float
    most: float = 0
    align: Align = Align.LEFT
    bold: bool = False
    wraps: bool = False

    @property
    def style(self) -> Style:
        """Return how the values are set."""
        return BOLD_BODY if self.bold else BODY


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it will be drawn: the lines of each cell, and its height."""

    cells: tuple[tuple[Style, tuple[str, ...]], ...]
    height: float


class Listing:
    """Columns with widths settled for all rows of a paper, so that its pages agree."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> None:
        self._columns = columns
        self._widths = _widths(columns, rows)
        self._styles = [
            column.style
            if column.wraps
            else shrink(_longest(column, index, rows), column.style, width - _PADDING)
            for index, (column, width) in enumerate(zip(columns, self._widths, strict=True))
        ]
        self.rows = [self._lay(row) for row in rows]
        lines = max(len(column.head) for column in columns)
        self.head_height = lines * HEAD.leading + 2 * _HEAD_PADDING + 1

    def height(self, rows: Sequence[Row]) -> float:
        """Return how high the head and ``rows`` are."""
        return self.head_height + sum(row.height for row in rows)

    def draw(self, sheet: Sheet, top: float, rows: Sequence[Row]) -> float:
        """Draw the head and ``rows``; return where they end."""
        edges = [LEFT]
        for width in self._widths:
            edges.append(edges[-1] + width)
        body = top + self.head_height
        bottom = top + self.height(rows)
        for edge in edges[1:-1]:
            sheet.down(edge - 1, top, self.head_height, Ink.ROW)
            sheet.down(edge - 1, body, bottom - body, Ink.COLUMN)
        self._draw_head(sheet, body, edges)
        y = body
        for index, row in enumerate(rows):
            if index:
                sheet.across(LEFT, y - 1, MEASURE, Ink.ROW)
            self._draw_row(sheet, y, row, edges)
            y += row.height
        sheet.across(LEFT, body - 1, MEASURE, Ink.BLACK)
        sheet.box(LEFT, top, MEASURE, bottom - top, Ink.BLACK)
        return bottom

    def _lay(self, values: Sequence[Value]) -> Row:
        cells: list[tuple[Style, tuple[str, ...]]] = []
        for column, width, style, value in zip(
            self._columns, self._widths, self._styles, values, strict=True
        ):
            if column.wraps:
                cells.append(_wrapped(_parts(value), column.style, width - _PADDING))
            else:
                cells.append((style, _parts(value)))
        lines_high = max(len(lines) for _, lines in cells)
        return Row(tuple(cells), _ROW_HEIGHT + _LINE_HEIGHT * max(lines_high - 1, 0))

    def _draw_head(self, sheet: Sheet, body: float, edges: list[float]) -> None:
        for column, left, right in zip(self._columns, edges, edges[1:], strict=False):
            top = body - 1 - _HEAD_PADDING - HEAD.leading * len(column.head)
            for number, line in enumerate(column.head):
                y = top + HEAD.leading * number
                _draw_aligned(sheet, column.align, left, right, y, line, HEAD)

    def _draw_row(self, sheet: Sheet, top: float, row: Row, edges: list[float]) -> None:
        for column, left, right, (style, lines) in zip(
            self._columns, edges, edges[1:], row.cells, strict=False
        ):
            taken = style.leading + _LINE_HEIGHT * (len(lines) - 1)
            y = top + (row.height - 1 - taken) / 2
            for number, line in enumerate(lines):
                at = y + _LINE_HEIGHT * number
                _draw_aligned(sheet, column.align, left, right, at, line, style)


def _draw_aligned(
    sheet: Sheet, align: Align, left: float, right: float, top: float, text: str, style: Style
) -> None:
    if not text:
        return
    if align is Align.RIGHT:
        sheet.text_right(right - _RIGHT_PADDING, top, text, style)
    elif align is Align.CENTER:
        middle = (left + _LEFT_PADDING + right - _RIGHT_PADDING) / 2
        sheet.text_center(middle, top, text, style)
    else:
        sheet.text(left + _LEFT_PADDING, top, text, style)


def _parts(value: Value) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _wrapped(parts: tuple[str, ...], style: Style, room: float) -> tuple[Style, tuple[str, ...]]:
    fitted = [fit(part, style, room) for part in parts]
    smallest = min((each for each, _ in fitted), key=lambda each: each.size)
    return smallest, tuple(line for _, lines in fitted for line in lines)


def _longest(column: Column, index: int, rows: Sequence[Sequence[Value]]) -> str:
    parts = {part for row in rows for part in _parts(row[index])}
    return max(parts, key=lambda part: (width_of(part, column.style), part), default="")


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> list[float]:
    widths: list[float] = []
    for index, column in enumerate(columns):
        natural = width_of(_longest(column, index, rows), column.style) + _PADDING
        widths.append(min(max(column.least, natural), max(column.most, column.least)))
    rest = [index for index, column in enumerate(columns) if column.wraps and not column.most]
    spare = MEASURE - sum(widths)
    if spare < 0:
        for index, column in enumerate(columns):
            if column.wraps and column.most:
                given = min(widths[index] - column.least, -spare)
                widths[index] -= given
                spare += given
    for index in rest:
        widths[index] += spare / len(rest)
    return widths
