"""Canonical JSON: equal contents give equal text, and it reads back as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.kernel.canonical import from_canonical, sha256_hex, to_canonical
from app.core.kernel.money import Money


class Word(StrEnum):
    """A word of ours."""

    ONE = "ONE"


@dataclass(frozen=True, slots=True)
class Inner:
    """What a paper holds several of."""

    amount: Money
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outer:
    """One of every kind of value."""

    name: str
    day: date | None
    at: datetime
    id: UUID
    word: Word
    inner: Inner
    parts: tuple[Inner, ...]
    count: int = 0
    is_so: bool = False


MADE = Outer(
    "Soo-jin “Rhee”",
    date(2026, 10, 6),
    datetime(2026, 11, 19, 19, 18, tzinfo=UTC),
    UUID(int=7),
    Word.ONE,
    Inner(Money(16500)),
    (Inner(Money(-1), ("a", "b")),),
)


def test_the_form_is_sorted_without_spaces_and_money_is_cents() -> None:
    assert to_canonical(Inner(Money(5), ("é",))) == '{"amount":5,"words":["é"]}'


def test_every_kind_of_value_reads_back() -> None:
    assert from_canonical(Outer, to_canonical(MADE)) == MADE


def test_a_field_with_a_default_may_be_absent_and_an_unknown_one_is_left() -> None:
    assert from_canonical(Inner, '{"amount":5,"later":1}') == Inner(Money(5))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"words":[]}', "5"])
def test_what_is_not_the_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - every refusal is one
        from_canonical(Inner, text)


def test_what_has_no_canonical_form_is_a_bug() -> None:
    wrong: Any = Inner(Money(1), ([],))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="canonical"):
        to_canonical(wrong)


@given(st.builds(Inner, st.builds(Money, st.integers()), st.lists(st.text()).map(tuple)))
def test_equal_contents_give_equal_hashes(content: Inner) -> None:
    text = to_canonical(content)
    assert from_canonical(Inner, text) == content
    assert sha256_hex(text) == sha256_hex(to_canonical(from_canonical(Inner, text)))
