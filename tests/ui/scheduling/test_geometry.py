"""Where days, hours and sessions stand: the numbers of the design's picture."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from app.ui.scheduling.geometry import Spot, closed_stretches, grid_of, lanes, wall_minutes
from tests.ui.scheduling.made import session

MONDAY = date(2026, 11, 16)
WEEK = tuple(MONDAY + timedelta(days=n) for n in range(7))
NONE: frozenset[date] = frozenset()
GRID = grid_of(WEEK, 1224, NONE, 1.0)


def test_columns_are_those_of_the_picture() -> None:
    assert GRID.widths == (186.0,) * 5 + (117.0,) * 2
    assert GRID.lefts[3] == 618.0


def test_a_session_stands_where_the_picture_has_it() -> None:
    box = GRID.box(datetime(2026, 11, 19, 9), 50)
    assert box is not None
    eight = GRID.y(8 * 60)
    assert (box.left, box.width) == (622.0, 176.0)
    assert box.top - eight == 63.0
    assert round(box.height, 1) == 49.7
    assert GRID.box(datetime(2026, 12, 1, 9), 50) is None


def test_overlapping_sessions_share_the_column() -> None:
    first = GRID.box(datetime(2026, 11, 17, 15, 30), 50, 0, 2)
    second = GRID.box(datetime(2026, 11, 17, 15, 45), 50, 1, 2)
    assert first is not None
    assert second is not None
    assert (first.left, first.width) == (250.0, 86.0)
    assert (second.left, second.width) == (338.0, 86.0)


def test_a_narrow_weekend_grows_when_something_is_in_it() -> None:
    saturday = frozenset({WEEK[5]})
    assert grid_of(WEEK, 1224, saturday, 1.0).widths[5] == 117.0
    small = grid_of(WEEK, 700, saturday, 1.0)
    assert small.widths[5] == small.widths[0] > small.widths[6]


def test_one_day_takes_the_whole_width() -> None:
    assert grid_of((MONDAY,), 348, NONE, 1.0).widths == (288.0,)
    assert grid_of((WEEK[6],), 348, NONE, 1.5).widths == (258.0,)


def test_points_and_spots() -> None:
    assert GRID.spot(700, GRID.y(9 * 60 + 30)) == Spot(3, 570)
    assert GRID.spot(0, -50) == Spot(0, 0)
    assert GRID.spot(5000, 99_999) == Spot(6, 1440)
    assert GRID.wall(Spot(3, 570)) == datetime(2026, 11, 19, 9, 30)


def test_short_and_late_sessions_stay_readable_and_inside() -> None:
    short = GRID.box(datetime(2026, 11, 16, 9), 5)
    late = GRID.box(datetime(2026, 11, 16, 23, 30), 120)
    assert short is not None
    assert short.height > 20
    assert late is not None
    assert late.top + late.height < GRID.height


def test_lanes_by_time() -> None:
    nine = session(number=1, starts=datetime(2026, 11, 16, 9))
    half = session(number=2, starts=datetime(2026, 11, 16, 9, 30))
    ten = session(number=3, starts=datetime(2026, 11, 16, 10))
    noon = session(number=4, starts=datetime(2026, 11, 16, 12))
    found = lanes([noon, ten, half, nine])
    assert {each.int: (lane.number, lane.of) for each, lane in found.items()} == {
        1: (0, 2),
        2: (1, 2),
        3: (0, 2),
        4: (0, 1),
    }


def test_closed_hours() -> None:
    assert closed_stretches([]) == [(0, 1440)]
    assert closed_stretches([(time(13), time(17)), (time(9), time(12))]) == [
        (0, 540),
        (720, 780),
        (1020, 1440),
    ]


def test_a_session_through_a_clock_change_is_drawn_to_where_the_wall_ends_it() -> None:
    spring = session(starts=datetime(2027, 3, 14, 1, 30), minutes=60)
    assert wall_minutes(spring) == 120
    # The hour that comes twice: drawn as long as it lasts.
    autumn = session(starts=datetime(2027, 11, 7, 1), minutes=60)
    assert wall_minutes(autumn) == 60
