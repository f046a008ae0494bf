"""Billing, Payments: what came in, what it paid, and taking back what was a mistake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.core.billing.ledger.queries.payments import PaymentView
from app.core.billing.ledger.rules.words import PaymentKind
from app.core.kernel.money import ZERO, total
from app.ui.billing.beside import Beside
from app.ui.billing.payments_presenter import PaymentsPresenter
from app.ui.billing.pieces import AmountLine, Confirm, PeriodButton, lines_section
from app.ui.billing.words import day_cell, money_cell, owing_cell
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets.buttons import Link
from app.ui.widgets.cells import Cell, Column, TableRow
from app.ui.widgets.layout import (
    Hairline,
    ScrollPage,
    Surface,
    column_layout,
    emptied,
    row_layout,
)
from app.ui.widgets.phrases import date_words, plural, short_day
from app.ui.widgets.states import EmptyState, StateStack, Way
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.tables import DataTable
from app.ui.widgets.text import Text

_COLUMNS = (
    Column("day", "Received", weight="medium"),
    Column("from", "From", stretch=2),
    Column("method", "Method", stretch=1, tone="text.secondary"),
    Column("paid", "Paid", stretch=1, tone="text.secondary", sortable=False),
    Column("amount", "Amount", right=True),
    Column("credit", "Credit left", right=True),
    Column("status", "Status", width=140),
)
_WIDTH = 328
_REVERSE = (
    "Reversing takes the payment out of the ledger, and what it paid is owed again. Both rows "
    "stay to be seen."
)
_STATUSES = {
    PaymentKind.REFUND: Status("undo-2", "Refund"),
    PaymentKind.REVERSAL: Status("rotate-ccw", "Reversal"),
    PaymentKind.OPENING_CREDIT: Status("wallet", "Opening credit"),
}


class PaymentsPanel(QWidget):
    """The tab of payments, with the chosen one beside it."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._presenter = PaymentsPresenter(
            context.desk, context.deliver, today=context.today, refused=context.fail
        )
        presenter = self._presenter
        self._sum = Text(tone="text.secondary", tabular=True)
        self._period = PeriodButton(presenter.period, presenter.show_period)
        self._table = DataTable(_COLUMNS, name="Payments")
        self._stack = StateStack(self._table)
        self._pane = _PaymentView(presenter, self._open_record)
        self._beside = Beside(self._list(), context, self._pane)
        self.setFocusProxy(self._table)
        column_layout(self).addWidget(self._beside)
        self._table.chosen.connect(
            lambda key: presenter.choose(key if isinstance(key, UUID) else None)
        )
        self._table.opened.connect(lambda _key: self._beside.open_pane())
        presenter.on_change(self._render)
        presenter.refresh()
        self._render()

    # What the page asks

    def show_place(self, place: Place) -> None:
        """Choose a payment, or begin one for the client or case that ``place`` asks for."""
        if place.record is not None and place.record[0] == "payment":
            self._presenter.choose(place.record[1])
        ask = place.ask
        if "case" in ask:
            self._beside.record_payment(
                UUID(ask["client"]) if "client" in ask else None, case_id=UUID(ask["case"])
            )
        elif "client" in ask:
            self._beside.record_payment(UUID(ask["client"]))
        elif "new" in ask:
            self._beside.record_payment()

    def refresh(self) -> None:
        """Read again when shown again."""
        self._presenter.refresh()

    def closing(self) -> None:
        """Let go of everything read."""
        self._presenter.close()
        self._beside.closing()

    def act(self, action_id: str) -> None:
        """Do an action of Billing here."""
        if action_id == "billing.payment":
            self._beside.record_payment()

    def can(self, action_id: str) -> bool:
        """Return whether an action can be done here."""
        return action_id == "billing.payment"

    def _open_record(self) -> None:
        chosen = self._presenter.selected
        if chosen is not None:
            record = ("client", chosen.client_id)
            if chosen.case_id is not None:
                record = ("case", chosen.case_id)
            self._context.go(Place("people", record, part="billing"))

    # Rendering

    def _list(self) -> QWidget:
        made = QWidget()
        head = row_layout(margin=(12, 0, 2, 8))
        head.addWidget(self._sum, 1)
        head.addWidget(self._period)
        box = column_layout(made, margin=(28, 12, 28, 0))
        box.addLayout(head)
        box.addWidget(self._stack, 1)
        return made

    def _render(self) -> None:
        presenter = self._presenter
        self._period.show_period(presenter.period)
        rows = presenter.rows
        if presenter.problem is not None:
            self._stack.error("The payments could not be read.", presenter.refresh)
        elif rows is None:
            self._stack.loading()
        elif not rows:
            self._sum.set("")
            self._stack.empty(self._nothing())
        else:
            today = self._context.today()
            received = [r for r in rows if r.kind is not PaymentKind.OPENING_CREDIT]
            words = plural(len(received), "payment")
            self._sum.set(f"{words}, {total(row.amount for row in received)} received")
            self._table.set_rows([_row(row, today) for row in rows])
            if presenter.chosen is not None and self._table.current_key() != presenter.chosen:
                self._table.select(presenter.chosen)
            self._stack.content()
        selected = presenter.selected
        if selected is not None:
            self._pane.show_payment(selected)
        self._beside.inspect(selected is not None)

    def _nothing(self) -> QWidget:
        return EmptyState(
            "banknote",
            f"No payments {self._presenter.period.label.lower()}",
            "A payment goes to the oldest open sessions, or where you say; the rest is kept as "
            "the client’s credit.",
            [Way("Record a payment", self._beside.record_payment, icon="banknote", keys="P")],
        )


