"""The full list of clients: a person a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from app.core.cases.rules import ClientFilter
from app.core.people.rules import Lifecycle
from app.core.tasks.queries.roster import RosterPerson
from app.ui.people.roster_presenter import RosterPresenter
from app.ui.people.words import DASH, near_day, session_words, workflow_status
from app.ui.widgets.bars import PageHead
from app.ui.widgets.buttons import Button
from app.ui.widgets.cells import Cell, Column, TableRow
from app.ui.widgets.fields import SearchField
from app.ui.widgets.keys import shown_keys
from app.ui.widgets.layout import Hairline, column_layout, row_layout
from app.ui.widgets.message import Message
from app.ui.widgets.phrases import plural
from app.ui.widgets.states import EmptyState, NothingFound, StateStack, Way
from app.ui.widgets.status import Tone
from app.ui.widgets.tables import DataTable
from app.ui.widgets.tabs import FilterBar
from app.ui.widgets.text import Text
from app.ui.widgets.unsent import Unsent

_COLUMNS = (
    Column("name", "Name", stretch=3, weight="medium"),
    Column("case", "Case", stretch=2, tone="text.secondary"),
    Column("with", "With", tone="text.secondary", yields=True),
    Column("next", "Next appointment"),
    Column("last", "Last seen", tone="text.secondary"),
    Column("state", "Workflow state", stretch=1),
    Column("owing", "Owing", right=True),
)


class ClientsTable(QWidget):
    """Head, filters, table and foot of the list. ``opened`` carries a client's id."""

    opened = Signal(object)
    menu_asked = Signal(object, QPoint)

    def __init__(
        self,
        presenter: RosterPresenter[RosterPerson],
        today: Callable[[], date],
        *,
        on_new: Callable[[], object],
        ways: tuple[Way, ...],
        unsent: Unsent | None = None,
    ) -> None:
        super().__init__()
        self._presenter, self._today, self._ways = presenter, today, ways
        self.search = SearchField("Name, phone, email", name="Find a client")
        self._new = Button(
            "New client or case", kind="primary", icon="plus", keys="N", on_click=on_new
        )
        self._head = PageHead("Clients", acts=(self.search, self._new))
        self._filters = FilterBar([(each.value, each.label, None) for each in ClientFilter])
        self._table = DataTable(_COLUMNS, name="Clients")
        self._table.sort("name")
        self._table.follow(unsent)
        self._foot = Text(tone="text.secondary")
        self._waiting = Message(
            Tone.WARN,
            "",
            mend="Keep it so",
            on_mend=presenter.keep_who_is_active,
            icon="users-round",
        )
        self._stack = StateStack(self._list())
        self._build()
        self._table.opened.connect(self.opened.emit)
        self._table.menu_asked.connect(self.menu_asked.emit)
        self._filters.chosen.connect(lambda key: presenter.choose(ClientFilter(key)))
        self.search.searched.connect(presenter.search)
        self.search.returnPressed.connect(self._open_first)
        presenter.on_change(self.render_rows)
        self.render_rows()

    def focus_rows(self) -> None:
        """Give the keyboard to the table."""
        self._table.setFocus()

    def lifecycle_of(self, client_id: UUID) -> Lifecycle | None:
        """Return the status of a client in the list."""
        lines = self._presenter.lines or ()
        found = (each.row.client for each in lines if each.row.client.id == client_id)
        return next((client.lifecycle for client in found), None)

    def render_rows(self) -> None:
        """Show what the presenter has."""
        presenter = self._presenter
        self._filters.set_current(presenter.chosen.value)
        self._filters.set_counts({each.value: count for each, count in presenter.counts.items()})
        if self.search.text() != presenter.words:
            self.search.setText(presenter.words)
        self._filters.setVisible(not presenter.nobody)
        self.search.setVisible(not presenter.nobody)
        self._render_waiting()
        if presenter.nobody:
            self._head.say("Clients")
            self._stack.empty(no_clients(self._ways))
        elif presenter.problem is not None:
            self._stack.error("The list could not be read.", presenter.refresh)
        elif presenter.lines is None:
            self._stack.loading()
        else:
            self._show(presenter.lines, presenter.shown)

    def _render_waiting(self) -> None:
        waiting = self._presenter.waiting
        self._waiting.setVisible(bool(waiting) and self._presenter.chosen is ClientFilter.INACTIVE)
        self._waiting.say(
            f"{plural(waiting, 'imported client')} inactive for want of room.",
            "Make somebody active from the menu of their line, as the plan allows.",
        )

    def _show(self, lines: tuple[RosterPerson, ...], shown: tuple[RosterPerson, ...]) -> None:
        cases = {case_id for line in lines for case_id in line.row.case_ids}
        kind = self._presenter.chosen.label.lower()
        people = "people" if self._presenter.chosen is ClientFilter.EVERYONE else f"{kind} people"
        self._head.say("Clients", f"{len(lines):,} {people} in {plural(len(cases), 'case')}")
        if not shown:
            self._stack.empty(self._nothing())
            return
        today = self._today()
        self._table.set_rows([_row(line, today) for line in shown])
        self._foot.set(
            plural(len(shown), "client")
            if len(shown) == len(lines)
            else f"{len(shown):,} of {plural(len(lines), 'client')}"
        )
        self._stack.content()

    def _nothing(self) -> QWidget:
        chosen, words = self._presenter.chosen, self._presenter.words.strip()
        where = "" if chosen is ClientFilter.EVERYONE else f" in {chosen.label}"
        sentence = f"Nobody{where} matches “{words}”." if words else f"Nobody{where}."
        return NothingFound(sentence, self._presenter.show_all)

    def _open_first(self) -> None:
        shown = self._presenter.shown
        if shown:
            self.opened.emit(shown[0].row.client.id)

    def _list(self) -> QWidget:
        made = QWidget()
        box = column_layout(made)
        box.addWidget(self._table, 1)
        box.addWidget(Hairline())
        foot = row_layout(gap=24, margin=(12, 14, 12, 14))
        foot.addWidget(self._foot, 1)
        for hint in (f"{shown_keys('Return')} open", "/ find"):
            foot.addWidget(Text(hint, "caption", tone="text.muted"))
        box.addLayout(foot)
        return made

    def _build(self) -> None:
        box = column_layout(self)
        box.addWidget(self._head)
        filters = row_layout(margin=(30, 16, 40, 6))
        filters.addWidget(self._filters, 1)
        box.addLayout(filters)
        waiting = row_layout(margin=(40, 4, 40, 8))
        waiting.addWidget(self._waiting, 1)
        box.addLayout(waiting)
        rows = row_layout(margin=(28, 0, 28, 0))
        rows.addWidget(self._stack, 1)
        box.addLayout(rows, 1)


def no_clients(ways: Sequence[Way]) -> EmptyState:
    """Return the list of a practice that has nobody yet, with ways to get somebody into it."""
    return EmptyState(
        "users-round",
        "No clients yet",
        "A client here is a person. Couples, families and groups come together from the people "
        "you add.",
        ways,
    )


def _row(line: RosterPerson, today: date) -> TableRow:
    client = line.row.client
    return TableRow(
        client.id,
        (
            Cell(client.name.display, sort=client.name.sort_key),
            line.row.case_words or DASH,
            line.row.provider or DASH,
            Cell(session_words(line.next, today), sort=line.next.isoformat() if line.next else ""),
            Cell(
                near_day(line.last, today) or DASH, sort=line.last.isoformat() if line.last else ""
            ),
            workflow_status(line.workflow),
            _owing(line),
        ),
    )


def _owing(line: RosterPerson) -> Cell:
    if line.owing:
        return Cell(str(line.owing), weight="semibold", sort=line.owing.cents)
    if line.owing_beside:
        # Owed once: it sorts beside the line in which the amount stands.
        return Cell(f"with {line.beside}", tone="text.secondary", sort=line.owing_beside.cents)
    return Cell(str(line.owing), tone="text.secondary", sort=0)
