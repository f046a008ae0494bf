"""Settings, Computers in a real window, over an account that answers as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.core.kernel.errors import MachineError, UserError
from app.core.kernel.syncing import NOT_CONNECTED
from app.ui.settings.computers_panel import ComputersPanel
from app.ui.settings.sync_panel import DISCONNECT
from app.ui.shell.places import Place
from app.ui.widgets.buttons import Button, Link
from tests.support.practice import TestDesk
from tests.support.screens import Heard, focused
from tests.ui.settings.accounts import asking
from tests.ui.settings.computers import LAPTOP, OFFICE, AccountOf, Computers, full, two

HERE = Place("settings", part="computers")


class Room:
    """The page on screen, and what it asked of account and shell."""

    def __init__(self, page: ComputersPanel, heard: Heard, account: AccountOf, qtbot: Any) -> None:
        self.page, self.heard, self.account, self.qtbot = page, heard, account, qtbot
        self.waiting: list[Any] | None = None
        page.resize(1000, 800)
        page.show()
        page.show_place(HERE)
        QApplication.processEvents()

    def words(self) -> str:
        # What was put into a layout within a layout is shown when the window had time for both.
        for _layout in range(3):
            QApplication.processEvents()
        shown = (each for each in self.page.findChildren(QLabel) if each.isVisible())
        return "\n".join(each.text() for each in shown)

    def says(self, *words: str) -> str:
        """Wait until the words stand there, which each answer may build anew; return all."""
        found = ""

        def stand_there() -> bool:
            nonlocal found
            found = self.words()
            return all(each in found for each in words)

        self.qtbot.waitUntil(stand_there)
        return found

    def rows(self) -> list[list[str]]:
        model = self.page._table.rows_model
        return [[cell.spoken() for cell in cells] for cells in model.cells]

    def find(self, words: str) -> Any:
        QApplication.processEvents()
        found = [
            each
            for kind in (Button, Link)
            for each in self.page.findChildren(kind)
            if each.text() == words and each.isVisible()
        ]
        assert found, f"no {words!r} in {self.words()}"
        return found[0]

    def click(self, words: str) -> None:
        QTest.mouseClick(self.find(words), Qt.MouseButton.LeftButton)

    def choose(self, key: object) -> None:
        self.page._table.select(key)


Opens = Callable[..., Room]


@pytest.fixture
def opens(looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk) -> Iterator[Opens]:
    made: list[ComputersPanel] = []

    def open_page(account: AccountOf, waiting: list[Any] | None = None) -> Room:
        context, heard = screen(desk)
        page = ComputersPanel(asking(context, desk, account, waiting))
        qtbot.addWidget(page)
        made.append(page)
        return Room(page, heard, account, qtbot)

    yield open_page
    for page in made:
        page.closing()


def mine(desk: TestDesk) -> AccountOf:
    return AccountOf(computers=Computers(two(desk.actor.member_id)))


def test_a_computer_is_entered_asked_about_and_left_by_keys(opens: Opens, desk: TestDesk) -> None:
    room = opens(mine(desk))
    table = room.page._table
    room.page.activateWindow()
    table.setFocus(Qt.FocusReason.TabFocusReason)
    room.choose(LAPTOP)
    ask = room.find("Take off this account…")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert focused() is ask
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert focused() is room.find("Keep")
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert focused() is ask
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert focused() is table


def test_every_computer_stands_there_with_system_and_when_it_was_last_here(
    opens: Opens, desk: TestDesk
) -> None:
    room = opens(mine(desk))
    assert room.rows() == [
        ["Office iMac macOS 15.1", "This computer"],
        ["MacBook Air macOS 15.1", "Yesterday"],
    ]
    room.says("Choose a computer")
    assert "Taken off" not in room.words()


def test_an_owner_sees_whose_each_is_and_those_that_are_gone(
    opens: Opens, desk: TestDesk, qtbot: Any
) -> None:
    owner = desk.actor.member_id
    room = opens(AccountOf(computers=Computers(full(owner, None))))
    qtbot.waitUntil(lambda: room.rows()[0][1] == "You")
    assert room.rows()[2][1] == "Former member"
    assert len(room.rows()) == 8
    said = room.says("Taken off Nov 18, 2026")
    assert said.index("Not online since") < said.index("Handed over its work")
    assert said.count("Keeps its copy") == 2
    assert said.index("Disconnected Nov 17, 2026") < said.index("Disconnected Oct 20, 2026")


def test_a_lost_laptop_is_taken_off_once_what_happens_has_been_read(
    opens: Opens, desk: TestDesk
) -> None:
    room = opens(mine(desk))
    room.choose(LAPTOP)
    room.click("Take off this account…")
    said = room.says("removes its copy")
    assert "Nothing that it has sent is lost" in said
    assert "its copy stays on it, encrypted" in said
    assert room.account.computers.did == ["ask"]
    room.click("Keep")
    room.click("Take off this account…")
    room.click("Take off")
    assert room.account.computers.did == ["ask", f"take off {LAPTOP.int}"]
    said = room.says("MacBook Air is off the account.")
    assert "Not online since" in said
    assert room.rows() == [["Office iMac macOS 15.1", "This computer"]]
    assert "Choose a computer" in said
    room.page.left()
    assert "is off the account" not in room.words()


def test_a_second_click_takes_off_once(opens: Opens, desk: TestDesk) -> None:
    waiting: list[Any] = []
    room = opens(mine(desk), waiting)
    waiting.pop(0)()
    room.choose(LAPTOP)
    room.click("Take off this account…")
    room.click("Take off")
    room.click("Take off")
    while waiting:
        waiting.pop(0)()
    assert room.account.computers.did == ["ask", f"take off {LAPTOP.int}"]


def test_the_computer_at_hand_leads_to_disconnect(opens: Opens, desk: TestDesk) -> None:
    room = opens(mine(desk))
    room.choose(OFFICE)
    assert not [e for e in room.page.findChildren(Link) if e.text().startswith("Take off")]
    room.click("Disconnect…")
    assert room.heard.visited == [Place("settings", part="sync", ask={"field": DISCONNECT})]


def test_one_that_was_taken_off_already_is_said_and_the_list_comes_again(
    opens: Opens, desk: TestDesk
) -> None:
    room = opens(mine(desk))
    room.choose(LAPTOP)
    room.click("Take off this account…")
    room.account.computers.trouble = UserError("MacBook Air was taken off already, on Nov 19.")
    room.click("Take off")
    room.says("was taken off already")
    assert room.account.computers.did[-1] == "ask"


def test_offline_the_list_that_was_known_last_stays_and_says_so(
    opens: Opens, desk: TestDesk
) -> None:
    room = opens(mine(desk))
    room.account.computers.trouble = MachineError("There is no network.")
    room.page.show_place(HERE)
    said = room.says("There is no network.", "as they were known last")
    assert said.count("There is no network.") == 1
    assert len(room.rows()) == 2
    room.choose(LAPTOP)
    room.click("Take off this account…")
    room.click("Take off")
    room.says("That it was taken off is not confirmed.")
    room.account.computers.trouble = None
    room.page.show_place(HERE)
    assert "as they were known last" not in room.words()


def test_offline_from_the_start_there_is_no_list(opens: Opens, desk: TestDesk) -> None:
    account = mine(desk)
    account.computers.trouble = MachineError("There is no network.")
    room = opens(account)
    said = room.says("There is no network.")
    assert "known last" not in said
    assert room.rows() == []
    assert not room.page._in_use.isVisible()


def test_without_an_account_the_way_to_one_is_shown(opens: Opens, desk: TestDesk) -> None:
    account = mine(desk)
    account.status_now = NOT_CONNECTED
    room = opens(account)
    assert account.computers.did == []
    room.says("connect this practice to it first")
    assert "Another computer" not in room.words()
    room.click("Connect…")
    assert room.heard.visited == [Place("settings", part="sync")]


def test_a_code_for_another_computer_is_shown_until_the_page_is_left(
    opens: Opens, desk: TestDesk
) -> None:
    room = opens(mine(desk))
    room.click("Make a code")
    room.says("K7QP 3M9X")
    room.page.left()
    assert "K7QP 3M9X" not in room.words()


def test_a_link_to_a_computer_chooses_it_as_soon_as_the_list_has_come(
    opens: Opens, desk: TestDesk
) -> None:
    waiting: list[Any] = []
    room = opens(mine(desk), waiting)
    room.page.show_field("computer", LAPTOP.hex)
    waiting.pop(0)()
    assert room.find("Take off this account…").text() == "Take off this account…"
    assert room.page._table.current_key() == LAPTOP


def test_the_keyboard_takes_a_computer_off(opens: Opens, desk: TestDesk) -> None:
    room = opens(mine(desk))
    room.choose(LAPTOP)
    ask = room.find("Take off this account…")
    ask.setFocus()
    QTest.keyClick(ask, Qt.Key.Key_Space)
    keep = room.page.focusWidget()
    assert keep is room.find("Keep")
    QTest.keyClick(keep, Qt.Key.Key_Tab)
    act = room.page.focusWidget()
    assert act is room.find("Take off")
    QTest.keyClick(act, Qt.Key.Key_Space)
    QApplication.processEvents()
    assert room.account.computers.did[-1] == f"take off {LAPTOP.int}"
    assert room.page.focusWidget() is room.page._table


def test_a_computer_that_changed_meanwhile_is_shown_anew(opens: Opens, desk: TestDesk) -> None:
    room = opens(mine(desk))
    room.choose(LAPTOP)
    office, laptop = room.account.computers.known
    room.account.computers.known = (office, replace(laptop, name="Tina’s laptop"))
    room.page.refresh()
    room.says("Tina’s laptop")


def test_a_question_stays_open_when_its_computer_was_seen_meanwhile(
    opens: Opens, desk: TestDesk
) -> None:
    account = mine(desk)
    room = opens(account)
    room.page.activateWindow()
    room.choose(LAPTOP)
    room.click("Take off this account…")
    here, laptop = account.computers.known
    account.computers.known = (here, replace(laptop, program="9.9.9"))
    room.page.refresh()
    room.says("Version 9.9.9")
    assert room.find("Take off")
    assert room.find("Keep").hasFocus()
    assert "Take off this account…" not in [
        each.text() for each in room.page.findChildren(Link) if each.isVisible()
    ]