class _PaymentView(Surface):
    """One payment: what it paid, what is left of it, and its reversal."""

    def __init__(self, presenter: PaymentsPresenter, open_record: Callable[[], object]) -> None:
        super().__init__("canvas", edges="left")
        self._presenter = presenter
        self._open_record = open_record
        self._shown: PaymentView | None = None
        self.setFixedWidth(look.px(_WIDTH))
        self._scroll = ScrollPage(margin=(24, 22, 24, 24), name="Payment")
        column_layout(self).addWidget(self._scroll)

    def show_payment(self, view: PaymentView) -> None:
        """Show a payment."""
        if view == self._shown:
            return
        self._shown = view
        body = self._scroll.body
        emptied(body)
        top = row_layout(gap=8)
        top.addWidget(Text(view.words, "lead", "semibold", elide=True), 1)
        top.addWidget(StatusLabel(_status(view)))
        body.addLayout(top)
        body.addWidget(
            Text(f"{view.client}, {date_words(view.received_on)}", tone="text.secondary")
        )
        body.addSpacing(look.px(14))
        body.addWidget(Text(str(view.amount), "display", "semibold", tabular=True))
        if view.note:
            body.addWidget(Text(view.note, tone="text.secondary", wrap=True))
        body.addSpacing(look.px(24))
        body.addWidget(lines_section("Where it went", _parts(view), "It pays nothing now."))
        body.addSpacing(look.px(16))
        body.addWidget(Hairline())
        self._foot = column_layout(margin=(0, 14, 0, 0))
        body.addLayout(self._foot)
        self._offer()

    def _offer(self) -> None:
        emptied(self._foot)
        view = self._shown
        line = row_layout(gap=20)
        if view is not None and view.reverses_id is None and not view.is_gone:
            line.addWidget(Link("Reverse", on_click=self._ask))
        line.addWidget(Link("Open the record", on_click=self._open_record))
        line.addStretch(1)
        self._foot.addLayout(line)

    def _ask(self) -> None:
        emptied(self._foot)
        confirm = Confirm(_REVERSE, "Reverse payment", self._presenter.reverse, self._offer)
        self._foot.addWidget(confirm)
        confirm.focus_first()


def _status(view: PaymentView) -> Status:
    if view.kind in _STATUSES:
        return _STATUSES[view.kind]
    if view.is_gone:
        return Status("ban", "Reversed")
    if view.taken < ZERO:
        return Status("undo-2", "Part refunded")
    return Status("circle-check", "Received", Tone.OK)


def _parts(view: PaymentView) -> list[AmountLine]:
    lines = [
        AmountLine(f"{short_day(part.held_on)}, {part.description}", part.amount)
        for part in view.parts
    ]
    if view.taken < ZERO:
        lines.append(AmountLine("Given back or taken out", -view.taken))
    if view.credit > ZERO:
        lines.append(AmountLine("Kept as credit", view.credit))
    return lines


def _row(view: PaymentView, today: date) -> TableRow:
    days = ", ".join(short_day(part.held_on) for part in view.parts)
    return TableRow(
        view.id,
        (
            day_cell(view.received_on, today),
            view.client,
            view.words,
            days,
            money_cell(view.amount, tone="" if view.amount > ZERO else "text.secondary"),
            owing_cell(view.credit) if view.credit else Cell(),
            Cell(status=_status(view)),
        ),
    )
