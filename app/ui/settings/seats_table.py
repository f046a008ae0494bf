"""The seats of the practice by role, with what they cost: read, never chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.settings.plan_words import SeatRow
from app.ui.theme import look
from app.ui.widgets.layout import Hairline, emptied, row_layout
from app.ui.widgets.text import Text

_RIGHT = Qt.AlignmentFlag.AlignRight
#: What a column shows of a row, by its head.
_SHOWS: dict[str, Callable[[SeatRow], str]] = {
    "Working": lambda row: row.active,
    "Invited": lambda row: row.invited,
    "Reserved": lambda row: row.reserved,
    "Allowed": lambda row: row.allowed,
    "Each": lambda row: row.each,
    "A month": lambda row: row.amount,
}
_LAST = "A month"
#: Above and below words that may take two lines.
_AIR = (0, 6, 0, 6)


class SeatsTable(QWidget):
    """A line a kind of seat; the last line sums the month up."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Seats")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look.px(24))
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 1)
        self._line = 0
        self._shown: object = None

    def set_rows(
        self, rows: Sequence[SeatRow], total: tuple[str, str] | None = None, *, without: str = ""
    ) -> None:
        """Show ``rows`` but one column, and a last line of words and an amount."""
        shown = (tuple(rows), total, without)
        if shown == self._shown:
            return
        self._shown = shown
        emptied(self._grid)
        self._line = 0
        heads = [head for head in _SHOWS if head != without]
        self._add([_head("Role"), *(_head(head, _RIGHT) for head in heads)])
        self._rule(len(heads) + 1, "line.strong")
        for row in rows:
            self._add(_cells(row, heads))
            self._rule(len(heads) + 1)
        if total is not None:
            amount = Text(total[1], weight="semibold", tabular=True, align=_RIGHT)
            self._grid.setRowMinimumHeight(self._line, look.px(34))
            middle = Qt.AlignmentFlag.AlignVCenter
            words = Text(total[0], weight="semibold", elide=True)
            self._grid.addWidget(words, self._line, 0, 1, len(heads), middle)
            self._grid.addWidget(amount, self._line, len(heads), middle)

    def _add(self, cells: Sequence[QWidget]) -> None:
        self._grid.setRowMinimumHeight(self._line, look.px(34))
        for place, cell in enumerate(cells):
            self._grid.addWidget(cell, self._line, place, Qt.AlignmentFlag.AlignVCenter)
        self._line += 1

    def _rule(self, columns: int, token: str = "line.hair") -> None:
        self._grid.addWidget(Hairline(token=token), self._line, 0, 1, columns)
        self._line += 1


def _head(words: str, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> Text:
    return Text(words, "caption", "medium", "text.muted", align=align)


def _cells(row: SeatRow, heads: Sequence[str]) -> list[QWidget]:
    name = QWidget()
    line = row_layout(name, gap=6, margin=_AIR)
    line.addWidget(Text(row.words), 0, Qt.AlignmentFlag.AlignTop)
    if row.second:
        line.addWidget(_longest(Text(row.second, tone="text.secondary", wrap=True)), 1)
    else:
        line.addStretch(1)
    cells: list[QWidget] = [name]
    for head in heads:
        words = _SHOWS[head](row)
        cell = Text(
            words,
            weight="semibold" if head == _LAST else "regular",
            tone="text.secondary" if head == "Each" else "text.primary",
            tabular=True,
            # The longest words of a row take a second line before its figures give way.
            wrap=head == "Each",
            align=_RIGHT,
        )
        cell.setAccessibleName(f"{row.words}, {head}: {words}")
        cells.append(_aired(_longest(cell)) if head == "Each" else cell)
    return cells


def _longest(text: Text) -> Text:
    """Let a paragraph be no narrower than its longest word."""
    advance = QFontMetricsF(text.font()).horizontalAdvance
    text.setMinimumWidth(ceil(max(map(advance, text.text().split()), default=0)) + 1)
    return text


def _aired(text: Text) -> QWidget:
    """Return words with room between two lines of them and the rules of the table."""
    made = QWidget()
    row_layout(made, gap=0, margin=_AIR).addWidget(text)
    return made
