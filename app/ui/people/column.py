"""The list of records beside an open one: a case a line, a couple as one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from app.core.cases.rules import ClientFilter
from app.core.tasks.queries.roster import RosterCase
from app.ui.people.roster_presenter import RosterPresenter
from app.ui.people.words import case_icon, near_day
from app.ui.theme import look
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.fields import SearchField
from app.ui.widgets.layout import Surface, column_layout, row_layout
from app.ui.widgets.lists import EntityList, EntityRow
from app.ui.widgets.menus import Entry, MenuButton
from app.ui.widgets.states import NothingFound, StateStack
from app.ui.widgets.text import Text
from app.ui.widgets.unsent import Unsent

WIDTH = 296


class RecordsColumn(Surface):
    """Title, search, filter and rows. ``chosen`` and ``opened`` carry the record."""

    chosen = Signal(object)
    opened = Signal(object)
    menu_asked = Signal(object, QPoint)

    def __init__(
        self,
        presenter: RosterPresenter[RosterCase],
        today: Callable[[], date],
        *,
        on_new: Callable[[], object],
        unsent: Unsent | None = None,
    ) -> None:
        super().__init__("page", edges="right")
        self._presenter, self._today = presenter, today
        self.setFixedWidth(look.px(WIDTH))
        self.search = SearchField("Name, phone, email", name="Find a client")
        self._filter = MenuButton("", self._entries, name="Filter", icon="list-filter")
        self._count = Text(tone="text.secondary", tabular=True)
        self._list = EntityList("Clients")
        self._list.follow(unsent)
        self._stack = StateStack(self._list, row="list")
        self._build(on_new)
        self._list.chosen.connect(lambda key: self.chosen.emit(key) if key else None)
        self._list.opened.connect(self.opened.emit)
        self._list.menu_asked.connect(self.menu_asked.emit)
        self.search.searched.connect(presenter.search)
        self.search.returnPressed.connect(self._open_first)
        presenter.on_change(self.render_rows)
        self.render_rows()

    def select(self, record: tuple[str, object]) -> None:
        """Mark the open record."""
        self._list.select(record)

    def focus_rows(self) -> None:
        """Give the keyboard to the rows."""
        self._list.setFocus()

    def render_rows(self) -> None:
        """Show what the presenter has."""
        presenter = self._presenter
        if self.search.text() != presenter.words:
            self.search.setText(presenter.words)
        self._filter.set_words(presenter.chosen.label)
        if presenter.problem is not None:
            self._stack.error("The list could not be read.", presenter.refresh)
        elif presenter.lines is None:
            self._stack.loading()
        else:
            shown = presenter.shown
            self._count.set(f"{len(shown):,}")
            self._list.set_rows([_row(line, self._today()) for line in shown])
            if shown:
                self._stack.content()
            else:
                words = presenter.words.strip()
                sentence = "Nobody matches." if words else "Nobody here."
                self._stack.empty(NothingFound(sentence, presenter.show_all))

    def _entries(self) -> list[Entry]:
        return [
            Entry(
                f"{each.label}  {self._presenter.counts.get(each, 0):,}",
                lambda each=each: self._presenter.choose(each),  # type: ignore[misc]
                checked=each is self._presenter.chosen,
            )
            for each in ClientFilter
        ]

    def _open_first(self) -> None:
        shown = self._presenter.shown
        if shown:
            self.opened.emit(shown[0].row.record)

    def _build(self, on_new: Callable[[], object]) -> None:
        box = column_layout(self)
        head = row_layout(margin=(20, 22, 14, 8))
        head.addWidget(Text("Clients", "title", "semibold"), 1)
        head.addWidget(IconButton("plus", "New client or case", keys="N", on_click=on_new))
        box.addLayout(head)
        search = row_layout(margin=(20, 0, 20, 6))
        search.addWidget(self.search, 1)
        box.addLayout(search)
        filters = row_layout(gap=4, margin=(12, 0, 20, 4))
        filters.addWidget(self._filter)
        filters.addWidget(self._count)
        filters.addStretch(1)
        box.addLayout(filters)
        rows = QWidget()
        line = row_layout(rows, margin=(8, 0, 8, 8))
        line.addWidget(self._stack, 1)
        box.addWidget(rows, 1)


def _row(line: RosterCase, today: date) -> EntityRow:
    asks = line.workflow is not None and line.workflow.asks and line.next is None
    detail = line.workflow.state.value if asks and line.workflow else line.row.words
    return EntityRow(
        key=line.row.record,
        title=line.row.title,
        detail=detail,
        aside=near_day(line.next.date() if line.next else None, today),
        icon=case_icon(line.row.kind),
    )
