"""No sequence of acts creates or loses a cent, on a real file and with the real commands.

Sums that the acts must leave behind are kept beside the ledger in plain integers.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.billing.ledger.commands import (
    add_charges,
    apply_credit,
    enter_opening_credit,
    record_payment,
    refund_payment,
    reverse_payment,
    void_charge,
)
from app.core.billing.ledger.queries.balances import balance_of_case, balance_of_client
from app.core.billing.ledger.queries.charges import charges_of_case
from app.core.billing.ledger.queries.faults import ledger_faults
from app.core.billing.ledger.queries.payments import payments_of_clients
from app.core.billing.ledger.rules.entries import (
    NewCharge,
    OpeningEntry,
    PaymentEntry,
    RefundEntry,
)
from app.core.billing.ledger.rules.words import ChargeKind, Method
from app.core.cases.commands import add_client_with_case
from app.core.kernel.errors import UserError
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from tests.core.billing.conftest import TODAY
from tests.support.practice import TestDesk

ACTS = ("charge", "pay", "credit", "apply", "void", "reverse", "refund")
act = st.tuples(st.sampled_from(ACTS), st.integers(1, 400_00), st.integers(0, 60))


class Books:
    """One client's ledger, and what it must add up to."""

    def __init__(self, desk: TestDesk) -> None:
        added = desk.do(add_client_with_case, NewClient(PersonName("Walter", "", "Strand"))).value
        self.desk = desk
        self.client_id, self.case_id = added.client_ids[0], added.case_id
        self.charges: dict[UUID, int] = {}
        self.payments: dict[UUID, int] = {}

    def play(self, name: str, cents: int, pick: int) -> None:
        """Do one act; one that is refused must leave nothing behind."""
        with suppress(UserError):
            getattr(self, name)(cents, pick)
        self.check()

    def charge(self, cents: int, pick: int) -> None:
        day = TODAY - timedelta(days=pick)
        new = NewCharge(
            self.case_id,
            self.client_id,
            ChargeKind.SESSION,
            day,
            "Session",
            Money(cents),
            Money(cents),
        )
        (charge_id,) = self.desk.do(add_charges, [new]).value.charge_ids
        self.charges[charge_id] = cents

    def pay(self, cents: int, pick: int) -> None:
        day = TODAY - timedelta(days=pick)
        entry = PaymentEntry(uuid4(), self.client_id, Money(cents), Method.CASH, day)
        self.desk.do(record_payment, entry)
        self.payments[entry.payment_id] = cents

    def credit(self, cents: int, pick: int) -> None:
        day = TODAY - timedelta(days=pick)
        entry = OpeningEntry(uuid4(), self.client_id, self.case_id, Money(cents), day)
        self.desk.do(enter_opening_credit, entry)
        self.payments[entry.entry_id] = cents

    def apply(self, _cents: int, _pick: int) -> None:
        self.desk.do(apply_credit, self.client_id)

    def void(self, _cents: int, pick: int) -> None:
        if self.charges:
            charge_id = list(self.charges)[pick % len(self.charges)]
            self.desk.do(void_charge, charge_id)
            self.charges[charge_id] = 0

    def reverse(self, _cents: int, pick: int) -> None:
        if self.payments:
            payment_id = list(self.payments)[pick % len(self.payments)]
            self.desk.do(reverse_payment, payment_id)
            self.payments[payment_id] = 0

    def refund(self, cents: int, pick: int) -> None:
        if self.payments:
            payment_id = list(self.payments)[pick % len(self.payments)]
            entry = RefundEntry(uuid4(), payment_id, Money(cents), Method.CASH, TODAY)
            self.desk.do(refund_payment, entry)
            self.payments[payment_id] -= cents

    def check(self) -> None:
        """Compare every sum of the ledger with ours."""
        assert self.desk.ask(ledger_faults) == []
        balance = self.desk.ask(balance_of_client, self.client_id)
        assert balance.net.cents == sum(self.charges.values()) - sum(self.payments.values())
        assert balance.owing.cents >= 0
        assert balance.credit.cents >= 0
        assert self.desk.ask(balance_of_case, self.case_id) == balance
        views = self.desk.ask(charges_of_case, self.case_id)
        assert {each.id: 0 if each.is_void else each.amount.cents for each in views} == self.charges
        assert sum(each.owing.cents for each in views) == balance.owing.cents
        payments = self.desk.ask(payments_of_clients, [self.client_id])
        assert sum(each.credit.cents for each in payments) == balance.credit.cents
        allocated = sum(each.allocated.cents for each in payments)
        assert allocated == sum(each.paid.cents for each in views)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(act, min_size=1, max_size=25))
def test_no_sequence_of_acts_makes_or_loses_a_cent(
    desk: TestDesk, acts: list[tuple[str, int, int]]
) -> None:
    books = Books(desk)
    for name, cents, pick in acts:
        books.play(name, cents, pick)
