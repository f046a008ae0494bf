"""What stands half-way outlives the lock, a signal, the end of the window, and a look elsewhere."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app import bootstrap
from app.core.kernel.desk import HalfTyped
from app.ui.onboarding.first_run import FirstRun
from app.ui.onboarding.locked import Locked
from app.ui.onboarding.restore_page import RestorePage
from app.ui.scheduling.editor import EditorPage
from app.ui.shell.end_watch import EndWatch
from app.ui.shell.places import Place
from app.ui.widgets.fields import LineField, TextArea
from app.ui.widgets.secret import SecretField
from tests.support.practice import PASSPHRASE
from tests.support.screens import part
from tests.ui.onboarding.test_program import PATIENCE, Run, run, set_up, unlock

__all__ = ["run"]


def editor(run: Run) -> EditorPage:
    """Open a new appointment."""
    assert run.window.navigator is not None
    run.window.navigator.go(Place("scheduling", part="new"))
    made = part(run.window, EditorPage)
    run.qtbot.waitUntil(lambda: made.presenter.day is not None, timeout=PATIENCE)
    return made


def lies_in(folder: Path) -> HalfTyped | None:
    """Return what was kept of a new appointment, read from the closed file."""
    keys = bootstrap.unlock(folder, passphrase=PASSPHRASE)
    practice = bootstrap.open_practice(folder, keys)
    found = practice.desk.typed("appointment/new").result()
    practice.close()
    return found


@pytest.mark.parametrize("way", ["sleep", "idle", "shortcut"])
def test_what_is_typed_outlives_every_lock(run: Run, way: str) -> None:
    set_up(run)
    QTest.keyClicks(part(editor(run), TextArea), "door code 4411")
    times = run.watch._times
    assert times is not None
    if way == "idle":
        times.minutes = 0
    locks: dict[str, Callable[[], object]] = {
        "sleep": run.port.leaving.emit,
        "idle": run.watch.tick,
        "shortcut": run.window.lock_asked.emit,
    }
    locks[way]()
    run.until_front(Locked)
    unlock(run)
    memo = part(editor(run), TextArea)
    run.qtbot.waitUntil(lambda: memo.text() == "door code 4411", timeout=PATIENCE)


@pytest.mark.parametrize("ends_with", [0, signal.SIGTERM, signal.SIGINT])
def test_what_is_typed_outlives_the_window(run: Run, ends_with: int) -> None:
    set_up(run)
    QTest.keyClicks(part(editor(run), TextArea), "door code 4411")
    folder = run.program.folder
    watch = EndWatch(run.window)
    if ends_with:
        os.kill(os.getpid(), ends_with)
    else:
        run.window.close()
    run.qtbot.waitUntil(lambda: not run.window.isVisible(), timeout=PATIENCE)
    watch.stop()
    found = lies_in(folder)
    assert found is not None
    assert found.content["texts"]["memo"] == "door code 4411"


def test_a_first_run_left_for_a_backup_has_everything_again(run: Run) -> None:
    front = run.front()
    assert isinstance(front, FirstRun)
    secrets = front.findChildren(SecretField)
    QTest.keyClicks(secrets[0], "correct horse")
    front.ask_for_backup()
    restoring = part(front, RestorePage)
    QTest.keyClicks(part(restoring, LineField), "/media/stick/practice")
    front._go_back()
    assert front._page is not None
    assert part(front._page, SecretField).text() == "correct horse"
    front.ask_for_backup()
    assert front._page is restoring
    assert part(restoring, LineField).text() == "/media/stick/practice"


def test_a_first_run_left_for_another_front_goes_on_where_it_was(run: Run) -> None:
    front = run.front()
    assert isinstance(front, FirstRun)
    assistant = front._assistant
    assistant.choose_passphrase(PASSPHRASE, PASSPHRASE)
    run.qtbot.waitUntil(lambda: bool(assistant.recovery_groups), timeout=PATIENCE)
    assistant.go_on()
    assert front._page is not None
    name = front._page.findChildren(LineField)[0]
    QTest.keyClicks(name, "Alder Street")
    run.window.show_front(QWidget())
    assert not front.isVisible()
    run.program.start()
    run.until_front(FirstRun)
    again = run.front()
    assert isinstance(again, FirstRun)
    assert again.isVisible()
    assert again._page is not None
    assert again._page.findChildren(LineField)[0].text() == "Alder Street"
    assert again._assistant.recovery_groups == assistant.recovery_groups
