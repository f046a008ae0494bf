"""What may be entered, what a session charges, how means of paying are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from app.core.billing.fees.rules import Fee
from app.core.billing.ledger.rules.aging import Aging, aging
from app.core.billing.ledger.rules.allocation import Owed
from app.core.billing.ledger.rules.charging import (
    ChargedLine,
    ChargedSession,
    charges_for_attended,
    charges_for_missed,
    who_is_charged,
)
from app.core.billing.ledger.rules.entries import (
    OpeningEntry,
    PaymentEntry,
    RefundEntry,
    check_opening,
    check_payment,
    check_refund,
)
from app.core.billing.ledger.rules.words import ChargeKind, Method, method_words
from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO, Money
from app.core.practice.rules.catalogue import CaseKind

TODAY = date(2026, 11, 19)
ANY = UUID(int=1)
DANIEL, RUTH = UUID(int=2), UUID(int=3)

PAYMENT = PaymentEntry(ANY, ANY, Money(200_00), Method.CHECK, TODAY, reference=" 318 ")
REFUND = RefundEntry(ANY, ANY, Money(20_00), Method.ZELLE, TODAY)
SESSION = ChargedSession(ANY, ANY, CaseKind.COUPLE, (DANIEL, RUTH), RUTH, TODAY, 80, ANY)
COUPLE = ChargedLine(ANY, "Couple session", "0004Z", ("HO",), 1, 80, Fee(Money(190_00)))
ADDED = ChargedLine(ANY, "Interactive", "0009Z", (), 2, 0, Fee(Money(15_00), Money(10_00)))


def test_means_of_paying() -> None:
    assert method_words(Method.CHECK, "1042") == "Check 1042"
    assert method_words(Method.CARD_ELSEWHERE, "ending 4242") == "Card, ending 4242"
    assert method_words(Method.ZELLE) == "Zelle"


def test_a_payment_is_kept_clean() -> None:
    assert check_payment(PAYMENT, TODAY).reference == "318"


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (replace(PAYMENT, amount=ZERO), "amount"),
        (replace(PAYMENT, amount=Money(-1)), "amount"),
        (replace(PAYMENT, received_on=date(2026, 11, 20)), "received_on"),
        (replace(PAYMENT, received_on=date(226, 11, 19)), "received_on"),
        (replace(PAYMENT, method=Method.BROUGHT_FORWARD), "method"),
        (replace(PAYMENT, reference="x" * 300), "reference"),
        (replace(PAYMENT, note="x" * 300), "note"),
    ],
)
def test_payments_that_are_refused(entry: PaymentEntry, field: str) -> None:
    with pytest.raises(UserError) as refused:
        check_payment(entry, TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (replace(REFUND, refunded_on=date(2026, 11, 1)), "refunded_on"),
        (replace(REFUND, refunded_on=date(2026, 12, 1)), "refunded_on"),
        (replace(REFUND, amount=ZERO), "amount"),
    ],
)
def test_refunds_that_are_refused(entry: RefundEntry, field: str) -> None:
    with pytest.raises(UserError) as refused:
        check_refund(entry, date(2026, 11, 9), TODAY)
    assert refused.value.field == field


def test_an_opening_entry_is_of_a_day_that_was() -> None:
    entry = OpeningEntry(ANY, ANY, ANY, Money(50_00), date(2026, 10, 31))
    assert check_opening(entry, TODAY) == entry
    with pytest.raises(UserError) as refused:
        check_opening(replace(entry, as_of=date(2027, 1, 1)), TODAY)
    assert refused.value.field == "as_of"


def test_a_session_charges_each_line() -> None:
    first, second = charges_for_attended(SESSION, (COUPLE, ADDED))
    assert (first.kind, first.amount, first.usual_fee) == (
        ChargeKind.SESSION,
        Money(190_00),
        Money(190_00),
    )
    assert (first.client_id, first.code, first.modifiers, first.minutes) == (
        RUTH,
        "0004Z",
        ("HO",),
        80,
    )
    assert (second.amount, second.usual_fee) == (Money(20_00), Money(30_00))


def test_the_fee_said_for_this_session_comes_first() -> None:
    (charge,) = charges_for_attended(SESSION, (replace(ADDED, said=Money(12_00)),))
    assert charge.amount == Money(24_00)


def test_a_missed_session_owes_its_price_or_what_is_asked() -> None:
    (full,) = charges_for_missed(SESSION, (COUPLE, ADDED), None, late=False)
    assert (full.kind, full.amount, full.code) == (ChargeKind.MISSED, Money(210_00), "")
    assert full.description == "Missed session"
    (asked,) = charges_for_missed(SESSION, (COUPLE,), Money(75_00), late=True)
    assert (asked.amount, asked.usual_fee) == (Money(75_00), Money(75_00))
    assert asked.description == "Late cancellation"


def test_who_owes_a_session() -> None:
    both = (DANIEL, RUTH)
    assert who_is_charged(CaseKind.COUPLE, both, RUTH) == (RUTH,)
    assert who_is_charged(CaseKind.COUPLE, both, None) == (DANIEL,)
    assert who_is_charged(CaseKind.INDIVIDUAL, (DANIEL,), DANIEL) == (DANIEL,)
    assert who_is_charged(CaseKind.THERAPY_GROUP, both, None) == both


def test_aging_by_days_since_the_session() -> None:
    days = [date(2026, 11, 19), date(2026, 10, 20), date(2026, 10, 19), date(2026, 8, 21)]
    days.append(date(2026, 8, 20))
    found = aging([Owed(ANY, day, Money(1_00)) for day in days], TODAY)
    assert found == Aging(Money(2_00), Money(1_00), Money(1_00), Money(1_00))
    assert found.owing == Money(5_00)


def test_money_is_kept_as_typed_and_no_year_before_1990_is_meant() -> None:
    kept = check_payment(replace(PAYMENT, received_on=date(1990, 1, 1)), TODAY)
    assert (kept.amount, kept.received_on) == (Money(200_00), date(1990, 1, 1))
    assert kept.method is Method.CHECK
    refund = check_refund(REFUND, TODAY, TODAY)
    assert (refund.amount, refund.method) == (Money(20_00), Method.ZELLE)
    with pytest.raises(UserError, match="above zero") as nothing:
        check_opening(OpeningEntry(ANY, ANY, ANY, ZERO, TODAY), TODAY)
    assert nothing.value.field == "amount"
    with pytest.raises(UserError, match="too long ago") as refused:
        check_payment(replace(PAYMENT, received_on=date(1989, 12, 31)), TODAY)
    assert refused.value.field == "received_on"


def test_sixty_and_ninety_days_end_their_columns() -> None:
    def at(days: int) -> Aging:
        return aging([Owed(ANY, TODAY - timedelta(days=days), Money(1))], TODAY)

    assert [at(30) == at(31), at(60) == at(61), at(90) == at(91)] == [False, False, False]
    assert [at(31) == at(60), at(61) == at(90)] == [True, True]
