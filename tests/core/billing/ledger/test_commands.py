"""The ledger against a real encrypted file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from app.core.billing.ledger.commands import (
    apply_credit,
    enter_opening_balance,
    enter_opening_credit,
    record_payment,
    refund_payment,
    reverse_payment,
    void_charge,
)
from app.core.billing.ledger.queries.balances import (
    Balance,
    balance_of_case,
    balance_of_client,
    balances_of_cases,
)
from app.core.billing.ledger.queries.charges import (
    aged,
    charge,
    charges_between,
    charges_of_case,
    open_charges,
)
from app.core.billing.ledger.queries.faults import ledger_faults
from app.core.billing.ledger.queries.payments import (
    paid_by_charge,
    payment,
    payments_between,
    payments_of_clients,
    received_between,
)
from app.core.billing.ledger.rules.allocation import Part
from app.core.billing.ledger.rules.entries import OpeningEntry, PaymentEntry, RefundEntry
from app.core.billing.ledger.rules.words import Method, PaymentKind
from app.core.kernel.errors import NotFound, UserError
from app.core.kernel.money import ZERO, Money
from tests.core.billing.conftest import TODAY, Walter
from tests.support.practice import TestDesk

NOV_1 = date(2026, 11, 1)


def entry(walter: Walter, cents: int, method: Method = Method.CHECK) -> PaymentEntry:
    return PaymentEntry(uuid4(), walter.client_id, Money(cents), method, TODAY)


def refund(payment_id: UUID, cents: int) -> RefundEntry:
    return RefundEntry(uuid4(), payment_id, Money(cents), Method.CHECK, TODAY)


def opening(walter: Walter, cents: int) -> OpeningEntry:
    return OpeningEntry(uuid4(), walter.client_id, walter.case_id, Money(cents), NOV_1)


def test_a_payment_reaches_the_oldest_session_first(desk: TestDesk, walter: Walter) -> None:
    newer, older = walter.hold(18), walter.hold(9)
    recorded = walter.pay(200_00)
    assert recorded.plan.parts == (
        Part(older.charge_ids[0], Money(165_00)),
        Part(newer.charge_ids[0], Money(35_00)),
    )
    assert [each.owing for each in desk.ask(charges_of_case, walter.case_id)] == [
        ZERO,
        Money(130_00),
    ]
    assert desk.ask(balance_of_client, walter.client_id) == Balance(Money(130_00), ZERO)
    assert desk.ask(aged, TODAY).to_30 == Money(130_00)


def test_a_second_click_records_nothing(desk: TestDesk, walter: Walter) -> None:
    walter.hold(9)
    once = entry(walter, 200_00)
    first = desk.do(record_payment, once).value
    again = desk.do(record_payment, once)
    assert again.value == first
    assert not again.changes.ids
    assert desk.ask(received_between, NOV_1, TODAY) == Money(200_00)


def test_where_a_payment_goes_can_be_said(desk: TestDesk, walter: Walter) -> None:
    older, newer = walter.hold(9), walter.hold(18)
    part = Part(newer.charge_ids[0], Money(100_00))
    said = replace(entry(walter, 200_00), parts=(part, replace(part, amount=Money(65_00))))
    plan = desk.do(record_payment, said).value.plan
    assert plan.parts == (Part(newer.charge_ids[0], Money(165_00)),)
    assert plan.credit == Money(35_00)
    too_much = replace(entry(walter, 5_00), parts=(Part(older.charge_ids[0], Money(6_00)),))
    with pytest.raises(UserError, match="more than was received"):
        desk.do(record_payment, too_much)


def test_an_overpayment_pays_the_next_session(desk: TestDesk, walter: Walter) -> None:
    walter.hold(9)
    walter.pay(200_00)
    held = walter.hold(16)
    assert (held.charged, held.from_credit) == (Money(165_00), Money(35_00))
    paid = desk.ask(paid_by_charge, held.charge_ids)[held.charge_ids[0]]
    assert paid.paid == Money(35_00)
    assert [(part.words, part.amount) for part in paid.parts] == [("Check 318", Money(35_00))]


def test_a_reversed_payment_is_owed_again(desk: TestDesk, walter: Walter) -> None:
    charge_id = walter.hold(9).charge_ids[0]
    recorded = walter.pay(200_00)
    desk.do(reverse_payment, recorded.payment_id, reason="Bounced")
    assert desk.ask(charge, charge_id).owing == Money(165_00)
    assert desk.ask(balance_of_case, walter.case_id) == Balance(Money(165_00), ZERO)
    assert desk.ask(received_between, NOV_1, TODAY) == ZERO
    view = desk.ask(payment, recorded.payment_id)
    assert view.is_gone
    assert view.credit == ZERO
    with pytest.raises(UserError, match="Nothing is left"):
        desk.do(reverse_payment, recorded.payment_id)
    rows = {each.kind: each for each in desk.ask(payments_of_clients, [walter.client_id])}
    assert rows[PaymentKind.REVERSAL].note == "Bounced"
    with pytest.raises(UserError, match="cannot be reversed"):
        desk.do(reverse_payment, rows[PaymentKind.REVERSAL].id)


def test_a_refund_takes_the_newest_session_back(desk: TestDesk, walter: Walter) -> None:
    older, newer = walter.hold(9), walter.hold(16)
    recorded = walter.pay(340_00)
    once = refund(recorded.payment_id, 30_00)
    desk.do(refund_payment, once)
    desk.do(refund_payment, once)
    assert desk.ask(charge, newer.charge_ids[0]).owing == Money(20_00)
    assert desk.ask(charge, older.charge_ids[0]).owing == ZERO
    assert desk.ask(received_between, NOV_1, TODAY) == Money(310_00)
    with pytest.raises(UserError, match=r"Only \$310.00") as refused:
        desk.do(refund_payment, refund(recorded.payment_id, 310_01))
    assert refused.value.field == "amount"
    with pytest.raises(UserError, match="payment that is given back"):
        desk.do(refund_payment, refund(once.refund_id, 1_00))
    desk.do(reverse_payment, recorded.payment_id)
    assert desk.ask(balance_of_client, walter.client_id) == Balance(Money(330_00), ZERO)
    assert desk.ask(ledger_faults) == []


def test_a_voided_charge_leaves_its_payment_as_credit(desk: TestDesk, walter: Walter) -> None:
    first, second = walter.hold(9).charge_ids[0], walter.hold(16).charge_ids[0]
    walter.pay(165_00)
    desk.do(void_charge, first, reason="Entered twice")
    assert desk.ask(charge, first).is_void
    assert desk.ask(charge, first).owing == ZERO
    assert desk.ask(balance_of_client, walter.client_id) == Balance(Money(165_00), Money(165_00))
    with pytest.raises(UserError, match="void already"):
        desk.do(void_charge, first)
    assert desk.do(apply_credit, walter.client_id).value == Money(165_00)
    assert desk.do(apply_credit, walter.client_id).value == ZERO
    assert desk.ask(charge, second).owing == ZERO
    assert [each.id for each in desk.ask(charges_between, NOV_1, TODAY)] == [first, second]


def test_the_month_of_the_switch(desk: TestDesk, walter: Walter) -> None:
    owed, ahead = opening(walter, 82_50), opening(walter, 40_00)
    for _ in range(2):
        desk.do(enter_opening_credit, ahead)
        desk.do(enter_opening_balance, owed)
    assert desk.ask(balance_of_client, walter.client_id) == Balance(Money(82_50), Money(40_00))
    assert desk.ask(balance_of_client, walter.client_id).net == Money(42_50)
    assert desk.ask(received_between, NOV_1, TODAY) == ZERO
    held = walter.hold(16)
    assert held.from_credit == Money(40_00)
    part = desk.ask(paid_by_charge, held.charge_ids)[held.charge_ids[0]].parts[0]
    assert part.is_credit
    assert part.received_on == NOV_1
    desk.do(reverse_payment, ahead.entry_id)
    assert desk.ask(received_between, NOV_1, TODAY) == ZERO


def test_each_of_a_couple_pays_for_both(desk: TestDesk, couple: tuple[Walter, Walter]) -> None:
    daniel, ruth = couple
    daniel.hold(9)
    assert desk.ask(open_charges, daniel.client_id) == desk.ask(open_charges, ruth.client_id)
    daniel.pay(200_00)
    assert desk.ask(balance_of_client, ruth.client_id) == Balance()
    assert desk.ask(balances_of_cases, [ruth.case_id]) == {
        ruth.case_id: Balance(ZERO, Money(35_00))
    }
    assert ruth.hold(16).from_credit == Money(35_00)
    assert desk.ask(balance_of_client, daniel.client_id) == Balance(Money(130_00), ZERO)
    assert {each.client for each in desk.ask(open_charges, ruth.client_id)} == {"Ruth Okonkwo"}


def test_a_payment_for_one_case_stays_in_it(desk: TestDesk, walter: Walter) -> None:
    walter.hold(9)
    other = replace(entry(walter, 10_00), case_id=uuid4())
    with pytest.raises(NotFound):
        desk.do(record_payment, other)
    own = replace(entry(walter, 10_00), case_id=walter.case_id)
    assert desk.do(record_payment, own).value.plan.credit == ZERO


def test_nothing_of_nobody(desk: TestDesk, walter: Walter) -> None:
    nobody = uuid4()
    with pytest.raises(NotFound):
        desk.do(record_payment, replace(entry(walter, 1_00), client_id=nobody))
    with pytest.raises(NotFound):
        desk.ask(charge, nobody)
    with pytest.raises(NotFound):
        desk.ask(payment, nobody)
    assert desk.ask(paid_by_charge, [nobody])[nobody].paid == ZERO


def test_payments_are_listed_newest_first(desk: TestDesk, walter: Walter) -> None:
    walter.hold(9)
    walter.pay(20_00, on=date(2026, 11, 10))
    walter.pay(30_00, on=date(2026, 11, 12))
    found = desk.ask(payments_between, NOV_1, TODAY)
    assert [each.amount for each in found] == [Money(30_00), Money(20_00)]
    assert found[0].client == "Walter Strand"
    assert [part.description for part in found[0].parts] == ["Individual session"]
    assert found[0].words == "Check 318"
