"""Settings, Sync in a real window: connecting, what the account would remove, and its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLabel

from app.core.kernel.errors import NotWhole, UserError
from app.core.kernel.phrases import date_words
from app.core.kernel.syncing import NOT_CONNECTED, Repaired, SyncState, SyncStatus
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.ui.settings import sync_panel
from app.ui.settings.sync_panel import SyncPanel
from app.ui.shell.places import Place
from app.ui.shell.preferences import Preferences
from app.ui.shell.program import PracticeFile, SigningIn
from app.ui.shell.removal import PUT_OFF
from app.ui.shell.syncing import SyncPresenter
from app.ui.shell.window import ShellWindow
from app.ui.widgets.buttons import Button, Link
from tests.e2e.driver import Driver
from tests.e2e.keyboard import Keyboard
from tests.support.practice import TestDesk

SYNCED = replace(NOT_CONNECTED, state=SyncState.SYNCED, server="https://account.example")
ASKS = SyncStatus(
    SyncState.NEEDS_YOU,
    asks=1,
    server="https://account.example",
    removal=(("client_phone", 3), ("client", 22), ("diagnosis", 1)),
)


@dataclass
class Browser:
    """A sign-in that waits for a browser."""

    address: str = "https://account.example/account/connect?state=drawn"
    came: Callable[[], None] = lambda: None
    canceled: bool = False

    def begin(self, came: Callable[[], None]) -> None:
        self.came = came

    def cancel(self) -> None:
        self.canceled = True


@dataclass
class Account:
    """The tie to an account that answers as it is told."""

    now: SyncStatus = NOT_CONNECTED
    refuses: UserError | None = None
    differed: dict[str, list[UUID]] = field(default_factory=dict)
    did: list[str] = field(default_factory=list)
    signing: Browser = field(default_factory=Browser)
    told: bool = True
    """Whether the account can be told that it is disconnected."""

    @property
    def sync(self) -> Account:
        return self

    def status(self) -> SyncStatus:
        return self.now

    def start(self) -> None:
        """Nothing runs by itself here."""

    def connect(self, server: str, code: str, _name: str) -> None:
        self.did.append(f"connect {server} {code}")
        if self.refuses is not None:
            raise self.refuses
        self.now = replace(NOT_CONNECTED, state=SyncState.SYNCING)

    def begin_sign_in(self, server: str = "", device_name: str = "") -> SigningIn:
        self.did.append(f"begin {server}".strip())
        if self.refuses is not None:
            raise self.refuses
        return self.signing

    def sign_in(self, signing: Browser) -> None:
        assert signing is self.signing
        self.did.append("sign in")
        if self.refuses is not None:
            raise self.refuses
        self.now = replace(NOT_CONNECTED, state=SyncState.SYNCING)

    def sync_now(self) -> SyncStatus:
        self.did.append("sync")
        return self.now

    def disconnect(self, *, anyway: bool = False) -> bool:
        self.did.append("disconnect anyway" if anyway else "disconnect")
        if self.refuses is not None and not anyway:
            raise self.refuses
        self.now = NOT_CONNECTED
        return self.told

    def check(self) -> dict[str, list[UUID]]:
        self.did.append("check")
        if self.refuses is not None:
            raise self.refuses
        return self.differed

    def accept_removal(self) -> None:
        self.did.append("accept")
        self.now = replace(self.now, state=SyncState.SYNCED, asks=0, removal=())


class Room:
    """The page on screen. Work waits until the test lets it run."""

    def __init__(self, screen: Any, desk: TestDesk) -> None:
        self.account = Account()
        self.waiting: list[Callable[[], None]] = []
        context, self.heard = screen(desk)
        self.deliver = context.deliver
        self.sync = SyncPresenter(
            desk, lambda call: call(), cast(PracticeFile, self.account), self._work
        )
        self.panel = SyncPanel(replace(context, sync=self.sync))
        self.panel.show()

    def _work(self, call: Callable[[], Any], *, then: Any, failed: Any) -> None:
        def run() -> None:
            try:
                value = call()
            except UserError as error:
                failed(error)
            else:
                then(value)

        self.waiting.append(run)

    def run(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()

    def say(self, status: SyncStatus) -> None:
        self.account.now = status
        self.sync._have_told(status)

    def words(self) -> str:
        # What was put into a layout within a layout is shown when the window had time for both.
        for _layout in range(3):
            QApplication.processEvents()
        return "\n".join(e.text() for e in self.panel.findChildren(QLabel) if e.isVisible())

    def button(self, words: str) -> Button:
        found = [each for each in self.panel.findChildren(Button) if each.text() == words]
        return next(each for each in found if each.isVisible())

    def has(self, words: str) -> bool:
        found = (each for each in self.panel.findChildren(Button) if each.text() == words)
        return any(each.isVisible() for each in found)


@pytest.fixture
def room(looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk) -> Iterator[Room]:
    made = Room(screen, desk)
    qtbot.addWidget(made.panel)
    yield made
    made.panel.closing()
    made.sync.close()


def test_what_the_account_would_remove_is_told_and_agreed_to(room: Room) -> None:
    room.say(replace(ASKS, removal=()))
    assert not room.has("Remove them here")
    room.say(ASKS)
    assert "22 clients, 1 diagnosis, 3 other records" in room.words()
    assert "they are removed here as well" in room.words()
    room.button("Remove them here").click()
    room.button("Remove them here").click()
    room.run()
    assert room.account.did == ["accept"]
    assert not room.has("Remove them here")


def test_not_now_removes_nothing_and_the_next_visit_asks_again(room: Room) -> None:
    room.say(ASKS)
    room.button("Not now").click()
    room.run()
    assert room.account.did == []
    assert PUT_OFF in room.words()
    assert "22 clients" in room.words()
    assert not room.has("Remove them here")
    room.panel.left()
    assert room.has("Remove them here")


def test_another_removal_is_asked_about_though_the_first_was_put_off(room: Room) -> None:
    room.say(ASKS)
    room.button("Not now").click()
    room.say(replace(ASKS, removal=(("client", 60),)))
    assert "60 clients" in room.words()
    assert room.has("Remove them here")


def test_a_wrong_code_says_one_sentence_and_a_right_one_connects(room: Room) -> None:
    room.account.refuses = UserError("That code is not valid any more.", field="code")
    room.panel._server.setText(" https://account.example ")
    room.panel._code.setText("AAAA AAAA")
    room.button("Connect").click()
    room.run()
    assert room.account.did == ["connect https://account.example AAAA AAAA"]
    assert room.panel.form["code"].error() == "That code is not valid any more."
    assert room.has("Connect")
    room.account.refuses = None
    room.button("Connect").click()
    room.run()
    assert room.has("Check my data")
    assert not room.has("Connect")


@pytest.fixture
def keys(room: Room, qtbot: Any, tmp_path: Path) -> Keyboard:
    """Somebody at the page without a mouse; where Tab leads is the window's."""
    shell = ShellWindow(Preferences(tmp_path / "window.ini", theme="light"))
    qtbot.addWidget(shell)
    shell.show()
    shell.show_front(room.panel)
    return Keyboard(Driver(shell))


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the system's browser was given."""
    opened: list[str] = []
    monkeypatch.setattr(sync_panel, "open_in_browser", opened.append)
    return opened


