"""From the first run to the lock and back, in the real window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.core.cases.commands import add_client_with_case
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.open_practice import OpenPractice
from app.sync.words import NOT_TAKEN
from app.ui.areas import furnished
from app.ui.clinical.note_page import NotePage
from app.ui.clinical.section_editor import SectionEditor
from app.ui.onboarding.assistant import Page
from app.ui.onboarding.first_run import FirstRun
from app.ui.onboarding.lock_rule import SLEEP_WORDS
from app.ui.onboarding.lock_watch import TICK, LockWatch
from app.ui.onboarding.locked import Locked
from app.ui.onboarding.sleep_port import SilentPort, WindowsPort
from app.ui.shell.places import Place
from app.ui.shell.preferences import Preferences
from app.ui.shell.program import Program
from app.ui.shell.window import ShellWindow
from app.ui.theme import look
from hosted.store.engine import For
from hosted.sync import quarantine
from tests.hosted.web.conftest import Site
from tests.support.account import account
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE
from tests.support.screens import part
from tests.ui.onboarding.stand_ins import RealKeeper

__all__ = ["account"]

PATIENCE = 20_000


class Run:
    """The program over an empty folder."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.keeper = RealKeeper()
        preferences = Preferences.load(folder / "state")
        self.window = ShellWindow(preferences)
        qtbot.addWidget(self.window)
        self.window.show()
        self.program = Program(
            furnished(), self.keeper, folder / "data", preferences, self.window, self.window
        )
        self.clock, self.port = StillClock(), SilentPort(self.window)
        self.watch = LockWatch(self.program, clock=self.clock, port=self.port)
        self.program.start()

    def front(self) -> QWidget | None:
        """The front in the window, None while a practice is open."""
        return self.window._front

    def until_front(self, kind: type[QWidget]) -> None:
        """Wait for a front."""
        self.qtbot.waitUntil(lambda: isinstance(self.front(), kind), timeout=PATIENCE)

    def until_open(self) -> None:
        """Wait for an open practice."""
        self.qtbot.waitUntil(lambda: self.window.navigator is not None, timeout=PATIENCE)


@pytest.fixture
def run(
    qtbot: QtBot, looked: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """The program, at its first run."""
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "state"))
    run = Run(qtbot, tmp_path)
    run.until_front(FirstRun)
    yield run
    run.window.close()


def set_up(run: Run) -> None:
    """Make a practice with nothing but its keys."""
    front = run.front()
    assert isinstance(front, FirstRun)
    assistant = front._assistant
    assistant.choose_passphrase(PASSPHRASE, PASSPHRASE)
    run.qtbot.waitUntil(lambda: assistant.page is Page.PROOF, timeout=PATIENCE)
    for _page in range(8):
        assistant.go_on()
    run.until_open()


def unlock(run: Run) -> None:
    """Type the passphrase."""
    front = run.front()
    assert isinstance(front, Locked)
    front.secret.setText(PASSPHRASE)
    QTest.keyClick(front.secret, Qt.Key.Key_Return)
    run.until_open()


def test_sleep_locks_and_the_passphrase_opens_again(run: Run) -> None:
    set_up(run)
    run.port.leaving.emit()
    run.until_front(Locked)
    assert run.program.practice is None
    assert run.window.navigator is None
    front = run.front()
    assert isinstance(front, Locked)
    assert front._reason.text() == SLEEP_WORDS
    assert run.window.windowTitle() == "PracticeRunner"
    unlock(run)


def test_the_daily_backup_begins_once_the_first_screen_stands(run: Run) -> None:
    set_up(run)
    practice = run.program.practice
    assert practice is not None
    made = practice.folder / "backups"
    assert not made.exists()
    run.program._settled.start(1)
    run.qtbot.waitUntil(lambda: bool(list(made.glob("*.prbackup"))), timeout=PATIENCE)


def test_what_waits_for_the_first_screen_is_forgotten_at_the_lock(run: Run) -> None:
    set_up(run)
    assert run.program._settled.isActive()
    run.program.lock()
    assert not run.program._settled.isActive()


