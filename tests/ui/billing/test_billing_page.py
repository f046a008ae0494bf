"""Billing on the real widgets, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.core.billing.invoices.queries.listing import invoice, invoice_by_number, invoices
from app.core.billing.invoices.rules import Standing
from app.core.billing.ledger.queries.charges import charges_of_case
from app.core.billing.ledger.queries.payments import payments_between
from app.core.kernel.money import ZERO, Money
from app.ui.billing.area import register
from app.ui.billing.fees_section import FeesSection
from app.ui.billing.invoice_pane import InvoicePane
from app.ui.billing.invoices_panel import InvoicesPanel
from app.ui.billing.ledger_panel import LedgerPanel
from app.ui.billing.opening_pane import OpeningPane
from app.ui.billing.page import BillingPage
from app.ui.billing.paper_pane import PaperPane
from app.ui.billing.payment_pane import PaymentPane
from app.ui.billing.payments_panel import PaymentsPanel
from app.ui.billing.pieces import Confirm
from app.ui.billing.record_panel import BillingTab
from app.ui.billing.tobill_panel import ToBillPanel
from app.ui.shell.places import Place
from app.ui.shell.registry import House
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.tables import DataTable
from app.ui.widgets.text import Text
from app.ui.widgets.typed import MoneyField
from tests.support.practice import StoredPractice, TestDesk
from tests.ui.billing.money_scene import TODAY, stored_money


@pytest.fixture(scope="module")
def stored_practice(tmp_path_factory: pytest.TempPathFactory) -> StoredPractice:
    """A practice with the invoices of the pictures, made once for this file."""
    return stored_money(tmp_path_factory)


class Room:
    """The page, and what a person does with it; going somewhere really goes there."""

    def __init__(self, page: Any, heard: Any, qtbot: QtBot, desk: TestDesk) -> None:
        self.page, self.heard, self.qtbot, self.desk = page, heard, qtbot, desk

    def wait(self, reached: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(reached()), timeout=15_000)

    def follow(self) -> None:
        """Do what the shell does with the last place that was asked for."""
        self.page.show_place(self.heard.visited[-1])

    def all(self, kind: type[QWidget]) -> list[Any]:
        return [each for each in self.page.findChildren(kind) if each.isVisibleTo(self.page)]

    def one(self, kind: type[QWidget]) -> Any:
        self.wait(lambda: len(self.all(kind)) == 1)
        return self.all(kind)[0]

    def table(self, name: str) -> DataTable:
        self.wait(lambda: any(t.accessibleName() == name for t in self.all(DataTable)))
        found: DataTable = next(t for t in self.all(DataTable) if t.accessibleName() == name)
        self.wait(found.keys_in_order)
        return found

    def field(self, name: str) -> Any:
        return next(each for each in self.all(QLineEdit) if each.accessibleName() == name)

    def press(self, widget: QWidget, key: Qt.Key, control: bool = False) -> None:
        modifier = (
            Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        )
        self.qtbot.keyClick(widget, key, modifier)  # type: ignore[no-untyped-call]

    def click(self, words: str) -> None:
        """Click the button or link that says ``words``."""
        self.wait(lambda: self._said(words))
        self._said(words)[0].click()

    def _said(self, words: str) -> list[QAbstractButton]:
        return [
            each
            for each in self.all(QAbstractButton)
            if words in (each.text(), each.accessibleName())
            or (isinstance(each, Button) and each.words() == words)
        ]

    def invoice(self, number: str) -> UUID:
        return self.desk.ask(invoice_by_number, number)

    def choose(self, number: str) -> None:
        self.page.show_place(Place("billing", ("invoice", self.invoice(number)), "invoices"))
        self.wait(lambda: self.says(number) and self.all(InvoicePane))

    def says(self, words: str) -> bool:
        return any(words in each.text() for each in self.all(QLabel))


@pytest.fixture
def room(desk: TestDesk, screen: Any, qtbot: QtBot, looked: Any) -> Iterator[Room]:
    house = House()
    register(house)
    context, heard = screen(desk, house)
    page = BillingPage(context)
    page.resize(1224, 872)
    page.show()
    qtbot.waitExposed(page)
    yield Room(page, heard, qtbot, desk)
    page.closing()
    page.close()
    page.deleteLater()


def test_the_list_says_what_is_owed(room: Room) -> None:
    table = room.table("Invoices")
    assert len(table.keys_in_order()) == 12
    assert isinstance(room.one(InvoicesPanel), InvoicesPanel)
    room.choose("INV-2026-0008")
    for words in ("Part paid", "$135.00", "left of $285.00, due November 30", "Nov 17, Zelle"):
        assert _anywhere(room, words), words


def _anywhere(room: Room, words: str) -> bool:
    return any(
        words in each.accessibleName() or words == each.text() for each in room.all(Text)
    ) or any(words in each.accessibleName() for each in room.all(QWidget))


def test_in_a_narrow_window_the_last_sum_goes_and_none_is_cut(room: Room) -> None:
    summary = room.page._summary
    room.wait(lambda: "received in November" in summary._plain())
    in_full = summary.toolTip(), summary._plain()
    assert in_full[0] == ""
    room.page.resize(760, 700)
    room.wait(lambda: "received" not in summary._plain())
    assert summary._plain().startswith("Owing $1,360.00 · overdue $292.50")
    assert "received in November" in summary.toolTip()
    room.wait(lambda: summary.width() >= summary.sizeHint().width())
    room.page.resize(1224, 872)
    room.wait(lambda: summary._plain() == in_full[1])


def test_a_payment_by_keyboard_alone(room: Room) -> None:
    room.choose("INV-2026-0009")
    assert room.page.can("billing.payment")
    room.page.act("billing.payment")
    pane: PaymentPane = room.one(PaymentPane)
    room.wait(lambda: room.says("Lena Hoffmann, two charges open"))
    amount = room.field("Amount received")
    room.wait(lambda: amount.text() == "165.00")
    amount.selectAll()
    room.qtbot.keyClicks(amount, "200")  # type: ignore[no-untyped-call]
    room.wait(lambda: room.says("$35.00"))
    assert room.says("Left over, kept as Lena’s credit")
    room.qtbot.keyClicks(room.field("Check number"), "318")  # type: ignore[no-untyped-call]
    room.press(amount, Qt.Key.Key_Return, control=True)
    room.wait(lambda: not room.all(PaymentPane))
    newest = room.desk.ask(payments_between, TODAY, TODAY)[0]
    assert (newest.words, newest.amount, newest.credit) == (
        "Check 318",
        Money(200_00),
        Money(35_00),
    )
    assert pane is not None


def test_a_part_is_given_in_its_own_field(room: Room) -> None:
    room.choose("INV-2026-0009")
    room.page.act("billing.payment")
    room.wait(lambda: room.says("Lena Hoffmann, two charges open"))
    second = room.field("Amount for Nov 18, INV-2026-0009")
    assert isinstance(second, MoneyField)
    second.setFocus()
    second.selectAll()
    room.qtbot.keyClicks(second, "90")  # type: ignore[no-untyped-call]
    room.press(second, Qt.Key.Key_Return)
    room.wait(lambda: room.says("Only $82.50 is owed there"))
    room.click("Cancel")
    room.wait(lambda: not room.all(PaymentPane))


def test_a_wrong_day_is_said_at_its_field_and_esc_leaves(room: Room) -> None:
    room.choose("INV-2026-0012")
    room.page.act("billing.payment")
    room.wait(lambda: room.says("Walter Strand, one charge open"))
    day = room.field("Received on")
    day.setText("the 31st of February")
    room.click("Record $165.00")
    room.wait(day.accessibleDescription)
    day.setText("12/24/2026")
    room.click("Record $165.00")
    room.wait(lambda: "still to come" in day.accessibleDescription())
    room.press(day, Qt.Key.Key_Escape)
    room.wait(lambda: not room.all(PaymentPane))
    assert room.desk.ask(invoice, room.invoice("INV-2026-0012"), TODAY).row.owing == Money(165_00)


def test_voiding_says_what_it_does_and_asks_why(room: Room) -> None:
    room.choose("INV-2026-0005")
    room.page.act("billing.void")
    confirm = room.one(Confirm)
    assert room.says("Voiding withdraws the invoice")
    reason = room.field("Reason")
    room.qtbot.keyClicks(reason, "Wrong person")  # type: ignore[no-untyped-call]
    room.press(reason, Qt.Key.Key_Return)
    invoice_id = room.invoice("INV-2026-0005")
    room.wait(lambda: room.desk.ask(invoice, invoice_id, TODAY).row.standing is Standing.VOID)
    assert confirm is not None
    room.wait(lambda: room.says("of $210.00, withdrawn"))


def test_an_invoice_is_shown_and_saved_as_it_was_issued(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "INV-2026-0008.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(target), ""))
    room.choose("INV-2026-0008")
    room.click("View")
    room.one(PaperPane)
    room.click("Save as PDF")
    room.wait(target.exists)
    assert target.read_bytes().startswith(b"%PDF")


def test_cases_are_billed_from_the_list(room: Room) -> None:
    room.page.act("billing.new_invoice")
    room.follow()
    assert isinstance(room.one(ToBillPanel), ToBillPanel)
    table = room.table("To bill")
    assert len(table.keys_in_order()) == 3
    table.select(table.keys_in_order()[1])
    room.wait(lambda: room.says("owing since Nov 12"))
    table.set_checked(table.keys_in_order())
    room.wait(lambda: room.says("3 selected, $685.00"))
    room.page.act("billing.new_invoice")
    room.wait(lambda: len(room.desk.ask(invoices, TODAY)) == 15)
    room.wait(lambda: room.says("Nothing to bill"))
    room.follow()
    room.wait(lambda: room.says("INV-2026-0015"))


def test_a_payment_is_reversed_from_the_list(room: Room) -> None:
    room.page.show_place(Place("billing", part="payments"))
    assert isinstance(room.one(PaymentsPanel), PaymentsPanel)
    table = room.table("Payments")
    table.select(table.keys_in_order()[0])
    room.click("Reverse")
    room.click("Reverse payment")
    room.wait(lambda: len(room.desk.ask(payments_between, TODAY, TODAY)) == 2)


def test_places_ask_for_a_payment(room: Room, desk: TestDesk) -> None:
    case_id = room.desk.ask(invoices, TODAY)[0].case_id
    ask = {"case": str(case_id)}
    room.page.show_place(Place("billing", part="payments", ask=ask))
    room.wait(lambda: room.says("Walter Strand, one charge open"))
    room.page.act("billing.payment")
    room.wait(lambda: any(each.isVisible() for each in room.all(QComboBox)))


def test_the_ledger_is_read_only(room: Room) -> None:
    room.page.show_place(Place("billing", part="ledger"))
    assert isinstance(room.one(LedgerPanel), LedgerPanel)
    room.table("Ledger")
    assert not room.all(Link)
    room.wait(lambda: room.says("Rows are never changed, only reversed."))


def test_where_there_is_no_room_the_inspector_is_a_sheet(room: Room) -> None:
    room.page.resize(964, 700)
    table = room.table("Invoices")
    table.select(table.keys_in_order()[0])
    assert not room.all(InvoicePane)
    table.opened.emit(table.current_key())
    room.one(InvoicePane)
    room.page.act("billing.payment")
    room.one(PaymentPane)
    room.page.resize(1224, 872)
    room.one(PaymentPane)
    room.click("Cancel")
    room.one(InvoicePane)


def test_every_control_has_a_name(room: Room) -> None:
    for part in ("invoices", "tobill", "payments", "ledger"):
        room.page.show_place(Place("billing", part=part))
        _check_names(room)
    room.choose("INV-2026-0009")
    room.page.act("billing.payment")
    room.wait(lambda: room.says("Lena Hoffmann, two charges open"))
    _check_names(room)


def _check_names(room: Room) -> None:
    for kind in (QAbstractButton, QLineEdit, QComboBox):
        for each in room.all(kind):
            if each.objectName().startswith("qt_"):
                continue
            words = each.text() if isinstance(each, QAbstractButton) else ""
            assert each.accessibleName() or words, each


@pytest.fixture
def tab(desk: TestDesk, screen: Any, qtbot: QtBot, looked: Any) -> Iterator[Room]:
    context, heard = screen(desk)
    case_id = next(
        row.case_id for row in desk.ask(invoices, TODAY) if row.bill_to == "Lena Hoffmann"
    )
    made = BillingTab(context, ("case", case_id))
    made.resize(900, 800)
    made.show()
    qtbot.waitExposed(made)
    room = Room(made, heard, qtbot, desk)
    room.wait(lambda: room.says("$165.00"))
    yield room
    made.closing()
    made.close()
    made.deleteLater()


def test_the_record_shows_the_cases_money(tab: Room) -> None:
    assert len(tab.table("Charges").keys_in_order()) == 2
    assert len(tab.table("Invoices").keys_in_order()) == 2
    tab.table("Invoices").opened.emit(tab.table("Invoices").keys_in_order()[0])
    assert tab.heard.visited[-1].area == "billing"
    tab.table("Charges").opened.emit(tab.table("Charges").keys_in_order()[0])
    assert tab.heard.visited[-1].area == "scheduling"


def test_a_charge_on_an_invoice_is_not_voided(tab: Room) -> None:
    key = tab.table("Charges").keys_in_order()[0]
    tab.page._ask_void(key)
    tab.click("Void charge")
    tab.wait(lambda: tab.heard.said)
    assert "void the invoice first" in tab.heard.said[0]


def test_an_opening_credit_is_entered_on_the_record(tab: Room) -> None:
    tab.page._open_opening(credit=True)
    pane = tab.one(OpeningPane)
    amount = tab.field("Amount")
    assert pane.focusProxy() is amount, "the cursor begins in what is to be typed"
    tab.click("Enter")
    tab.wait(amount.accessibleDescription)
    amount.setText("40")
    (save,) = [each for each in tab.all(Button) if each.text() == "Enter"]
    assert save.shortcut().toString() == "Ctrl+Return"
    tab.click("Enter")
    tab.wait(lambda: not tab.all(OpeningPane))
    tab.wait(lambda: tab.says("$40.00 kept as credit"))


def test_the_cases_fee_is_typed_on_the_record(tab: Room) -> None:
    tab.one(FeesSection)
    tab.wait(lambda: tab.field("Fee for Individual session").text() == "82.50")
    fee = tab.field("Fee for Family session")
    tab.page.show_place(Place("people", ask={"field": "fees"}))
    fee.setText("200")
    fee.editingFinished.emit()
    tab.wait(lambda: any(each.cents == 200_00 for each in _own_fees(tab)))
    assert tab.desk.ask(charges_of_case, tab.page._presenter.case_id)[0].amount == Money(82_50)


def _own_fees(tab: Room) -> list[Money]:
    return [fee.own or ZERO for fee in tab.page._presenter.fees.values()]


def test_a_mend_link_begins_a_payment(tab: Room) -> None:
    tab.page.show_place(Place("people", ask={"field": "payment"}))
    tab.one(PaymentPane)
    tab.wait(lambda: tab.says("Lena Hoffmann, two charges open"))
