"""The record's Clinical tab: diagnoses of each person, the notes, and where they lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.core.cases.commands import add_couple
from app.core.clinical.commands.notes import amend_note
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.ui.clinical.diagnoses_editor import DiagnosesEditor
from app.ui.clinical.record_panel import RecordPanel
from app.ui.clinical.record_presenter import RecordPresenter
from app.ui.shell.places import Place, Record
from app.ui.widgets.layout import Section
from app.ui.widgets.tables import DataTable
from tests.support.practice import TestDesk
from tests.support.pumping import Pump
from tests.ui.clinical import scene
from tests.ui.clinical.scene import Walter


class Tab:
    """The tab of a record on screen."""

    def __init__(self, qtbot: Any, screen: Any, desk: TestDesk) -> None:
        self.qtbot, self.desk = qtbot, desk
        self.context, self.heard = screen(desk)
        self.panel: RecordPanel | None = None

    def open(self, record: Record) -> RecordPanel:
        self.panel = RecordPanel(self.context, record)
        self.panel.resize(928, 640)
        self.panel.show()
        presenter = self.panel._presenter
        self.qtbot.waitUntil(lambda: presenter.notes is not None and bool(presenter.people))
        return self.panel


@pytest.fixture
def tab(qtbot: Any, screen: Any, desk: TestDesk) -> Iterator[Tab]:
    made = Tab(qtbot, screen, desk)
    yield made
    assert made.panel is not None
    made.panel.closing()
    made.panel.close()
    made.panel.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_notes_are_listed_and_open(tab: Tab, desk: TestDesk, walter: Walter) -> None:
    desk.do(amend_note, walter.monday_note, "It was Monday.")
    panel = tab.open(("case", walter.case_id))
    (table,) = panel.findChildren(DataTable)
    tab.qtbot.waitUntil(lambda: table.keys_in_order() == [walter.monday_note])
    spoken = [table.model().index(0, column).data() for column in range(4)]
    assert spoken[0] == "Nov 16, 2026"
    assert spoken[3] == "Signed, 1 amendment"
    table.opened.emit(walter.monday_note)
    assert tab.heard.visited == [Place("clinical", ("note", walter.monday_note))]


def test_a_couple_keeps_the_diagnoses_of_each_person(tab: Tab, desk: TestDesk) -> None:
    couple = desk.do(
        add_couple,
        NewClient(PersonName("Daniel", "", "Okonkwo-Bell")),
        NewClient(PersonName("Ruth", "", "Okonkwo")),
    ).value
    panel = tab.open(("case", couple.case_id))
    names = [section.accessibleName() for section in panel.findChildren(Section)]
    assert names == ["Notes", "Diagnoses, Daniel", "Diagnoses, Ruth"]
    panel._new_note()
    assert tab.heard.visited == [Place("clinical", ask={"case": str(couple.case_id)})]


def test_a_client_without_a_case_has_diagnoses_too(tab: Tab, desk: TestDesk) -> None:
    client_id = desk.do(add_client, NewClient(PersonName("Ada", "", "Lowry"))).value
    panel = tab.open(("client", client_id))
    panel.show_place(Place("people", ("client", client_id), "clinical", {"field": "code"}))
    assert len(panel.findChildren(DiagnosesEditor)) == 1


def test_a_long_list_of_notes_is_shortened_until_asked(desk: TestDesk, walter: Walter) -> None:
    pump = Pump()
    presenter = RecordPresenter(desk, pump, record=("case", walter.case_id))
    presenter._limit = 1
    scene.signed_note(desk, walter.thursday_id, scene.THURSDAY)
    presenter.refresh()
    pump.until(lambda: presenter.has_more)
    assert len(presenter.shown) == 1
    presenter.show_all()
    pump.until(lambda: not presenter.has_more)
    assert len(presenter.shown) == 2
    presenter.close()
