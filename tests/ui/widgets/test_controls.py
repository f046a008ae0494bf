"""Buttons, choices, tabs and what floats: states, names, keys."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from app.ui.theme import look
from app.ui.theme.tokens import THEMES
from app.ui.widgets.bars import ActsBar, SelectionBar
from app.ui.widgets.buttons import Button, IconButton, Link
from app.ui.widgets.choices import Check, Radio, Segmented
from app.ui.widgets.fields import LineField
from app.ui.widgets.focus import FocusRing
from app.ui.widgets.folding import FoldingRow
from app.ui.widgets.layout import Facts, Section, column, row_layout
from app.ui.widgets.menus import Entry, menu
from app.ui.widgets.message import IconMark, Message
from app.ui.widgets.meters import Meter, Progress
from app.ui.widgets.panes import Inspector, Sheet
from app.ui.widgets.popover import Popover
from app.ui.widgets.states import EmptyState, StateStack, Way
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.tabs import FilterBar, Tabs
from app.ui.widgets.text import RichText, Text
from app.ui.widgets.undobar import UndoBar
from tests.support.gallery import Gallery
from tests.support.screens import focused, part


@pytest.fixture
def host(looked: QApplication, qtbot: Any) -> QWidget:
    made = QWidget()
    made.resize(800, 600)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def _role(widget: QWidget) -> QAccessible.Role:
    return QAccessible.queryAccessibleInterface(widget).role()


def test_controls_have_their_roles(host: QWidget) -> None:
    assert _role(Button("Sign")) == QAccessible.Role.Button
    assert _role(Link("Mend")) == QAccessible.Role.Button
    assert _role(Check("Text")) == QAccessible.Role.CheckBox
    assert _role(Radio("All")) == QAccessible.Role.RadioButton
    assert _role(Tabs([("a", "A")])) == QAccessible.Role.PageTabList
    assert _role(Text("Words")) == QAccessible.Role.StaticText
    assert _role(StatusLabel(Status("check", "Paid"))) == QAccessible.Role.StaticText
    assert _role(Meter(3, 10, "Active clients")) == QAccessible.Role.ProgressBar


def test_an_icon_button_says_what_it_does(host: QWidget) -> None:
    made = IconButton("plus", "New appointment", keys="N")
    assert (made.accessibleName(), made.toolTip()) == ("New appointment", "New appointment  N")
    made.set_icon("x", "Close")
    assert (made.accessibleName(), made.toolTip()) == ("Close", "Close")


def test_a_busy_button_cannot_be_pressed_again(host: QWidget) -> None:
    pressed: list[int] = []
    made = Button("Issue", kind="primary", on_click=lambda: pressed.append(1))
    made.setParent(host)
    made.show()
    QTest.mouseClick(made, Qt.MouseButton.LeftButton)
    made.set_busy(True)
    QTest.mouseClick(made, Qt.MouseButton.LeftButton)
    made.set_busy(False)
    QTest.keyClick(made, Qt.Key.Key_Space)
    assert pressed == [1, 1]


def test_the_keyboard_stays_on_a_button_that_is_busy_and_a_second_press_does_nothing(
    host: QWidget,
) -> None:
    pressed: list[str] = []
    made = Button("Send", on_click=lambda: pressed.append("Send"))
    box = column(made, Button("Cancel", on_click=lambda: pressed.append("Cancel")))
    box.setParent(host)
    box.show()
    made.setFocus()
    for busy in (True, True, False):
        made.set_busy(busy)
        assert made.hasFocus()
        assert made.isEnabled() is not busy
        if busy:
            # As pages do that know of more than one reason.
            made.setEnabled(False)
            QTest.keyClick(focused(), Qt.Key.Key_Space)
    assert pressed == []
    made.setEnabled(False)
    assert not made.isEnabled()
    assert not made.hasFocus()


def test_the_ring_follows_the_keyboard_and_not_the_pointer(host: QWidget) -> None:
    ring = FocusRing(host)
    first, second = Button("One"), Button("Two")
    box = column(first, second)
    box.setParent(host)
    box.show()
    second.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
    assert not ring.isVisible()
    first.setFocus(Qt.FocusReason.TabFocusReason)
    assert ring.isVisible()
    assert ring.geometry().contains(first.geometry())
    second.setFocus(Qt.FocusReason.TabFocusReason)
    assert ring.geometry().contains(second.geometry())
    second.hide()
    assert not ring.geometry().contains(second.geometry()) or not ring.isVisible()
    box.deleteLater()


def test_segments_are_chosen_by_arrow_keys(host: QWidget) -> None:
    made = Segmented([("day", "Day"), ("week", "Week")], "week", name="View")
    made.setParent(host)
    made.show()
    said: list[object] = []
    made.chosen.connect(said.append)
    made.findChildren(QWidget)[-1].setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Left)
    assert (made.value(), said) == ("day", ["day"])
    with pytest.raises(ValueError, match="month"):
        made.set_value("month")


def test_tabs_and_filters_say_their_key(host: QWidget) -> None:
    said: list[str] = []
    tabs = Tabs([("overview", "Overview"), ("billing", "Billing")], "billing")
    tabs.chosen.connect(said.append)
    tabs.set_current("overview")
    filters = FilterBar([("active", "Active", 31), ("all", "All", None)])
    filters.chosen.connect(said.append)
    filters.set_current("all")
    filters.set_counts({"all": 7})
    assert said == ["overview", "all"]
    assert (tabs.current_key(), filters.current_key()) == ("overview", "all")


def test_a_refused_check_cannot_be_set(host: QWidget) -> None:
    changed: list[bool] = []
    made = Check("Noor Haddad", on_change=changed.append)
    made.setParent(host)
    made.show()
    made.click()
    made.set_refused(True)
    made.click()
    assert changed == [True]


def test_paragraphs_take_the_height_of_their_lines(host: QWidget) -> None:
    made = Text("word " * 60, "lead", wrap=True)
    assert made.heightForWidth(300) > 3 * look.line_height("lead")
    assert made.heightForWidth(300) % look.line_height("lead") == 0
    rich = RichText("Owing <b>$865.00</b> &amp; <tone danger.text>overdue</tone>")
    assert rich.minimumSizeHint().height() == look.line_height("body")


def test_long_words_elide_and_keep_their_full_text(host: QWidget) -> None:
    made = Text("A very long name indeed", elide=True, parent=host)
    made.resize(60, 20)
    made.show()
    made.grab()
    assert made.toolTip() == made.text() == "A very long name indeed"


def test_a_sheet_closes_by_esc_and_gives_the_keyboard_back(host: QWidget) -> None:
    field = QLineEdit(host)
    field.show()
    field.setFocus()
    sheet = Sheet(host)
    pane = Inspector("Record payment")
    sheet.open(pane)
    assert sheet.is_open()
    assert pane.geometry().right() == host.width() - 1
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.is_open()
    assert field.hasFocus()


def test_a_popover_stays_inside_its_window(host: QWidget) -> None:
    popover = Popover(host, width=300)
    for anchor in (QRect(10, 10, 40, 20), QRect(740, 560, 40, 20)):
        popover.open_at(anchor, Text("Jun Tanaka"))
        surface = popover.surface().translated(popover.x(), popover.y()).toRect()
        assert host.rect().contains(surface)
        assert not surface.intersects(anchor)
    QTest.keyClick(popover, Qt.Key.Key_Escape)
    assert not popover.isVisible()


def test_a_press_outside_closes_a_popover(host: QWidget) -> None:
    popover = Popover(host, width=200)
    popover.open_at(QRect(10, 10, 20, 20), Text("Details"))
    QTest.mouseClick(host, Qt.MouseButton.LeftButton, pos=host.rect().bottomRight())
    assert not popover.isVisible()


def test_the_undo_bar_undoes_once(host: QWidget) -> None:
    undone: list[int] = []
    bar = UndoBar(host)
    bar.offer("Session moved to Friday, 9:00 AM", lambda: undone.append(1))
    assert bar.accessibleName() == "Session moved to Friday, 9:00 AM"
    QTest.mouseClick(part(bar, Link), Qt.MouseButton.LeftButton)
    assert (undone, bar.isVisible()) == ([1], False)
    bar.say("The list could not be saved.")
    assert not part(bar, Link).isVisible()
    bar.hide()


def test_the_undo_bar_is_as_wide_as_its_words_from_the_first_showing(host: QWidget) -> None:
    bar = UndoBar(host)
    for sentence in ("Done: Confirm session", "Done", "The list could not be saved on this disk."):
        bar.say(sentence)
        words = part(bar, Text)
        assert (words.text(), words.width()) == (sentence, words.sizeHint().width())
    bar.hide()


def test_buttons_without_room_fold_into_the_menu(host: QWidget) -> None:
    buttons = [Button(words) for words in ("Open note", "Confirm", "Attended")]
    line = FoldingRow(buttons, IconButton("ellipsis", "More acts"))
    line.setParent(host)
    line.resize(600, 40)
    line.show()
    assert line.folded() == []
    line.resize(line.sizeHint().width() - 1, 40)
    assert line.folded() == [2]
    line.resize(line.minimumSizeHint().width(), 40)
    assert line.folded() == [1, 2]
    line.resize(600, 40)
    assert line.folded() == []


def test_the_acts_of_a_selection_go_below_the_sum_where_there_is_no_room(host: QWidget) -> None:
    act = Button("Create 12 superbills", kind="primary", keys="Ctrl+Return")
    bar = SelectionBar([act])
    bar.setParent(host)
    bar.resize(700, bar.height())
    bar.say("12 selected, $6,765.00", "Each gets a number and is frozen.")
    beside = bar.height()
    title, sentence = bar.findChildren(Text)
    # There the sum alone would still have room beside the act.
    between = (title.sizeHint().width() + sentence.sizeHint().width()) // 2
    for width in (between + 8 + 2 * 40 + act.sizeHint().width(), 400):
        bar.resize(width, bar.height())
        QApplication.processEvents()
        assert bar.height() > beside
        assert act.width() >= act.sizeHint().width()
        for words in bar.findChildren(Text):
            assert words.width() >= words.sizeHint().width()


def test_escape_closes_a_sheet_before_it_is_a_shortcut_of_the_page(host: QWidget) -> None:
    left: list[int] = []
    QShortcut(QKeySequence("Esc"), host, lambda: left.append(1))
    sheet = Sheet(host)
    field = QLineEdit()
    sheet.open(field)
    handle: Any = host.windowHandle()
    QTest.keyClick(handle, Qt.Key.Key_Escape)
    assert (sheet.is_open(), left) == (False, [])
    QTest.keyClick(handle, Qt.Key.Key_Escape)
    assert left == [1]


def test_menus_show_keys_that_belong_to_the_window(host: QWidget) -> None:
    did: list[str] = []
    made = menu(
        host,
        [
            Entry("Open note", lambda: did.append("note"), "N"),
            None,
            Entry("Cancel", int, enabled=False),
        ],
    )
    made.actions()[0].trigger()
    assert did == ["note"]
    assert made.actions()[0].shortcut().toString() == "N"
    assert not made.actions()[2].isEnabled()
    made.deleteLater()


def test_loading_waits_a_tenth_of_a_second(host: QWidget, qtbot: Any) -> None:
    content = Text("Content")
    stack = StateStack(content)
    stack.setParent(host)
    stack.show()

    def current() -> QWidget:
        shown = stack.currentWidget()
        assert shown is not None
        return shown

    stack.loading()
    assert current().accessibleName() != "Loading"
    qtbot.waitUntil(lambda: current().accessibleName() == "Loading")
    retried: list[int] = []
    stack.error("The list could not be read.", lambda: retried.append(1))
    part(current(), Link).click()
    stack.empty(EmptyState("users-round", "No clients yet", "Add one.", [Way("Add a client", int)]))
    stack.content()
    assert (stack.currentWidget(), retried) == (content, [1])


def test_the_keyboard_goes_to_what_was_read(host: QWidget, qtbot: Any) -> None:
    content = LineField(name="Content")
    stack = StateStack(content)
    stack.setParent(host)
    stack.show()
    host.activateWindow()
    stack.loading()
    host.setFocus()
    stack.content()
    qtbot.waitUntil(content.hasFocus)
    stack.loading()
    stack.empty(EmptyState("users-round", "No clients yet", "Add one.", [Way("Add a client", int)]))
    qtbot.waitUntil(lambda: isinstance(host.focusWidget(), Link))
    other = LineField(name="Elsewhere")
    other.setParent(host)
    other.show()
    other.setFocus()
    stack.content()
    assert host.focusWidget() is other


def test_a_sentence_at_the_foot_is_never_cut(host: QWidget, qtbot: Any) -> None:
    words = "The whole import can be undone in one step, for 30 days, with all that came with it."
    bar = ActsBar(words, [Button("Back"), Button("Save report"), Button("Import 53 people")])
    box = QVBoxLayout(host)
    box.addStretch(1)
    box.addWidget(bar)
    host.resize(620, 400)
    said = bar.findChild(Text)
    assert said is not None
    qtbot.waitUntil(lambda: said.height() >= said.heightForWidth(said.width()) > 40)


def test_a_meter_turns_ochre_at_nine_of_ten(host: QWidget) -> None:
    made = Meter(8, 10, "Active clients")
    tokens = []
    for used in (8, 9, 10, 12):
        made.set(used, 10)
        tokens.append(made._token())
    assert tokens == ["accent.base", "warn.mark", "danger.mark", "danger.mark"]


def test_long_work_is_cancelled_and_says_what_it_did(host: QWidget) -> None:
    made = Progress()
    made.setParent(host)
    made.show()
    cancelled: list[int] = []
    made.cancelled.connect(lambda: cancelled.append(1))
    made.set(8, 12, "Making superbills, 8 of 12")
    part(made, Link).click()
    made.finish("8 superbills made")
    assert cancelled == [1]
    assert not part(made, Link).isVisible()


def test_facts_and_sections_are_named(host: QWidget) -> None:
    facts = Facts()
    said = facts.add("Next appointment", "Thursday, Dec 3")
    assert said.accessibleName() == "Next appointment: Thursday, Dec 3"
    section = Section("Open items", count=1)
    section.set_count(None)
    assert section.accessibleName() == "Open items"
    message = Message(Tone.DANGER, "Refused.", "No date of birth.", mend="Mend")
    assert message.accessibleName() == "Refused. No date of birth."


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("percent", [100, 150])
def test_every_control_is_painted_in_every_look(
    looked: QApplication, qtbot: Any, theme: str, percent: int
) -> None:
    look.use(looked, theme=theme, percent=percent)
    page = Gallery()
    qtbot.addWidget(page)
    page.resize(1440, 900)
    page.show()
    assert not page.grab().toImage().isNull()


def test_a_way_without_its_reason_stands_where_the_others_stand(looked: Any, qtbot: Any) -> None:
    ways = (
        Way("Take a payment", lambda: None, icon="banknote"),
        Way("Enter past sessions", lambda: None, "What was held before.", "history"),
    )
    state = EmptyState("file-text", "No paid sessions", "One sentence.", ways)
    qtbot.addWidget(state)
    state.resize(700, 500)
    state.show()
    alone, other = (link.mapTo(state, QPoint(0, 0)).x() for link in state.findChildren(Link))
    assert alone == other
    marks = [mark.mapTo(state, QPoint(0, 0)).x() for mark in state.findChildren(IconMark)]
    assert marks[1] == marks[2]


def test_a_name_that_leads_on_gives_way_where_there_is_no_room(
    looked: QApplication, qtbot: Any
) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    line = row_layout(page)
    short, long = (Link(words, elide=True) for words in ("Ana Ruiz", "Wolfeschlegel" * 9))
    line.addWidget(short)
    line.addWidget(long)
    line.addWidget(Text(""), 1)
    page.resize(400, 40)
    page.show()
    assert long.geometry().right() < 400
    assert short.width() == short.sizeHint().width()


def test_a_line_with_letters_of_a_taller_font_keeps_its_baseline(looked: QApplication) -> None:
    def baseline(words: str) -> float:
        flow = Text(words, wrap=True)._flow(400)
        line = flow.lineAt(0)
        return line.position().y() + line.ascent()

    assert baseline("Tomás and عبد الرحمن") == pytest.approx(baseline("Tomás and Imani"))