def test_idle_minutes_lock_and_a_key_keeps_it_open(run: Run) -> None:
    set_up(run)
    times = run.watch._times
    assert times is not None
    times.minutes = 1000
    run.watch.tick()
    assert run.program.practice is not None
    times.minutes = 0
    run.watch.tick()
    run.until_front(Locked)


def test_a_tick_that_comes_late_means_that_the_computer_slept(run: Run) -> None:
    set_up(run)
    run.clock.set(run.clock.now() + TICK)
    run.watch.tick()
    assert run.program.practice is not None
    run.clock.set(run.clock.now() + TICK + timedelta(minutes=2))
    run.watch.tick()
    run.until_front(Locked)


def test_a_backup_that_fails_at_the_lock_is_said_there(run: Run, tmp_path: Path) -> None:
    set_up(run)
    practice = run.program.practice
    assert practice is not None
    stick = tmp_path / "stick"
    practice.choose_backup_folder(stick)
    stick.rmdir()
    stick.write_text("the stick is gone, and a file has its name", encoding="utf-8")
    run.program.lock()
    run.until_front(Locked)
    front = run.front()
    assert isinstance(front, Locked)
    run.qtbot.waitUntil(front._aside.isVisible, timeout=PATIENCE)
    front.say(f"{NOT_TAKEN} " * 3)
    QApplication.processEvents()
    assert front._aside.height() > 2 * look.line_height("body"), "a long sentence would be cut"
    unlock(run)


@pytest.mark.usefixtures("qapp")
def test_windows_messages_of_sleep_and_lock_are_understood(qtbot: QtBot) -> None:
    port = WindowsPort()
    heard: list[bool] = []
    port.leaving.connect(lambda: heard.append(True))
    for kind, what in ((0x0218, 0x0004), (0x02B1, 0x0007), (0x0218, 0x0007), (0x0010, 0x0004)):
        port.message(kind, what)
    assert len(heard) == 2
    port.deleteLater()


def test_a_computer_that_was_taken_off_locks_hands_over_and_says_what_became_of_it(
    run: Run, account: Site
) -> None:
    set_up(run)
    practice = run.program.practice
    assert isinstance(practice, OpenPractice)
    folder, practice_id = practice.folder, practice.desk.actor.practice_id
    practice.sync.connect(account.address, account.services.devices.new_code(), "Office")
    practice.sync.sync_now()
    devices = account.services.devices
    devices.revoke(practice_id, devices.listed(practice_id)[0].id)
    practice.desk.do(add_client, NewClient(PersonName(given="Walter", family="Strand")))
    added = practice.desk.do(add_client_with_case, NewClient(PersonName(given="Mara"))).value
    navigator = run.window.navigator
    assert navigator is not None
    navigator.go(Place("clinical", ask={"case": str(added.case_id)}))
    page = navigator.page
    assert isinstance(page, NotePage)
    run.qtbot.waitUntil(lambda: part(page, SectionEditor).isVisible(), timeout=PATIENCE)
    QTest.keyClicks(part(page, SectionEditor).field, "Half a sentence")
    navigator.sync.begin()
    run.until_front(Locked)
    run.until_front(FirstRun)
    front = run.front()
    assert isinstance(front, FirstRun)
    assert "taken off the account" in front._told_words.accessibleName()
    assert front._told.isVisible()
    assert not (folder / "practice.db").exists()
    with account.services.database.read(For(practice_id)) as session:
        handed_over = "".join(each.body for each in quarantine.kept(session))
    assert "Walter" in handed_over
    assert "Half a sentence" in handed_over, "what stood in an open editor goes with it"


def test_where_the_work_cannot_be_handed_over_the_lock_says_that_the_practice_is_still_there(
    run: Run, account: Site
) -> None:
    set_up(run)
    practice = run.program.practice
    assert isinstance(practice, OpenPractice)
    practice.sync.connect(account.address, account.services.devices.new_code(), "Office")
    account.stop()
    run.program.leave()
    front = run.front()
    assert isinstance(front, Locked)
    assert "now" in front._reason.text()
    run.qtbot.waitUntil(lambda: run.front() is not front, timeout=PATIENCE)
    front = run.front()
    assert isinstance(front, Locked)
    assert "still on it" in front._reason.text()
    assert "no network" in front._aside.text()
    assert (practice.folder / "practice.db").exists()
    unlock(run)
