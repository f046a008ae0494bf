"""Columns share the width of a table to the pixel; names elide last, money never."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.widgets.cells import Column
from app.ui.widgets.column_widths import divided

COLUMNS = (
    Column("name", "Name", stretch=2),
    Column("case", "Case", stretch=1, yields=True),
    Column("date", "Date"),
    Column("owing", "Owing", right=True),
)
NATURAL = (150.0, 90.0, 70.5, 80.25)


@pytest.mark.parametrize("room", [391, 500, 777, 1001.5])
def test_all_of_the_room_is_given_away(looked: QApplication, room: float) -> None:
    widths = divided(room, COLUMNS, NATURAL)
    assert sum(widths) == round(room)
    assert all(width >= least - 1 for width, least in zip(widths, NATURAL, strict=True))
    extra = [width - least for width, least in zip(widths, NATURAL, strict=True)]
    assert extra[0] == pytest.approx(2 * extra[1], abs=2)


def test_a_column_yields_before_a_name_elides(looked: QApplication) -> None:
    widths = divided(320, COLUMNS, NATURAL)
    assert widths[1] == 0
    assert widths[0] >= 150
    assert sum(widths) == 320


def test_names_elide_last_and_money_never(looked: QApplication) -> None:
    widths = divided(230, COLUMNS, NATURAL)
    assert (widths[1], sum(widths)) == (0, 230)
    assert widths[0] < 150
    assert widths[3] >= 80


def test_one_very_long_name_does_not_make_a_column_yield(looked: QApplication) -> None:
    widths = divided(500, COLUMNS, (600.0, 90.0, 70.5, 80.25))
    assert widths[1] > 0
    assert sum(widths) == 500


def test_columns_without_a_share_stretch_alike(looked: QApplication) -> None:
    plain = (Column("a", "A"), Column("b", "B"))
    assert divided(200, plain, (50.0, 50.0)) == [100, 100]
