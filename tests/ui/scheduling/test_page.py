"""The calendar on screen: pointer, keys, popover, editor, quick entry, a record's tab."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.core.scheduling.queries import SessionView
from app.core.scheduling.rules import AppointmentStatus
from app.ui.scheduling.area import register
from app.ui.scheduling.day_pane import DayPane
from app.ui.scheduling.editor import EditorPage
from app.ui.scheduling.panel import SessionsPanel
from app.ui.scheduling.past import PastPage
from app.ui.scheduling.past_presenter import Became
from app.ui.scheduling.picker import CasePicker
from app.ui.scheduling.typed_session import Until
from app.ui.shell.places import Place
from app.ui.shell.registry import House
from app.ui.widgets.choices import Check
from app.ui.widgets.tables import DataTable
from tests.support.practice import TestDesk
from tests.support.screens import focused, part
from tests.ui.scheduling.room import Room


def test_buttons_for_a_full_week_are_made_in_idle_moments(room: Room) -> None:
    shown = [block.session for block in room.canvas.blocks.all if block.isVisible()]
    room.wait(lambda: room.canvas.blocks.is_ready)
    spare = room.canvas.blocks.all[len(shown) :]
    assert not any(block.isVisible() or block.session for block in spare)
    assert [block.session for block in room.canvas.blocks.all if block.isVisible()] == shown


def test_every_session_is_a_button_with_a_name(room: Room) -> None:
    names = {each.accessibleName() for each in room.canvas.blocks.all if each.isVisible()}
    assert len(names) == 26
    assert (
        "Noor Haddad, Thursday, November 19, 11:30 AM – 12:20 PM, Individual, Video, "
        "Scheduled, repeats" in names
    )


def test_arrows_go_from_session_to_session(room: Room) -> None:
    # The grid has the keyboard from the start; here it comes back to it by Tab.
    room.wait(room.canvas.hasFocus)
    room.canvas.clearFocus()
    room.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    room.wait(lambda: room.block("Noor Haddad").hasFocus())
    for key, title, day in (
        (Qt.Key.Key_Down, "Mateo Villanueva", 19),
        (Qt.Key.Key_Right, "Theo Brandt", 20),
        (Qt.Key.Key_Up, "Mara Rhee", 20),
        (Qt.Key.Key_Left, "Daniel & Ruth Okonkwo-Bell", 19),
    ):
        focused = QApplication.focusWidget()
        assert focused is not None
        room.key(focused, key)
        assert room.block(title, day).hasFocus()


def test_alt_arrows_move_and_the_drop_saves(room: Room) -> None:
    block = room.block("Theo Brandt", 20)
    block.setFocus(Qt.FocusReason.TabFocusReason)
    alt = Qt.KeyboardModifier.AltModifier
    room.key(block, Qt.Key.Key_Down, alt)
    room.key(block, Qt.Key.Key_Left, alt)
    room.key(block, Qt.Key.Key_Up, alt | Qt.KeyboardModifier.ShiftModifier)
    room.key(block, Qt.Key.Key_Alt, kind=QEvent.Type.KeyRelease)
    room.wait(
        lambda: any(
            s.title == "Theo Brandt" and s.day.day == 19 for s in room.page.presenter.sessions
        )
    )
    moved = room.find("Theo Brandt")
    assert (moved.starts, moved.minutes) == (datetime(2026, 11, 19, 12, 15), 60)


def test_two_quick_moves_are_two_moves(room: Room) -> None:
    block = room.block("Theo Brandt", 20)
    before = room.find("Theo Brandt", 20).minutes
    block.setFocus(Qt.FocusReason.TabFocusReason)
    alt = Qt.KeyboardModifier.AltModifier
    for more in (Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier):
        # The second comes before the calendar has read back what the first one did.
        room.key(block, Qt.Key.Key_Down, alt | more)
        room.key(block, Qt.Key.Key_Alt, kind=QEvent.Type.KeyRelease)
    room.wait(lambda: room.find("Theo Brandt", 20).starts == datetime(2026, 11, 20, 12, 15))
    assert room.find("Theo Brandt", 20).minutes == before + 15


def test_the_keyboard_stays_on_a_session_that_moves_below_its_popover(room: Room) -> None:
    first = room.open_card("Noor Haddad")
    block = room.block("Noor Haddad")
    block.setFocus()
    alt = Qt.KeyboardModifier.AltModifier
    room.key(block, Qt.Key.Key_Up, alt)
    room.key(block, Qt.Key.Key_Alt, kind=QEvent.Type.KeyRelease)
    room.wait(lambda: room.cards() and first not in room.cards())
    assert QApplication.focusWidget() is room.block("Noor Haddad")


def test_escape_leads_to_the_hours_where_arrows_choose_a_time(room: Room) -> None:
    block = room.block("Theo Brandt", 20)
    block.setFocus(Qt.FocusReason.TabFocusReason)
    room.key(block, Qt.Key.Key_Escape)
    assert room.canvas.hasFocus()
    assert "12:00" in room.canvas.accessibleName()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left):
        room.key(room.canvas, key)
    room.key(room.canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert "Thu" in room.canvas.accessibleName()
    room.key(room.canvas, Qt.Key.Key_Return)
    editor = room.page.current()
    assert isinstance(editor, EditorPage)
    assert editor.presenter.typed.starts == datetime(2026, 11, 19, 12, 30)
    assert editor.presenter.typed.minutes == 35


def test_a_time_chosen_by_keys_goes_when_the_keyboard_does(room: Room) -> None:
    room.block("Theo Brandt", 20).setFocus(Qt.FocusReason.TabFocusReason)
    room.canvas.setFocus(Qt.FocusReason.BacktabFocusReason)
    assert room.canvas.accessibleName() != "Calendar"
    room.block("Theo Brandt", 20).setFocus(Qt.FocusReason.TabFocusReason)
    assert room.canvas.accessibleName() == "Calendar"


def test_escape_gives_a_move_up(room: Room) -> None:
    block = room.block("Theo Brandt", 20)
    block.setFocus(Qt.FocusReason.TabFocusReason)
    room.key(block, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    room.key(block, Qt.Key.Key_Escape)
    room.key(block, Qt.Key.Key_Alt, kind=QEvent.Type.KeyRelease)
    assert room.heard.undoable == []
    assert room.find("Theo Brandt", 20).starts == datetime(2026, 11, 20, 12)


def test_a_drag_moves_a_session(room: Room) -> None:
    block = room.block("Jun Tanaka")
    start = block.geometry().topLeft() + QPoint(40, 10)
    grid = room.canvas.grid
    assert grid is not None
    room.drag(start, start + QPoint(186, -round(grid.scale * 62)))
    room.wait(
        lambda: any(
            s.title == "Jun Tanaka" and s.day.day == 20 for s in room.page.presenter.sessions
        )
    )
    assert room.find("Jun Tanaka", 20).starts == datetime(2026, 11, 20, 13, 30)
    assert room.heard.undoable[0][0] == "Move session"


def test_a_drag_of_the_lower_edge_changes_the_length(room: Room) -> None:
    block = room.block("Jun Tanaka")
    start = block.geometry().bottomLeft() + QPoint(60, -2)
    room.drag(start, start + QPoint(0, 26))
    room.wait(lambda: room.find("Jun Tanaka").minutes == 75)


def test_what_is_settled_does_not_move(room: Room) -> None:
    block = room.block("Walter Strand")
    start = block.geometry().topLeft() + QPoint(40, 10)
    room.drag(start, start + QPoint(0, 120))
    assert room.find("Walter Strand").starts == datetime(2026, 11, 19, 9)


def test_a_click_or_a_drag_on_free_time_books(room: Room) -> None:
    free = room.point(datetime(2026, 11, 18, 16, 30))
    QTest.mouseClick(room.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, free)
    editor = room.page.current()
    assert isinstance(editor, EditorPage)
    assert editor.presenter.typed.starts == datetime(2026, 11, 18, 16, 30)
    room.key(editor, Qt.Key.Key_Escape)
    assert room.page.current() is room.page.week
    room.drag(free, room.point(datetime(2026, 11, 18, 18)))
    dragged = room.page.current()
    assert isinstance(dragged, EditorPage)
    assert dragged.presenter.typed.minutes == 90


def test_the_popover_says_and_does(room: Room) -> None:
    card = room.open_card("Noor Haddad")
    room.press(card, "Confirm")
    room.wait(lambda: room.find("Noor Haddad").status is AppointmentStatus.CONFIRMED)
    room.wait(lambda: any(c.session.status is AppointmentStatus.CONFIRMED for c in room.cards()))
    room.press(room.cards()[0], "Attended")
    room.wait(lambda: room.find("Noor Haddad").status is AppointmentStatus.COMPLETED)
    room.wait(lambda: any(c.session.is_charged for c in room.cards()))
    room.press(room.cards()[0], "Take payment")
    assert room.heard.visited[-1].part == "payments"


def test_a_session_is_canceled_with_who_and_why(room: Room) -> None:
    card = room.open_card("Theo Brandt", 20)
    room.press(card, "Cancel session…")
    late = next(each for each in card.findChildren(Check) if each.text() == "Late cancellation")
    late.setChecked(True)
    room.press(card, "Cancel session")
    room.wait(lambda: room.find("Theo Brandt", 20).status is AppointmentStatus.LATE_CANCELED)


def test_missed_asks_whether_it_is_charged(room: Room) -> None:
    card = room.open_card("Noor Haddad")
    room.press(card, "Missed…")
    next(each for each in card.findChildren(Check)).setChecked(True)
    room.press(card, "Mark missed")
    room.wait(lambda: room.find("Noor Haddad").chargeable)


def test_enter_in_the_popover_opens_the_note(room: Room) -> None:
    card = room.open_card("Noor Haddad")
    noor = room.find("Noor Haddad").id
    room.key(card, Qt.Key.Key_Return)
    assert room.heard.visited == [Place("clinical", ask={"appointment": str(noor)})]
    assert room.cards() == []


def test_keys_and_actions_of_the_calendar(room: Room) -> None:
    house = House()
    register(house)
    assert {each.keys for each in house.actions if each.keys} == {"N", "T", "D", "W", "M"}
    room.page.act("scheduling.day")
    assert len(list(room.page.presenter.days)) == 1
    room.key(room.page.week, Qt.Key.Key_PageDown)
    assert room.page.presenter.days[0].day == 20
    room.page.act("scheduling.today")
    room.page.act("scheduling.week")
    assert len(list(room.page.presenter.days)) == 7
    room.page.act("scheduling.past")
    assert isinstance(room.page.current(), PastPage)
    assert not room.page.can("scheduling.new")


def test_a_place_leads_to_a_session_or_a_new_one(room: Room, cases: dict[str, UUID]) -> None:
    theo = room.find("Theo Brandt", 20).id
    room.page.show_place(Place("scheduling", ("appointment", theo)))
    room.wait(lambda: any(each.session.id == theo for each in room.cards()))
    walter = room.find("Walter Strand").id
    mend = Place("scheduling", ("appointment", walter), ask={"field": "place_of_service"})
    room.page.show_place(mend)
    settled = room.page.current()
    assert isinstance(settled, EditorPage)
    room.wait(lambda: settled.presenter.is_settled)
    assert settled._starts.isReadOnly()
    settled.finished.emit()
    ada = cases["Ada Lowry"]
    room.page.show_place(Place("scheduling", part="new", ask={"case": str(ada)}))
    editor = room.page.current()
    assert isinstance(editor, EditorPage)
    room.wait(lambda: editor.presenter.case is not None)


def test_a_place_leads_to_a_day(room: Room) -> None:
    room.page.show_place(Place("scheduling", ask={"day": "2027-01-06"}))
    assert date(2027, 1, 6) in room.page.presenter.days


def test_a_new_appointment_begins_with_who_it_is_with(room: Room) -> None:
    room.page.act("scheduling.new")
    editor = room.page.current()
    assert isinstance(editor, EditorPage)
    picker = editor.findChild(CasePicker)
    assert picker is not None
    room.wait(lambda: room.page.window().focusWidget() is picker)


class _Windows(QObject):
    """Writes down every window that comes up, however short."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            self.shown += [type(watched).__name__] if watched.isWindow() else []
        return False