def test_signing_in_opens_the_browser_and_goes_on_when_it_came_back(
    room: Room, browser: list[str]
) -> None:
    room.panel._server.setText("https://account.example")
    room.button("Sign in with your browser").click()
    room.run()
    assert browser == [room.account.signing.address]
    assert "allow this computer" in room.words()
    assert not room.has("Sign in with your browser")
    assert not room.has("Connect")
    room.panel._waits.again.click()
    assert browser == [room.account.signing.address] * 2
    assert room.account.did == ["begin https://account.example"]
    room.account.signing.came()
    room.run()
    assert room.account.did[1:] == ["sign in"]
    assert room.has("Check my data")


def test_a_sign_in_that_is_canceled_leaves_the_form_as_it_was(
    room: Room, browser: list[str]
) -> None:
    room.button("Sign in with your browser").click()
    room.run()
    room.panel._waits.cancel.click()
    room.run()
    assert room.account.signing.canceled
    room.account.signing.came()
    room.run()
    assert room.account.did == ["begin"]
    assert room.has("Sign in with your browser")


def test_a_refused_sign_in_says_why_and_can_be_tried_again(room: Room, browser: list[str]) -> None:
    room.account.refuses = UserError("Type the address.", field="server")
    room.button("Sign in with your browser").click()
    room.run()
    assert room.panel.form["server"].error() == "Type the address."
    assert browser == []
    room.account.refuses = None
    room.button("Sign in with your browser").click()
    room.run()
    room.account.refuses = UserError("This computer was not allowed in the browser.")
    room.account.signing.came()
    room.run()
    assert "not allowed in the browser" in room.words()
    assert room.has("Sign in with your browser")


