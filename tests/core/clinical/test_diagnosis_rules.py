"""Dated diagnoses: which count on a day, what mends a superbill, which letter points at them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clinical.rules import diagnoses as rules
from app.core.clinical.rules.diagnoses import Diagnosis
from app.core.kernel.errors import UserError

CLIENT, CASE, OTHER_CASE = UUID(int=1), UUID(int=2), UUID(int=3)
MARCH, JUNE, DECEMBER = date(2026, 3, 3), date(2026, 6, 1), date(2026, 12, 31)


def diagnosis(
    code: str,
    valid_from: date,
    valid_to: date | None = None,
    *,
    position: int = 0,
    case_id: UUID | None = None,
    number: int = 9,
) -> Diagnosis:
    return Diagnosis(
        UUID(int=number), CLIENT, case_id, code, code, "April 2026", valid_from, valid_to, position
    )


def codes(found: tuple[Diagnosis, ...]) -> list[str]:
    return [each.code for each in found]


def test_valid_from_the_first_to_the_last_day() -> None:
    limited = diagnosis("F41.1", MARCH, JUNE)
    assert [limited.valid_on(day) for day in (MARCH, JUNE)] == [True, True]
    assert not limited.valid_on(MARCH - timedelta(days=1))
    assert not limited.valid_on(JUNE + timedelta(days=1))
    assert diagnosis("F41.1", MARCH).valid_on(DECEMBER)


def test_a_session_carries_what_is_valid_that_day_principal_first() -> None:
    held = [
        diagnosis("G47.00", MARCH, position=1),
        diagnosis("F41.1", MARCH, position=0),
        diagnosis("F32.A", JUNE, position=2),
    ]
    assert codes(rules.valid_for_session(held, date(2026, 5, 1))) == ["F41.1", "G47.00"]


def test_a_diagnosis_tied_to_a_case_counts_there_alone_and_a_code_once() -> None:
    held = [
        diagnosis("F41.1", MARCH),
        diagnosis("F41.1", MARCH, case_id=CASE, position=1),
        diagnosis("Z63.0", MARCH, case_id=OTHER_CASE, position=2),
    ]
    assert codes(rules.valid_for_session(held, JUNE, CASE)) == ["F41.1"]
    assert codes(rules.valid_for_session(held, JUNE)) == ["F41.1", "Z63.0"]


def test_the_earliest_later_diagnosis_is_the_one_to_mend() -> None:
    later = [diagnosis("F41.1", DECEMBER), diagnosis("F32.A", JUNE)]
    assert rules.dated_later(later, MARCH) == later[1]
    assert rules.dated_later(later, JUNE) is None
    assert rules.dated_later([], MARCH) is None
    assert rules.dated_later([diagnosis("F41.1", JUNE, case_id=OTHER_CASE)], MARCH, CASE) is None
    assert rules.dated_later([diagnosis("F41.1", MARCH, MARCH)], JUNE) is None


def test_valid_from_this_session_only_moves_the_start_back() -> None:
    assert rules.earlier_start(diagnosis("F41.1", JUNE), MARCH) == MARCH
    assert rules.earlier_start(diagnosis("F41.1", MARCH), JUNE) == MARCH


def test_an_end_before_the_start_is_refused() -> None:
    rules.check_interval(MARCH, None)
    rules.check_interval(MARCH, MARCH)
    with pytest.raises(UserError) as refused:
        rules.check_interval(JUNE, MARCH)
    assert refused.value.field == "valid_to"


def test_a_code_stands_once_for_a_day() -> None:
    others = [diagnosis("F41.1", MARCH, JUNE)]
    rules.check_no_overlap(others, "F32.A", None, MARCH, None)
    rules.check_no_overlap(others, "F41.1", CASE, MARCH, None)
    rules.check_no_overlap(others, "F41.1", None, JUNE + timedelta(days=1), None)
    rules.check_no_overlap(others, "F41.1", None, date(2026, 1, 1), MARCH - timedelta(days=1))
    for first, last in ((JUNE, None), (date(2026, 1, 1), MARCH), (date(2026, 1, 1), None)):
        with pytest.raises(UserError, match="already listed"):
            rules.check_no_overlap(others, "F41.1", None, first, last)
    with pytest.raises(UserError, match="already listed"):
        rules.check_no_overlap([diagnosis("F41.1", MARCH)], "F41.1", None, DECEMBER, None)


def test_a_new_one_goes_behind_and_any_can_be_moved() -> None:
    held = [
        diagnosis("F41.1", MARCH, position=0, number=1),
        diagnosis("F32.A", MARCH, position=4, number=2),
    ]
    assert rules.next_position([]) == 0
    assert rules.next_position(held) == 5
    assert rules.moved(held, UUID(int=2), 0) == [UUID(int=2), UUID(int=1)]
    assert rules.moved(held, UUID(int=1), 99) == [UUID(int=2), UUID(int=1)]


def test_letters_point_in_the_order_of_first_mention() -> None:
    assert rules.letters(["F41.1", "G47.00", "F41.1"]) == {"F41.1": "A", "G47.00": "B"}
    assert rules.letters(str(number) for number in range(12))["11"] == "L"
    with pytest.raises(UserError, match="12 diagnoses"):
        rules.letters(str(number) for number in range(13))


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6),
    st.integers(0, 40),
)
def test_after_the_mend_the_session_has_a_diagnosis(
    spans: list[tuple[int, int]], offset: int
) -> None:
    begin = date(2026, 1, 1)
    held = [
        diagnosis(
            f"F{index}", begin + timedelta(days=first), begin + timedelta(days=first + length)
        )
        for index, (first, length) in enumerate(spans)
    ]
    day = begin + timedelta(days=offset)
    late = rules.dated_later(held, day)
    if late is None:
        valid = rules.valid_for_session(held, day)
        assert bool(valid) or all(each.valid_from <= day for each in held)
    else:
        assert rules.earlier_start(late, day) == day
        assert late.valid_to is None or late.valid_to >= day
