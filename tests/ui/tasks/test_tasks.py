"""Tasks: each with its mend, the same in the area and on Today."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.tasks.rules.attention import RULES, Attention, AttentionKind
from app.ui.shell.mending import icon_of, place_to_mend, tone_of
from app.ui.tasks.attention_list import AttentionList
from app.ui.tasks.page import TasksPage
from app.ui.tasks.panel import AttentionPanel
from app.ui.tasks.presenter import AttentionPresenter
from app.ui.theme.tokens import RESOURCES
from tests.support.design_day import DesignDay
from tests.support.practice import TestDesk
from tests.support.pumping import Pump
from tests.support.screens import part

_ID = uuid4()


@pytest.mark.parametrize("kind", AttentionKind)
@pytest.mark.parametrize("record", [None, ("client", _ID), ("case", _ID), ("appointment", _ID)])
def test_every_kind_of_task_leads_somewhere(kind: AttentionKind, record: Any) -> None:
    item = Attention(kind, "Title", "Detail", record, field="npi")
    assert place_to_mend(item).area
    assert tone_of(item).value
    assert (RESOURCES / "icons" / f"{icon_of(item)}.svg").exists()


def test_what_is_owing_leads_to_the_payment() -> None:
    place = place_to_mend(Attention(AttentionKind.UNPAID, "", "", ("case", _ID)))
    assert (place.area, place.part, place.ask) == ("billing", "payments", {"case": str(_ID)})


def test_a_note_to_write_leads_to_the_note_of_its_session() -> None:
    place = place_to_mend(Attention(AttentionKind.UNSIGNED_NOTE, "", "", ("appointment", _ID)))
    assert (place.area, place.ask) == ("clinical", {"appointment": str(_ID)})


def test_a_missing_tax_id_leads_to_the_page_that_has_its_field() -> None:
    item = Attention(AttentionKind.MISSING_IDENTIFIER, "", "", ("practice", _ID), "tax_id")
    place = place_to_mend(item)
    assert (place.area, place.part) == ("settings", "identifiers")
    assert place.ask == {"field": "tax_id", "record": str(_ID)}


def test_a_task_vanishes_when_its_cause_does(desk: TestDesk, thursday: DesignDay) -> None:
    day, pump = thursday, Pump()
    presenter = AttentionPresenter(desk, pump)
    presenter.refresh()
    pump.until(lambda: presenter.items is not None)
    items = presenter.items or ()
    assert any(item.title.startswith("$165.00") for item in items)
    day.pay("Mateo", 16500)
    pump.until(lambda: not any(item.title.startswith("$165.00") for item in presenter.items or ()))
    presenter.close()


@pytest.mark.parametrize("kind", [AttentionKind.UNPAID, AttentionKind.BACKUP_OVERDUE])
def test_what_a_role_may_not_mend_is_not_asked_of_it(
    desk: TestDesk, thursday: DesignDay, kind: AttentionKind
) -> None:
    pump, actor = Pump(), desk.actor
    presenter = AttentionPresenter(desk, pump)
    presenter.refresh()
    pump.until(lambda: kind in {item.kind for item in presenter.items or ()})
    needed = RULES[kind].needs
    desk.act_as(replace(actor, permissions=actor.permissions - {needed}))
    pump.until(lambda: kind not in {item.kind for item in presenter.items or ()})
    assert presenter.items
    presenter.close()


def test_page_and_panel_show_the_same(
    looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk, thursday: DesignDay
) -> None:
    context, heard = screen(desk)
    page, panel = TasksPage(context), AttentionPanel(context)
    counts: list[int] = []
    panel.counted.connect(counts.append)
    for each in (page, panel):
        qtbot.addWidget(each)
        each.show()
    lists = [page.findChildren(AttentionList)[1], part(panel, AttentionList)]
    qtbot.waitUntil(lambda: all(each.items() for each in lists) and bool(counts))
    assert lists[0].items() == lists[1].items()
    assert counts[-1] == len(lists[0].items())
    spoken = lists[0].model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Backup is overdue, There is none yet. Back up"
    lists[0].setCurrentIndex(lists[0].model().index(0, 0))
    QTest.keyClick(lists[0], Qt.Key.Key_Return)
    assert (heard.visited[-1].area, heard.visited[-1].part) == ("settings", "backup")
    area = lists[1].visualRect(lists[1].model().index(1, 0))
    QTest.mouseClick(
        lists[1].viewport(), Qt.MouseButton.LeftButton, pos=area.topRight() + QPoint(-8, 20)
    )
    assert heard.visited[-1].area == "clinical"
    page.closing()
    panel.closing()


def test_nothing_waits(looked: QApplication, qtbot: Any, screen: Any) -> None:
    made = AttentionList()
    qtbot.addWidget(made)
    made.set_items([])
    QTest.keyClick(made, Qt.Key.Key_Return)
    assert made.items() == ()
