"""What a drag or a key does to a time, before it is dropped."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.ui.scheduling.dragging import Draft, Drag, Kind
from app.ui.scheduling.geometry import Spot, grid_of
from tests.ui.scheduling.made import session

MONDAY = date(2026, 11, 16)
GRID = grid_of(tuple(MONDAY + timedelta(days=n) for n in range(7)), 1224, frozenset(), 1.0)
THURSDAY = session()


def test_a_drag_over_nothing_makes_a_session_in_either_direction() -> None:
    drag = Drag(Kind.CREATE, GRID, Spot(1, 604), 50)
    down = drag.to(Spot(1, 655))
    assert (down.starts, down.minutes) == (datetime(2026, 11, 17, 10), 60)
    up = drag.to(Spot(1, 560))
    assert (up.starts, up.ends) == (datetime(2026, 11, 17, 9, 15), datetime(2026, 11, 17, 10, 15))
    assert down.is_changed


def test_a_click_makes_one_of_the_usual_length_on_the_half_hour() -> None:
    clicked = Drag(Kind.CREATE, GRID, Spot(2, 589), 50).clicked()
    assert (clicked.starts, clicked.minutes) == (datetime(2026, 11, 18, 9, 30), 50)


def test_moving_snaps_to_the_quarter_hour_and_keeps_the_length() -> None:
    drag = Drag(Kind.MOVE, GRID, Spot(3, 560), 50, THURSDAY)
    moved = drag.to(Spot(4, 640))
    assert (moved.starts, moved.minutes) == (datetime(2026, 11, 20, 10, 15), 50)
    assert not drag.to(Spot(3, 562)).is_changed
    assert drag.to(Spot(3, 1440)).starts.date() == THURSDAY.day


def test_resizing_leaves_at_least_a_quarter_hour() -> None:
    drag = Drag(Kind.RESIZE, GRID, Spot(3, 590), 50, THURSDAY)
    assert drag.to(Spot(3, 614)).minutes == 75
    assert drag.to(Spot(3, 300)).minutes == 15


def test_keys_shift_and_resize_within_the_day() -> None:
    draft = Draft(Kind.MOVE, THURSDAY.starts, 50, THURSDAY)
    assert draft.shifted(minutes=15).starts == datetime(2026, 11, 19, 9, 15)
    assert draft.shifted(days=-1).starts == datetime(2026, 11, 18, 9)
    assert draft.shifted(minutes=-600).starts == THURSDAY.starts
    assert draft.resized(-45).minutes == 15
    assert draft.resized(2000).minutes == 1440
