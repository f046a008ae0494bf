"""The pane in which a payment is recorded, with what it will do said live."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from uuid import UUID

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QWidget

from app.core.billing.ledger.rules.words import OFFERED_METHODS, Method
from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO, Money
from app.ui.billing.payment_presenter import Line, PaymentPresenter
from app.ui.billing.words import invoice_words, open_words
from app.ui.shell.context import ScreenContext
from app.ui.shell.continuing import Continued, TypedFields
from app.ui.theme import look
from app.ui.widgets.bars import ActsBar
from app.ui.widgets.buttons import Button
from app.ui.widgets.choices import Check, Segmented
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import Form, FormField
from app.ui.widgets.layout import Hairline, column, column_layout, emptied, row_layout
from app.ui.widgets.message import Message
from app.ui.widgets.panes import Inspector
from app.ui.widgets.phrases import short_day
from app.ui.widgets.status import Tone
from app.ui.widgets.text import Text
from app.ui.widgets.typed import DateField, MoneyField, is_being_typed

_REFERENCE_LABELS = {
    Method.CHECK: "Check number",
    Method.ZELLE: "Confirmation",
    Method.CARD_ELSEWHERE: "Card or slip",
}
_OLDEST, _SAID = "oldest", "said"
#: Widths of the list of charges: the check, what is owed, what it gets.
_CHECK, _OWING, _GIVEN = 20, 64, 92


class PaymentPane(Inspector):
    """The form of ``PaymentPresenter``; ``closed`` when it was canceled."""

    def __init__(
        self,
        presenter: PaymentPresenter,
        context: ScreenContext,
        start_over: Callable[[], object],
    ) -> None:
        super().__init__("Record payment")
        self._continued = Continued(presenter, context.today, start_over)
        self._fields = TypedFields(presenter)
        self._presenter, self._context = presenter, context
        self._form = Form()
        self._rows: dict[UUID, _ChargeRow] = {}
        self._build_fields()
        self._build_charges()
        self._build_foot()
        self._stop = presenter.on_change(self.render_form)
        self.render_form()

    def focus_first(self) -> None:
        """Put the cursor where typing begins: the amount, or who pays."""
        if self._presenter.payer is None and self._client.value() is None:
            self._client.setFocus()
        else:
            self._amount.setFocus()
            self._amount.selectAll()

    def closing(self) -> None:
        """Stop listening to the presenter."""
        self._stop()

    # Keys: while the cursor is in here they are the pane's, whatever they mean on the page

    def event(self, event: QEvent) -> bool:
        """Claim the pane's keys before the window's actions see them."""
        asks = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if asks and self._act_of(cast(QKeyEvent, event)) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._act_of(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def _act_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        if event.key() == Qt.Key.Key_Escape:
            return self.closed.emit
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._record
        return None

    # Building

    def _build_fields(self) -> None:
        presenter = self._presenter
        self._client = Choice([], name="From", placeholder="Choose a client")
        self._client.changed.connect(self._choose)
        self._amount = MoneyField(name="Amount received", tall=True)
        self._amount.textEdited.connect(lambda _text: self._take_amount())
        self._day = DateField(name="Received on", field="received_on", today=self._context.today())
        self._day.setProperty("tall", True)
        self._day.changed.connect(self._take_day)
        methods = [(each, each.label) for each in OFFERED_METHODS]
        self._method = Segmented(methods, presenter.method, name="Method").fill_width()
        self._method.chosen.connect(self._take_method)
        self._reference = LineField(name="Check number")
        self._note = LineField(placeholder="Optional", name="Note for yourself")
        add = self._form.add
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(12))
        grid.setVerticalSpacing(look.px(14))
        self._from = add("client", FormField("From", self._client))
        grid.addWidget(self._from, 0, 0, 1, 2)
        grid.addWidget(add("amount", FormField("Amount received", self._amount)), 1, 0)
        grid.addWidget(add("received_on", FormField("Received on", self._day)), 1, 1)
        grid.addWidget(add("method", FormField("Method", self._method)), 2, 0, 1, 2)
        self._reference_field = add("reference", FormField("Check number", self._reference))
        grid.addWidget(self._reference_field, 3, 0)
        grid.addWidget(add("note", FormField("Note for yourself", self._note)), 3, 1)
        for side in (0, 1):
            grid.setColumnStretch(side, 1)
        self.body.addWidget(self._continued)
        self.body.addLayout(grid)
        self._fields.add(
            {
                "amount": self._amount,
                "received_on": self._day,
                "reference": self._reference,
                "note": self._note,
            }
        )

    def _build_charges(self) -> None:
        self._where = Segmented(
            [(_OLDEST, "Oldest first"), (_SAID, "As I say")], _OLDEST, name="Where it goes"
        )
        self._where.chosen.connect(lambda value: self._presenter.say_where(value == _SAID))
        title = row_layout(gap=8, margin=(0, 20, 0, 4))
        title.addWidget(Text("Where it goes", weight="semibold"), 1)
        title.addWidget(self._where)
        self._charges = QWidget()
        box = column_layout(self._charges)
        box.addLayout(title)
        box.addWidget(_heads())
        box.addWidget(_strong_line())
        self._list = column_layout()
        box.addLayout(self._list)
        self.body.addWidget(self._charges)
        self._allocated = _Sum("Allocated")
        self._credit = _Sum("Left over")
        self._after = _Sum("Owes after this")
        self.body.addSpacing(look.px(10))
        for line in (self._allocated, self._credit, self._after):
            self.body.addWidget(line)
        self._message = column_layout(margin=(0, 8, 0, 0))
        self.body.addLayout(self._message)

    def _build_foot(self) -> None:
        self._cancel = Button("Cancel", on_click=self.closed.emit)
        self._save = Button("Record", kind="primary", keys="Ctrl+Return", on_click=self._record)
        self.foot(ActsBar("", (self._cancel, self._save), surface="canvas", margin=24))

    # Rendering

    def render_form(self) -> None:
        """Show the presenter's state, leaving alone the field that is being typed in."""
        presenter = self._presenter
        self._continued.show_state()
        payer = presenter.payer
        detail = f"{payer.name.display}, {open_words(len(payer.open))}" if payer else ""
        self.say("Record payment", detail)
        self._from.setVisible(presenter.is_asked_who)
        chosen = payer.client_id if payer else None
        if not self._client.hasFocus():
            self._client.set_options(presenter.clients, chosen)
        self._put(self._amount, presenter.amount)
        if not is_being_typed(self._day, self._day.day):
            self._day.set_day(presenter.received_on)
        self._method.set_value(presenter.method)
        self._reference_field.set_label(_REFERENCE_LABELS.get(presenter.method, "Reference"))
        self._where.set_value(_OLDEST if presenter.said is None else _SAID)
        self._show_lines(presenter.lines)
        self._show_sums()
        self._show_problem()

    def _put(self, field: MoneyField, amount: Money | None) -> None:
        if _typed(field) != amount:
            field.set_money(amount)
            if field.hasFocus():
                field.selectAll()

    def _show_lines(self, lines: tuple[Line, ...]) -> None:
        if list(self._rows) != [line.id for line in lines]:
            emptied(self._list)
            self._fields.drop(*(_given(charge_id) for charge_id in self._rows))
            self._rows = {
                line.id: _ChargeRow(line, self._presenter, self._context) for line in lines
            }
            for row in self._rows.values():
                self._list.addWidget(row)
            self._order_tabs()
            self._fields.add({_given(each): row.given for each, row in self._rows.items()})
        for line in lines:
            self._rows[line.id].show_line(line)
        self._charges.setVisible(bool(lines))

    def _order_tabs(self) -> None:
        # The charges are made after the foot, but come before it.
        before: QWidget = self._where.findChildren(QAbstractButton)[-1]
        for row in self._rows.values():
            for stop in row.stops():
                QWidget.setTabOrder(before, stop)
                before = stop
        QWidget.setTabOrder(before, self._cancel)

    def _show_sums(self) -> None:
        sums, name = self._presenter.sums, self._presenter.name or "the client"
        self._allocated.say("Allocated", sums.allocated)
        self._credit.say(f"Left over, kept as {name}’s credit", sums.credit, sums.credit > ZERO)
        self._after.say(f"{name[:1].upper()}{name[1:]} owes after this", sums.owing_after)
        emptied(self._message)
        if self._presenter.sentence:
            tone = Tone.DANGER if self._presenter.is_refused else Tone.INFO
            self._message.addWidget(Message(tone, "", self._presenter.sentence))
        amount = self._presenter.amount
        self._save.set_words(f"Record {amount}" if amount and amount > ZERO else "Record")
        self._save.set_busy(self._presenter.busy)

    def _show_problem(self) -> None:
        self._form.clear()
        problem = self._presenter.problem
        if problem is not None and not self._form.show(problem):
            self._context.fail(problem)
        if self._presenter.failure is not None:
            self._context.fail(self._presenter.failure)

    # What the person does

    def _choose(self, client_id: object) -> None:
        if isinstance(client_id, UUID):
            self._presenter.choose(client_id)
            self._amount.setFocus()

    def _take_amount(self) -> None:
        self._presenter.set_amount(_typed(self._amount))

    def _take_day(self) -> None:
        try:
            self._presenter.set_day(self._day.day())
        except UserError as wrong:
            self._presenter.fail(wrong)

    def _take_method(self, method: Method) -> None:
        self._presenter.set_method(method)
        self._reference_field.set_label(_REFERENCE_LABELS.get(method, "Reference"))

    def _record(self) -> None:
        presenter = self._presenter
        presenter.reference, presenter.note = self._reference.text(), self._note.text()
        try:
            presenter.set_amount(self._amount.money())
            presenter.set_day(self._day.day())
        except UserError as wrong:
            presenter.fail(wrong)
            return
        presenter.record()


