"""The tab that says who did what to a record and when; names of fields, never values."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from app.core.kernel.desk import Desk
from app.core.kernel.phrases import date_words, time_words
from app.core.tasks.queries.roster import Deed, deeds
from app.ui.people.roster_presenter import SHOWN_AREAS
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Record
from app.ui.shell.presenter import Deliver, Presenter
from app.ui.widgets.cells import Cell, Column, TableRow
from app.ui.widgets.layout import column_layout
from app.ui.widgets.states import StateStack
from app.ui.widgets.tables import DataTable
from app.ui.widgets.text import Text

_COLUMNS = (
    Column("when", "When", tone="text.secondary"),
    Column("what", "What", stretch=2),
    Column("whose", "Record", stretch=2, tone="text.secondary"),
    Column("who", "Who", stretch=1, tone="text.secondary"),
)


class ActivityPresenter(Presenter):
    """Reads the audit of a record and of the people in it."""

    def __init__(self, desk: Desk, deliver: Deliver, record: Record) -> None:
        super().__init__(desk, deliver)
        self._record = record
        self.lines: tuple[Deed, ...] | None = None
        self.watch(*SHOWN_AREAS)

    def refresh(self) -> None:
        """Read it again."""
        self.read("deeds", deeds, *self._record, then=self._have)

    def _have(self, lines: list[Deed]) -> None:
        self.lines = tuple(lines)
        self.changed()


class ActivityPanel(QWidget):
    """A table of deeds, newest first."""

    def __init__(self, context: ScreenContext, record: Record) -> None:
        super().__init__()
        self._zone = ZoneInfo(context.desk.zone)
        self._presenter = ActivityPresenter(context.desk, context.deliver, record)
        self._table = DataTable(_COLUMNS, name="Activity")
        self._stack = StateStack(self._table)
        self._stack.loading()
        # The table bleeds 12 px over the text grid.
        box = column_layout(self, gap=8, margin=(28, 20, 28, 20))
        sentence = (
            "Opening, changing, printing and exporting are noted here, without what was in it."
        )
        said = column_layout(margin=(12, 0, 12, 0))
        said.addWidget(Text(sentence, tone="text.secondary", wrap=True))
        box.addLayout(said)
        box.addWidget(self._stack, 1)
        self._presenter.on_change(self._render)
        self._presenter.refresh()

    def closing(self) -> None:
        """Let go of what was read."""
        self._presenter.close()

    def _render(self) -> None:
        lines = self._presenter.lines or ()
        self._table.set_rows([self._row(position, each) for position, each in enumerate(lines)])
        self._stack.content()

    def _row(self, position: int, deed: Deed) -> TableRow:
        at = deed.at.astimezone(self._zone)
        when = Cell(f"{date_words(at.date())}, {time_words(at)}", sort=deed.at.isoformat())
        return TableRow(position, (when, deed.label, deed.subject, deed.member))
