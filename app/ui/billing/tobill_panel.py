"""Billing, To bill: what nobody was asked to pay yet, a case a line."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.core.kernel.money import total
from app.ui.billing.beside import Beside
from app.ui.billing.pieces import AmountLine, earlier_way, lines_section
from app.ui.billing.tobill_presenter import ToBill, ToBillPresenter
from app.ui.billing.words import owing_cell
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets.bars import SelectionBar
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.cells import Cell, Column, TableRow
from app.ui.widgets.layout import ScrollPage, Surface, column_layout, emptied, row_layout
from app.ui.widgets.phrases import date_words, plural, short_day
from app.ui.widgets.states import EmptyState, StateStack, Way
from app.ui.widgets.tables import DataTable
from app.ui.widgets.text import Text

_COLUMNS = (
    Column("case", "Case", stretch=2, weight="medium"),
    Column("charges", "Charges", tone="text.secondary"),
    Column("days", "Dates of service", stretch=1, tone="text.secondary"),
    Column("owing", "Owing", right=True),
)
_WIDTH = 328
_FROZEN = "Each case gets one invoice with a number; it is frozen from then on."


class ToBillPanel(QWidget):
    """The tab of what is to be billed: check cases, create their invoices, or take a payment."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._presenter = ToBillPresenter(
            context.desk, context.deliver, created=self._show_created, refused=context.fail
        )
        self._table = DataTable(_COLUMNS, name="To bill", checks=True)
        self._stack = StateStack(self._table)
        self._create = Button(
            "Create invoices", kind="primary", keys="N", on_click=self._presenter.create
        )
        self._bar = SelectionBar((self._create,))
        self._pane = _CasePane(self)
        self._beside = Beside(self._list(), context, self._pane)
        self.setFocusProxy(self._table)
        column_layout(self).addWidget(self._beside)
        self._table.chosen.connect(
            lambda key: self._presenter.choose(key if isinstance(key, UUID) else None)
        )
        self._table.opened.connect(lambda _key: self._beside.open_pane())
        self._table.checks_changed.connect(
            lambda: self._presenter.check(self._table.checked_keys())
        )
        self._presenter.on_change(self._render)
        self._presenter.refresh()
        self._render()

    # What the page asks

    def show_place(self, place: Place) -> None:
        """Choose the case that ``place`` names."""
        if place.record is not None and place.record[0] == "case":
            self._presenter.choose(place.record[1])

    def refresh(self) -> None:
        """Read again when shown again."""
        self._presenter.refresh()

    def closing(self) -> None:
        """Let go of everything read."""
        self._presenter.close()
        self._beside.closing()

    def act(self, action_id: str) -> None:
        """Do an action of Billing on what is chosen."""
        if action_id == "billing.new_invoice":
            self._presenter.create()
        elif action_id == "billing.payment":
            self.pay()

    def can(self, action_id: str) -> bool:
        """Return whether an action has something to act on."""
        if action_id == "billing.new_invoice":
            return bool(self._presenter.to_create)
        return action_id == "billing.payment"

    # Acts

    def create_invoices(self) -> None:
        """Create the invoice of the chosen case, or of all checked ones."""
        self._presenter.create()

    def _show_created(self, issued: tuple[UUID, ...]) -> None:
        self._context.go(Place("billing", ("invoice", issued[-1]), part="invoices"))

    def pay(self) -> None:
        """Record a payment for the chosen case."""
        row = self._presenter.selected
        if row is None:
            self._beside.record_payment()
        else:
            self._beside.record_payment(row.client_id)

    def open_record(self) -> None:
        """Open the chosen case's record at Billing."""
        row = self._presenter.selected
        if row is not None:
            self._context.go(Place("people", ("case", row.case_id), part="billing"))

    # Rendering

    def _list(self) -> QWidget:
        made = QWidget()
        box = column_layout(made)
        rows = column_layout(margin=(28, 12, 28, 0))
        rows.addWidget(self._stack, 1)
        box.addLayout(rows, 1)
        box.addWidget(self._bar)
        return made

    def _render(self) -> None:
        presenter = self._presenter
        self._create.set_busy(presenter.busy)
        if presenter.problem is not None:
            self._stack.error("What is to be billed could not be read.", presenter.refresh)
        elif presenter.rows is None:
            self._stack.loading()
        elif not presenter.rows:
            self._stack.empty(self._nothing())
        else:
            checked = presenter.checked
            self._table.set_rows([_row(row, row.case_id in checked) for row in presenter.rows])
            if presenter.chosen is not None and self._table.current_key() != presenter.chosen:
                self._table.select(presenter.chosen)
            self._stack.content()
        self._render_bar()
        selected = presenter.selected
        if selected is not None:
            self._pane.show_case(selected)
        self._beside.inspect(selected is not None)

    def _render_bar(self) -> None:
        presenter = self._presenter
        chosen = [row for row in presenter.rows or () if row.case_id in presenter.checked]
        if not chosen:
            self._bar.say("")
            return
        self._bar.say(f"{len(chosen)} selected, {total(row.owing for row in chosen)}", _FROZEN)
        self._create.set_words(f"Create {plural(len(chosen), 'invoice')}")

    def _nothing(self) -> QWidget:
        go = self._context.go
        return EmptyState(
            "circle-check",
            "Nothing to bill",
            "Every session that was attended is paid, or stands on an invoice.",
            [
                Way(
                    "See the invoices",
                    lambda: go(Place("billing", part="invoices")),
                    icon="receipt-text",
                ),
                earlier_way(go),
            ],
        )