def test_a_computer_that_is_not_known_any_more_is_offered_to_sign_in_again(
    room: Room, browser: list[str]
) -> None:
    room.say(replace(NOT_CONNECTED, state=SyncState.SIGN_IN, server="https://account.example"))
    room.button("Sign in again").click()
    room.run()
    assert browser == [room.account.signing.address]
    room.account.signing.came()
    room.run()
    assert not room.has("Sign in again")


def test_signing_in_again_needs_no_mouse(room: Room, browser: list[str], keys: Keyboard) -> None:
    room.say(replace(NOT_CONNECTED, state=SyncState.SIGN_IN, server="https://account.example"))
    keys.push("Sign in again")
    room.run()
    assert room.panel._again._waits.again.hasFocus()
    keys.press("Space", "Tab", "Space")
    room.run()
    assert browser == [room.account.signing.address] * 2
    assert room.account.signing.canceled
    assert room.button("Sign in again").hasFocus()
    keys.walk_to("Check my data")
    keys.walk_to("Disconnect")


def test_connecting_needs_no_mouse(room: Room, browser: list[str], keys: Keyboard) -> None:
    keys.write("Address of the account", "https://account.example")
    keys.push("Sign in with your browser")
    room.run()
    assert room.panel._waits.again.hasFocus()
    keys.press("Tab", "Space")
    room.run()
    keys.write("One-time code", "K7QP 3M9X")
    keys.push("Connect")
    room.run()
    assert room.account.did[-1] == "connect https://account.example K7QP 3M9X"
    assert room.has("Check my data")


def test_what_waits_is_counted(room: Room) -> None:
    waiting = replace(NOT_CONNECTED, state=SyncState.WAITING, server="https://account.example")
    room.say(replace(waiting, waiting=1))
    assert "1 change of this computer goes out within a minute." in room.words()
    room.say(replace(waiting, waiting=3))
    assert "3 changes of this computer go out within a minute." in room.words()


def test_what_would_stay_here_is_said_before_it_disconnects_anyway(room: Room) -> None:
    room.say(replace(NOT_CONNECTED, state=SyncState.WAITING, waiting=2))
    anyway = next(e for e in room.panel.findChildren(Link) if e.text() == "Disconnect anyway")
    room.account.refuses = UserError("Something else is wrong.")
    room.button("Disconnect").setFocus()
    room.button("Disconnect").click()
    room.run()
    assert not anyway.isVisible()
    room.account.refuses = NotWhole("Not in the account yet: 2 clients.")
    room.button("Disconnect").click()
    room.run()
    assert "Not in the account yet: 2 clients." in room.words()
    # The mend stands where the act stood, and a second press of the key parts nothing.
    assert not room.has("Disconnect")
    assert room.button("Sync now").hasFocus()
    anyway.click()
    room.run()
    assert room.account.did == ["disconnect", "disconnect", "disconnect anyway"]
    assert "lists it as disconnected" in room.words()


