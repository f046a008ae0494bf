"""The list of invoices and the one that is chosen, without a window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from uuid import UUID

from app.core.billing.invoices.commands import take_out_invoice, void_invoice
from app.core.billing.invoices.queries.listing import (
    InvoiceRow,
    InvoiceView,
    invoice,
    invoice_paper,
    invoices,
)
from app.core.billing.invoices.rules import Standing
from app.core.kernel.changes import Outcome
from app.core.kernel.desk import Desk
from app.ui.billing.words import Period
from app.ui.shell.presenter import Deliver, Presenter

#: The filter that shows every invoice.
ALL = "ALL"
#: Filters of the list's head, in their order.
FILTERS = (
    ALL,
    Standing.OPEN.value,
    Standing.OVERDUE.value,
    Standing.PART_PAID.value,
    Standing.PAID.value,
)


class InvoicesPresenter(Presenter):
    """Invoices of a period and whatever older is still owed.

    ``rows`` is None until it was read; ``chosen`` the invoice in the inspector, with ``view``
    and, once asked for, its ``paper``.
    """

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        *,
        today: Callable[[], date],
        refused: Callable[[Exception], None],
    ) -> None:
        super().__init__(desk, deliver)
        self._today, self._refused = today, refused
        self.period = Period.QUARTER
        self.filter = ALL
        self.rows: tuple[InvoiceRow, ...] | None = None
        self.chosen: UUID | None = None
        self.view: InvoiceView | None = None
        self.paper: bytes | None = None
        self.shows_paper = False
        self.problem: Exception | None = None
        self.watch("billing", "people", "cases")

    @property
    def shown(self) -> tuple[InvoiceRow, ...]:
        """Return the rows that the filter leaves."""
        rows = self.rows or ()
        if self.filter == ALL:
            return rows
        return tuple(row for row in rows if row.standing == self.filter)

    @property
    def counts(self) -> dict[str, int | None]:
        """Return how many rows each filter shows; *All* says none."""
        found = Counter(row.standing.value for row in self.rows or ())
        return {each: None if each == ALL else found[each] for each in FILTERS}

    @property
    def row(self) -> InvoiceRow | None:
        """Return the chosen invoice as the list or the inspector has it."""
        if self.view is not None:
            return self.view.row
        return next((row for row in self.rows or () if row.id == self.chosen), None)

    def refresh(self) -> None:
        """Read the list, and the chosen invoice, again."""
        today = self._today()
        first = None if self.period is Period.ALL else self.period.first(today)
        self.read("rows", invoices, today, first, then=self._have_rows, failed=self._failed)
        if self.chosen is not None:
            self._read_chosen(self.chosen)

    def show_filter(self, chosen: str) -> None:
        """Show the invoices of one standing, or all."""
        if chosen != self.filter:
            self.filter = chosen
            self.changed()

    def show_period(self, period: Period) -> None:
        """Show the invoices of another period."""
        if period is not self.period:
            self.period = period
            self.rows = None
            self.changed()
            self.refresh()

    def choose(self, invoice_id: UUID | None) -> None:
        """Show an invoice in the inspector, or none."""
        if invoice_id == self.chosen:
            return
        self.chosen, self.view, self.paper = invoice_id, None, None
        if invoice_id is not None:
            self._read_chosen(invoice_id)
        self.changed()

    def show_paper(self, on: bool) -> None:
        """Show the chosen invoice as it prints, or its figures."""
        self.shows_paper = on
        if on and self.paper is None and self.chosen is not None:
            self._read_paper(self.chosen)
        self.changed()

    def void(self, reason: str) -> None:
        """Void the chosen invoice."""
        if self.chosen is not None:
            self.run(void_invoice, self.chosen, reason=reason, failed=self._refused)

    def take_out(self, then: Callable[[bytes, str], object]) -> None:
        """Hand the chosen invoice's PDF and number to ``then``, to print or save it."""
        if self.chosen is None or self.row is None:
            return
        number = self.row.number

        def have(outcome: Outcome[bytes]) -> None:
            then(outcome.value, number)

        self.run(take_out_invoice, self.chosen, then=have, failed=self._refused)

    def _read_chosen(self, invoice_id: UUID) -> None:
        self.read(
            "view",
            invoice,
            invoice_id,
            self._today(),
            then=self._have_view,
            failed=self._refused,
        )
        if self.shows_paper:
            self._read_paper(invoice_id)

    def _read_paper(self, invoice_id: UUID) -> None:
        self.read("paper", invoice_paper, invoice_id, then=self._have_paper, failed=self._refused)

    def _have_rows(self, rows: list[InvoiceRow]) -> None:
        self.rows, self.problem = tuple(rows), None
        self.changed()

    def _have_view(self, view: InvoiceView) -> None:
        if view.row.id == self.chosen:
            self.view = view
            self.changed()

    def _have_paper(self, paper: bytes) -> None:
        self.paper = paper
        self.changed()

    def _failed(self, error: Exception) -> None:
        self.problem = error
        self.changed()
