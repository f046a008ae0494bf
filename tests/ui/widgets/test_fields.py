"""Fields: what is typed, what is wrong, what is locked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.core.kernel.errors import UserError
from app.core.kernel.money import Money
from app.ui.widgets.fields import Choice, LineField, SearchField, TextArea
from app.ui.widgets.firstrun import KeyEntry
from app.ui.widgets.forms import Form, FormField
from app.ui.widgets.layout import column, row
from app.ui.widgets.typed import DateField, MoneyField, TimeField
from tests.support.screens import focused

TODAY = dt.date(2026, 11, 19)


@pytest.fixture
def shown(looked: QApplication, qtbot: Any) -> Any:
    """Shows a widget for the length of a test."""

    def show(widget: QWidget) -> QWidget:
        qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        return widget

    return show


def test_a_sentence_under_one_field_leaves_the_field_beside_it_where_it_was(shown: Any) -> None:
    phone, born = FormField("Phone", LineField()), FormField("Date of birth", LineField())
    beside = shown(row(phone, born))
    beside.resize(360, 140)
    born.show_error("February 1990 has 28 days, no day 31. Type the day as on the card.")
    QApplication.processEvents()
    assert phone.editor.y() == born.editor.y()


def test_an_error_stands_at_its_field_and_takes_the_cursor(shown: Any) -> None:
    form = Form()
    name = form.add("legal_given", FormField("First name", LineField()))
    npi = form.add("npi", FormField("NPI", LineField(), hint="Ten digits"))
    page = shown(column(name, npi))
    assert page.isVisible()
    assert form.show(UserError("Not a valid NPI.", field="npi"))
    assert (npi.error(), name.error()) == ("Not a valid NPI.", "")
    assert npi.editor.hasFocus()
    assert npi.editor.property("wrong")
    assert npi.editor.accessibleDescription() == "Not a valid NPI."
    form.clear()
    assert (npi.error(), npi.editor.accessibleDescription()) == ("", "")


def test_an_error_of_another_form_is_not_ours(shown: Any) -> None:
    form = Form()
    form.add("npi", FormField("NPI", LineField()))
    assert not form.show(UserError("Type a date.", field="date"))
    assert not form.show(UserError("No field at all."))
    assert not form.focus("date")


def test_the_label_names_its_field(shown: Any) -> None:
    field = FormField("Check number", LineField(), optional=True)
    shown(field)
    spoken = QAccessible.queryAccessibleInterface(field.editor)
    assert spoken.text(QAccessible.Text.Name) == "Check number"
    assert spoken.role() == QAccessible.Role.EditableText


def test_money_is_tidied_and_wrong_money_stays_to_be_mended(shown: Any) -> None:
    field = MoneyField(Money(8250), field="fee")
    shown(field)
    assert field.text() == "82.50"
    field.setText("1200")
    field.editingFinished.emit()
    assert (field.text(), field.money()) == ("1,200.00", Money(120000))
    field.setText("a lot")
    field.editingFinished.emit()
    assert field.text() == "a lot"
    with pytest.raises(UserError) as caught:
        field.money()
    assert caught.value.field == "fee"
    field.set_money(None)
    assert field.text() == ""


@pytest.mark.parametrize(
    ("typed", "day"),
    [("11/24/2026", dt.date(2026, 11, 24)), ("nov 24", dt.date(2026, 11, 24)), ("", None)],
)
def test_dates_are_typed_as_people_do(shown: Any, typed: str, day: dt.date | None) -> None:
    field = DateField(today=TODAY)
    shown(field)
    field.setText(typed)
    field.editingFinished.emit()
    assert field.day() == day
    assert field.text() == ("" if day is None else "Nov 24, 2026")


def test_the_31st_of_february_is_refused_at_its_field(shown: Any) -> None:
    field = DateField(today=TODAY, field="held_on")
    shown(field)
    field.setText("2/31/2026")
    field.editingFinished.emit()
    assert field.text() == "2/31/2026"
    with pytest.raises(UserError) as caught:
        field.day()
    assert caught.value.field == "held_on"


@pytest.mark.parametrize("nested", [False, True])
def test_what_cannot_be_read_is_said_when_the_field_is_left(shown: Any, nested: bool) -> None:
    form, born = Form(), DateField(today=TODAY)
    name = FormField("First name", LineField())
    field = form.add("born", FormField("Born", row(born) if nested else born))
    page = shown(column(name, field))
    assert page.isVisible()
    born.setFocus()
    QTest.keyClicks(born, "31/2/1990")
    assert field.error() == "", "it is still being typed"
    name.editor.setFocus()
    assert field.error() == "There is no month 31: type the month first, then the day."
    assert (born.text(), born.property("wrong")) == ("31/2/1990", True)
    assert born.accessibleDescription() == field.error()
    form.clear()
    assert field.error(), "it still cannot be read"
    born.setFocus()
    born.selectAll()
    QTest.keyClicks(born, "2/28/1990")
    assert (field.error(), born.property("wrong")) == ("", False)


def test_an_amount_that_cannot_be_read_is_said_too_and_an_empty_one_is_not(shown: Any) -> None:
    fee = MoneyField(Money(8250))
    field = FormField("Fee", fee)
    shown(field)
    for text, wrong in (("a lot", True), ("", False)):
        fee.setText(text)
        fee.editingFinished.emit()
        assert bool(field.error()) is wrong


def test_a_day_is_picked_from_the_month_by_keys(shown: Any) -> None:
    field = DateField(dt.date(2026, 11, 19), today=TODAY)
    shown(field)
    QTest.keyClick(field, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    month = QApplication.activePopupWidget()
    assert month is not None
    table = month.focusWidget()
    QTest.keyClick(table, Qt.Key.Key_Right)
    QTest.keyClick(table, Qt.Key.Key_Return)
    month.close()
    assert field.day() == dt.date(2026, 11, 20)


def test_times_are_typed_as_people_do(shown: Any) -> None:
    field = TimeField(dt.time(9, 30))
    shown(field)
    assert field.text() == "9:30 AM"
    field.setText("1:15")
    field.editingFinished.emit()
    assert (field.text(), field.time()) == ("1:15 PM", dt.time(13, 15))
    field.setText("quarter past")
    with pytest.raises(UserError):
        field.time()


def test_search_finds_as_one_types_and_esc_empties_it(shown: Any) -> None:
    field = SearchField("Name, phone, email")
    said: list[str] = []
    field.searched.connect(said.append)
    shown(field)
    QTest.keyClicks(field, "ok")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert said == ["o", "ok", ""]


def test_a_locked_field_stays_selectable(shown: Any) -> None:
    field = LineField("Signed Nov 12", name="Signed")
    shown(field)
    field.set_locked(True)
    QTest.keyClicks(field, "x")
    field.selectAll()
    assert (field.text(), field.selectedText()) == ("Signed Nov 12", "Signed Nov 12")
    field.set_locked(False)
    assert not field.isReadOnly()


def test_a_choice_keeps_values_of_any_kind(shown: Any) -> None:
    field = Choice([(None, "Nobody"), (Money(100), "A dollar")], Money(100), name="How much")
    said: list[object] = []
    field.changed.connect(said.append)
    shown(field)
    assert field.value() == Money(100)
    field.set_value(None)
    assert said == [None]
    field.set_options([("x", "X")], "absent")
    assert field.value() == "x"


def test_a_placeholder_means_that_nothing_is_chosen_yet() -> None:
    field = Choice([("a", "A")], name="Letter", placeholder="Choose")
    assert field.value() is None


def test_tab_leaves_several_lines(shown: Any) -> None:
    first, second = TextArea("one", name="First"), TextArea(name="Second")
    page = shown(column(first, second))
    assert page.isVisible()
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Tab)
    assert second.hasFocus()
    assert first.text() == "one"


def test_a_pasted_key_fills_its_groups(shown: Any) -> None:
    entry = KeyEntry()
    shown(entry)
    QApplication.clipboard().setText("7qkm-4txd 9FWC2HRB m6yp-0vje-8zgn-3csa")
    group = entry.findChildren(LineField)[0]
    QTest.keyClick(group, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert entry.text() == "7QKM-4TXD-9FWC-2HRB-M6YP-0VJE-8ZGN-3CSA"


def test_typed_groups_go_on_by_themselves(shown: Any) -> None:
    entry = KeyEntry(groups=2)
    shown(entry)
    entry.findChildren(LineField)[0].setFocus()
    for letter in "ab1cd":
        QTest.keyClicks(focused(), letter)
    assert entry.groups() == ["AB1C", "D"]
    entry.mark([False, None])
    assert entry.findChildren(LineField)[0].property("wrong")


def test_letters_beyond_ascii_are_taken(shown: Any) -> None:
    field = LineField(name="Name")
    shown(field)
    press = QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, "Ł")
    QApplication.sendEvent(field, press)
    assert field.text() == "Ł"
