"""The clients' page: the full list, or one record with the list of records beside it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QStackedWidget, QWidget

from app.core.cases.commands import Added
from app.core.cases.rules import ClientFilter
from app.core.kernel.acting import Permission
from app.core.kernel.changes import Outcome
from app.core.tasks.queries import When
from app.ui.people import lifecycles
from app.ui.people.adding import AddPane
from app.ui.people.adding_presenter import AddPresenter
from app.ui.people.column import RecordsColumn
from app.ui.people.record import RecordPage
from app.ui.people.roster_presenter import people_roster, records_roster
from app.ui.people.table import ClientsTable
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place, Record
from app.ui.theme import look
from app.ui.widgets.fields import SearchField
from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.menus import Entry, menu
from app.ui.widgets.panes import Sheet
from app.ui.widgets.states import Way

#: Windows narrower than this show list and record one at a time.
BOTH_FROM = 1100
#: The action that another area brings: it is offered where it exists.
IMPORT = "exchange.import"
#: What a record's billing tab is asked for when a payment is to be taken.
PAYMENT = {"field": "payment"}
#: The filters that tasks lead to, by the word they ask with.
FILTERS = {
    "active": ClientFilter.ACTIVE,
    "review": ClientFilter.TO_REVIEW,
    "unsigned": ClientFilter.ACTIVE,
    "waiting": ClientFilter.INACTIVE,
}


class ClientsPage(QWidget):
    """Routes places to the list or to a record, and holds the sheet in which clients are added."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._people = people_roster(context.desk, context.deliver, self._when, context.did)
        self._records = records_roster(context.desk, context.deliver, self._when)
        self._adding = AddPresenter(
            context.desk,
            context.deliver,
            context.today,
            self._added,
            later=context.later,
            unkept=context.fail,
        )
        self._record: RecordPage | None = None
        self._table = ClientsTable(
            self._people,
            context.today,
            on_new=self.add_client,
            ways=self._ways(),
            unsent=context.unsent,
        )
        self._column = RecordsColumn(
            self._records, context.today, on_new=self.add_client, unsent=context.unsent
        )
        self._room = QWidget()
        self._room_box = column_layout(self._room)
        self._beside = QWidget()
        line = row_layout(self._beside, gap=0)
        line.addWidget(self._column)
        line.addWidget(self._room, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._table)
        self._stack.addWidget(self._beside)
        column_layout(self).addWidget(self._stack)
        self._sheet = Sheet(self)
        self._pane: AddPane | None = None
        self._sheet.closed.connect(self._pane_closed)
        self._adding.on_change(self._render_pane)
        self._table.opened.connect(lambda key: self._go(("client", key)))
        self._table.menu_asked.connect(lambda key, at: self._open_menu(("client", key), at))
        self._column.menu_asked.connect(self._open_menu)
        self._column.chosen.connect(self._go)
        self._column.opened.connect(lambda _record: self._enter_record())
        self._people.refresh()

    def _when(self) -> When:
        return When(self._context.desk.clock.now(), self._context.today())

    # What the shell calls

    def show_place(self, place: Place) -> None:
        """Show the list, or the record that ``place`` names at its part and field."""
        if place.record is None or place.record[0] not in ("case", "client"):
            self._show_table()
            if place.ask.get("filter") in FILTERS:
                self._people.choose(FILTERS[place.ask["filter"]])
        else:
            self._show_record(place.record, place)
        if "new" in place.ask:
            self.add_client(place.ask["new"])

    def act(self, action_id: str) -> None:
        """Do an action of the clients' area."""
        acts = {
            "people.new_client": self.add_client,
            "people.search": self._find,
            "people.all": self._leave_record,
        }
        if action_id in acts:
            acts[action_id]()
        elif self._record is not None:
            self._record.act(action_id)

    def can(self, action_id: str) -> bool:
        """Return whether an action has something to act on."""
        if action_id == "people.new_client":
            return self._context.desk.actor.may(Permission.EDIT_CLIENTS)
        if action_id == "people.search":
            return True
        return self._record is not None and self._stack.currentWidget() is self._beside

    def refresh(self) -> None:
        """Read again what is shown."""
        self._people.refresh()
        if self._record is not None:
            self._records.refresh()

    def left(self) -> None:
        """Keep what was typed in the sheet and in the record's forms."""
        self._adding.keep_now()
        if self._record is not None:
            self._record.left()

    def closing(self) -> None:
        """Let go of everything read."""
        self._drop_record()
        for presenter in (self._people, self._records, self._adding):
            presenter.close()

    # Adding

    def add_client(self, kind: str = "client") -> None:
        """Open the sheet for a new client or couple; what was typed before is still in it."""
        if self._sheet.is_open() or not self.can("people.new_client"):
            return
        self._adding.start(kind)
        self._pane = AddPane(self._adding, self._context)
        self._pane.closed.connect(self._sheet.close_sheet)
        self._sheet.open(self._pane)
        self._pane.focus_first()

    def _render_pane(self) -> None:
        if self._pane is not None:
            self._pane.render_typed()

    def _pane_closed(self) -> None:
        self._pane = None

    def _added(self, outcome: Outcome[Added]) -> None:
        self._context.did(outcome)
        if self._sheet.is_open():
            self._sheet.close_sheet()
            self._context.go(Place("people", ("case", outcome.value.case_id)))

    def _ways(self) -> tuple[Way, ...]:
        ways = [
            Way(
                "Add your first client",
                self.add_client,
                "A name is enough; the rest can wait for intake.",
                "user-plus",
                "N",
            )
        ]
        actions = self._context.house.actions
        if IMPORT in actions:
            ways.append(
                Way(
                    "Bring clients in from a file",
                    lambda: self._context.run_action(IMPORT),
                    "From SimplePractice or a CSV file of PracticeRunner. You see every row "
                    "before anything is kept, and can undo it.",
                    "import",
                    actions.keys_of(IMPORT),
                )
            )
        return tuple(ways)

    # List and record

    def _go(self, record: Record) -> None:
        if self._record is not None and self._record.record == record:
            return
        self._context.go(Place("people", record))

    def _open_menu(self, record: Record, at: QPoint) -> None:
        kind, record_id = record
        go, ask = self._context.go, {kind: str(record_id)}
        entries: list[Entry | None] = [
            Entry("Open", lambda: go(Place("people", record)), keys="Return"),
            Entry("Edit details", lambda: go(Place("people", record, "details"))),
            None,
            Entry("Book session", lambda: go(Place("scheduling", part="new", ask=ask))),
            Entry("Take payment", lambda: go(Place("people", record, "billing", PAYMENT))),
        ]
        now = self._table.lifecycle_of(record_id) if kind == "client" else None
        if now is not None and self.can("people.new_client"):
            move, fail = lifecycles.move, self._context.fail
            entries.append(None)
            entries += [
                Entry(words, partial(move, self._people, record_id, to, fail))
                for to, words in lifecycles.offered(now)
            ]
        made = menu(self, entries)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.popup(at)

    def _show_table(self) -> None:
        self.left()
        self._drop_record()
        if self._stack.currentWidget() is self._beside:
            self._people.choose(self._records.chosen)
        self._stack.setCurrentWidget(self._table)
        self._table.focus_rows()

    def _show_record(self, record: Record, place: Place) -> None:
        if self._stack.currentWidget() is self._table:
            self._records.words = self._people.words
            self._records.chosen = self._people.chosen
        self._records.refresh()
        if self._record is None or not self._record.shows(record):
            self.left()
            self._drop_record()
            self._record = RecordPage(self._context, self._when, record)
            self._record.found.connect(self._column.select)
            self._room_box.addWidget(self._record)
        self._stack.setCurrentWidget(self._beside)
        self._column.select(record)
        self._record.show_place(place)

    def _drop_record(self) -> None:
        if self._record is not None:
            self._record.closing()
            self._room_box.removeWidget(self._record)
            self._record.deleteLater()
            self._record = None

    def _leave_record(self) -> None:
        focused = self.window().focusWidget()
        if self._sheet.is_open():
            self._sheet.close_sheet()
        elif isinstance(focused, SearchField) and focused.text():
            focused.clear()
        elif self._record is None:
            return
        elif isinstance(focused, (QLineEdit, QPlainTextEdit, QComboBox)):
            # Esc leaves the field first, and the record only from outside of one.
            self._record.focus_content()
        else:
            self._context.go(Place("people"))

    def _enter_record(self) -> None:
        if self._record is not None:
            self._record.focus_content()

    def _find(self) -> None:
        on_table = self._stack.currentWidget() is self._table
        (self._table if on_table else self._column).search.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._column.setVisible(self.window().width() >= look.px(BOTH_FROM))
