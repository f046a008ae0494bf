"""Computers: those of the account, and taking one off; the chosen one stands beside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.core.kernel.clock import wall_time
from app.core.kernel.computers import Computer
from app.core.kernel.errors import MachineError
from app.core.kernel.phrases import date_words, time_words
from app.ui.settings import team_words
from app.ui.settings.another_computer import AnotherComputer
from app.ui.settings.aside_page import AsidePage
from app.ui.settings.computer_details import UNKNOWN, ComputerDetails, what_is_shown
from app.ui.settings.computers_presenter import ComputersPresenter
from app.ui.settings.panel import SettingsPanel
from app.ui.settings.sync_panel import DISCONNECT
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets.cells import GUTTER, Cell, Column, TableRow
from app.ui.widgets.layout import Hairline, Section, column_layout, emptied, reveal, row_layout
from app.ui.widgets.message import Message
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.tables import DataTable
from app.ui.widgets.text import Text

_SENTENCE = "Each keeps an encrypted copy of the practice, and keeps in step with the account."
_NO_ACCOUNT = "Computers are kept by the account: connect this practice to it first."
_CHOOSE = "Choose a computer to see what it runs, and to take it off the account."
_KNOWN_LAST = "These are the computers as they were known last."
_CONNECT, _AGAIN = "Connect…", "Try again"
_NAME = Column("name", "Name", stretch=1, weight="medium")
_WHOSE = Column("whose", "Whose", width=150)
_SEEN = Column("seen", "Last here", width=112, right=True, tone="text.secondary")
#: Height of a table's head, with the lines around it.
_HEAD = 36


class ComputersPanel(AsidePage):
    """Reads a ``ComputersPresenter``, and the ``SyncPresenter`` for the code."""

    def __init__(self, context: ScreenContext) -> None:
        self._context, self._sync = context, context.sync
        program, sync = context.program, context.sync
        self._presenter = ComputersPresenter(
            context.desk,
            context.deliver,
            program.practice if program else None,
            program.work if program else None,
            lambda: sync is not None and sync.connected,
        )
        self._page = SettingsPanel("Computers", _SENTENCE, bleeds=True)
        self._held = QWidget()
        self._held.setAccessibleName("Details")
        self._aside_box = column_layout(self._held, gap=0)
        super().__init__(self._page, self._held)
        self._chosen: UUID | None = None
        self._wanted = ""
        self._details: ComputerDetails | None = None
        self._said: list[tuple[Tone, str, str, str]] = []
        self._another: AnotherComputer | None = None
        self._lay_out()
        self._presenter.on_change(self._render)
        if sync is not None:
            sync.on_change(self._render_code)
        self._render()

    # What the shell asks of a page

    def show_place(self, _place: Place) -> None:
        """Ask the account at each visit: others come and go from elsewhere."""
        self._presenter.refresh()

    def refresh(self) -> None:
        """Ask again."""
        self._presenter.refresh()

    def show_field(self, _field: str, record: str) -> None:
        """Choose the computer to which a link led."""
        self._wanted = record
        self._choose_wanted()

    def left(self) -> None:
        """Show neither a code nor what was done any longer."""
        super().left()
        self._presenter.forget_said()
        if self._sync is not None:
            self._sync.forget_code()
        self._render()

    def closing(self) -> None:
        """Listen no longer."""
        self._presenter.close()
        if self._sync is not None:
            self._sync.forget(self._render_code)

    def _lay_out(self) -> None:
        side = (GUTTER, 0, GUTTER, 0)
        self._told = column_layout(gap=12, margin=side)
        self._asking = Text("Asking your account…", tone="text.secondary")
        told = column_layout(gap=12)
        told.addLayout(self._told)
        asked = column_layout(margin=side)
        asked.addWidget(self._asking)
        told.addLayout(asked)
        self._in_use = Section("In use", gap=4, side=GUTTER)
        self._table = self._new_table(shared=False)
        self._parted = Section("Disconnected", gap=4, side=GUTTER)
        self._gone = Section("Taken off", gap=4, side=GUTTER)
        content = self._page.content
        content.insertLayout(0, told)
        content.insertWidget(1, self._in_use)
        content.insertWidget(2, self._parted)
        content.insertWidget(3, self._gone)
        if self._sync is not None:
            self._another = AnotherComputer(self._sync)
            inset = column_layout(margin=side)
            inset.addWidget(self._another)
            content.insertLayout(4, inset)

    def _new_table(self, *, shared: bool) -> DataTable:
        self._in_use.clear()
        columns = (_NAME, _WHOSE, _SEEN) if shared else (_NAME, _SEEN)
        table = DataTable(columns, name="Computers", row="twoLine", leads=True)
        table.chosen.connect(self._choose)
        table.opened.connect(self._open)
        table.clicked.connect(self.open_details)
        self._in_use.add(table)
        return table

    # Showing

    def _render(self) -> None:
        presenter = self._presenter
        self._render_told()
        asks = presenter.connected and presenter.busy == "ask"
        reveal(self._asking, asks and not presenter.computers)
        in_use = presenter.in_use if presenter.connected else []
        self._in_use.setVisible(bool(in_use))
        self._in_use.set_count(len(in_use))
        if presenter.is_shared != (_WHOSE in self._table.rows_model.columns):
            self._table = self._new_table(shared=presenter.is_shared)
        self._table.set_rows([self._row(each) for each in in_use])
        height = look.px(_HEAD) + look.row("twoLine") * len(in_use)
        self._table.setFixedHeight(height)
        self._render_off(self._parted, presenter.disconnected, _parted_row)
        self._render_off(self._gone, presenter.taken_off, _gone_row)
        self._render_code()
        self._render_aside(in_use)
        self._choose_wanted()

    def _render_told(self) -> None:
        said = self._what_is_told()
        # A message that stays keeps its mend, and so the keyboard.
        if said == self._said:
            return
        self._said = said
        emptied(self._told)
        mends: dict[str, Callable[[], object]] = {
            _CONNECT: partial(self._context.go, Place("settings", part="sync")),
            _AGAIN: self._presenter.refresh,
        }
        for tone, cause, sentence, mend in said:
            act = mends.get(mend)
            self._told.addWidget(Message(tone, cause, sentence, mend=mend, on_mend=act))

    def _what_is_told(self) -> list[tuple[Tone, str, str, str]]:
        presenter, problem = self._presenter, self._presenter.problem
        if not presenter.connected:
            return [(Tone.INFO, _NO_ACCOUNT, "", _CONNECT)]
        said: list[tuple[Tone, str, str, str]] = []
        if presenter.offline:
            known = _KNOWN_LAST if presenter.computers else ""
            words = " ".join(filter(None, (presenter.offline, known)))
            said.append((Tone.INFO, "The account was not reached.", words, _AGAIN))
        if isinstance(problem, MachineError):
            words = "That it was taken off is not confirmed."
            said.append((Tone.DANGER, words, problem.sentence, ""))
        elif problem is not None:
            said.append((Tone.WARN, problem.sentence, "", ""))
        if presenter.said:
            said.append((Tone.OK, presenter.said, "", ""))
        return said

    def _row(self, computer: Computer) -> TableRow:
        presenter = self._presenter
        now, zone = presenter.desk.clock.now(), presenter.desk.zone
        seen = team_words.seen_words(computer.seen, now, zone)
        cells = [
            Cell(computer.name, below=computer.system or UNKNOWN),
            Cell("This computer" if computer.is_this else seen, sort=computer.seen),
        ]
        if presenter.is_shared:
            cells.insert(1, Cell(presenter.owner_of(computer)))
        return TableRow(computer.id, cells)

    def _render_off(
        self, section: Section, listed: list[Computer], row: Callable[[Computer, str], QWidget]
    ) -> None:
        shown = listed if self._presenter.connected else []
        section.clear()
        section.setVisible(bool(shown))
        section.set_count(len(shown))
        for each in shown:
            section.add(row(each, self._presenter.desk.zone))
            section.add(Hairline())

    def _render_code(self) -> None:
        if self._another is None or self._sync is None:
            return
        self._another.setVisible(self._presenter.connected)
        self._another.show_state(self._sync)
        self._page.show_problem(self._sync.problem)

    # Beside it

    def _render_aside(self, in_use: list[Computer]) -> None:
        computer = next((each for each in in_use if each.id == self._chosen), None)
        details = self._details
        shown = None if computer is None else what_is_shown(self._presenter, computer)
        if details is not None and details.shows == shown:
            details.show_state(self._presenter)
            return
        gone = computer is None and details is not None and details.acted
        self._details = None
        self.has_details(bool(in_use))
        self.rebuild(partial(self._fill_aside, computer))
        self._take_up(details)
        if gone and self._table.isVisible():
            # What had the keyboard is gone with its computer.
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_up(self, earlier: ComputerDetails | None) -> None:
        if earlier is not None and self._details is not None:
            self._details.take_up(earlier)

    def _fill_aside(self, computer: Computer | None) -> None:
        if computer is not None:
            there = Place("settings", part="sync", ask={"field": DISCONNECT})
            disconnect = partial(self._context.go, there)
            self._details = ComputerDetails(self._presenter, computer, disconnect)
            self._details.show_state(self._presenter)
            self._aside_box.addWidget(self._details)
        else:
            self._aside_box.addWidget(Text(_CHOOSE, tone="text.secondary", wrap=True))
        self._aside_box.addStretch(1)

    def way_back(self) -> QWidget:
        """Return the table of the computers."""
        return self._table

    def step_back(self) -> bool:
        """Take the question back before the details are left."""
        asked = self.has_keyboard_in_details and self._details is not None and self._details.keep()
        return asked or super().step_back()

    # Acts

    def _open(self, _key: object) -> None:
        self.enter_details()

    def _choose(self, key: object) -> None:
        self._chosen = key if isinstance(key, UUID) else None
        self._render_aside(self._presenter.in_use)

    def _choose_wanted(self) -> None:
        found = next((e.id for e in self._presenter.in_use if e.id.hex == self._wanted), None)
        if found is not None:
            self._wanted = ""
            self._table.select(found)
            self._choose(found)
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)
            self.open_details()


def _gone_row(computer: Computer, zone: str) -> QWidget:
    """Return the line of a computer that was taken off, and how far it has gone."""
    state = (
        Status("circle-check", "Handed over its work", Tone.OK)
        if computer.handed_over
        else Status("clock", "Not online since", Tone.WARN)
    )
    return _off_row(computer.name, "Taken off", computer.taken_off, zone, state)


def _parted_row(computer: Computer, zone: str) -> QWidget:
    """Return the line of a computer that its person disconnected."""
    state = Status("laptop", "Keeps its copy", Tone.QUIET)
    return _off_row(computer.name, "Disconnected", computer.disconnected, zone, state)


def _off_row(
    name: str, what_was_done: str, at: datetime | None, zone: str, state: Status
) -> QWidget:
    made = QWidget()
    line = row_layout(made, gap=12, margin=(GUTTER, 8, GUTTER, 8))
    what = column_layout()
    what.addWidget(Text(name, weight="medium", elide=True))
    if at is not None:
        here = wall_time(at, zone)
        when = f"{what_was_done} {date_words(here.date())}, {time_words(here)}"
        what.addWidget(Text(when, tone="text.secondary", elide=True))
    line.addLayout(what, 1)
    label = StatusLabel()
    label.set(state)
    line.addWidget(label)
    return made
