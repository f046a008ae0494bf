"""Service lines inside a series."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.core.kernel.money import Money
from app.core.scheduling.rules.booking import Line
from app.core.scheduling.rules.lines import line_id, lines_as_json, lines_from_json

LINES = st.builds(
    Line,
    st.uuids(),
    st.integers(1, 99),
    st.none() | st.lists(st.text("AB0123", min_size=2, max_size=2), max_size=4).map(tuple),
    st.none() | st.integers(0, 100_000).map(Money),
)


@given(st.lists(LINES, max_size=6).map(tuple))
def test_lines_come_back_from_a_series_as_they_were(lines: tuple[Line, ...]) -> None:
    assert lines_from_json(lines_as_json(lines)) == lines


def test_a_line_has_the_same_id_on_every_device() -> None:
    appointment = UUID(int=7)
    assert line_id(appointment, 0) == line_id(appointment, 0)
    assert line_id(appointment, 0) != line_id(appointment, 1)