class _ChargeRow(QWidget):
    """One open charge: whether it takes part, what is owed, what it gets."""

    def __init__(self, line: Line, presenter: PaymentPresenter, context: ScreenContext) -> None:
        super().__init__()
        self._id, self._presenter = line.id, presenter
        charge, mark = line.marked.charge, line.marked.invoice
        day, of = short_day(charge.held_on), mark.number if mark else charge.case
        title = f"{day}, {of}"
        state = invoice_words(line.marked, context.today())
        detail = f"{day}, {state[:1].lower()}{state[1:]}"
        self._check = Check("", checked=line.on, name=f"Pay {title}", on_change=self._switched)
        self.given = MoneyField(name=f"Amount for {title}", right=True)
        self.given.editingFinished.connect(self._gave)
        words = column(
            Text(of, tabular=True, elide=True),
            Text(detail, tone="text.secondary", tabular=True, elide=True),
        )
        box = column_layout(self)
        cells = row_layout(gap=10)
        cells.addWidget(_fixed(self._check, _CHECK))
        cells.addWidget(words, 1)
        owing = Text(
            str(charge.owing),
            tone="text.secondary",
            tabular=True,
            align=Qt.AlignmentFlag.AlignRight,
        )
        cells.addWidget(_fixed(owing, _OWING))
        cells.addWidget(_fixed(self.given, _GIVEN))
        box.addLayout(cells)
        box.addWidget(Hairline())
        self.setFixedHeight(look.px(53))

    def stops(self) -> tuple[QWidget, QWidget]:
        """Return the controls of the row in the order of the keyboard."""
        return self._check, self.given

    def show_line(self, line: Line) -> None:
        """Show what the charge gets now."""
        blocked = self._check.blockSignals(True)
        self._check.setChecked(line.on)
        self._check.blockSignals(blocked)
        self.given.setEnabled(line.on)
        if not self.given.hasFocus():
            self.given.set_money(line.given)

    def _switched(self, on: bool) -> None:
        self._presenter.switch(self._id, on)

    def _gave(self) -> None:
        amount = _typed(self.given)
        if amount is not None:
            self._presenter.give(self._id, amount)


