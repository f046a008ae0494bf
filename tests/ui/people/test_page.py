"""The clients' page on screen: places, keyboard alone, editing in place, nothing typed lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from app.core.cases.commands import add_billing_contact
from app.core.cases.queries import case
from app.core.people.commands import set_phones
from app.core.people.queries import ClientRecord, client, contacts
from app.core.people.rules import ContactFields, PhoneFields
from app.ui.people.adding import AddPane
from app.ui.people.area import register
from app.ui.people.column import RecordsColumn
from app.ui.people.details import DetailsPanel, PersonForm
from app.ui.people.overview import OverviewPanel
from app.ui.people.page import ClientsPage
from app.ui.people.sections.case import CaseSection
from app.ui.people.sections.contact import AddContact, ContactSection
from app.ui.people.table import ClientsTable
from app.ui.shell.places import Place
from app.ui.shell.registry import House
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.lists import EntityList
from app.ui.widgets.states import EmptyState
from app.ui.widgets.tables import DataTable
from app.ui.widgets.tabs import FilterBar, Tabs
from tests.support.blocking import LIMIT_MS, LoopWatch
from tests.support.practice import TestDesk
from tests.ui.people.scene import Small, with_sessions


class Room:
    """The page, and what a person does with it; going somewhere really goes there."""

    def __init__(self, qtbot: Any, screen: Any, desk: TestDesk) -> None:
        self.qtbot, self.desk = qtbot, desk
        house = House()
        register(house)
        self.context, self.heard = screen(desk, house)
        self.page = ClientsPage(self.context)
        self.page.resize(1224, 872)
        self.page.show()
        qtbot.waitExposed(self.page)

    def go(self, place: Place) -> None:
        self.page.show_place(place)

    def follow(self) -> Place:
        """Do what the shell does with the last place that was asked for."""
        self.wait(lambda: bool(self.heard.visited))
        place: Place = self.heard.visited[-1]
        self.page.show_place(place)
        return place

    def wait(self, reached: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(reached, timeout=15_000)

    def one(self, kind: type[QWidget]) -> Any:
        return self.page.findChild(kind)

    def rows(self) -> list[str]:
        table = self.one(DataTable)
        return [str(cells[0].words) for cells in table.rows_model.cells]

    def record(self, record: tuple[str, UUID], part: str = "", field: str = "") -> None:
        self.go(Place("people", record, part, {"field": field} if field else {}))
        self.wait(lambda: self.one(Tabs) is not None and self.one(Tabs).isVisible())

    def person(self, client_id: UUID) -> ClientRecord:
        return self.desk.ask(client, client_id)

    def form(self, name: str) -> PersonForm:
        self.wait(lambda: bool(self.page.findChildren(PersonForm)))
        forms = self.page.findChildren(PersonForm)
        form = next(form for form in forms if form.accessibleName() == name)
        self.wait(lambda: form.missing == 0)
        return form

    def field(self, person: str, name: str) -> LineField:
        for section in self.form(person).sections:
            if name in section.form:
                editor = section.form[name].editor
                assert isinstance(editor, LineField)
                return editor
        raise AssertionError(f"no field {name}")

    def type(self, field: QWidget, words: str) -> None:
        field.setFocus()
        if isinstance(field, QLineEdit):
            field.selectAll()
        self.qtbot.keyClicks(field, words)

    def press(self, widget: QWidget, key: Qt.Key) -> None:
        self.qtbot.keyClick(widget, key)


@pytest.fixture
def room(qtbot: Any, screen: Any, desk: TestDesk) -> Iterator[Room]:
    """The page open in front of somebody."""
    made = Room(qtbot, screen, desk)
    yield made
    made.page.closing()
    made.page.close()
    made.page.deleteLater()


class TestList:
    def test_nobody_yet_shows_the_ways_forward(self, room: Room) -> None:
        room.wait(lambda: room.one(EmptyState) is not None)
        links = [each.text() for each in room.one(EmptyState).findChildren(Link)]
        assert links == ["Add your first client"]

    def test_what_a_couple_owes_is_shown_once(self, small: Small, room: Room) -> None:
        with_sessions(room.desk, small)

        def owing() -> dict[str, str]:
            cells = room.one(DataTable).rows_model.cells
            return {str(row[0].words): str(row[-1].words) for row in cells}

        room.wait(lambda: owing().get("Ruth Okonkwo") == "$570.00")
        assert owing()["Daniel Okonkwo-Bell"] == "with Ruth"

    def test_typing_finds_and_return_opens(self, small: Small, room: Room) -> None:
        room.wait(lambda: len(room.rows()) == 3)
        room.page.act("people.search")
        search = room.one(ClientsTable).search
        room.qtbot.keyClicks(search, "0148")
        room.wait(lambda: room.rows() == ["Ruth Okonkwo"])
        room.press(search, Qt.Key.Key_Return)
        assert room.follow().record == ("client", small.ruth)
        room.wait(lambda: room.one(OverviewPanel) is not None)

    def test_tasks_lead_to_a_filter_and_coming_back_keeps_it(
        self, small: Small, room: Room
    ) -> None:
        room.wait(lambda: len(room.rows()) == 3)
        room.go(Place("people", ask={"filter": "waiting"}))
        room.wait(lambda: room.one(FilterBar).current_key() == "INACTIVE")
        room.go(Place("people"))
        assert room.one(FilterBar).current_key() == "INACTIVE"

    def test_return_on_a_row_opens_the_record(self, small: Small, room: Room) -> None:
        room.wait(lambda: len(room.rows()) == 3)
        table = room.one(DataTable)
        table.select(small.ada)
        room.press(table, Qt.Key.Key_Return)
        assert room.follow().record == ("client", small.ada)


class TestRecord:
    def test_a_client_leads_to_their_case_in_the_list(self, small: Small, room: Room) -> None:
        room.record(("client", small.ruth))
        rows = room.one(EntityList)
        room.wait(lambda: rows.current_key() == ("case", small.couple_case))
        room.wait(lambda: "Daniel & Ruth" in words_of(room.page))

    def test_arrow_keys_move_from_record_to_record(self, small: Small, room: Room) -> None:
        room.record(("case", small.couple_case))
        rows = room.one(EntityList)
        room.wait(lambda: rows.current_key() == ("case", small.couple_case))
        room.press(rows, Qt.Key.Key_Up)
        assert room.follow().record == ("case", small.ada_case)
        room.wait(lambda: "Ada Lowry" in words_of(room.page))

    def test_acts_lead_where_they_say(self, small: Small, room: Room) -> None:
        room.record(("case", small.ada_case))
        room.wait(lambda: room.one(OverviewPanel) is not None)
        room.page.act("people.book")
        assert room.heard.visited[-1] == Place(
            "scheduling", part="new", ask={"case": str(small.ada_case)}
        )
        room.page.act("people.note")
        assert room.heard.visited[-1] == Place("clinical", ask={"case": str(small.ada_case)})
        room.page.act("people.all")
        assert room.heard.visited[-1] == Place("people")

    def test_escape_leaves_the_field_first_and_then_the_record(
        self, small: Small, room: Room
    ) -> None:
        room.record(("client", small.ada), "details", "legal_given")
        field = room.field("Ada Lowry", "legal_given")
        room.wait(lambda: room.page.window().focusWidget() is field)
        before = len(room.heard.visited)
        room.page.act("people.all")
        assert len(room.heard.visited) == before
        assert room.page.window().focusWidget() is room.one(Tabs)
        room.page.act("people.all")
        assert room.heard.visited[-1] == Place("people")

    def test_every_control_has_a_name(self, small: Small, room: Room) -> None:
        for part in ("overview", "details", "relationships", "activity"):
            room.record(("case", small.couple_case), part)
            room.wait(lambda part=part: room.one(Tabs).current_key() == part)  # type: ignore[misc]
        room.wait(lambda: len(room.page.findChildren(PersonForm)) == 2)
        kinds = (QLineEdit, QComboBox, QPlainTextEdit, QAbstractButton)
        nameless = [
            each
            for kind in kinds
            for each in room.page.findChildren(kind)
            if not (each.accessibleName() or getattr(each, "text", str)())
            and not each.objectName().startswith("qt_")
        ]
        assert nameless == []


class TestEditing:
    def test_a_mend_leads_to_the_very_field(self, small: Small, room: Room) -> None:
        room.record(("client", small.ruth), "details", "birth_date")
        expected = room.field("Ruth Okonkwo", "birth_date")
        room.wait(lambda: room.page.window().focusWidget() is expected)

    @pytest.mark.parametrize("field", ["address", "insurance", "legal_family"])
    def test_every_name_that_a_mend_uses_is_there(
        self, small: Small, room: Room, field: str
    ) -> None:
        room.record(("client", small.ruth), "details", field)
        expected = room.field("Ruth Okonkwo", field)
        room.wait(lambda: room.page.window().focusWidget() is expected)

    def test_the_identified_patient_is_mended_on_the_case(self, small: Small, room: Room) -> None:
        room.record(("case", small.couple_case), "", "patient")
        room.wait(lambda: isinstance(room.page.window().focusWidget(), QComboBox))
        assert room.one(Tabs).current_key() == "details"

    def test_leaving_a_field_keeps_it(self, small: Small, room: Room) -> None:
        room.record(("client", small.ada), "details")
        field = room.field("Ada Lowry", "legal_given")
        room.type(field, "Adela")
        room.press(field, Qt.Key.Key_Return)
        room.wait(lambda: room.person(small.ada).name.display == "Adela Lowry")
        room.wait(lambda: bool(room.heard.undoable))

    def test_what_cannot_stay_is_said_at_its_field(self, small: Small, room: Room) -> None:
        room.record(("client", small.ruth), "details")
        field = room.field("Ruth Okonkwo", "zip")
        room.type(field, "9")
        room.press(field, Qt.Key.Key_Return)
        section = next(each for each in room.form("Ruth Okonkwo").sections if "zip" in each.form)
        room.wait(lambda: "5 digits" in section.form["zip"].error())
        assert field.text() == "9"
        assert room.person(small.ruth).main_address.zip == "95999"
        room.type(field, "95998")
        room.press(field, Qt.Key.Key_Return)
        room.wait(lambda: room.person(small.ruth).main_address.zip == "95998")
        room.wait(lambda: section.form["zip"].error() == "")

    def test_a_date_that_does_not_exist_is_said_at_once(self, small: Small, room: Room) -> None:
        room.record(("client", small.ada), "details")
        field = room.field("Ada Lowry", "birth_date")
        room.type(field, "02/31/1990")
        room.press(field, Qt.Key.Key_Return)
        section = next(
            each for each in room.form("Ada Lowry").sections if "birth_date" in each.form
        )
        room.wait(lambda: "28 days" in section.form["birth_date"].error())

    def test_leaving_the_page_keeps_what_was_typed(self, small: Small, room: Room) -> None:
        room.record(("client", small.ada), "details")
        field = room.field("Ada Lowry", "pronouns")
        room.type(field, "she/her")
        room.page.left()
        room.wait(lambda: room.person(small.ada).details.pronouns == "she/her")

    def test_what_arrives_meanwhile_does_not_overwrite_typing(
        self, small: Small, room: Room
    ) -> None:
        room.record(("client", small.ada), "details")
        field = room.field("Ada Lowry", "legal_given")
        room.type(field, "Adel")
        room.desk.do(set_phones, small.ada, (PhoneFields("7075550177"),))
        room.wait(lambda: "(707) 555-0177" in _typed(room.form("Ada Lowry")))
        assert field.text() == "Adel"

    def test_phones_are_added_and_removed_by_keyboard(self, small: Small, room: Room) -> None:
        room.record(("client", small.ruth), "details", "phones")
        form = room.form("Ruth Okonkwo")
        add = next(each for each in form.findChildren(Link) if each.text() == "Add phone")
        room.press(add, Qt.Key.Key_Space)
        field = room.page.window().focusWidget()
        assert field is not None
        room.qtbot.keyClicks(field, "7075550199")
        room.press(field, Qt.Key.Key_Return)
        room.wait(lambda: len(room.person(small.ruth).phones) == 2)
        remove = next(
            each for each in form.findChildren(Button) if each.accessibleName() == "Remove phone 1"
        )
        room.press(remove, Qt.Key.Key_Space)
        room.wait(lambda: len(room.person(small.ruth).phones) == 1)
        assert room.person(small.ruth).main_phone == "(707) 555-0199"

    def test_details_are_the_panel_of_their_tab(self, small: Small, room: Room) -> None:
        room.record(("case", small.ada_case), "details")
        room.wait(lambda: room.one(DetailsPanel) is not None)


class TestBilling:
    """Who is billed for a case: its people, or somebody who is no client."""

    def payers(self, room: Room, case_id: UUID) -> list[tuple[str, int]]:
        return [(each.name, each.share_percent) for each in room.desk.ask(case, case_id).payers]

    def add(self, room: Room, case_id: UUID) -> AddContact:
        room.record(("case", case_id), "details")
        room.wait(lambda: room.one(AddContact) is not None)
        adding = room.one(AddContact)
        assert isinstance(adding, AddContact)
        room.wait(adding.isVisible)
        link = next(each for each in adding.findChildren(Link) if each.isVisible())
        room.press(link, Qt.Key.Key_Space)
        return adding

    def line(self, inside: QWidget, name: str) -> LineField:
        return next(e for e in inside.findChildren(LineField) if e.accessibleName() == name)

    def test_an_organization_is_billed_for_an_individual_case(
        self, small: Small, room: Room
    ) -> None:
        adding = self.add(room, small.ada_case)
        for name, words in (
            ("Name", "Lowry Family Trust"),
            ("Email", "books@lowrytrust.example"),
            ("Street", "9 Harbor Road"),
            ("City", "Alder Bay"),
            ("State", "ca"),
            ("ZIP", "95999"),
        ):
            room.type(self.line(adding, name), words)
        adding.findChildren(Choice)[0].set_value(True)
        room.press(self.line(adding, "Name"), Qt.Key.Key_Return)
        room.press(self.line(adding, "Name"), Qt.Key.Key_Return)
        room.wait(lambda: bool(self.payers(room, small.ada_case)))
        assert self.payers(room, small.ada_case) == [("Lowry Family Trust", 100)]
        (kept,) = room.desk.ask(contacts)
        assert kept.fields.is_organization
        assert kept.fields.address.lines() == ["9 Harbor Road", "Alder Bay, CA 95999"]
        # From now on the contact is edited in place.
        section = room.one(ContactSection)
        room.wait(section.isVisible)
        field = self.line(section, "Phone")
        room.type(field, "7075550101")
        room.press(field, Qt.Key.Key_Return)
        room.wait(lambda: room.desk.ask(contacts)[0].fields.phone == "(707) 555-0101")

    def test_what_is_wrong_is_said_at_its_field_and_nothing_is_added(
        self, small: Small, room: Room
    ) -> None:
        adding = self.add(room, small.ada_case)
        room.type(self.line(adding, "Name"), "Lowry Family Trust")
        room.type(self.line(adding, "Email"), "books at lowrytrust")
        room.press(self.line(adding, "Name"), Qt.Key.Key_Return)
        room.wait(lambda: bool(adding._form["contact_email"].error()))
        assert room.desk.ask(contacts) == []
        assert self.line(adding, "Email").text() == "books at lowrytrust"

    def test_a_contact_of_another_case_can_be_chosen_and_given_up(
        self, small: Small, room: Room
    ) -> None:
        trust = room.desk.do(add_billing_contact, small.ada_case, ContactFields("Lowry Trust"))
        room.record(("case", small.couple_case), "details")
        room.wait(lambda: room.one(CaseSection) is not None)
        choice = room.one(CaseSection).form["payers"].editor
        room.wait(lambda: choice.findText("Lowry Trust") >= 0)
        choice.setCurrentIndex(choice.findText("Lowry Trust"))
        room.wait(lambda: self.payers(room, small.couple_case) == [("Lowry Trust", 100)])
        # It is made when there is somebody to show in it.
        room.wait(lambda: room.one(ContactSection) is not None)
        room.wait(lambda: room.one(ContactSection).isVisible())
        choice.setCurrentIndex(0)
        room.wait(lambda: not self.payers(room, small.couple_case))
        assert trust.value == room.desk.ask(contacts)[0].id


def test_the_details_of_a_couple_never_hold_up_the_window(small: Small, room: Room) -> None:
    room.record(("case", small.couple_case))
    room.wait(lambda: room.one(OverviewPanel) is not None)
    watch = LoopWatch()
    with watch:
        room.record(("case", small.couple_case), "details")
        room.form("Ruth Okonkwo")
        room.wait(lambda: room.one(AddContact) is not None)
    assert watch.longest_ms < LIMIT_MS, sorted(watch.turns_ms)[-5:]
    watch.deleteLater()


class TestAdding:
    def fields(self, room: Room) -> list[LineField]:
        pane = room.one(AddPane)
        return [each for each in pane.findChildren(LineField) if each.isVisible()]

    def test_two_names_and_return_add_a_client(self, room: Room) -> None:
        room.page.act("people.new_client")
        given, family = self.fields(room)[:2]
        room.qtbot.keyClicks(given, "Ada")
        room.qtbot.keyClicks(family, "Lowry")
        room.qtbot.keyClick(family, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        room.wait(lambda: bool(room.heard.visited))
        assert room.heard.visited[-1].record is not None
        assert room.heard.visited[-1].record[0] == "case"
        room.wait(lambda: bool(room.heard.undoable))

    def test_escape_keeps_what_was_typed(self, room: Room) -> None:
        room.page.act("people.new_client")
        given, born = self.fields(room)[0], self.fields(room)[3]
        room.qtbot.keyClicks(given, "Ada")
        room.qtbot.keyClicks(born, "4/31/19")
        room.press(given, Qt.Key.Key_Escape)
        room.wait(lambda: room.one(AddPane) is None)
        room.page.act("people.new_client")
        assert self.fields(room)[0].text() == "Ada"
        assert self.fields(room)[3].text() == "4/31/19"

    def test_a_refusal_stands_at_its_field(self, room: Room) -> None:
        room.page.act("people.new_client")
        given = self.fields(room)[0]
        room.qtbot.keyClick(given, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        room.wait(lambda: "first or a last name" in words_of(room.page))

    def test_the_second_person_of_a_couple_is_told_at_their_own_field(self, room: Room) -> None:
        room.page.add_client("couple")
        given, family = self.fields(room)[:2]
        room.qtbot.keyClicks(given, "Ada")
        room.qtbot.keyClicks(family, "Lowry")
        second = self.fields(room)[5]
        room.qtbot.keyClick(family, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        room.wait(lambda: room.page.window().focusWidget() is second)
        assert "first or a last name" in words_of(room.page)
        assert room.heard.visited == []


def test_the_column_leaves_where_there_is_no_room(small: Small, room: Room) -> None:
    room.record(("case", small.ada_case))
    column = room.one(RecordsColumn)
    assert column.isVisible()
    room.page.resize(800, 680)
    assert not column.isVisible()


def words_of(page: QWidget) -> str:

    return " ".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())


def _typed(form: QWidget) -> list[str]:
    return [each.text() for each in form.findChildren(QLineEdit)]
