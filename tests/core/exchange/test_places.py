"""Who is active where the plan has fewer places than the file has active people."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.core.exchange.places import Applicant, give_places

DAYS = [date(2026, 12, day) for day in range(1, 11)]


def _one(row: int, following: int | None = None, last: int | None = None) -> Applicant[int]:
    return Applicant(
        row,
        (row,),
        None if following is None else DAYS[following],
        None if last is None else DAYS[last],
    )


def test_earliest_next_then_latest_last_then_file_order() -> None:
    applicants = [_one(0), _one(1, last=3), _one(2, last=5), _one(3, 4), _one(4, 2), _one(5)]

    assert give_places(applicants, 1) == {4}
    assert give_places(applicants, 2) == {4, 3}
    assert give_places(applicants, 3) == {4, 3, 2}
    assert give_places(applicants, 4) == {4, 3, 2, 1}
    assert give_places(applicants, 5) == {4, 3, 2, 1, 0}


def test_a_couple_that_does_not_fit_whole_is_passed_over() -> None:
    applicants = [_one(0, 0), Applicant(1, (10, 11), DAYS[1]), _one(2, 2)]

    assert give_places(applicants, 2) == {0, 2}
    assert give_places(applicants, 3) == {0, 1}


def test_somebody_in_two_rows_takes_one_place() -> None:
    applicants = [Applicant(0, (7,), DAYS[0]), Applicant(1, (7, 8), DAYS[1])]

    assert give_places(applicants, 2) == {0, 1}


def test_the_person_chooses() -> None:
    applicants = [_one(0, 0), _one(1, 1), _one(2, 2)]

    assert give_places(applicants, 2, frozenset({1, 2})) == {1, 2}
    assert give_places(applicants, 1, frozenset({1, 2})) == {1}
    assert give_places(applicants, 2, frozenset()) == frozenset()


def test_no_ceiling_takes_everybody() -> None:
    assert give_places([_one(row) for row in range(50)], None) == set(range(50))


@given(
    st.lists(st.tuples(st.integers(0, 9) | st.none(), st.integers(1, 2)), max_size=30),
    st.integers(0, 20),
)
def test_never_more_than_the_plan_holds(rows: list[tuple[int | None, int]], free: int) -> None:
    applicants = [
        Applicant(
            row,
            tuple(range(row * 2, row * 2 + size)),
            None if following is None else DAYS[following],
        )
        for row, (following, size) in enumerate(rows)
    ]
    active = give_places(applicants, free)

    taken = sum(len(each.people) for each in applicants if each.row in active)
    assert taken <= free
    # Whoever stayed out would not have fitted any more.
    left_out = [len(each.people) for each in applicants if each.row not in active]
    assert all(size > free - taken for size in left_out)
