"""Forms of the calendar that are left half-way: by Esc, by another one, by a lock."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Qt

from app.ui.scheduling.editor import EditorPage
from app.ui.scheduling.page import CalendarPage
from app.ui.scheduling.past import PastPage
from app.ui.shell.continuing import Continued
from app.ui.widgets.buttons import Button
from app.ui.widgets.fields import LineField, TextArea
from app.ui.widgets.message import Message
from app.ui.widgets.typed import DateField
from tests.support.screens import part
from tests.ui.scheduling.room import Room


def memo_of(page: EditorPage) -> TextArea:
    return part(page, TextArea)


def test_an_editor_left_with_escape_comes_up_again(room: Room) -> None:
    room.page.new_appointment()
    editor = room.page.current()
    assert isinstance(editor, EditorPage)
    room.wait(lambda: editor.presenter.day is not None)
    memo = memo_of(editor)
    room.qtbot.keyClicks(memo, "door code 4411")
    starts = next(e for e in editor.findChildren(LineField) if e.accessibleName() == "Starts")
    starts.selectAll()
    room.qtbot.keyClicks(starts, "quarter past")
    room.key(editor, Qt.Key.Key_Escape)
    assert room.page.current() is room.page.week

    room.page.new_appointment()
    again = room.page.current()
    assert isinstance(again, EditorPage)
    assert again is not editor
    room.wait(lambda: memo_of(again).text() == "door code 4411")
    texts = [each.text() for each in again.findChildren(LineField)]
    assert "quarter past" in texts, "what cannot be read yet stays to be mended"
    line = part(again, Continued)
    assert line.isVisible()
    room.press(line, "Start over")
    fresh = room.page.current()
    assert isinstance(fresh, EditorPage)
    room.wait(lambda: fresh.presenter.day is not None)
    assert memo_of(fresh).text() == ""
    assert not part(fresh, Continued).isVisible()


def test_nothing_is_said_of_a_day_that_cannot_be_read(room: Room, cases: dict[str, UUID]) -> None:
    room.page.new_appointment(case_id=cases["Noor Haddad"], starts=datetime(2026, 11, 26, 13, 45))
    editor = room.page.current()
    assert isinstance(editor, EditorPage)
    room.wait(lambda: any(each.isVisible() for each in editor.findChildren(Message)))
    day = part(editor, DateField)
    day.setText("13/45/2026")
    day.judge()
    assert editor.presenter.clash, "the day that was read before still has its overlap"
    room.wait(lambda: not any(each.isVisible() for each in editor.findChildren(Message)))
    assert not any("anyway" in each.words() for each in editor.findChildren(Button))
    day.setText("Nov 26, 2026")
    room.wait(lambda: any(each.isVisible() for each in editor.findChildren(Message)))


def test_a_client_asked_for_gets_nothing_that_was_typed_for_another(
    room: Room, cases: dict[str, UUID]
) -> None:
    ours, other = (
        cases["Noor Haddad"],
        next(id_ for who, id_ in cases.items() if who != "Noor Haddad"),
    )
    for case_id, words in ((ours, "brings her son"), (other, "")):
        room.page.new_appointment(case_id=case_id)
        editor = room.page.current()
        assert isinstance(editor, EditorPage)
        room.wait(lambda editor=editor: editor.presenter.day is not None)  # type: ignore[misc]
        assert memo_of(editor).text() == ""
        room.qtbot.keyClicks(memo_of(editor), words)
    room.page.new_appointment(case_id=ours, starts=datetime(2026, 11, 20, 16, 0))
    editor = room.page.current()
    assert isinstance(editor, EditorPage)
    room.wait(lambda: memo_of(editor).text() == "brings her son")
    assert editor.presenter.typed.starts == datetime(2026, 11, 20, 16, 0), (
        "the slot that was chosen"
    )


def test_quick_entry_that_a_lock_closes_comes_up_again(room: Room) -> None:
    room.page.enter_past()
    past = room.page.current()
    assert isinstance(past, PastPage)
    room.wait(lambda: past.presenter.choices is not None)
    # Not even its first reading of what was kept has come by then.
    past.presenter.add()
    paid = [e for e in past.findChildren(LineField) if e.accessibleName().startswith("Paid for")]
    room.qtbot.keyClicks(paid[1], "12,")
    room.page.closing()
    page = CalendarPage(room.context)
    page.show()
    page.enter_past()
    again = page.current()
    assert isinstance(again, PastPage)
    room.wait(lambda: len(again.presenter.rows) == 2)
    room.wait(lambda: "12," in [each.text() for each in again.findChildren(LineField)])
    page.closing()
    page.deleteLater()
