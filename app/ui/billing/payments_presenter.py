"""The payments of a period and the one that is chosen, without a window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from app.core.billing.ledger.commands import reverse_payment
from app.core.billing.ledger.queries.payments import PaymentView, payments_between
from app.core.kernel.desk import Desk
from app.ui.billing.words import Period
from app.ui.shell.presenter import Deliver, Presenter


class PaymentsPresenter(Presenter):
    """Payments, refunds and reversals of a period; ``rows`` is None until it was read."""

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
        self.rows: tuple[PaymentView, ...] | None = None
        self.chosen: UUID | None = None
        self.problem: Exception | None = None
        self.watch("billing", "people")

    @property
    def selected(self) -> PaymentView | None:
        """Return the payment in the inspector."""
        return next((row for row in self.rows or () if row.id == self.chosen), None)

    def refresh(self) -> None:
        """Read the list again."""
        today = self._today()
        first = self.period.first(today)
        self.read("rows", payments_between, first, today, then=self._have, failed=self._failed)

    def show_period(self, period: Period) -> None:
        """Show the payments of another period."""
        if period is not self.period:
            self.period, self.rows = period, None
            self.changed()
            self.refresh()

    def choose(self, payment_id: UUID | None) -> None:
        """Show a payment in the inspector, or none."""
        if payment_id != self.chosen:
            self.chosen = payment_id
            self.changed()

    def reverse(self, reason: str) -> None:
        """Take the chosen payment out of the ledger; what it paid is owed again."""
        if self.chosen is not None:
            self.run(reverse_payment, self.chosen, reason=reason, failed=self._refused)

    def _have(self, rows: list[PaymentView]) -> None:
        self.rows, self.problem = tuple(rows), None
        self.changed()

    def _failed(self, error: Exception) -> None:
        self.problem = error
        self.changed()
