"""A further computer's first run without a mouse: to the account page, the browser, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app import bootstrap
from app.core.kernel.syncing import SyncState
from app.ui.onboarding import first_run
from app.ui.onboarding.assistant import Arrival, Assistant
from app.ui.onboarding.first_run import FirstRun
from app.ui.shell.preferences import Preferences
from app.ui.shell.window import ShellWindow
from tests.e2e.driver import Driver
from tests.e2e.keyboard import Keyboard
from tests.hosted.account.conftest import Person
from tests.support.practice import PASSPHRASE
from tests.sync.account.conftest import person, sign_in, signed_up, site, through_browser
from tests.ui.onboarding.stand_ins import RealKeeper, at_once

__all__ = ["person", "signed_up", "site"]


@pytest.fixture
def keeper() -> Iterator[RealKeeper]:
    """Practice files of this test's own."""
    made = RealKeeper()
    yield made
    made.close()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the system's browser was given."""
    addresses: list[str] = []
    monkeypatch.setattr(first_run, "open_in_browser", addresses.append)
    return addresses


def test_a_practice_is_brought_from_its_account_without_a_mouse(
    qtbot: QtBot,
    looked: QApplication,
    practice: bootstrap.OpenPractice,
    person: Person,
    keeper: RealKeeper,
    opened: list[str],
    tmp_path: Path,
) -> None:
    sign_in(practice, person)
    assert practice.sync.sync_now().state is SyncState.SYNCED
    window: Queue[Callable[[], None]] = Queue()
    arrived: list[Arrival] = []
    assistant = Assistant(keeper, tmp_path / "laptop", at_once, arrived.append, deliver=window.put)
    front = FirstRun(assistant)
    shell = ShellWindow(Preferences(tmp_path / "window.ini", theme="light"))
    qtbot.addWidget(shell)
    shell.show()
    shell.show_front(front)
    keys = Keyboard(Driver(shell))
    to_the_account_page(keys, assistant)
    sign_in_is_begun_and_canceled(keys, person.site.address, opened)
    keys.press("Return")
    assert assistant.signing is not None
    through_browser(person, assistant.signing)
    while not arrived:
        window.get(timeout=20)()
    assert arrived[0].practice.desk.actor.practice_id == practice.desk.actor.practice_id


def to_the_account_page(keys: Keyboard, assistant: Assistant) -> None:
    """The way to the account is taken, and the recovery key typed back."""
    keys.walk_to("Bring it from your account")
    keys.press("Return")
    assert keys.eyes.sees("No practice in an account yet?")
    assert keys.eyes.sees("Make a new practice instead")
    assert not keys.eyes.sees("Under three minutes")
    for field in ("Passphrase", "The same again"):
        keys.write(field, PASSPHRASE)
    keys.press("Return")
    keys.eyes.read("Your recovery key")
    keys.type("".join(assistant.recovery_groups))
    keys.press("Return")
    keys.eyes.read("Bring your practice here")


def sign_in_is_begun_and_canceled(keys: Keyboard, address: str, opened: list[str]) -> None:
    """An address that is none is refused; the browser is opened, again, and given up."""
    # The address has the keyboard; name and code follow it.
    keys.type("no address")
    keys.press("Return")
    keys.eyes.read("no address is no address of a server")
    keys.write("Address of the account", address)
    keys.press("Tab", "Tab", "Shift+Tab")
    keys.write("Name of this computer", "Laptop")
    keys.press("Return")
    assert len(opened) == 1
    keys.press("Esc")
    assert not keys.eyes.sees("Your browser is open.")
    keys.press("Return")
    keys.walk_to("Open the browser again")
    keys.press("Space", "Tab", "Space")
    assert opened[1] == opened[2]
    assert not keys.eyes.sees("Cancel")
    assert keys.at is keys.eyes.named("Address of the account", QLineEdit)