class _CasePane(Surface):
    """The charges of one case, and the two ways to get them paid."""

    def __init__(self, panel: ToBillPanel) -> None:
        super().__init__("canvas", edges="left")
        self._panel = panel
        self._shown: ToBill | None = None
        self.setFixedWidth(look.px(_WIDTH))
        self._scroll = ScrollPage(margin=(24, 22, 24, 24), name="To bill for one case")
        column_layout(self).addWidget(self._scroll)

    def show_case(self, row: ToBill) -> None:
        """Show a case's charges."""
        if row == self._shown:
            return
        self._shown = row
        body = self._scroll.body
        emptied(body)
        body.addWidget(Text(row.case, "lead", "semibold", elide=True))
        body.addWidget(Text(f"{plural(len(row.charges), 'charge')} to bill", tone="text.secondary"))
        body.addSpacing(look.px(14))
        body.addWidget(Text(str(row.owing), "display", "semibold", tabular=True))
        body.addWidget(Text(f"owing since {short_day(row.first_on)}", tone="text.secondary"))
        body.addSpacing(look.px(12))
        acts = row_layout(gap=8)
        acts.addWidget(
            Button("Record payment", icon="banknote", keys="P", on_click=self._panel.pay)
        )
        acts.addWidget(Button("Create invoice", on_click=self._panel.create_invoices))
        acts.addStretch(1)
        body.addLayout(acts)
        body.addSpacing(look.px(24))
        lines = [
            AmountLine(f"{short_day(each.held_on)}, {each.description}", each.owing, each.code)
            for each in row.charges
        ]
        body.addWidget(lines_section("Charges", lines))
        body.addSpacing(look.px(16))
        body.addWidget(Link("Open the record", on_click=self._panel.open_record))


def _row(row: ToBill, checked: bool) -> TableRow:
    return TableRow(
        row.case_id,
        (
            row.case,
            Cell(plural(len(row.charges), "charge"), sort=len(row.charges)),
            Cell(_days(row.first_on, row.last_on), sort=row.first_on),
            owing_cell(row.owing),
        ),
        checked=checked,
    )


def _days(first: date, last: date) -> str:
    if first == last:
        return date_words(first)
    start = short_day(first) if first.year == last.year else date_words(first)
    return f"{start} – {date_words(last)}"
