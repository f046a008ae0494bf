"""Wall time to instants, on ordinary days and through both clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.kernel.errors import UserError
from app.core.scheduling.rules.walltime import (
    check_start,
    day_bounds,
    day_words,
    fold_notice,
    gap_notice,
    instant,
    minutes_between,
    place,
    time_words,
)

PACIFIC = "America/Los_Angeles"
SPRING = datetime(2026, 3, 8, 2, 30)
AUTUMN = datetime(2026, 11, 1, 1, 30)


def test_an_ordinary_session_is_where_the_wall_clock_says() -> None:
    placed = place(datetime(2026, 11, 19, 9), 50, PACIFIC)
    assert placed.starts == datetime(2026, 11, 19, 9)
    assert placed.ends == datetime(2026, 11, 19, 9, 50)
    assert placed.starts_at == datetime(2026, 11, 19, 17, tzinfo=UTC)
    assert not placed.moved


def test_a_time_in_the_spring_gap_moves_forward_and_is_said() -> None:
    placed = place(SPRING, 50, PACIFIC)
    assert placed.starts == datetime(2026, 3, 8, 3, 30)
    assert placed.starts_at == datetime(2026, 3, 8, 10, 30, tzinfo=UTC)
    assert placed.moved
    notice = gap_notice(SPRING, PACIFIC)
    assert notice is not None
    assert "2:30 AM does not exist" in notice
    assert "3:30 AM" in notice


def test_a_time_that_exists_twice_is_the_first_one_and_is_said() -> None:
    placed = place(AUTUMN, 60, PACIFIC)
    assert placed.starts_at == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert placed.ends == AUTUMN
    assert not placed.moved
    notice = fold_notice(AUTUMN, PACIFIC)
    assert notice is not None
    assert "comes twice" in notice


@pytest.mark.parametrize("wall", [datetime(2026, 7, 1, 9), datetime(2026, 3, 8, 9)])
def test_ordinary_times_have_nothing_to_say(wall: datetime) -> None:
    assert gap_notice(wall, PACIFIC) is None
    assert fold_notice(wall, PACIFIC) is None


def test_a_gap_is_no_fold() -> None:
    assert fold_notice(SPRING, PACIFIC) is None


def test_days_of_a_clock_change_have_23_and_25_hours() -> None:
    for day, hours in ((SPRING.date(), 23), (AUTUMN.date(), 25), (date(2026, 6, 1), 24)):
        begins, ended = day_bounds(day, day, PACIFIC)
        assert ended - begins == timedelta(hours=hours)


def test_minutes_are_real_minutes() -> None:
    before, after = datetime(2026, 3, 8, 1, 30), datetime(2026, 3, 8, 3, 30)
    assert minutes_between(before, after, PACIFIC) == 60
    assert minutes_between(datetime(2026, 5, 1, 9), datetime(2026, 5, 1, 9, 50), PACIFIC) == 50


@pytest.mark.parametrize(
    ("starts", "ends", "word"),
    [
        (datetime(2026, 5, 1, 10), datetime(2026, 5, 1, 9), "before it starts"),
        (datetime(2026, 5, 1, 10), datetime(2026, 5, 1, 10), "before it starts"),
        (datetime(2026, 5, 1, 10), datetime(2026, 5, 2, 10, 1), "24 hours"),
    ],
)
def test_an_end_before_its_start_or_a_day_later_is_refused(
    starts: datetime, ends: datetime, word: str
) -> None:
    with pytest.raises(UserError, match=word) as refused:
        minutes_between(starts, ends, PACIFIC)
    assert refused.value.field == "ends"


def test_a_start_is_kept_in_whole_minutes_of_a_sane_year() -> None:
    assert check_start(datetime(2026, 5, 1, 9, 0, 31, 7)) == datetime(2026, 5, 1, 9)
    with pytest.raises(UserError, match="year"):
        check_start(datetime(226, 5, 1, 9))


def test_words() -> None:
    assert [time_words(time(hour, 5)) for hour in (0, 9, 12, 23)] == [
        "12:05 AM",
        "9:05 AM",
        "12:05 PM",
        "11:05 PM",
    ]
    assert day_words(date(2026, 11, 9)) == "Mon, Nov 9, 2026"


ZONES = st.sampled_from([PACIFIC, "America/New_York", "America/Phoenix", "Pacific/Honolulu"])
WALLS = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(
    lambda at: at.replace(second=0, microsecond=0)
)


@given(WALLS, st.integers(1, 1440), ZONES)
def test_a_placed_session_stays_where_it_was_placed(
    wall: datetime, minutes: int, zone: str
) -> None:
    placed = place(wall, minutes, zone)
    again = place(placed.starts, minutes, zone)
    assert not again.moved
    assert placed.ends_at - placed.starts_at == timedelta(minutes=minutes)
    assert placed.moved == (placed.starts != wall)
    assert placed.starts >= wall
    # Only a time that comes twice is placed at its first coming, wherever it was.
    assert again.starts_at == instant(placed.starts, zone)
