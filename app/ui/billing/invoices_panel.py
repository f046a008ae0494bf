"""Billing, Invoices: the list, and the chosen invoice beside it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from app.core.billing.invoices.queries.listing import InvoiceRow
from app.core.billing.invoices.rules import Standing
from app.core.kernel.errors import FolderNotWritable
from app.ui.billing.beside import Beside
from app.ui.billing.invoice_pane import InvoicePane
from app.ui.billing.invoices_presenter import FILTERS, InvoicesPresenter
from app.ui.billing.paper_pane import PaperPane
from app.ui.billing.pieces import PeriodButton, earlier_way
from app.ui.billing.words import day_cell, money_cell, owing_cell, standing_status
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.widgets.cells import Cell, Column, TableRow
from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.menus import Entry, menu
from app.ui.widgets.printing import print_paper, save_paper
from app.ui.widgets.states import EmptyState, NothingFound, StateStack, Way
from app.ui.widgets.tables import DataTable
from app.ui.widgets.tabs import FilterBar

_COLUMNS = (
    Column("number", "Number", weight="medium"),
    Column("bill_to", "Bill to", stretch=2),
    Column("case", "Case", stretch=2, tone="text.secondary", yields=True),
    Column("issued", "Issued", tone="text.secondary"),
    Column("due", "Due", tone="text.secondary"),
    Column("total", "Total", right=True, tone="text.secondary"),
    Column("owing", "Owing", right=True),
    Column("status", "Status", width=150),
)
_FILTER_WORDS = {each: Standing(each).label for each in FILTERS[1:]}


class InvoicesPanel(QWidget):
    """The tab of invoices. Payments are recorded in the pane that stands in the same place."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._presenter = InvoicesPresenter(
            context.desk, context.deliver, today=context.today, refused=context.fail
        )
        presenter = self._presenter
        self._filters = FilterBar(
            [(each, _FILTER_WORDS.get(each, "All"), None) for each in FILTERS], FILTERS[0]
        )
        self._period = PeriodButton(presenter.period, presenter.show_period)
        self._table = DataTable(_COLUMNS, name="Invoices")
        self._table.follow(context.unsent)
        self._stack = StateStack(self._table)
        self._pane = InvoicePane(
            pay=self.pay,
            show=self._show_paper,
            print_it=self.print_invoice,
            save=self._save_invoice,
            void=presenter.void,
        )
        # It waits here until an invoice is chosen: a pane without a parent would outlive the page.
        self._pane.setParent(self)
        self._pane.hide()
        self._beside = Beside(self._list(), context, self._pane)
        self.setFocusProxy(self._table)
        column_layout(self).addWidget(self._beside)
        self._filters.chosen.connect(presenter.show_filter)
        self._table.chosen.connect(self._choose)
        self._table.opened.connect(lambda _key: self._open())
        self._table.menu_asked.connect(self._open_menu)
        presenter.on_change(self._render)
        presenter.refresh()
        self._render()

    # What the page asks

    def show_place(self, place: Place) -> None:
        """Choose the invoice that ``place`` names."""
        if place.record is not None and place.record[0] == "invoice":
            self._presenter.choose(place.record[1])

    def refresh(self) -> None:
        """Read again when shown again."""
        self._presenter.refresh()

    def closing(self) -> None:
        """Let go of everything read."""
        self._presenter.close()
        self._beside.closing()

    def act(self, action_id: str) -> None:
        """Do an action of Billing on the chosen invoice."""
        acts = {
            "billing.payment": self.pay,
            "billing.print": self.print_invoice,
            "billing.void": self._pane.ask_void,
        }
        if action_id in acts:
            acts[action_id]()

    def can(self, action_id: str) -> bool:
        """Return whether an action has something to act on."""
        if action_id == "billing.payment":
            return True
        return action_id in ("billing.print", "billing.void") and self._presenter.chosen is not None

    # Acts

    def pay(self) -> None:
        """Record a payment of who was billed by the chosen invoice."""
        row = self._presenter.row
        if row is None:
            self._beside.record_payment()
        else:
            self._beside.record_payment(row.client_id, case_id=row.case_id)

    def print_invoice(self) -> None:
        """Print the chosen invoice as it was issued."""
        self._presenter.take_out(lambda paper, number: print_paper(self, paper, number))

    def _save_invoice(self) -> None:
        self._presenter.take_out(self._save)

    def _save(self, paper: bytes, number: str) -> None:
        try:
            save_paper(self, paper, f"{number}.pdf")
        except FolderNotWritable as error:
            self._context.fail(error)

    def _show_paper(self) -> None:
        row = self._presenter.row
        if row is None:
            return
        pane = PaperPane(
            row.number, self._context, print_it=self.print_invoice, save=self._save_invoice
        )
        self._presenter.show_paper(True)
        pane.show_paper(self._presenter.paper)
        self._beside.open_sheet(pane)
        stop = self._presenter.on_change(lambda: pane.show_paper(self._presenter.paper))
        pane.destroyed.connect(stop)

    def _open(self) -> None:
        if self._beside.is_wide:
            self._show_paper()
        else:
            self._beside.open_pane()

    def _choose(self, key: object) -> None:
        self._presenter.choose(key if isinstance(key, UUID) else None)

    def _open_menu(self, key: object, spot: QPoint) -> None:
        self._choose(key)
        menu(
            self,
            [
                Entry("Record payment", self.pay, keys="P", icon="banknote"),
                Entry("View", self._show_paper, keys="Return"),
                None,
                Entry("Print…", self.print_invoice, icon="printer"),
                Entry("Save as PDF…", self._save_invoice, icon="download"),
                None,
                Entry("Void…", self._pane.ask_void, icon="ban"),
            ],
        ).popup(spot)

    # Rendering

    def _list(self) -> QWidget:
        made = QWidget()
        head = row_layout(margin=(2, 0, 2, 8))
        head.addWidget(self._filters, 1)
        head.addWidget(self._period)
        box = column_layout(made, margin=(28, 12, 28, 0))
        box.addLayout(head)
        box.addWidget(self._stack, 1)
        return made

    def _render(self) -> None:
        presenter = self._presenter
        self._filters.set_current(presenter.filter)
        self._filters.set_counts(presenter.counts)
        self._period.show_period(presenter.period)
        self._render_rows()
        self._pane.show_invoice(presenter.view)
        self._beside.inspect(presenter.chosen is not None)

    def _render_rows(self) -> None:
        presenter = self._presenter
        if presenter.problem is not None:
            self._stack.error("The invoices could not be read.", presenter.refresh)
        elif presenter.rows is None:
            self._stack.loading()
        elif not presenter.rows:
            self._stack.empty(self._nobody())
        elif not presenter.shown:
            self._stack.empty(
                NothingFound(
                    "No invoice stands like this.", lambda: presenter.show_filter(FILTERS[0])
                )
            )
        else:
            today = self._context.today()
            self._table.set_rows([_row(row, today) for row in presenter.shown])
            if presenter.chosen is not None and self._table.current_key() != presenter.chosen:
                self._table.select(presenter.chosen)
            self._stack.content()

    def _nobody(self) -> QWidget:
        go = self._context.go
        return EmptyState(
            "receipt-text",
            "No invoices here yet",
            "An invoice asks for the charges of a case. Sessions that nobody was asked to pay "
            "wait under To bill.",
            [
                Way(
                    "See what is to be billed",
                    lambda: go(Place("billing", part="tobill")),
                    "Charges of attended sessions that nobody was asked to pay.",
                    "receipt-text",
                ),
                Way(
                    "Record a payment",
                    self._beside.record_payment,
                    "Paid without an invoice? It goes to the oldest session first.",
                    "banknote",
                    "P",
                ),
                earlier_way(go),
            ],
        )


def _row(row: InvoiceRow, today: date) -> TableRow:
    return TableRow(
        row.id,
        (
            Cell(row.number, sort=row.number),
            row.bill_to,
            row.case if row.case != row.bill_to else "Individual",
            day_cell(row.issued_on, today),
            day_cell(row.due_on, today),
            money_cell(row.total),
            owing_cell(row.owing),
            Cell(status=standing_status(row.standing, row.words)),
        ),
    )
