"""The note editor on screen: keyboard alone, locked state, unusual text, small windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.core.cases.commands import add_couple
from app.core.clinical.commands.notes import discard_empty_draft
from app.core.clinical.queries.notes import draft_of_session, note, notes_of_case
from app.core.clinical.rules.notes import NoteFormat
from app.core.kernel.ids import new_id
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.ui.clinical.area import register
from app.ui.clinical.diagnoses_editor import DiagnosesEditor
from app.ui.clinical.note_page import NotePage
from app.ui.clinical.section_editor import NoteText
from app.ui.shell.places import Place
from app.ui.shell.registry import House
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.fields import SearchField
from tests.core.team.test_permissions import end_membership
from tests.support.practice import TestDesk
from tests.ui.clinical.scene import MONDAY, Walter, colleagues_draft


class Room:
    """The page on Thursday's session, and what a person does with it."""

    def __init__(self, qtbot: Any, screen: Any, desk: TestDesk, walter: Walter) -> None:
        self.qtbot, self.desk, self.walter = qtbot, desk, walter
        self.context, self.heard = screen(desk)
        self.page = NotePage(self.context)
        self.page.resize(1224, 872)
        self.page.show()

    def go(self, place: Place | None = None) -> NotePage:
        asked = {"appointment": str(self.walter.thursday_id)}
        self.page.show_place(place or Place("clinical", ask=asked))
        self.wait(lambda: bool(self.fields()))
        return self.page

    def wait(self, reached: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(reached, timeout=10_000)

    def fields(self) -> dict[str, NoteText]:
        found = self.page.findChildren(NoteText)
        return {each.accessibleName(): each for each in found if each.isVisible()}

    def button(self, words: str) -> Button:
        (found,) = (
            each
            for each in self.page.findChildren(Button)
            if words in each.text() and each.isVisible()
        )
        return found

    def kept(self) -> dict[str, str]:
        self.desk.do(discard_empty_draft, new_id(0))
        note_id = self.desk.ask(draft_of_session, self.walter.thursday_id)
        return {} if note_id is None else dict(self.desk.ask(note, note_id).sections)


@pytest.fixture
def room(qtbot: Any, screen: Any, desk: TestDesk, walter: Walter) -> Iterator[Room]:
    made = Room(qtbot, screen, desk, walter)
    yield made
    made.page.closing()
    desk.do(discard_empty_draft, new_id(0))
    QApplication.processEvents()
    made.page.close()
    made.page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def strike(widget: QWidget, text: str) -> None:
    """Type ``text`` as an input method does, whatever its script."""
    for char in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, char)
            QApplication.sendEvent(widget, key)


def press(widget: QWidget, key: Qt.Key) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))


def paste(field: NoteText, text: str) -> None:
    words = QMimeData()
    words.setText(text)
    field.insertFromMimeData(words)


def test_a_sections_title_is_its_name_and_the_hint_its_description(room: Room) -> None:
    room.go()
    fields = room.fields()
    assert list(fields) == ["Subjective", "Objective", "Assessment", "Plan"]
    assert fields["Plan"].accessibleDescription().startswith("What happens next")