def test_no_part_of_the_editor_flashes_up_as_a_window_and_takes_the_keyboard(
    room: Room, qapp: QApplication
) -> None:
    windows = _Windows()
    qapp.installEventFilter(windows)
    room.page.act("scheduling.new")
    editor = room.page.current()
    assert isinstance(editor, EditorPage)
    room.wait(lambda: editor.presenter.choices is not None)
    choices = editor.presenter.choices
    assert choices is not None
    editor.presenter.choose_service(1, choices.services[0].id)
    qapp.processEvents()
    qapp.removeEventFilter(windows)
    assert windows.shown == []


def test_a_session_is_booked_by_typing(room: Room) -> None:
    room.page.new_appointment(starts=datetime(2026, 11, 24, 15, 45))
    editor = room.page.current()
    assert isinstance(editor, EditorPage)
    room.wait(lambda: editor.presenter.choices is not None)
    editor.save()
    assert editor._form["case"].error() == "Choose who the session is with."
    picker = editor.findChildren(CasePicker)[0]
    assert focused() is picker
    assert picker.property("wrong")
    QTest.keyClicks(picker, "ada lo")
    picker.editingFinished.emit()
    room.wait(lambda: editor.presenter.case is not None)
    assert editor._form["case"].error() == ""
    assert not picker.property("wrong")
    editor._ends.setText("3 pm")
    editor.save()
    assert "before it starts" in editor._form["ends"].error()
    editor._date.setText("2/31/2027")
    editor.save()
    assert "February 2027 has 28 days" in editor._form["date"].error()
    editor._date.setText("tue")
    editor._date.editingFinished.emit()
    editor._ends.setText("4:45 pm")
    editor._ends.editingFinished.emit()
    editor.save()
    room.wait(lambda: room.page.current() is room.page.week)
    assert room.heard.undoable[-1][0] == "Book session"


