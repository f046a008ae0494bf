"""The money of one case, without a window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from app.core.billing.fees.commands import set_client_fee
from app.core.billing.fees.queries import fees_of_case
from app.core.billing.fees.rules import Fee
from app.core.billing.invoices.queries.accounts import CaseAccount, Marked, case_account
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.ledger.commands import (
    apply_credit,
    enter_opening_balance,
    enter_opening_credit,
)
from app.core.billing.ledger.rules.entries import OpeningEntry
from app.core.cases.queries import cases_of_client
from app.core.journeys.invoices import create_invoice
from app.core.journeys.payments import void_charge
from app.core.kernel.changes import Outcome
from app.core.kernel.clock import unix_ms
from app.core.kernel.desk import Desk
from app.core.kernel.errors import UserError
from app.core.kernel.ids import new_id
from app.core.kernel.money import ZERO, Money
from app.core.practice.queries import ServiceView, services
from app.ui.shell.places import Record
from app.ui.shell.presenter import Deliver, Presenter


class BillingTabPresenter(Presenter):
    """What a case was charged, has paid and owes; ``account`` is None until it was read.

    A client's record shows the client's open case; ``nobody`` is a client without any.
    ``opening_problem`` is what to mend in the form of opening entries.
    """

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        record: Record,
        *,
        today: Callable[[], date],
        did: Callable[[Outcome[object]], None],
        refused: Callable[[Exception], None],
    ) -> None:
        super().__init__(desk, deliver, did=did)
        self._record, self._today, self._refused = record, today, refused
        self.case_id: UUID | None = record[1] if record[0] == "case" else None
        self.account: CaseAccount | None = None
        self.services: tuple[ServiceView, ...] = ()
        self.fees: dict[UUID, Fee] = {}
        self.nobody = False
        self.problem: Exception | None = None
        self.opening_problem: UserError | None = None
        self.entry_id = self._new_id()
        self.invoice_id = self._new_id()
        self.watch("billing", "people", "cases", "scheduling", "practice")

    @property
    def to_invoice(self) -> tuple[Marked, ...]:
        """Return the open charges that no invoice asks for."""
        found = self.account.charges if self.account is not None else ()
        return tuple(each for each in found if each.charge.owing > ZERO and each.invoice is None)

    @property
    def may_apply_credit(self) -> bool:
        """Return whether there is credit and something for it to pay."""
        if self.account is None:
            return False
        balance = self.account.balance
        return balance.credit > ZERO and balance.owing > ZERO

    def refresh(self) -> None:
        """Read the case's money again."""
        if self.case_id is None:
            self.read(
                "case",
                cases_of_client,
                self._record[1],
                then=lambda found: self._have_case(found[0].id if found else None),
                failed=self._failed,
            )
            return
        self.read(
            "account",
            case_account,
            self.case_id,
            self._today(),
            then=self._have_account,
            failed=self._failed,
        )
        self.read("services", services, then=self._have_services, failed=self._failed)
        self.read("fees", fees_of_case, self.case_id, then=self._have_fees, failed=self._failed)

    def create_invoice(self) -> None:
        """Put everything open that no invoice asks for on one invoice."""
        charge_ids = tuple(each.charge.id for each in reversed(self.to_invoice))
        if charge_ids:
            order = InvoiceOrder(self.invoice_id, charge_ids)
            self.run(create_invoice, order, then=self._invoiced, failed=self._refused)

    def use_credit(self) -> None:
        """Let the credit of the case's people pay what is open."""
        if self.account is None or not self.may_apply_credit:
            return
        for person in self.account.people:
            self.run(apply_credit, person.id, case_id=self.case_id, failed=self._refused)

    def void(self, charge_id: UUID, reason: str) -> None:
        """Void a charge that was a mistake."""
        self.run(void_charge, charge_id, reason=reason, failed=self._refused)

    def set_fee(self, service_id: UUID, fee: Money | None) -> None:
        """Set this case's own fee of a service, or take it back."""
        known = self.fees.get(service_id)
        if self.case_id is not None and known is not None and fee != known.own:
            self.run(set_client_fee, self.case_id, service_id, fee, failed=self._refused)

    def enter_opening(
        self, client_id: UUID, amount: Money, as_of: date | None, *, credit: bool
    ) -> None:
        """Enter what was owed, or paid ahead, before this program."""
        if as_of is None:
            self._opening_refused(UserError("Say on which day that was so.", field="as_of"))
            return
        if self.case_id is None:
            return
        entry = OpeningEntry(self.entry_id, client_id, self.case_id, amount, as_of)
        command = enter_opening_credit if credit else enter_opening_balance
        self.run(command, entry, then=self._opened, failed=self._opening_refused)

    def _have_case(self, case_id: UUID | None) -> None:
        self.case_id, self.nobody = case_id, case_id is None
        if case_id is not None:
            self.refresh()
        self.changed()

    def _have_account(self, found: CaseAccount) -> None:
        self.account, self.problem = found, None
        self.changed()

    def _have_services(self, found: list[ServiceView]) -> None:
        self.services = tuple(found)
        self.changed()

    def _have_fees(self, found: dict[UUID, Fee]) -> None:
        self.fees = found
        self.changed()

    def _invoiced(self, _outcome: Outcome[UUID]) -> None:
        self.invoice_id = self._new_id()

    def _opened(self, _outcome: Outcome[UUID]) -> None:
        self.entry_id, self.opening_problem = self._new_id(), None
        self.changed()

    def _opening_refused(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.opening_problem = error
            self.changed()
        else:
            self._refused(error)

    def _failed(self, error: Exception) -> None:
        self.problem = error
        self.changed()

    def _new_id(self) -> UUID:
        return new_id(unix_ms(self.desk.clock.now()))
