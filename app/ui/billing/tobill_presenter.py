"""What is owed and not yet invoiced, by case, without a window."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.billing.invoices.queries.listing import to_bill
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.ledger.queries.charges import ChargeView
from app.core.journeys.invoices import create_invoice
from app.core.kernel.changes import Outcome
from app.core.kernel.clock import unix_ms
from app.core.kernel.desk import Desk
from app.core.kernel.ids import new_id
from app.core.kernel.money import Money, total
from app.ui.shell.presenter import Deliver, Presenter


@dataclass(frozen=True, slots=True)
class ToBill:
    """The charges of one case that no invoice asks for, oldest date of service first."""

    case_id: UUID
    case: str
    client_id: UUID
    charges: tuple[ChargeView, ...]

    @property
    def owing(self) -> Money:
        """Return what is owed of them."""
        return total(each.owing for each in self.charges)

    @property
    def first_on(self) -> date:
        """Return the earliest date of service."""
        return self.charges[0].held_on

    @property
    def last_on(self) -> date:
        """Return the latest date of service."""
        return self.charges[-1].held_on


class ToBillPresenter(Presenter):
    """Cases with something to invoice; ``rows`` is None until it was read.

    ``checked`` are the cases that *Create invoices* would bill, one invoice each.
    """

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        *,
        created: Callable[[tuple[UUID, ...]], None],
        refused: Callable[[Exception], None],
    ) -> None:
        super().__init__(desk, deliver)
        self._created_all, self._refused = created, refused
        self.rows: tuple[ToBill, ...] | None = None
        self.checked: frozenset[UUID] = frozenset()
        self.chosen: UUID | None = None
        self.issued: tuple[UUID, ...] = ()
        self.busy = False
        self.problem: Exception | None = None
        self._left: list[ToBill] = []
        #: One id for each set of charges, so that a second click issues nothing twice.
        self._ids: dict[tuple[UUID, ...], UUID] = {}
        self.watch("billing", "people", "cases", "scheduling")

    @property
    def selected(self) -> ToBill | None:
        """Return the case that is looked at."""
        return next((row for row in self.rows or () if row.case_id == self.chosen), None)

    @property
    def to_create(self) -> tuple[ToBill, ...]:
        """Return what *Create invoices* bills: the checked cases, else the one looked at."""
        rows = tuple(row for row in self.rows or () if row.case_id in self.checked)
        return rows or tuple(row for row in (self.selected,) if row is not None)

    def refresh(self) -> None:
        """Read the list again."""
        self.read("rows", to_bill, then=self._have_rows, failed=self._failed)

    def check(self, keys: Iterable[Hashable]) -> None:
        """Take these cases as checked."""
        self.checked = frozenset(key for key in keys if isinstance(key, UUID))
        self.changed()

    def choose(self, case_id: UUID | None) -> None:
        """Look at one case."""
        if case_id != self.chosen:
            self.chosen = case_id
            self.changed()

    def create(self) -> None:
        """Issue one invoice for each case in ``to_create``, one after the other."""
        if self.busy or not self.to_create:
            return
        self._left, self.issued, self.busy = list(self.to_create), (), True
        self.changed()
        self._next()

    def _next(self) -> None:
        if not self._left:
            self.busy, self.checked = False, frozenset()
            # Billed and voided, the same charges would need another id.
            self._ids.clear()
            self.changed()
            self._created_all(self.issued)
            return
        charge_ids = tuple(each.id for each in self._left.pop(0).charges)
        order = InvoiceOrder(self._id_of(charge_ids), charge_ids)
        self.run(create_invoice, order, then=self._created, failed=self._stopped)

    def _id_of(self, charge_ids: tuple[UUID, ...]) -> UUID:
        made = self._ids.get(charge_ids)
        if made is None:
            made = self._ids[charge_ids] = new_id(unix_ms(self.desk.clock.now()))
        return made

    def _created(self, outcome: Outcome[UUID]) -> None:
        self.issued += (outcome.value,)
        self._next()

    def _stopped(self, error: Exception) -> None:
        self._left.clear()
        self.busy = False
        self._refused(error)
        self.changed()

    def _have_rows(self, found: list[ChargeView]) -> None:
        of_case: dict[UUID, list[ChargeView]] = {}
        for each in found:
            of_case.setdefault(each.case_id, []).append(each)
        self.rows = tuple(
            ToBill(case_id, charges[0].case, charges[0].client_id, tuple(charges))
            for case_id, charges in of_case.items()
        )
        self.checked &= of_case.keys()
        self.problem = None
        self.changed()

    def _failed(self, error: Exception) -> None:
        self.problem = error
        self.changed()