def test_the_day_beside_the_editor_gives_way_where_the_form_has_no_room(room: Room) -> None:
    room.page.act("scheduling.new")
    editor = room.page.current()
    assert isinstance(editor, EditorPage)
    assert part(editor, DayPane).isVisibleTo(editor)
    room.page.resize(700, 600)
    room.wait(lambda: not part(editor, DayPane).isVisibleTo(editor))


def test_a_time_that_cannot_be_read_is_said_when_its_field_is_left(room: Room) -> None:
    room.page.new_appointment(starts=datetime(2026, 11, 24, 15, 45))
    editor = room.page.current()
    assert isinstance(editor, EditorPage)
    room.wait(lambda: editor.presenter.choices is not None)
    editor._starts.setText("quarter past")
    editor._starts.editingFinished.emit()
    editor.presenter.set(every=1, until=Until.DAY)
    editor._repeats._last.setText("2/31/2027")
    editor._repeats._last.editingFinished.emit()
    assert editor._form["starts"].error() == "Type a time like 9:30 or 2 PM."
    assert editor._form["until"].error() == "February 2027 has 28 days, no day 31."
    assert editor._starts.text() == "quarter past"


def test_what_a_past_session_lacks_is_marked_and_gets_the_keyboard(
    room: Room, cases: dict[str, UUID]
) -> None:
    room.page.enter_past()
    page = room.page.current()
    assert isinstance(page, PastPage)
    room.wait(lambda: page.presenter.choices is not None)
    page.presenter.add()
    page.presenter.set(0, case_id=cases["Ada Lowry"])
    first, second = page._rows
    room.wait(second.case.isVisible)
    page.save()
    assert focused() is second.case
    assert second.case.property("wrong")
    assert second.case.accessibleDescription() == "Choose who the session was with."
    assert not first.case.property("wrong")
    page.presenter.set(1, case_id=cases["Ada Lowry"], day=date(2026, 12, 1))
    assert not second.case.property("wrong")
    page.save()
    assert focused() is second.day
    assert second.day.property("wrong")
    assert "not come yet" in second.problem.text()


