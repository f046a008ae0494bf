"""Rules of capacity."""

from __future__ import annotations

import pytest

from app.core.kernel.errors import PlanRefuses
from app.core.membership.rules import Capacity, require_room


@pytest.mark.parametrize(
    ("used", "allowed", "free", "over"),
    [(9, 10, 1, 0), (10, 10, 0, 0), (12, 10, 0, 2), (500, None, None, 0)],
)
def test_free_and_over(used: int, allowed: int | None, free: int | None, over: int) -> None:
    capacity = Capacity(used, allowed)
    assert (capacity.free, capacity.over) == (free, over)


def test_the_tenth_fits_and_the_eleventh_is_told_what_to_do() -> None:
    require_room(Capacity(9, 10), 1)
    require_room(Capacity(12, 10), 0)
    require_room(Capacity(999, None), 50)
    with pytest.raises(
        PlanRefuses, match="room for 10 active clients and 9 are active already: make"
    ):
        require_room(Capacity(9, 10), 2)