@pytest.mark.parametrize("act", ["Check my data", "Disconnect"])
def test_what_went_wrong_is_said_right_below_its_button(room: Room, act: str) -> None:
    room.say(replace(NOT_CONNECTED, state=SyncState.SYNCED))
    room.account.refuses = UserError("Something is wrong.")
    room.button(act).click()
    room.run()
    said = next(
        each
        for each in room.panel.findChildren(QLabel)
        if each.text() == "Something is wrong." and each.isVisible()
    )
    between = (
        said.mapTo(room.panel, QPoint()).y()
        - room.button(act).mapTo(room.panel, QPoint(0, room.button(act).height())).y()
    )
    assert 0 < between <= 16


@pytest.mark.parametrize(
    ("told", "words"),
    [(True, "lists it as disconnected"), (False, "The account could not be told")],
)
def test_what_the_account_knows_is_said_until_the_page_is_left(
    room: Room, told: bool, words: str
) -> None:
    room.say(replace(NOT_CONNECTED, state=SyncState.SYNCED))
    room.account.told = told
    room.button("Disconnect").click()
    room.run()
    assert words in room.words()
    assert "Everything stays on this computer" in room.words()
    assert room.has("Sign in with your browser")
    room.panel.left()
    assert words not in room.words()


def test_whoever_connects_again_need_not_remember_where(room: Room) -> None:
    had = replace(NOT_CONNECTED, server="https://account.example", device="Office iMac")
    room.say(had)
    assert room.panel._server.text() == "https://account.example"
    assert room.panel._name.text() == "Office iMac"
    room.panel._server.setText("https://other.example")
    room.say(replace(had, turn=had.turn + 1))
    assert room.panel._server.text() == "https://other.example"
    room.button("Sign in with your browser").click()
    room.run()
    assert room.account.did == ["begin https://other.example"]


def test_a_link_to_disconnect_gives_it_the_keyboard(room: Room) -> None:
    room.say(replace(NOT_CONNECTED, state=SyncState.SYNCED, server="https://account.example"))
    room.panel.show_field(sync_panel.DISCONNECT, "")
    assert room.panel.focusWidget() is room.button("Disconnect")


def test_a_check_names_what_differed(room: Room) -> None:
    room.say(replace(NOT_CONNECTED, state=SyncState.SYNCED, server="https://account.example"))
    room.button("Check my data").click()
    room.run()
    assert "Both sides hold the same, record by record." in room.words()
    room.account.differed = {
        "client_phone": [uuid4()],
        "client": [uuid4()],
        "note": [uuid4(), uuid4()],
    }
    room.button("Check my data").click()
    room.run()
    assert "Differed and was repaired: 1 client, 2 notes, 1 other record." in room.words()
    assert room.account.did == ["check", "check"]


def test_what_was_repaired_is_named_with_the_way_to_it(
    room: Room, desk: TestDesk, qtbot: Any
) -> None:
    walter = desk.do(add_client, NewClient(PersonName("Walter", "", "Strand"))).value
    at = desk.clock.now()
    records = (("client", walter), *(("office_hours", uuid4()) for _ in range(9)))
    room.sync._deliver = room.deliver
    room.say(replace(SYNCED, repaired=Repaired(at, 14, records)))
    qtbot.waitUntil(lambda: bool(room.sync.repaired))
    assert f"Repaired on {date_words(at.date())}" in room.words()
    assert room.words().count("Office hours") == 9
    assert "and 4 more" in room.words()
    (link,) = [each for each in room.panel.findChildren(Link) if "Walter" in each.text()]
    assert link.text() == "Walter Strand, client"
    link.click()
    assert room.heard.visited == [Place("people", ("client", walter), "details")]
    room.say(SYNCED)
    assert "Repaired on" not in room.words()
