"""Quick entry of past sessions: a line each, saved together."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.core.billing.ledger.rules.words import Method
from app.core.kernel.money import Money
from app.ui.scheduling.past_presenter import Became, PastPresenter, PastRow
from app.ui.scheduling.picker import CasePicker
from app.ui.shell.continuing import Continued, TypedFields
from app.ui.theme import look
from app.ui.widgets.bars import ActsBar, PageHead
from app.ui.widgets.buttons import Button, IconButton, Link
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import FieldProblem
from app.ui.widgets.layout import ScrollPage, Surface, column_layout, row
from app.ui.widgets.phrases import plural
from app.ui.widgets.text import Text
from app.ui.widgets.typed import DateField, MoneyField, TimeField, TypedField, is_being_typed

_HEADS = ("Client", "Date", "Time", "Service", "What became of it", "Paid", "By", "")
_STRETCH = (5, 3, 2, 4, 3, 2, 3, 0)
_METHODS = [(each, each.label) for each in Method if each is not Method.BROUGHT_FORWARD]


class _Row(QWidget):
    """The editors of one session; the page lays them into its columns."""

    def __init__(self, page: PastPage, index: int) -> None:
        super().__init__(page)
        self.hide()
        self._presenter, self.index = page.presenter, index
        number = index + 1
        self.case = CasePicker()
        self.case.setAccessibleName(f"Client of session {number}")
        self.day = DateField(name=f"Date of session {number}", today=page.presenter.today())
        self.clock = TimeField(name=f"Time of session {number}")
        self.service = Choice(name=f"Service of session {number}", placeholder="Choose")
        self.became = Choice([(each, each.value) for each in Became], name=f"Session {number} was")
        self.paid = MoneyField(name=f"Paid for session {number}")
        self.method = Choice(_METHODS, name=f"Means of payment {number}")
        self.drop = IconButton("x", f"Remove session {number}")
        self.problem = FieldProblem()
        self.case.chosen.connect(self._take("case_id"))
        self.service.changed.connect(self._take("service_id"))
        self.became.changed.connect(self._take("became"))
        self.method.changed.connect(self._take("method"))
        self.day.changed.connect(lambda: self._typed("day", self.day.day()))
        self.clock.changed.connect(lambda: self._typed("clock", self.clock.time()))
        self.paid.changed.connect(lambda: self._presenter.set(self.index, paid=self._paid()))
        for field in self.read():
            field.judged.connect(self._judge)
        self.drop.clicked.connect(lambda: self._presenter.remove(self.index))
        self._filling = False
        self._wrong = self._wrong_field = ""

    def cells(self) -> tuple[QWidget, ...]:
        """Return the editors in the order of the columns."""
        return (
            self.case,
            self.day,
            self.clock,
            self.service,
            self.became,
            self.paid,
            self.method,
            self.drop,
        )

    def fields(self) -> dict[str, LineField]:
        """Return the fields in which one types, by names that tell the rows apart."""
        typed = (("case", self.case), ("day", self.day), ("clock", self.clock), ("paid", self.paid))
        return {f"{name}/{self.index}": field for name, field in typed}

    def read(self) -> tuple[TypedField, ...]:
        """Return the fields whose texts may be such that they cannot be read."""
        return self.day, self.clock, self.paid

    def show_row(self, typed: PastRow, *, only: bool) -> None:
        """Show what is typed."""
        self._filling = True
        choices = self._presenter.choices
        if choices is not None:
            self.case.offer(choices.cases, typed.case_id)
            services = [(each.id, each.name) for each in choices.services]
            self.service.set_options(services, typed.service_id)
        # What is being typed, or cannot be read, stays until it is mended.
        if not is_being_typed(self.day, self.day.day):
            self.day.set_day(typed.day)
        if not is_being_typed(self.clock, self.clock.time):
            self.clock.set_time(typed.clock)
        if not is_being_typed(self.paid, self._paid):
            self.paid.set_money(typed.paid)
        self.became.set_value(typed.became)
        self.method.set_value(typed.method)
        self.drop.setEnabled(not only)
        self._wrong, self._wrong_field = typed.problem, typed.wrong
        self._judge()
        self._filling = False

    def _take(self, name: str) -> Any:
        def taken(value: object) -> None:
            if not self._filling:
                self._presenter.set(self.index, **{name: value})

        return taken

    def _typed(self, name: str, value: date | time | None) -> None:
        if self._filling:
            return
        # An emptied field gets back what stood in it.
        self._presenter.set(self.index, **({} if value is None else {name: value}))

    def go_to_wrong(self) -> bool:
        """Bring the keyboard to the field that is wrong; return whether one is."""
        field = next(iter(self._sentences()), None)
        if field is not None:
            field.setFocus()
        return field is not None

    def _sentences(self) -> dict[LineField | Choice, str]:
        """Return what is said of fields: first what cannot be read, then what is wrong."""
        found: dict[LineField | Choice, str] = {
            field: field.unread() for field in self.read() if field.unread()
        }
        checked: dict[str, LineField | Choice] = {
            "case": self.case,
            "service": self.service,
            "day": self.day,
        }
        if self._wrong:
            found.setdefault(checked[self._wrong_field], self._wrong)
        return found

    def _judge(self) -> None:
        """Say under the row what cannot be read, else what is wrong, and mark its field."""
        sentences = self._sentences()
        marked: tuple[LineField | Choice, ...] = (self.case, self.service, *self.read())
        for field in marked:
            field.set_error(field in sentences)
            field.setAccessibleDescription(sentences.get(field, ""))
        self.problem.say(next(iter(sentences.values()), ""))

    def _paid(self) -> Money | None:
        return self.paid.money() if self.paid.text().strip() else None


class PastPage(Surface):
    """Sessions of the month of the switch, entered in a minute."""

    finished = Signal()
    saved = Signal(object)
    """Carries the latest of the sessions that were entered."""
    start_over = Signal()
    """The person threw away what was continued: fresh rows are wanted."""

    def __init__(self, presenter: PastPresenter) -> None:
        super().__init__("page")
        self.presenter = presenter
        self._fields = TypedFields(presenter)
        self._rows: list[_Row] = []
        box = column_layout(self)
        box.addWidget(
            PageHead(
                "Enter past sessions",
                "Each becomes a session with its charge; what was paid is allocated to it.",
                beside=False,
            )
        )
        scroll = ScrollPage(margin=(40, 24, 40, 24), name="Past sessions")
        table = QWidget()
        self._grid = QGridLayout(table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look.px(8))
        self._grid.setVerticalSpacing(look.px(4))
        for column, (words, stretch) in enumerate(zip(_HEADS, _STRETCH, strict=True)):
            self._grid.addWidget(Text(words, "caption", "medium", "text.muted"), 0, column)
            self._grid.setColumnStretch(column, stretch)
        self._continued = Continued(presenter, presenter.today, self.start_over.emit)
        scroll.body.addWidget(self._continued)
        scroll.body.addWidget(table)
        add = Link("Add another, a week later", on_click=presenter.add)
        scroll.body.addSpacing(look.px(12))
        scroll.body.addWidget(row(add, None))
        scroll.body.addStretch(1)
        box.addWidget(scroll, 1)
        cancel = Button("Cancel", keys="Esc", on_click=self.finished.emit)
        self._save = Button(
            "Enter sessions", kind="primary", keys="Ctrl+Return", on_click=self.save
        )
        self._bar = ActsBar("", [cancel, self._save])
        box.addWidget(self._bar)
        presenter.saved = self.saved.emit
        presenter.on_change(self.show_state)
        self.show_state()

    def save(self) -> None:
        """Take what is being typed, then enter all sessions, unless one cannot be read."""
        self.setFocus()
        readable = [field.judge() for made in self._rows for field in made.read()]
        if all(readable):
            self.presenter.save()
        for made in self._rows:
            if made.go_to_wrong():
                return

    def show_state(self) -> None:
        """Show what the presenter has."""
        rows = self.presenter.rows
        self._continued.show_state()
        while len(self._rows) < len(rows):
            self._add_row()
        while len(self._rows) > len(rows):
            gone = self._rows.pop()
            self._fields.drop(*gone.fields())
            self._drop_row(gone)
        for made, typed in zip(self._rows, rows, strict=True):
            made.show_row(typed, only=len(rows) == 1)
        self._save.set_words(f"Enter {plural(len(rows), 'session')}")
        self._save.set_busy(self.presenter.busy)
        if self.presenter.problem:
            self._bar.say(self.presenter.problem, "danger.text")
        else:
            self._bar.say("All are entered together, or none.")

    def _add_row(self) -> None:
        made = _Row(self, len(self._rows))
        # The session, its problem close under it, and air before the next one.
        at = 1 + 3 * len(self._rows)
        self._grid.setRowMinimumHeight(at + 2, look.px(4))
        for column, cell in enumerate(made.cells()):
            self._grid.addWidget(cell, at, column, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(made.problem, at + 1, 0, 1, len(_HEADS))
        self._rows.append(made)
        self._fields.add(made.fields())
        made.case.setFocus()

    @staticmethod
    def _drop_row(made: _Row) -> None:
        for widget in (*made.cells(), made.problem, made):
            widget.hide()
            widget.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self.save()
        elif event.key() == Qt.Key.Key_Escape:
            self.finished.emit()
        else:
            super().keyPressEvent(event)
