"""Which cent pays what: examples in a clinician's words, and the laws that hold for all."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.billing.ledger.rules.allocation import (
    Credit,
    Owed,
    Part,
    Piece,
    as_said,
    oldest_first,
    set_free,
    spend_credit,
    take_out,
)
from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO, Money, total

NOV_9, NOV_18 = date(2026, 11, 9), date(2026, 11, 18)
FIRST, SECOND, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)
CHECK, ZELLE = UUID(int=11), UUID(int=12)

cents = st.integers(0, 1_000_00).map(Money)
some = st.integers(1, 1_000_00).map(Money)
days = st.integers(0, 400).map(lambda n: NOV_9 + timedelta(days=n))
debts = st.lists(st.tuples(days, some), max_size=8).map(
    lambda rows: [Owed(UUID(int=n), day, amount) for n, (day, amount) in enumerate(rows)]
)
purses = st.lists(st.tuples(days, some), max_size=8).map(
    lambda rows: [Credit(UUID(int=100 + n), day, amount) for n, (day, amount) in enumerate(rows)]
)


def owed() -> list[Owed]:
    return [Owed(SECOND, NOV_18, Money(82_50)), Owed(FIRST, NOV_9, Money(82_50))]


def test_two_hundred_pays_two_sessions_and_leaves_thirty_five() -> None:
    plan = oldest_first(Money(200_00), owed())
    assert plan.parts == (Part(FIRST, Money(82_50)), Part(SECOND, Money(82_50)))
    assert plan.allocated == Money(165_00)
    assert plan.credit == Money(35_00)


def test_a_small_payment_reaches_the_oldest_session_alone() -> None:
    plan = oldest_first(Money(50_00), owed())
    assert plan.parts == (Part(FIRST, Money(50_00)),)
    assert plan.credit == ZERO


def test_the_person_may_pay_the_newer_session_and_keep_the_rest() -> None:
    plan = as_said(Money(100_00), owed(), {SECOND: Money(82_50), FIRST: ZERO})
    assert plan.parts == (Part(SECOND, Money(82_50)),)
    assert plan.credit == Money(17_50)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({FIRST: Money(90_00)}, "Only \\$82.50 is owed"),
        ({FIRST: Money(82_50), SECOND: Money(82_50)}, "gives out \\$65.00 more than was received"),
        ({FIRST: Money(-1)}, "zero or more"),
        ({THIRD: Money(1)}, "already paid"),
    ],
)
def test_what_the_person_cannot_say(said: dict[UUID, Money], words: str) -> None:
    with pytest.raises(UserError, match=words) as refused:
        as_said(Money(100_00), owed(), said)
    assert refused.value.field == "parts"


def test_nothing_for_a_charge_that_is_paid_is_no_mistake() -> None:
    assert as_said(Money(5_00), owed(), {THIRD: ZERO}).credit == Money(5_00)


def test_the_date_decides_and_of_one_day_the_id() -> None:
    debts = [
        Owed(FIRST, NOV_18, Money(1)),
        Owed(THIRD, NOV_9, Money(1)),
        Owed(SECOND, NOV_9, Money(1)),
    ]
    plan = oldest_first(Money(3), debts)
    assert [part.charge_id for part in plan.parts] == [SECOND, THIRD, FIRST]
    later, older = UUID(int=10), UUID(int=11)
    purse = [Credit(later, NOV_18, Money(1)), Credit(older, NOV_9, Money(1))]
    (piece,) = spend_credit(purse, debts[:1])
    assert piece.payment_id == older


def test_the_oldest_credit_goes_first() -> None:
    purse = [Credit(ZELLE, NOV_18, Money(20_00)), Credit(CHECK, NOV_9, Money(100_00))]
    assert spend_credit(purse, owed()) == (
        Piece(CHECK, FIRST, Money(82_50)),
        Piece(CHECK, SECOND, Money(17_50)),
        Piece(ZELLE, SECOND, Money(20_00)),
    )


def test_a_refund_takes_credit_first_then_the_newest_allocation() -> None:
    pieces = [Piece(CHECK, SECOND, Money(82_50)), Piece(CHECK, FIRST, Money(82_50))]
    assert take_out(Money(35_00), Money(35_00), pieces) == ()
    assert take_out(Money(150_00), Money(35_00), pieces) == (
        Piece(CHECK, SECOND, Money(-82_50)),
        Piece(CHECK, FIRST, Money(-32_50)),
    )
    with pytest.raises(UserError, match=r"Only \$200.00"):
        take_out(Money(200_01), Money(35_00), pieces)


@given(amount=cents, charges=debts)
def test_a_payment_is_parts_and_credit_to_the_cent(amount: Money, charges: list[Owed]) -> None:
    plan = oldest_first(amount, charges)
    assert plan.allocated + plan.credit == amount
    owing = {charge.charge_id: charge.amount for charge in charges}
    assert all(ZERO < part.amount <= owing[part.charge_id] for part in plan.parts)
    assert plan.credit == ZERO or plan.allocated == total(owing.values())


@given(amount=cents, charges=debts, wishes=st.lists(cents, max_size=8))
def test_what_is_said_is_done_or_refused(
    amount: Money, charges: list[Owed], wishes: list[Money]
) -> None:
    said = {charge.charge_id: wish for charge, wish in zip(charges, wishes, strict=False)}
    try:
        plan = as_said(amount, charges, said)
    except UserError:
        owing = {charge.charge_id: charge.amount for charge in charges}
        assert total(said.values()) > amount or any(said[each] > owing[each] for each in said)
    else:
        assert plan.allocated + plan.credit == amount
        assert plan.allocated == total(said.values())


@given(purse=purses, charges=debts)
def test_credit_never_pays_more_than_there_is(purse: list[Credit], charges: list[Owed]) -> None:
    pieces = spend_credit(purse, charges)
    for credit in purse:
        spent = total(p.amount for p in pieces if p.payment_id == credit.payment_id)
        assert ZERO <= spent <= credit.amount
    for charge in charges:
        paid = total(p.amount for p in pieces if p.charge_id == charge.charge_id)
        assert ZERO <= paid <= charge.amount
    assert total(p.amount for p in pieces) == min(
        total(credit.amount for credit in purse), total(charge.amount for charge in charges)
    )


@given(credit=cents, allocated=st.lists(some, max_size=6), share=st.integers(0, 100))
def test_taking_out_leaves_exactly_the_rest(
    credit: Money, allocated: list[Money], share: int
) -> None:
    pieces = [Piece(CHECK, UUID(int=n), amount) for n, amount in enumerate(allocated)]
    held = credit + total(allocated)
    amount = Money(held.cents * share // 100)
    taken = take_out(amount, credit, pieces)
    back = -total(piece.amount for piece in taken)
    assert back == max(amount - credit, ZERO)
    assert all(ZERO <= -one.amount <= allocated[one.charge_id.int] for one in taken)


@given(allocated=st.lists(cents, max_size=6))
def test_setting_free_brings_everything_to_zero(allocated: list[Money]) -> None:
    pieces = [Piece(CHECK, UUID(int=n), amount) for n, amount in enumerate(allocated)]
    assert total(p.amount for p in pieces) + total(p.amount for p in set_free(pieces)) == ZERO
