"""One invoice in the inspector: what is left of it, its lines, what was paid, its acts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLayout, QWidget

from app.core.billing.invoices.queries.listing import InvoiceView
from app.core.billing.invoices.rules import Standing
from app.core.billing.ledger.rules.words import within_sentence
from app.core.kernel.money import ZERO
from app.ui.billing.pieces import AmountLine, Confirm, lines_section
from app.ui.billing.words import standing_status
from app.ui.theme import look
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.layout import Hairline, ScrollPage, Surface, column_layout, emptied, row_layout
from app.ui.widgets.menus import Entry, MenuButton
from app.ui.widgets.phrases import long_day, short_day
from app.ui.widgets.status import StatusLabel
from app.ui.widgets.text import Text

WIDTH = 328
_VOID = (
    "Voiding withdraws the invoice. Its number stays used, and its charges can be invoiced again."
)


class InvoicePane(Surface):
    """The inspector of an invoice. ``acts`` are done by the page: pay, show, print, save, void."""

    def __init__(
        self,
        *,
        pay: Callable[[], object],
        show: Callable[[], object],
        print_it: Callable[[], object],
        save: Callable[[], object],
        void: Callable[[str], object],
    ) -> None:
        super().__init__("canvas", edges="left")
        self.setFixedWidth(look.px(WIDTH))
        self._pay, self._show, self._print, self._save, self._void = pay, show, print_it, save, void
        self._view: InvoiceView | None = None
        self._scroll = ScrollPage(margin=(24, 22, 24, 24), name="Invoice")
        column_layout(self).addWidget(self._scroll)

    def show_invoice(self, view: InvoiceView | None) -> None:
        """Show an invoice; ``None`` leaves the pane empty while it is read."""
        if view == self._view:
            return
        self._view = view
        emptied(self._scroll.body)
        if view is None:
            self.setAccessibleName("Invoice")
            return
        self.setAccessibleName(f"Invoice {view.row.number}")
        self._scroll.body.addWidget(self._head(view))
        for title, lines, nothing in (
            ("Lines", _charged(view), ""),
            ("Payments", _paid(view), "Nothing has been paid yet."),
            ("History", _history(view), ""),
        ):
            self._scroll.body.addSpacing(look.px(24))
            self._scroll.body.addWidget(lines_section(title, lines, nothing))
        self._scroll.body.addSpacing(look.px(16))
        self._scroll.body.addWidget(Hairline())
        self._foot = column_layout(margin=(0, 14, 0, 0))
        self._scroll.body.addLayout(self._foot)
        self._offer_acts()

    def ask_void(self) -> None:
        """Say what voiding does, and ask for the reason."""
        if self._view is None or self._view.row.standing is Standing.VOID:
            return
        emptied(self._foot)
        confirm = Confirm(_VOID, "Void invoice", self._void, self._offer_acts)
        self._foot.addWidget(confirm)
        confirm.focus_first()

    def _offer_acts(self) -> None:
        emptied(self._foot)
        line = row_layout(gap=20)
        if self._view is not None and self._view.row.standing is not Standing.VOID:
            line.addWidget(Link("Void", on_click=self.ask_void))
        line.addWidget(Link("Print", on_click=self._print))
        line.addWidget(Link("Save as PDF", on_click=self._save))
        line.addStretch(1)
        self._foot.addLayout(line)

    def _head(self, view: InvoiceView) -> QWidget:
        row = view.row
        made = QWidget()
        box = column_layout(made)
        top = row_layout(gap=8)
        top.addWidget(Text(row.number, "lead", "semibold", tabular=True), 1)
        top.addWidget(StatusLabel(standing_status(row.standing, row.words)))
        box.addLayout(top)
        box.addWidget(Text(_for(view), tone="text.secondary", wrap=True))
        box.addSpacing(look.px(14))
        box.addWidget(Text(str(row.owing), "display", "semibold", tabular=True))
        box.addWidget(Text(_left(view), tone="text.secondary", wrap=True))
        box.addSpacing(look.px(12))
        box.addLayout(self._acts(view))
        return made

    def _acts(self, view: InvoiceView) -> QLayout:
        line = row_layout(gap=8)
        owing = view.row.standing.is_owing
        if owing:
            line.addWidget(
                Button(
                    "Record payment", kind="primary", icon="banknote", keys="P", on_click=self._pay
                )
            )
        line.addWidget(Button("View", on_click=self._show))
        line.addWidget(
            MenuButton(
                "", self._more, kind="secondary", icon="ellipsis", name="More acts of this invoice"
            )
        )
        line.addStretch(1)
        return line

    def _more(self) -> list[Entry | None]:
        entries: list[Entry | None] = [
            Entry("Print…", self._print, icon="printer"),
            Entry("Save as PDF…", self._save, icon="download"),
        ]
        if self._view is not None and self._view.row.standing is not Standing.VOID:
            entries += [None, Entry("Void…", self.ask_void, icon="ban")]
        return entries


def _for(view: InvoiceView) -> str:
    row = view.row
    return row.bill_to if row.case == row.bill_to else f"{row.bill_to}, for {row.case}"


def _left(view: InvoiceView) -> str:
    row = view.row
    if row.standing is Standing.VOID:
        return f"of {row.total}, withdrawn"
    if row.owing == ZERO:
        return f"of {row.total}, paid in full"
    due = long_day(row.due_on).partition(", ")[2]
    return f"due {due}" if row.owing == row.total else f"left of {row.total}, due {due}"


def _charged(view: InvoiceView) -> list[AmountLine]:
    return [
        AmountLine(
            f"{short_day(line.held_on)}, {line.service}",
            line.amount,
            f"{line.provider}, supervised by {line.supervisor}"
            if line.supervisor
            else line.provider,
        )
        for line in view.content.lines
    ]


def _paid(view: InvoiceView) -> list[AmountLine]:
    return [
        AmountLine(f"{short_day(part.received_on)}, {within_sentence(part.words)}", part.amount)
        for part in view.payments
    ]


def _history(view: InvoiceView) -> list[AmountLine]:
    lines = [AmountLine("Issued", short_day(view.row.issued_on), tone="text.secondary")]
    if view.voided_at is not None:
        words = f"Voided: {view.void_reason}" if view.void_reason else "Voided"
        lines.append(AmountLine(words, short_day(view.voided_at.date()), tone="text.secondary"))
    return lines
