"""What a role may do and what not, as lines to read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.ui.widgets.layout import column_layout, emptied, row_layout
from app.ui.widgets.message import IconMark
from app.ui.widgets.text import Text

Line = tuple[str, bool]
"""Words of a right, and whether it is given."""


class RightsList(QWidget):
    """A line a right, with a check or a dash; a screen reader hears *Not* before what is not."""

    def __init__(self) -> None:
        super().__init__()
        self._box = column_layout(self, gap=0)
        self._shown: Sequence[Line] = ()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these rights."""
        if lines == self._shown:
            return
        self._shown = lines
        emptied(self._box)
        for words, may in lines:
            self._box.addWidget(_line(words, may=may))


def _line(words: str, *, may: bool) -> QWidget:
    made = QWidget()
    line = row_layout(made, gap=8, margin=(0, 3, 0, 3))
    icon, tone = ("check", "success.text") if may else ("minus", "text.muted")
    # Beside the first line of words that take two.
    lead = column_layout(margin=(0, 3, 0, 0))
    lead.addWidget(IconMark(icon, tone, 14))
    lead.addStretch(1)
    line.addLayout(lead)
    text = Text(words, tone="text.primary" if may else "text.secondary", wrap=True)
    text.setAccessibleName(words if may else f"Not: {words}")
    line.addWidget(text, 1)
    return made
