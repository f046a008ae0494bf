"""Billing, Ledger: every row as it was written, and how long what is owed has been owed."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from app.core.billing.ledger.queries.lines import LedgerLine
from app.core.billing.ledger.rules.aging import Aging
from app.core.kernel.money import ZERO
from app.ui.billing.ledger_presenter import LedgerPresenter
from app.ui.billing.pieces import PeriodButton
from app.ui.billing.words import day_cell, money_cell
from app.ui.shell.context import ScreenContext
from app.ui.widgets.cells import Cell, Column, TableRow
from app.ui.widgets.layout import Hairline, column_layout, row_layout
from app.ui.widgets.states import EmptyState, StateStack
from app.ui.widgets.tables import DataTable
from app.ui.widgets.text import Text

_COLUMNS = (
    Column("day", "Date", weight="medium"),
    Column("client", "Client", stretch=2),
    Column("words", "Entry", stretch=3, tone="text.secondary"),
    Column("charged", "Charged", right=True),
    Column("received", "Received", right=True),
)
#: The buckets of ``Aging`` with their captions: days since the session.
_BUCKETS = (
    ("to_30", "Owing up to 30 days"),
    ("to_60", "31 to 60 days"),
    ("to_90", "61 to 90 days"),
    ("older", "Older"),
)


class LedgerPanel(QWidget):
    """The tab of the ledger. Nothing here is changed: a mistake is reversed where it was made."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._presenter = LedgerPresenter(context.desk, context.deliver, today=context.today)
        presenter = self._presenter
        self._aging = _AgingRow()
        self._period = PeriodButton(presenter.period, presenter.show_period)
        self._table = DataTable(_COLUMNS, name="Ledger")
        self._stack = StateStack(self._table)
        self._sum = Text(tone="text.secondary", tabular=True)
        self._build()
        self.setFocusProxy(self._table)
        presenter.on_change(self._render)
        presenter.refresh()
        self._render()

    def refresh(self) -> None:
        """Read again when shown again."""
        self._presenter.refresh()

    def closing(self) -> None:
        """Let go of everything read."""
        self._presenter.close()

    def _build(self) -> None:
        head = row_layout(gap=24, margin=(12, 0, 2, 8))
        head.addWidget(self._aging, 1)
        head.addWidget(self._period)
        foot = row_layout(margin=(12, 12, 12, 14))
        foot.addWidget(self._sum, 1)
        foot.addWidget(Text("Rows are never changed, only reversed.", tone="text.muted"))
        box = column_layout(self, margin=(28, 12, 28, 0))
        box.addLayout(head)
        box.addWidget(self._stack, 1)
        box.addWidget(Hairline())
        box.addLayout(foot)

    def _render(self) -> None:
        presenter = self._presenter
        self._period.show_period(presenter.period)
        self._aging.show_aging(presenter.aging)
        rows = presenter.rows
        self._sum.set(f"Charged {presenter.charged}, received {presenter.received}" if rows else "")
        if presenter.problem is not None:
            self._stack.error("The ledger could not be read.", presenter.refresh)
        elif rows is None:
            self._stack.loading()
        elif not rows:
            self._stack.empty(
                EmptyState(
                    "receipt-text",
                    f"Nothing was entered {presenter.period.label.lower()}",
                    "Charges come from attended sessions, payments from what you record.",
                )
            )
        else:
            today = self._context.today()
            self._table.set_rows([_row(row, today) for row in rows])
            self._stack.content()


class _AgingRow(QWidget):
    """What is owed, by how long."""

    def __init__(self) -> None:
        super().__init__()
        line = row_layout(self, gap=28)
        self._values: dict[str, Text] = {}
        for key, words in _BUCKETS:
            pair = row_layout(gap=6)
            pair.addWidget(Text(words, tone="text.secondary"))
            self._values[key] = Text("", weight="semibold", tabular=True)
            pair.addWidget(self._values[key])
            line.addLayout(pair)
        line.addStretch(1)

    def show_aging(self, aging: Aging | None) -> None:
        """Show the sums; nothing while they are read."""
        for key, _ in _BUCKETS:
            amount = getattr(aging, key) if aging is not None else None
            self._values[key].set("" if amount is None else str(amount))
            self._values[key].set_tone("text.primary" if amount else "text.muted")


def _row(row: LedgerLine, today: date) -> TableRow:
    back = (row.charged or row.received or ZERO) < ZERO
    tone = "text.secondary" if back else ""
    return TableRow(
        row.id,
        (
            day_cell(row.on, today),
            row.client,
            Cell(row.words, second=row.note),
            money_cell(row.charged, tone=tone),
            money_cell(row.received, tone=tone),
        ),
    )