class _Sum(QWidget):
    """A line under the charges: what, and how much."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self._label = Text(label, tone="text.secondary", elide=True)
        self._amount = Text("", tone="text.secondary", tabular=True)
        line = row_layout(self, gap=8)
        line.addWidget(self._label, 1)
        line.addWidget(self._amount)
        self.setFixedHeight(look.px(28))

    def say(self, label: str, amount: Money, strong: bool = False) -> None:
        """Show another amount; what matters most is ``strong``."""
        self._label.set(label)
        self._amount.set(str(amount))
        for text in (self._label, self._amount):
            text.set_weight("semibold" if strong else "regular")
            text.set_tone("text.primary" if strong else "text.secondary")


def _given(charge_id: UUID) -> str:
    """Return the name of the field that says what a charge gets."""
    return f"given/{charge_id.hex}"


def _heads() -> QWidget:
    def head(words: str, *, right: bool = False) -> Text:
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        return Text(words, "caption", "medium", "text.muted", align=side)

    made = QWidget()
    line = row_layout(made, gap=10, margin=(0, 6, 0, 6))
    line.addWidget(_fixed(QWidget(), _CHECK))
    line.addWidget(head("Charge"), 1)
    line.addWidget(_fixed(head("Owing", right=True), _OWING))
    line.addWidget(_fixed(head("From this", right=True), _GIVEN))
    return made


def _strong_line() -> QWidget:
    return Hairline(token="line.strong")  # noqa: S106 - a token of the design


def _fixed(widget: QWidget, width: int) -> QWidget:
    widget.setFixedWidth(look.px(width))
    return widget


def _typed(field: MoneyField) -> Money | None:
    """Return the amount in a field while it is being typed; ``None`` while it is none."""
    try:
        return field.money()
    except UserError:
        return None
