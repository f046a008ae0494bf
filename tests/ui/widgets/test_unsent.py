"""The dot on what is not uploaded: seen, heard and told by the pointer, and gone when it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QAbstractItemModel, QRect, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication

from app.ui.billing.superbills_list import SuperbillList
from app.ui.billing.superbills_rows import Kind, ListRow
from app.ui.theme import look
from app.ui.widgets.cells import Column, TableRow
from app.ui.widgets.lists import EntityList, EntityRow
from app.ui.widgets.tables import DataTable
from app.ui.widgets.text import Text
from app.ui.widgets.unsent import NOT_UPLOADED, Unsent, UnsentDot

ADA, BO = uuid4(), uuid4()


def _table() -> QAbstractItemView:
    made = DataTable([Column("name", "Name", stretch=1)], name="Clients")
    made.set_rows([TableRow(ADA, ("Ada",)), TableRow(BO, ("Bo",))])
    return made


def _list() -> QAbstractItemView:
    made = EntityList("Clients")
    made.set_rows([EntityRow(("client", ADA), "Ada"), EntityRow(("client", BO), "Bo")])
    return made


def _superbills() -> QAbstractItemView:
    made = SuperbillList()
    made.set_rows([ListRow(Kind.ISSUED, ADA, "Ada"), ListRow(Kind.ISSUED, BO, "Bo")], None)
    return made


def _ink(view: QAbstractItemView, row: int) -> bool:
    """Whether anything stands in the gutter before the words of ``row``."""
    place = view.visualRect(view.model().index(row, 0))
    gutter = QRect(place.left() + 1, place.center().y() - 6, look.px(10), 12)
    image = view.viewport().grab(gutter).toImage()
    spots = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    return len(spots) > 1


def _said(model: QAbstractItemModel, row: int) -> tuple[str, str]:
    index = model.index(row, 0)
    heard = model.data(index, Qt.ItemDataRole.AccessibleTextRole)
    return heard, model.data(index, Qt.ItemDataRole.ToolTipRole) or ""


@pytest.mark.parametrize("make", [_table, _list, _superbills])
def test_a_row_that_waits_has_the_dot_and_its_words(
    looked: QApplication, qtbot: Any, make: Any
) -> None:
    view, unsent = make(), Unsent()
    view.follow(unsent)
    qtbot.addWidget(view)
    view.resize(400, 200)
    view.show()
    assert not _ink(view, 0)
    unsent.set(frozenset({ADA}))
    assert (_ink(view, 0), _ink(view, 1)) == (True, False)
    heard, told = _said(view.model(), 0)
    assert heard.endswith(f", {NOT_UPLOADED}")
    assert NOT_UPLOADED in told
    assert NOT_UPLOADED not in "".join(_said(view.model(), 1))
    unsent.set(frozenset())
    assert not _ink(view, 0)
    assert NOT_UPLOADED not in "".join(_said(view.model(), 0))


@pytest.mark.parametrize("ids", [frozenset[UUID](), frozenset({ADA})])
def test_in_a_row_of_widgets_the_words_join_its_name(
    looked: QApplication, qtbot: Any, ids: frozenset[UUID]
) -> None:
    unsent, name = Unsent(), Text("Letter.pdf")
    qtbot.addWidget(name)
    name.setAccessibleName("Letter.pdf")
    unsent.set(ids)
    dot = UnsentDot(unsent, ADA, name)
    dot.setParent(name)
    name.show()
    assert name.accessibleName() == (f"Letter.pdf, {NOT_UPLOADED}" if ids else "Letter.pdf")
    unsent.set(frozenset({ADA}))
    assert not dot.isHidden()
    unsent.set(frozenset())
    assert dot.isHidden()
    assert name.accessibleName() == "Letter.pdf"
