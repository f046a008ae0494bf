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


def test_resizing_through_a_clock_change_keeps_to_real_minutes() -> None:
    # Clocks go forward at 2 AM on March 14, 2027, and back at 2 AM on November 7, 2027.
    spring = tuple(date(2027, 3, 8) + timedelta(days=n) for n in range(7))
    held = session(starts=datetime(2027, 3, 14, 1, 30), minutes=60)
    assert held.ends == datetime(2027, 3, 14, 3, 30)
    grid = grid_of(spring, 1224, frozenset(), 1.0)
    drag = Drag(Kind.RESIZE, grid, Spot(6, 210), 50, held)
    assert not drag.to(Spot(6, 210)).is_changed
    longer = drag.to(Spot(6, 225))
    assert (longer.minutes, longer.ends) == (75, datetime(2027, 3, 14, 3, 45))
    autumn = session(starts=datetime(2027, 11, 7, 0, 30), minutes=60)
    fall = grid_of(
        tuple(date(2027, 11, 1) + timedelta(days=n) for n in range(7)), 1224, frozenset(), 1.0
    )
    whole = Drag(Kind.RESIZE, fall, Spot(6, 90), 50, autumn).to(Spot(6, 180))
    # 12:30 AM to 3 AM by the wall is three and a half hours that night.
    assert (whole.minutes, whole.ends) == (210, datetime(2027, 11, 7, 3))
