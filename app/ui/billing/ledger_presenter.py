"""The ledger as it was written, and the sums over all money screens, without a window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from app.core.billing.invoices.queries.accounts import MoneySummary, money_summary
from app.core.billing.ledger.queries.charges import aged
from app.core.billing.ledger.queries.lines import LedgerLine, ledger_lines
from app.core.billing.ledger.rules.aging import Aging
from app.core.kernel.desk import Desk
from app.core.kernel.money import Money, total
from app.ui.billing.words import Period
from app.ui.shell.presenter import Deliver, Presenter


class SummaryPresenter(Presenter):
    """The three sums in the head; ``summary`` is None until it was read."""

    def __init__(self, desk: Desk, deliver: Deliver, *, today: Callable[[], date]) -> None:
        super().__init__(desk, deliver)
        self._today = today
        self.summary: MoneySummary | None = None
        self.watch("billing")

    def refresh(self) -> None:
        """Read the sums again."""
        self.read("summary", money_summary, self._today(), then=self._have, failed=self._no_sums)

    def _have(self, found: MoneySummary) -> None:
        self.summary = found
        self.changed()

    def _no_sums(self, _error: Exception) -> None:
        # The page under it says that nothing could be read; the head then says nothing.
        self.summary = None
        self.changed()


class LedgerPresenter(Presenter):
    """Every row of a period, and how long what is owed has been owed."""

    def __init__(self, desk: Desk, deliver: Deliver, *, today: Callable[[], date]) -> None:
        super().__init__(desk, deliver)
        self._today = today
        self.period = Period.MONTH
        self.rows: tuple[LedgerLine, ...] | None = None
        self.aging: Aging | None = None
        self.problem: Exception | None = None
        self.watch("billing", "people")

    @property
    def charged(self) -> Money:
        """Return what was charged in the period."""
        return total(row.charged for row in self.rows or () if row.charged is not None)

    @property
    def received(self) -> Money:
        """Return what was received in the period."""
        return total(row.received for row in self.rows or () if row.received is not None)

    def refresh(self) -> None:
        """Read the period's rows again."""
        today = self._today()
        first = self.period.first(today)
        self.read("aging", aged, today, then=self._have_aging, failed=self._failed)
        self.read("rows", ledger_lines, first, today, then=self._have_rows, failed=self._failed)

    def show_period(self, period: Period) -> None:
        """Show the rows of another period."""
        if period is not self.period:
            self.period, self.rows = period, None
            self.changed()
            self.refresh()

    def _have_aging(self, found: Aging) -> None:
        self.aging = found
        self.changed()

    def _have_rows(self, rows: list[LedgerLine]) -> None:
        self.rows, self.problem = tuple(rows), None
        self.changed()

    def _failed(self, error: Exception) -> None:
        self.problem = error
        self.changed()
