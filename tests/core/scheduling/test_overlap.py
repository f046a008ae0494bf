"""Sessions over each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.core.scheduling.rules.overlap import Span, meets, overlapping
from app.core.scheduling.rules.status import AppointmentStatus

NINE = datetime(2026, 11, 19, 17, tzinfo=UTC)
DANA, OTHER = UUID(int=1), UUID(int=2)


def span(
    number: int,
    start: int,
    minutes: int,
    status: AppointmentStatus = AppointmentStatus.SCHEDULED,
    member: UUID = DANA,
) -> Span:
    starts = NINE + timedelta(minutes=start)
    return Span(UUID(int=100 + number), member, starts, starts + timedelta(minutes=minutes), status)


def found(*spans: Span) -> set[int]:
    return {each.int - 100 for each in overlapping(spans)}


def test_sharing_time_is_overlap_and_touching_is_not() -> None:
    assert found(span(1, 0, 50), span(2, 45, 50), span(3, 95, 50)) == {1, 2}


def test_a_long_session_overlaps_all_inside() -> None:
    assert found(span(1, 0, 200), span(2, 10, 10), span(3, 100, 10)) == {1, 2, 3}


def test_what_is_gone_takes_no_time() -> None:
    for status in (
        AppointmentStatus.CANCELED,
        AppointmentStatus.NO_SHOW,
        AppointmentStatus.LATE_CANCELED,
    ):
        assert found(span(1, 0, 50, status), span(2, 0, 50)) == set()


def test_two_members_do_not_overlap() -> None:
    assert found(span(1, 0, 50), span(2, 0, 50, member=OTHER)) == set()


def test_meets() -> None:
    booked = span(1, 0, 50)
    assert meets(booked, NINE + timedelta(minutes=49), NINE + timedelta(minutes=99))
    assert not meets(booked, NINE + timedelta(minutes=50), NINE + timedelta(minutes=99))
    assert not meets(span(1, 0, 50, AppointmentStatus.CANCELED), NINE, NINE + timedelta(minutes=5))


@given(
    st.lists(
        st.tuples(st.integers(0, 600), st.integers(1, 120), st.sampled_from(AppointmentStatus))
    )
)
def test_it_is_the_same_as_comparing_all_pairs(
    drawn: list[tuple[int, int, AppointmentStatus]],
) -> None:
    spans = [span(number, *each) for number, each in enumerate(drawn)]
    pairs = {
        each.id
        for first, second in combinations(spans, 2)
        if meets(first, second.starts_at, second.ends_at) and not second.status.is_gone
        for each in (first, second)
    }
    assert overlapping(spans) == pairs
