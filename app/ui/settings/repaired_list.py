"""The records that the last comparison with the account repaired, each with the way to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.core.kernel.clock import wall_time
from app.core.kernel.phrases import date_words
from app.core.kernel.syncing import and_more
from app.core.tasks.queries.naming import Named
from app.ui.shell.syncing import SyncPresenter
from app.ui.widgets.buttons import Link
from app.ui.widgets.layout import column_layout, emptied
from app.ui.widgets.text import Text


class RepairedList(QWidget):
    """Says when it was, names at most ten, and says how many more there are."""

    def __init__(self, go: Callable[[tuple[str, UUID]], None]) -> None:
        super().__init__()
        self._go = go
        self._shown: tuple[str, tuple[Named, ...], int] = ("", (), 0)
        self._box = column_layout(self, gap=4, margin=(0, 16, 0, 0))
        self.hide()

    def show_records(self, presenter: SyncPresenter) -> None:
        """Show what ``presenter`` knows of it; made anew only where that is another."""
        repaired = presenter.status.repaired
        if repaired is None:
            self.hide()
            return
        day = date_words(wall_time(repaired.at, presenter.desk.zone).date())
        shown = (day, presenter.repaired, repaired.total)
        # As links that hold the keyboard are not to vanish under it.
        if shown != self._shown:
            self._shown = shown
            self._make(*shown)
        self.show()

    def _make(self, day: str, named: tuple[Named, ...], total: int) -> None:
        emptied(self._box)
        self._box.addWidget(Text(f"Repaired on {day}", weight="medium"))
        for each in named:
            self._box.addWidget(self._line(each))
        for more in and_more(total, len(named)) if named else ():
            self._box.addWidget(Text(more, tone="text.secondary"))

    def _line(self, named: Named) -> QWidget:
        if named.record is None:
            return Text(named.words, tone="text.secondary", wrap=True)
        return Link(named.words, on_click=partial(self._go, named.record), elide=True)
