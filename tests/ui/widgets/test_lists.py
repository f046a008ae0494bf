"""Lists and tables: selection that stays, sorting, checks, keys."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHeaderView

from app.core.kernel.money import Money
from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.cells import Cell, Column, TableRow
from app.ui.widgets.lists import EntityList, EntityRow
from app.ui.widgets.status import Status, Tone
from app.ui.widgets.tables import DataTable

_COLUMNS = [
    Column("name", "Name", stretch=1),
    Column("state", "Status"),
    Column("owing", "Owing", right=True),
]
_LONG = "Theodora Alexandrina Papadimitriou-Wetherington-Ashby-Featherstonehaugh"


def _row(name: str, cents: int, *, checked: bool | None = False, refused: bool = False) -> TableRow:
    status = Status("circle-check", "Paid", Tone.OK)
    owing = Cell(str(Money(cents)), sort=cents)
    return TableRow(name, (name, status, owing), checked=checked, refused=refused)


@pytest.fixture
def table(looked: QApplication, qtbot: Any) -> DataTable:
    made = DataTable(_COLUMNS, name="Invoices", checks=True)
    made.set_rows(
        [_row("Walter", 9_00), _row("Ada", 100_00), _row("Zoë", 0), _row("Bo", 5, refused=True)]
    )
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    return made


@pytest.fixture
def people(looked: QApplication, qtbot: Any) -> EntityList:
    made = EntityList("Clients")
    made.set_rows([EntityRow(name, name, "Individual", "Today") for name in ("Ada", "Bo", "Cy")])
    qtbot.addWidget(made)
    made.resize(296, 300)
    made.show()
    return made


def test_sorting_by_money_is_by_amount_not_by_text(table: DataTable) -> None:
    table.sort("owing")
    assert table.keys_in_order() == ["Zoë", "Bo", "Walter", "Ada"]
    table.sort("owing", descending=True)
    assert table.keys_in_order() == ["Ada", "Walter", "Bo", "Zoë"]


def test_a_click_on_a_head_sorts_and_again_turns_it(table: DataTable) -> None:
    head = table.horizontalHeader()
    assert isinstance(head, QHeaderView)
    spot = QPoint(head.sectionPosition(1) + 20, 10)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert table.keys_in_order() == ["Ada", "Bo", "Walter", "Zoë"]
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert table.keys_in_order() == ["Zoë", "Walter", "Bo", "Ada"]


def test_the_selection_stays_with_its_record(table: DataTable) -> None:
    chosen: list[object] = []
    table.chosen.connect(chosen.append)
    table.select("Walter")
    table.sort("name")
    table.set_rows([_row("Walter", 9_00), _row("New", 1)])
    assert table.current_key() == "Walter"
    table.set_rows([_row("New", 1)])
    assert chosen == ["Walter", None]


def test_space_and_a_click_check_but_never_what_is_refused(table: DataTable) -> None:
    table.select("Ada")
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert table.checked_keys() == ["Ada"]
    spot = table.visualRect(table.model().index(0, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert table.checked_keys() == ["Walter", "Ada"]
    table.select("Bo")
    QTest.keyClick(table, Qt.Key.Key_Space)
    table.set_checked(["Bo", "Zoë"])
    assert table.checked_keys() == ["Zoë"]


def test_enter_opens_the_selected_row(table: DataTable) -> None:
    opened: list[object] = []
    table.opened.connect(opened.append)
    table.select("Zoë")
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == ["Zoë"]


def test_money_never_gives_way_to_a_long_name(table: DataTable) -> None:
    before = table.columnWidth(3)
    table.set_rows([_row(_LONG, 100_00)])
    table.resize(360, 300)
    QApplication.processEvents()
    assert table.columnWidth(3) >= before - 1
    assert sum(table.columnWidth(column) for column in range(4)) <= table.viewport().width()


def test_the_pointer_is_told_in_full_what_has_no_room(table: DataTable) -> None:
    table.set_rows([_row(_LONG, 100_00), _row("Ada", 100_00)])
    table.resize(360, 300)
    QApplication.processEvents()

    def told(row: int) -> str:
        index = table.model().index(row, 1)
        delegate: Any = table.itemDelegate()
        said: str = delegate.elided(QRectF(table.visualRect(index)), index)
        return said

    assert told(0) == _LONG
    assert told(1) == ""


def test_empty_cells_come_last_both_ways(looked: QApplication, qtbot: Any) -> None:
    made = DataTable([Column("next", "Next")], name="Clients")
    qtbot.addWidget(made)
    made.set_rows([TableRow(day, (Cell(day or "—", sort=day or ""),)) for day in ("", "b", "a")])
    made.sort("next")
    assert made.keys_in_order() == ["a", "b", ""]
    made.sort("next", descending=True)
    assert made.keys_in_order() == ["b", "a", ""]


def test_a_row_is_read_in_full(people: EntityList, table: DataTable) -> None:
    spoken = people.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Ada, Individual, Today"
    assert table.model().index(1, 3).data(Qt.ItemDataRole.AccessibleTextRole) == "$100.00"
    assert table.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Choose Ada"


def test_selecting_shows_at_once_and_keys_open_and_peek(people: EntityList) -> None:
    said: list[tuple[str, object]] = []
    people.chosen.connect(lambda key: said.append(("chosen", key)))
    people.opened.connect(lambda key: said.append(("opened", key)))
    people.peeked.connect(lambda key: said.append(("peeked", key)))
    people.select("Ada")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Space):
        QTest.keyClick(people, key)
    assert said == [("chosen", "Ada"), ("chosen", "Bo"), ("opened", "Bo"), ("peeked", "Bo")]


def test_a_list_forgets_who_is_gone(people: EntityList) -> None:
    people.select("Cy")
    people.set_rows([EntityRow("Ada", "Ada")])
    assert people.current_key() is None
    assert not people.select("Cy")
    assert people.select(None)


def test_ten_thousand_rows_are_shown_at_once(looked: QApplication, qtbot: Any) -> None:
    made = DataTable(_COLUMNS, name="All")
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.set_rows([_row(f"Client {number}", number, checked=None) for number in range(10_000)])
    made.show()
    assert made.select("Client 9999")
    assert made.grab().width() == 600


def test_a_name_gives_way_before_the_date_behind_it(looked: QApplication) -> None:
    font = look.font("body")
    said = "Theodora Alexandrina Papadimitriou, since Nov 17"
    whole = paint.width_of(said, font)
    assert paint.with_its_end(said, font, whole) == said
    shown = paint.with_its_end(said, font, whole - 60)
    assert shown.endswith("…, since Nov 17")
    assert shown.startswith("Theodora")
    assert paint.width_of(shown, font) <= whole - 60
