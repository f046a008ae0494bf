"""Money: reading, showing, splitting; never a cent made or lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.kernel.errors import UserError
from app.core.kernel.money import LARGEST, ZERO, Money, parse_money, percent_of, share, total

AMOUNTS = st.integers(-LARGEST, LARGEST).map(Money)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("165", 16500), ("$1,234.5", 123450), ("-20.00", -2000), (".5", 50), (" 0 ", 0), ("−3", -300)],
)
def test_what_people_type_is_read(typed: str, cents: int) -> None:
    assert parse_money(typed) == Money(cents)


@pytest.mark.parametrize("typed", ["", "$", "1,23", "1.234", "abc", "1e5", "9" * 40, "1 .2.3"])
def test_anything_else_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_money(typed, field="fee")
    assert refused.value.field == "fee"


def test_the_largest_entry_is_taken_and_no_cent_more() -> None:
    assert LARGEST == 100_000_000_00
    assert parse_money("100,000,000.00") == Money(LARGEST)
    with pytest.raises(UserError, match="larger than one entry"):
        parse_money("100,000,000.01")


@pytest.mark.parametrize(
    ("cents", "shown"),
    [(0, "$0.00"), (1, "$0.01"), (-1, "−$0.01"), (-1_234_05, "−$1,234.05"), (16_500, "$165.00")],
)
def test_an_amount_as_people_read_it(cents: int, shown: str) -> None:
    assert str(Money(cents)) == shown
    assert str(-Money(-cents)) == shown
    assert Money() == ZERO
    assert ZERO.cents == 0


@given(AMOUNTS)
def test_what_is_shown_reads_back(amount: Money) -> None:
    assert parse_money(str(amount)) == amount
    assert parse_money(amount.plain()) == amount


@given(AMOUNTS, st.lists(st.integers(0, 100), min_size=1).filter(lambda w: sum(w) > 0))
def test_shares_add_up_to_the_cent(amount: Money, weights: list[int]) -> None:
    parts = share(amount, weights)
    assert total(parts) == amount
    assert all(not part for part, weight in zip(parts, weights, strict=True) if weight == 0)


def test_one_share_of_one_is_the_whole_and_odd_cents_go_first() -> None:
    assert share(Money(5), [0, 1]) == [ZERO, Money(5)]
    assert share(Money(-1_00), [1, 1, 1]) == [Money(-34), Money(-33), Money(-33)]


def test_weights_that_cannot_be_shared_are_a_bug() -> None:
    for weights in ([], [0], [1, -1, 3]):
        with pytest.raises(ValueError, match=r"weights|min"):
            share(Money(1), weights)


@given(AMOUNTS, AMOUNTS)
def test_sums(a: Money, b: Money) -> None:
    assert a + b - b == a
    opposite = -a
    assert -opposite == a
    assert a * 2 == a + a
    assert bool(a) == (a != ZERO)


def test_half_a_cent_goes_away_from_zero() -> None:
    assert percent_of(Money(5), Decimal(50)) == Money(3)
    assert percent_of(Money(-5), Decimal(50)) == Money(-3)


def test_a_minus_sign_is_a_true_one() -> None:
    assert str(Money(-123456)) == "\u2212$1,234.56"
