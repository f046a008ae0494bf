"""What went wrong, on a page: an icon and a sentence, on as many lines as it needs."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.message import IconMark
from app.ui.widgets.text import Text


class Problem(QWidget):
    """Hidden until it is told what to say; ``above`` is its air below what it is about."""

    def __init__(self, *, above: int = 0) -> None:
        super().__init__()
        line = row_layout(self, gap=8, margin=(0, above, 0, 0))
        beside_first_line = column_layout(margin=(0, 2, 0, 0))
        beside_first_line.addWidget(IconMark("circle-alert", "danger.text"))
        beside_first_line.addStretch(1)
        line.addLayout(beside_first_line)
        self._words = Text("", tone="danger.text", wrap=True)
        line.addWidget(self._words, 1)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show ``sentence``."""
        self._words.set(sentence)
        self.show()
