"""What Today says: pure words."""

from __future__ import annotations

import pytest

from app.core.billing.ledger.queries.balances import Balance
from app.core.kernel.money import Money
from app.ui.today.words import balance_words, ordinal
from app.ui.widgets.phrases import counted


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (21, "21st"),
        (112, "112th"),
    ],
)
def test_sessions_are_counted_as_people_do(number: int, words: str) -> None:
    assert ordinal(number) == words


def test_small_numbers_are_words() -> None:
    assert [counted(number) for number in (0, 3, 12, 13)] == ["no", "three", "twelve", "13"]


@pytest.mark.parametrize(
    ("balance", "words"),
    [
        (Balance(), "Nothing owing"),
        (Balance(Money(16500)), "$165.00 owing"),
        (Balance(credit=Money(2500)), "Nothing owing, credit $25.00"),
        (Balance(Money(100), Money(2500)), "$1.00 owing, credit $25.00"),
    ],
)
def test_a_balance_says_both_sides(balance: Balance, words: str) -> None:
    assert balance_words(balance) == words