def test_a_past_session_whose_day_cannot_be_read_is_not_entered(
    room: Room, cases: dict[str, UUID]
) -> None:
    room.page.enter_past()
    page = room.page.current()
    assert isinstance(page, PastPage)
    room.wait(lambda: page.presenter.choices is not None)
    page.presenter.set(0, case_id=cases["Ada Lowry"])
    (row,) = page._rows
    assert row.case.cursorPosition() == 0, "where it has no room, a name is read from its start"
    row.day.setText("2/31/2026")
    row.day.editingFinished.emit()
    assert row.problem.text() == "February 2026 has 28 days, no day 31."
    page.presenter.set(0, became=Became.MISSED)
    assert row.problem.isVisibleTo(page), "what else is typed leaves it there"
    page.save()
    assert not page.presenter.busy
    assert room.page.window().focusWidget() is row.day
    row.day.setText("")
    row.day.editingFinished.emit()
    assert row.day.text() == "Nov 18, 2026"
    assert not row.problem.isVisibleTo(page)


def test_the_calendar_goes_to_the_week_of_what_was_booked(
    room: Room, cases: dict[str, UUID]
) -> None:
    room.page.presenter.only(room.find("Daniel & Ruth Okonkwo-Bell").service_id)
    room.page.new_appointment(starts=datetime(2026, 12, 16, 15, 45), case_id=cases["Ada Lowry"])
    editor = room.page.current()
    assert isinstance(editor, EditorPage)
    room.wait(lambda: bool(editor.presenter.typed.lines))
    editor.save()
    room.wait(lambda: any(each.session.title == "Ada Lowry" for each in room.cards()))
    assert date(2026, 12, 16) in room.page.presenter.days
    assert room.page.presenter.selected == room.cards()[-1].session.id


