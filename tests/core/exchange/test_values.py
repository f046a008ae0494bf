"""Single values of other systems."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.exchange.values import guard, read_date, read_sex, read_status, unguard
from app.core.people.rules import Lifecycle, Sex

TODAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5/2/2026", date(2026, 5, 2)),
        ("05/02/2026 14:30", date(2026, 5, 2)),
        ("5-2-2026", date(2026, 5, 2)),
        ("2026-05-02", date(2026, 5, 2)),
        ("2026-05-02T14:30:00Z", date(2026, 5, 2)),
        ("May 2, 2026", date(2026, 5, 2)),
        ("2 May 2026", date(2026, 5, 2)),
        ("5/2/26", date(2026, 5, 2)),
        ("5/2/27", date(1927, 5, 2)),
        ("5/2/84", date(1984, 5, 2)),
        ("2/31/2026", None),
        ("31/12/2026", None),
        ("00/00/0000", None),
        ("1/1/123", date(123, 1, 1)),
        ("yesterday", None),
        ("", None),
        ("٣/١/٢٠٢٦", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    assert read_date(text, TODAY) == day


def test_words_of_status_and_sex() -> None:
    assert read_status(" Waiting_List ") is Lifecycle.WAITLIST
    assert read_status("ARCHIVED") is Lifecycle.ARCHIVED
    assert read_status("gone fishing") is None
    assert read_sex("Female") is Sex.FEMALE
    assert read_sex("?") is None


@given(st.text())
def test_no_date_is_a_surprise(text: str) -> None:
    found = read_date(text, TODAY)
    assert found is None or isinstance(found, date)


@given(st.text())
def test_guarded_cells_come_back_and_are_no_formula(cell: str) -> None:
    assert unguard(guard(cell)) == cell
    assert not guard(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
