"""The record's Billing tab: balance and acts, charges, payments, invoices, the case's own fees."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from app.core.billing.invoices.queries.accounts import CaseAccount, Marked
from app.core.billing.invoices.queries.listing import InvoiceRow
from app.core.billing.ledger.queries.payments import PaymentView
from app.core.billing.ledger.rules.words import PaymentKind
from app.core.kernel.money import ZERO
from app.ui.billing.beside import Beside
from app.ui.billing.fees_section import FeesSection
from app.ui.billing.opening_pane import OpeningPane
from app.ui.billing.pieces import Confirm
from app.ui.billing.record_presenter import BillingTabPresenter
from app.ui.billing.words import charge_status, day_cell, money_cell, owing_cell, standing_status
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place, Record
from app.ui.theme import look
from app.ui.widgets.buttons import Button
from app.ui.widgets.cells import GUTTER, Cell, Column, TableRow
from app.ui.widgets.layout import ScrollPage, Section, column_layout, row_layout
from app.ui.widgets.menus import Entry, MenuButton, menu
from app.ui.widgets.panes import Inspector
from app.ui.widgets.states import EmptyState, StateStack
from app.ui.widgets.status import Status
from app.ui.widgets.tables import DataTable
from app.ui.widgets.text import Text

_MEASURE = 860
_CHARGES = (
    Column("day", "Date", weight="medium"),
    Column("words", "Service", stretch=2, tone="text.secondary"),
    Column("invoice", "Invoice", stretch=1, tone="text.secondary"),
    Column("amount", "Charged", right=True, tone="text.secondary"),
    Column("owing", "Owing", right=True),
    Column("status", "Status", width=110),
)
_PAYMENTS = (
    Column("day", "Received", weight="medium"),
    Column("from", "From", stretch=1, tone="text.secondary"),
    Column("method", "Method", stretch=1, tone="text.secondary"),
    Column("amount", "Amount", right=True),
    Column("credit", "Credit left", right=True),
)
_INVOICES = (
    Column("number", "Number", weight="medium"),
    Column("issued", "Issued", tone="text.secondary"),
    Column("due", "Due", tone="text.secondary"),
    Column("total", "Total", right=True, tone="text.secondary"),
    Column("owing", "Owing", right=True),
    Column("status", "Status", width=150),
)
_VOID = (
    "Voiding takes the charge back; what was paid of it becomes credit. The session stays "
    "attended. Both rows stay to be seen."
)


class BillingTab(QWidget):
    """A tab of the record of a case, or of a client without one."""

    def __init__(self, context: ScreenContext, record: Record) -> None:
        super().__init__()
        self._context = context
        self._presenter = BillingTabPresenter(
            context.desk,
            context.deliver,
            record,
            today=context.today,
            did=context.did,
            refused=context.fail,
        )
        self._marked: dict[UUID, Marked] = {}
        self._page = ScrollPage(margin=(28, 28, 28, 32), width=_MEASURE, gap=28, name="Billing")
        self._stack = StateStack(self._page)
        self._beside = Beside(self._stack, context)
        column_layout(self).addWidget(self._beside)
        self._build()
        self.setAccessibleName("Billing")
        self._presenter.on_change(self._render)
        self._presenter.refresh()
        self._render()

    # What the record's page asks

    def show_place(self, place: Place) -> None:
        """Begin a payment, or go to the fees, where a mend leads here."""
        if place.ask.get("field") == "payment":
            self.pay()
        elif place.ask.get("field") == "fees":
            self._fees.focus_first()

    def refresh(self) -> None:
        """Read again when shown again."""
        self._presenter.refresh()

    def closing(self) -> None:
        """Let go of everything read."""
        self._presenter.close()
        self._beside.closing()

    # Acts

    def pay(self) -> None:
        """Record a payment for this case."""
        account = self._presenter.account
        if account is not None:
            self._beside.record_payment(case_id=account.case_id)

    def _open_opening(self, *, credit: bool) -> None:
        account = self._presenter.account
        if account is not None:
            pane = OpeningPane(self._presenter, self._context, account.people, credit=credit)
            pane.closed.connect(self._beside.close_sheet)
            self._beside.open_sheet(pane)

    def _ask_void(self, charge_id: UUID) -> None:
        marked = self._marked.get(charge_id)
        if marked is None or marked.charge.is_void:
            return
        pane = Inspector("Void charge", marked.charge.description)
        pane.closed.connect(self._beside.close_sheet)
        confirm = Confirm(
            _VOID, "Void charge", lambda why: self._void(charge_id, why), self._beside.close_sheet
        )
        pane.body.addWidget(confirm)
        self._beside.open_sheet(pane)
        confirm.focus_first()

    def _may_void(self) -> bool:
        current = self._current_charge()
        return current is not None and not self._marked[current].charge.is_void

    def _ask_void_current(self) -> None:
        current = self._current_charge()
        if current is not None:
            self._ask_void(current)

    def _current_charge(self) -> UUID | None:
        key = self._charge_table.current_key()
        return key if isinstance(key, UUID) else None

    def _void(self, charge_id: UUID, reason: str) -> None:
        self._presenter.void(charge_id, reason)
        self._beside.close_sheet()

    def _menu_of_charge(self, key: object, spot: QPoint) -> None:
        if not isinstance(key, UUID):
            return
        marked = self._marked[key]
        entries = [Entry("Void charge…", lambda: self._ask_void(key), icon="ban")]
        if marked.invoice is not None:
            number = marked.invoice
            show = Place("billing", ("invoice", number.id), part="invoices")
            entries.insert(0, Entry(f"Open {number.number}", lambda: self._context.go(show)))
        menu(self, entries).popup(spot)

    def _more(self) -> list[Entry | None]:
        presenter = self._presenter
        return [
            Entry("Apply credit", presenter.use_credit, enabled=presenter.may_apply_credit),
            Entry("Void charge…", self._ask_void_current, enabled=self._may_void()),
            None,
            Entry("Opening balance…", lambda: self._open_opening(credit=False)),
            Entry("Opening credit…", lambda: self._open_opening(credit=True)),
        ]

    # Building

    def _build(self) -> None:
        self._owing = Text("", "display", "semibold", tabular=True)
        self._owing_words = Text("", tone="text.secondary", wrap=True)
        self._invoice = Button("Create invoice", on_click=self._presenter.create_invoice)
        head = QWidget()
        box = column_layout(head, margin=(GUTTER, 0, GUTTER, 0))
        box.addWidget(self._owing)
        box.addWidget(self._owing_words)
        box.addSpacing(look.px(14))
        acts = row_layout(gap=8)
        acts.addWidget(Button("Record payment", icon="banknote", on_click=self.pay))
        acts.addWidget(self._invoice)
        acts.addWidget(
            MenuButton("", self._more, kind="secondary", icon="ellipsis", name="More money acts")
        )
        acts.addStretch(1)
        box.addLayout(acts)
        self._page.body.addWidget(head)
        self._charges, self._charge_table = _table("Charges", _CHARGES)
        self._payments, self._payment_table = _table("Payments", _PAYMENTS)
        self._invoices, self._invoice_table = _table("Invoices", _INVOICES)
        self._invoice_table.follow(self._context.unsent)
        for section in (self._charges, self._payments, self._invoices):
            self._page.body.addWidget(section)
        self._fees = FeesSection(self._presenter)
        self._fees.head.setContentsMargins(look.px(GUTTER), 0, look.px(GUTTER), 0)
        self._page.body.addWidget(self._fees)
        self._charge_table.menu_asked.connect(self._menu_of_charge)
        self._charge_table.opened.connect(self._open_session)
        self._invoice_table.opened.connect(self._open_invoice)

    def _open_session(self, key: object) -> None:
        marked = self._marked.get(key) if isinstance(key, UUID) else None
        if marked is not None and marked.charge.appointment_id is not None:
            record = ("appointment", marked.charge.appointment_id)
            self._context.go(Place("scheduling", record))

    def _open_invoice(self, key: object) -> None:
        if isinstance(key, UUID):
            self._context.go(Place("billing", ("invoice", key), part="invoices"))

    # Rendering

    def _render(self) -> None:
        presenter = self._presenter
        if presenter.problem is not None:
            self._stack.error("The money of this case could not be read.", presenter.refresh)
        elif presenter.nobody:
            self._stack.empty(
                EmptyState("wallet", "No case yet", "Charges and payments belong to a case.")
            )
        elif presenter.account is None:
            self._stack.loading()
        else:
            self._show(presenter.account)
            self._stack.content()

    def _show(self, account: CaseAccount) -> None:
        balance, today = account.balance, self._context.today()
        self._owing.set(str(balance.owing))
        credit = f", {balance.credit} kept as credit" if balance.credit > ZERO else ""
        self._owing_words.set(f"owing{credit}" if balance.owing else f"nothing owing{credit}")
        self._invoice.setEnabled(bool(self._presenter.to_invoice))
        self._marked = {each.charge.id: each for each in account.charges}
        _fill(self._charges, self._charge_table, [_charge(each, today) for each in account.charges])
        _fill(
            self._payments,
            self._payment_table,
            [_payment(each, today) for each in account.payments],
        )
        _fill(
            self._invoices,
            self._invoice_table,
            [_invoice(each, today) for each in account.invoices],
        )
        self._fees.render_fees()


def _table(title: str, columns: tuple[Column, ...]) -> tuple[Section, DataTable]:
    section = Section(title)
    section.head.setContentsMargins(look.px(GUTTER), 0, look.px(GUTTER), 0)
    table = DataTable(columns, name=title)
    section.add(table)
    return section, table


def _fill(section: Section, table: DataTable, rows: list[TableRow]) -> None:
    """Show rows as tall as they are; a table inside a page that scrolls has no bar of its own."""
    table.set_rows(rows)
    table.setFixedHeight(look.px(32) + len(rows) * look.row("table") + 2)
    section.set_count(len(rows) or None)
    section.setVisible(bool(rows))


def _charge(marked: Marked, today: date) -> TableRow:
    charge = marked.charge
    return TableRow(
        charge.id,
        (
            day_cell(charge.held_on, today),
            Cell(charge.description, second=charge.code, struck=charge.is_void),
            marked.invoice.number if marked.invoice else "",
            money_cell(charge.amount),
            owing_cell(charge.owing),
            Cell(status=charge_status(marked)),
        ),
    )


def _payment(view: PaymentView, today: date) -> TableRow:
    kind = "" if view.kind is PaymentKind.PAYMENT else f"{view.kind.value.capitalize()}: "
    words = f"{kind}{view.words}" if view.reverses_id is not None else view.words
    return TableRow(
        view.id,
        (
            day_cell(view.received_on, today),
            view.client,
            Cell(words, struck=view.is_gone),
            money_cell(view.amount),
            owing_cell(view.credit) if view.credit else Cell(),
        ),
    )


def _invoice(row: InvoiceRow, today: date) -> TableRow:
    status: Status = standing_status(row.standing, row.words)
    return TableRow(
        row.id,
        (
            Cell(row.number, sort=row.number),
            day_cell(row.issued_on, today),
            day_cell(row.due_on, today),
            money_cell(row.total),
            owing_cell(row.owing),
            Cell(status=status),
        ),
    )