def test_the_calendar_goes_to_the_week_of_what_was_entered(
    room: Room, cases: dict[str, UUID]
) -> None:
    room.page.enter_past()
    page = room.page.current()
    assert isinstance(page, PastPage)
    room.wait(lambda: page.presenter.choices is not None)
    page.presenter.set(0, case_id=cases["Ada Lowry"], day=date(2026, 10, 6))
    page.save()
    room.wait(lambda: any(each.session.title == "Ada Lowry" for each in room.cards()))
    assert date(2026, 10, 6) in room.page.presenter.days


def test_the_tab_of_a_record(
    qtbot: Any, screen: Any, desk: TestDesk, looked: QApplication, cases: dict[str, UUID]
) -> None:
    context, heard = screen(desk)
    panel = SessionsPanel(context, case_id=cases["Walter Strand"])
    qtbot.addWidget(panel)
    panel.show()
    table = panel.findChildren(DataTable)[0]
    qtbot.waitUntil(lambda: bool(table.keys_in_order()), timeout=10_000)
    key = table.keys_in_order()[0]
    table.opened.emit(key)
    assert isinstance(key, UUID)
    assert heard.visited == [Place("scheduling", ("appointment", key))]
    panel.closing()


def test_the_menu_of_a_session_offers_what_fits_it(room: Room) -> None:
    asked: list[SessionView] = []
    room.canvas.menu_asked.connect(lambda session, _spot: asked.append(session))
    block = room.block("Noor Haddad")
    spot = block.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, block.mapToGlobal(spot))
    QApplication.sendEvent(block, event)
    assert [each.title for each in asked] == ["Noor Haddad"]
    week = room.page.week
    words = [each.words for each in week._session_entries(asked[0]) if each]
    assert words == ["Attended", "Confirm", "Open note", "Edit", "Details, missed, cancel…"]
    held = [each.words for each in week._session_entries(room.find("Walter Strand")) if each]
    assert held[0] == "Reopen"
    for open_menu in week.findChildren(QMenu):
        open_menu.close()