def test_tab_leads_through_the_sections_to_signing(room: Room) -> None:
    room.go()
    fields = room.fields()
    names = []
    widget: QWidget = fields["Subjective"]
    for _ in range(5):
        names.append(widget.accessibleName() or room.button("Sign").words())
        press(widget, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        widget = focused
    assert names == ["Subjective", "Objective", "Assessment", "Plan", "Sign and lock"]


def test_a_note_that_opens_takes_the_keyboard(room: Room) -> None:
    room.page._head.findChildren(Button)[0].setFocus()
    room.go()
    room.wait(room.fields()["Subjective"].hasFocus)


def test_one_goes_on_behind_the_last_words(room: Room) -> None:
    room.go()
    strike(room.fields()["Objective"], "On time.")
    room.go()
    room.wait(room.fields()["Objective"].hasFocus)
    strike(room.fields()["Objective"], " Rested.")
    assert room.fields()["Objective"].text() == "On time. Rested."


@pytest.mark.parametrize(
    "text",
    [
        "Slept six hours.",
        "نام ست ساعات، قلق أقل",
        "\N{FAMILY} calmer 😀",
        "\N{RIGHT-TO-LEFT MARK}שלום, ישן טוב",
    ],
)
def test_any_script_is_kept_as_typed(room: Room, text: str) -> None:
    room.go()
    field = room.fields()["Subjective"]
    strike(field, text)
    assert field.text() == text
    room.page.left()
    assert room.kept()["subjective"] == text.replace("\N{RIGHT-TO-LEFT MARK}", "")


def test_a_keystroke_is_kept_without_anything_else(room: Room) -> None:
    room.go()
    strike(room.fields()["Plan"], "Weekly.")
    room.wait(lambda: room.kept() == {"plan": "Weekly."})


def test_a_report_of_fifty_thousand_words_can_be_pasted(room: Room) -> None:
    room.go()
    report = "\n".join(["word " * 500] * 100)
    paste(room.fields()["Objective"], report)
    room.page.left()
    assert len(room.kept()["objective"].split()) == 50_000


def test_pasting_takes_words_alone(room: Room) -> None:
    room.go()
    field = room.fields()["Plan"]
    rich = QMimeData()
    rich.setHtml("<h1>Weekly</h1>")
    rich.setText("Weekly")
    field.insertFromMimeData(rich)
    assert field.text() == "Weekly"
    assert field.document().firstBlock().charFormat().fontPointSize() == 0


def test_another_format_keeps_every_text_on_the_page(room: Room) -> None:
    page = room.go()
    strike(room.fields()["Subjective"], "Slept.")
    page._presenter.change_format(NoteFormat.BIRP, page._sections.texts())
    shown = ["Subjective", "Behavior", "Intervention", "Response", "Plan"]
    room.wait(lambda: list(room.fields()) == shown)
    assert room.fields()["Subjective"].text() == "Slept."
    page._presenter.change_format(NoteFormat.SOAP, page._sections.texts())
    room.wait(lambda: "Objective" in room.fields())
    assert room.fields()["Subjective"].text() == "Slept."


def test_the_last_plan_is_brought_forward_and_taken_back_by_undo(room: Room) -> None:
    page = room.go()
    room.wait(lambda: len(page._beside.findChildren(Link)) == 4)
    page._beside.findChildren(Link)[3].click()
    plan = room.fields()["Plan"]
    assert plan.text() == MONDAY["plan"]
    plan.undo()
    assert plan.text() == ""


def test_signing_locks_the_text_and_amending_goes_below(room: Room) -> None:
    page = room.go()
    strike(room.fields()["Subjective"], "Slept.")
    page.act("clinical.sign")
    room.wait(lambda: page._presenter.is_signed)
    room.wait(lambda: list(room.fields()) == ["Subjective"])
    signed = room.fields()["Subjective"]
    strike(signed, "Not slept.")
    assert signed.text() == "Slept."
    room.button("Amend").click()
    assert room.button("Add amendment").isEnabled()
    strike(room.fields()["Amendment"], "It was Monday.")
    page.act("clinical.sign")
    room.wait(lambda: bool(page._presenter.note and page._presenter.note.amendments))
    assert "Amendment" not in room.fields()


def test_an_amendment_is_kept_when_the_page_closes(room: Room) -> None:
    page = room.go(Place("clinical", ("note", room.walter.monday_note)))
    page.act("clinical.sign")
    strike(room.fields()["Amendment"], "It was Mon")
    page.closing()
    room.desk.do(discard_empty_draft, new_id(0))
    assert room.desk.ask(note, room.walter.monday_note).amendment_draft == "It was Mon"


def test_a_diagnosis_is_added_by_the_keyboard_alone(room: Room) -> None:
    page = room.go()
    room.wait(page._strip.isVisible)
    page._change_diagnoses()
    (editor,) = page.findChildren(DiagnosesEditor)
    (search,) = editor.findChildren(SearchField)
    room.wait(lambda: editor._presenter.all is not None)
    strike(search, "depression unsp")
    room.wait(lambda: bool(editor._presenter.found))
    press(search, Qt.Key.Key_Return)
    room.wait(lambda: "F32.A" in [each.code for each in editor._presenter.valid])
    page._sheet.close_sheet()
    assert room.heard.undoable


def test_a_couple_without_identified_patient_is_led_to_the_choice(room: Room) -> None:
    couple = room.desk.do(
        add_couple,
        NewClient(PersonName("Daniel", "", "Okonkwo")),
        NewClient(PersonName("Ruth", "", "Okonkwo")),
    ).value
    page = room.go(Place("clinical", ask={"case": str(couple.case_id)}))
    room.wait(page._strip.isVisible)
    (choose,) = (each for each in page._strip.findChildren(Link) if each.isVisible())
    choose.click()
    assert room.heard.visited[-1].record == ("case", couple.case_id)


def test_in_a_small_window_the_last_note_is_a_sheet(room: Room) -> None:
    page = room.go()
    page.resize(808, 652)
    assert not page._beside.isVisible()
    page._show_beside.click()
    assert page._sheet.is_open()
    page._sheet.close_sheet()
    page.resize(1224, 872)
    assert page._beside.isVisible()


def test_a_note_that_is_gone_says_so_in_its_place(room: Room) -> None:
    room.page.show_place(Place("clinical", ("note", new_id(1))))
    room.wait(lambda: room.page._presenter.problem is not None)
    assert not room.fields()


def test_the_page_can_what_it_says(room: Room) -> None:
    page = room.go()
    assert page.can("clinical.sign")
    assert page.can("clinical.discard")
    page.act("clinical.discard")
    room.wait(lambda: room.heard.went_back == 1)
    assert not page.can("clinical.discard")


def test_a_draft_that_its_author_left_is_discarded_and_never_signed(room: Room) -> None:
    desk = room.desk
    bea, note_id = colleagues_draft(desk, room.walter)
    page = room.go(Place("clinical", ("note", note_id)))
    discard = page._foot.buttons[1]
    assert not discard.isVisible()
    assert not page.can("clinical.discard")
    desk.do(end_membership, bea)
    room.wait(discard.isVisible)
    assert not page._foot.buttons[0].isVisible()
    assert page.can("clinical.discard")
    assert not page.can("clinical.sign")
    assert [each.words for each in page._more() if each is not None] == [
        "Open record",
        "Discard draft",
    ]
    discard.click()
    room.wait(lambda: room.heard.went_back == 1)
    assert desk.ask(notes_of_case, room.walter.case_id)[0].id == room.walter.monday_note
    assert room.heard.undoable


def test_the_area_registers_itself() -> None:
    house = House()
    register(house)
    assert not house.areas["clinical"].nav
    assert [panel.key for panel in house.panels.of("case", "tab")] == ["clinical", "documents"]
    assert house.actions.keys_of("clinical.sign") == "Ctrl+Return"
