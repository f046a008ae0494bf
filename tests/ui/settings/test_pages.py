"""The pages of Settings on the window: where mend links lead, editors, names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import bootstrap
from app.core.billing.superbills.rules.findings import link
from app.core.kernel.money import Money
from app.core.practice.commands import add_service
from app.core.practice.queries import services
from app.core.practice.rules.catalogue import ServiceFields
from app.core.tasks.rules.attention import Attention, AttentionKind
from app.core.team.commands import add_license
from app.core.team.rules import LicenseFields
from app.ui.billing.superbills_mending import place_to_mend as place_of_mend
from app.ui.settings import area
from app.ui.settings.about_panel import licenses
from app.ui.settings.backup_panel import BackupPanel
from app.ui.settings.page import SettingsPage
from app.ui.settings.services_panel import ServiceEditor
from app.ui.shell.mending import place_to_mend
from app.ui.shell.places import Place
from app.ui.shell.registry import House
from app.ui.widgets.buttons import Link
from app.ui.widgets.states import EmptyState
from app.ui.widgets.tables import DataTable
from tests.support.practice import TestDesk
from tests.support.screens import Heard, part


@dataclass
class Room:
    """The settings page over a practice."""

    page: SettingsPage
    heard: Heard
    settle: Callable[[], None]

    def panel(self, place: Place) -> Any:
        """Go to a page and return it, read."""
        self.page.show_place(place)
        self.settle()
        return self.page._stack.currentWidget()


@pytest.fixture
def room(qtbot: QtBot, looked: QApplication, screen: Any, desk: TestDesk) -> Iterator[Room]:
    """Settings, shown."""
    house = House()
    area.register(house)
    context, heard = screen(desk, house)
    page = SettingsPage(context)
    qtbot.addWidget(page)
    page.resize(1224, 872)
    page.show()

    def settle() -> None:
        for _round in range(4):
            desk.on_writer(lambda: None).result()
            desk.read(lambda _session, _scope: None).result()
            QApplication.processEvents()

    yield Room(page, heard, settle)
    page.closing()


def test_choosing_in_the_menu_is_a_stop_of_back(room: Room) -> None:
    room.page.show_place(Place("settings"))
    room.page._menu.chosen.emit("services")
    assert room.heard.visited == [Place("settings", part="services")]


def test_a_mend_link_leads_to_the_very_field(room: Room) -> None:
    room.panel(Place("settings", part="identifiers"))
    panel = room.panel(Place("settings", part="identifiers", ask={"field": "tax_id"}))
    assert panel.form["tax_id"].editor is room.page.window().focusWidget()


def test_a_missing_license_opens_its_editor(room: Room) -> None:
    room.panel(Place("settings", part="identifiers"))
    panel = room.panel(Place("settings", part="identifiers", ask={"field": "license_number"}))
    assert panel._editor is not None


def test_a_mend_link_leads_to_its_field_before_the_page_was_ever_open(room: Room) -> None:
    panel = room.panel(Place("settings", part="identifiers", ask={"field": "tax_id"}))
    assert panel.form["tax_id"].editor is room.page.window().focusWidget()


def test_a_link_to_the_license_opens_the_one_there_is_with_the_cursor_in_it(room: Room) -> None:
    panel = room.panel(Place("settings", part="identifiers", ask={"field": "license"}))
    number = panel._editor.form["license_number"].editor
    assert number.text() == "84117"
    assert number is room.page.window().focusWidget()


def test_of_several_licenses_the_one_that_is_wrong_opens_at_its_day(
    room: Room, desk: TestDesk
) -> None:
    wrong = LicenseFields("T 2231", "OR", "LMFT", date(2027, 1, 1))
    assert desk.actor.member_id is not None
    license_id = desk.do(add_license, desk.actor.member_id, wrong).value
    panel = room.panel(place_of_mend(link("", "license", license_id, "valid_from")))
    form = panel._editor.form
    assert form["license_number"].editor.text() == "T 2231"
    assert form["valid_from"].editor.hasFocus()


def test_an_overdue_backup_leads_to_its_button(room: Room) -> None:
    overdue = Attention(AttentionKind.BACKUP_OVERDUE, "Backup is overdue", "", field="backup")
    place = place_to_mend(overdue)
    panel = room.panel(place)
    assert panel._now is room.page.window().focusWidget()


@dataclass
class Opened:
    """The program, as far as the page of backups asks for it."""

    practice: bootstrap.OpenPractice


def test_a_practice_without_a_backup_is_told_what_will_stand_there(
    qtbot: QtBot, looked: QApplication, screen: Any, practice: bootstrap.OpenPractice
) -> None:
    context, _heard = screen(practice.desk)
    program: Any = Opened(practice)
    panel = BackupPanel(replace(context, program=program))
    qtbot.addWidget(panel)
    panel.show()
    table = part(panel, DataTable)
    assert not table.isVisible()
    assert "Backups will stand here" in part(panel, EmptyState).accessibleName()
    assert not part(panel, EmptyState).findChildren(Link), "the page's own act stands above it"
    panel._now.click()
    qtbot.waitUntil(table.isVisible, timeout=10_000)
    assert len(table.keys_in_order()) == 1
    panel.closing()


def test_the_providers_name_is_mended_where_the_superbill_leads(room: Room) -> None:
    panel = room.panel(Place("settings", part="identifiers", ask={"field": "given"}))
    given = panel.form["given"].editor
    assert given.text() == "Dana"
    assert given is room.page.window().focusWidget()


def test_a_link_to_a_service_opens_it_before_the_list_was_ever_open(
    room: Room, desk: TestDesk
) -> None:
    service = desk.do(add_service, ServiceFields("Session", "0001Z", 50, Money(16_500))).value
    ask = {"record": str(service), "field": "code"}
    panel = room.panel(Place("settings", part="services", ask=ask))
    code = panel._editor.form["code"].editor
    assert code.text() == "0001Z"
    assert code is room.page.window().focusWidget()


def test_a_link_that_was_left_before_the_page_came_takes_nobody_back(room: Room) -> None:
    room.page.show_place(Place("settings", part="identifiers", ask={"field": "tax_id"}))
    room.page.left()
    panel = room.panel(Place("settings", part="identifiers"))
    assert panel.form["tax_id"].editor is not room.page.window().focusWidget()


def test_a_setting_is_kept_when_its_field_is_left(room: Room, desk: TestDesk) -> None:
    panel = room.panel(Place("settings", part="practice"))
    field = panel.form["zip"]
    field.editor.setText("12")
    field.editor.editingFinished.emit()
    room.settle()
    assert field.error()
    field.editor.setText("95998")
    field.editor.editingFinished.emit()
    room.settle()
    assert not field.error()
    assert room.heard.undoable


def test_a_service_is_edited_in_a_sheet(room: Room, desk: TestDesk) -> None:
    service = desk.do(add_service, ServiceFields("Session", "0001Z", 50, Money(16_500))).value
    ask = {"record": str(service), "field": "code"}
    room.panel(Place("settings", part="services"))
    panel = room.panel(Place("settings", part="services", ask=ask))
    editor = panel._editor
    assert isinstance(editor, ServiceEditor)
    editor._minutes.setText("an hour")
    editor._save()
    assert editor.form["minutes"].error()
    editor._minutes.setText("80")
    editor._fee.setText("240")
    editor._save()
    room.settle()
    assert panel._editor is None
    (kept,) = desk.ask(services)
    assert (kept.minutes, kept.fee, kept.code) == (80, Money(24_000), "0001Z")


def test_without_services_the_page_says_what_they_are_for(room: Room) -> None:
    panel = room.panel(Place("settings", part="services"))
    assert isinstance(panel._stack.currentWidget(), EmptyState)


def test_about_names_what_others_made() -> None:
    named = {name for name, _version, _words in licenses()}
    assert {"pyside6-essentials", "reportlab", "Inter", "Lucide"} <= named
