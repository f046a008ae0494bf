"""The first run and the lock on the window: keys, focus, names, and what they show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.core.kernel.errors import MachineError, NotOurFile
from app.ui.onboarding.assistant import PAGES, Arrival, Assistant, Page
from app.ui.onboarding.first_run import FirstRun
from app.ui.onboarding.identifiers_page import npi_verdict
from app.ui.onboarding.keys_pages import RecoveryKeyPage
from app.ui.onboarding.lock_presenter import LockPresenter
from app.ui.onboarding.locked import Locked
from app.ui.widgets.fields import Choice
from app.ui.widgets.recovery_sheet import sheet, sheet_text
from app.ui.widgets.status import StatusLabel, Tone
from app.ui.widgets.text import Text
from tests.support.accessible import speechless
from tests.support.practice import PASSPHRASE
from tests.ui.onboarding.stand_ins import RealKeeper, at_once


@pytest.fixture
def keeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealKeeper]:
    """Practice files in a folder of this test's own."""
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "state"))
    keeper = RealKeeper()
    yield keeper
    keeper.close()


@pytest.fixture
def arrivals() -> list[Arrival]:
    """What arrived."""
    return []


@pytest.fixture
def first_run(
    qtbot: QtBot,
    looked: QApplication,
    keeper: RealKeeper,
    arrivals: list[Arrival],
    tmp_path: Path,
) -> FirstRun:
    """The first run, shown."""
    front = FirstRun(Assistant(keeper, tmp_path / "data", at_once, arrivals.append))
    return shown(qtbot, front)


def shown(qtbot: QtBot, front: FirstRun) -> FirstRun:
    """Show a front as the window does."""
    qtbot.addWidget(front)
    front.resize(1440, 872)
    front.show()
    return front


def press(widget: QWidget, key: Qt.Key = Qt.Key.Key_Return) -> None:
    """Press a key in a widget."""
    QTest.keyClick(widget, key)


def to_page(front: FirstRun, page: Page) -> FirstRun:
    """Go on until ``page`` is shown, with nothing typed but the keys."""
    assistant = front._assistant
    assistant.choose_passphrase(PASSPHRASE, PASSPHRASE)
    while assistant.page is not page:
        assistant.go_on()
    return front


def test_keys_alone_make_a_practice(
    qtbot: QtBot, first_run: FirstRun, arrivals: list[Arrival]
) -> None:
    page = first_run._page
    page.first.setText(PASSPHRASE)  # type: ignore[union-attr]
    page.again.setText(PASSPHRASE)  # type: ignore[union-attr]
    press(first_run)
    proof = first_run._page
    assert isinstance(proof, RecoveryKeyPage)
    press(first_run)
    assert first_run._page is proof, "the key was not typed back yet"
    proof.entry.spread(0, "".join(first_run._assistant.recovery_groups).lower())
    for _page in PAGES[2:]:
        if first_run._assistant.page is Page.PRACTICE:
            first_run._assistant.skip()
        else:
            press(first_run)
    press(first_run)
    assert len(arrivals) == 1


def test_a_wrong_group_is_said(first_run: FirstRun) -> None:
    to_page(first_run, Page.PROOF)
    page = first_run._page
    assert isinstance(page, RecoveryKeyPage)
    right = first_run._assistant.recovery_groups[0]
    page.entry.spread(0, "2222" if right == "1111" else "1111")
    assert page.entry._groups[0].property("wrong")
    assert not first_run._next.isEnabled()


def test_every_control_has_a_name(first_run: FirstRun) -> None:
    silent = speechless(first_run)
    assistant = first_run._assistant
    first = first_run.window().focusWidget()
    assert first is not None
    assert first.accessibleName() == "Passphrase"
    assistant.choose_passphrase(PASSPHRASE, PASSPHRASE)
    for page in PAGES[1:]:
        assert assistant.page is page
        silent += speechless(first_run)
        if page is not PAGES[-1]:
            assistant.go_on()
    assert silent == []


def test_restore_has_names_and_a_way_back(qtbot: QtBot, first_run: FirstRun) -> None:
    assert first_run.rail.restore.isVisible()
    first_run.ask_for_backup()
    assert not first_run.rail.restore.isVisible(), "it leads to where one is"
    assert speechless(first_run) == []
    opener = first_run._page.form["secret"]  # type: ignore[union-attr]
    assert opener._label.isVisibleTo(first_run)
    assert opener._label.text() == opener.editor.accessibleName() == "Passphrase"
    first_run._page._by.chosen.emit(True)  # type: ignore[union-attr]
    assert opener._label.text() == opener.editor.accessibleName() == "Recovery key"
    press(first_run)
    assert first_run._page is not None
    assert first_run._page.form["backup"].error() == "Choose the backup file."
    press(first_run, Qt.Key.Key_Escape)
    assert first_run._assistant.page is Page.KEYS
    assert first_run.rail.restore.isVisible()


def typed_at(front: FirstRun, field: str, words: str) -> None:
    """Type into a field of the page at hand."""
    page = front._page
    assert page is not None
    editor = page.form[field].editor
    assert isinstance(editor, QLineEdit)
    editor.setText(words)


def said_at(front: FirstRun, field: str) -> str:
    """Return what stands in a field of the page at hand."""
    page = front._page
    assert page is not None
    editor = page.form[field].editor
    assert isinstance(editor, QLineEdit)
    return editor.text()


def test_a_page_left_half_way_keeps_what_was_typed(first_run: FirstRun) -> None:
    assistant = to_page(first_run, Page.PRACTICE)._assistant
    typed_at(first_run, "city", "Alder Bay")
    assistant.skip()
    # What can be read already is kept though the step is skipped; what cannot waits as it is.
    typed_at(first_run, "license_number", "84117")
    typed_at(first_run, "npi", "123456789")
    first_run._go_back()
    assert said_at(first_run, "city") == "Alder Bay"
    assistant.skip()
    assert (said_at(first_run, "npi"), said_at(first_run, "license_number")) == (
        "123456789",
        "84117",
    )
    typed_at(first_run, "npi", "1234567893")
    typed_at(first_run, "license_number", "")
    assistant.skip()
    assert assistant.draft.owner.npi == "1234567893"


def test_the_zone_of_the_state_is_proposed_with_its_reason(first_run: FirstRun) -> None:
    to_page(first_run, Page.PRACTICE)
    for field, words in (("given", "Dana"), ("family", "Whitfield"), ("name", "Alder Street")):
        typed_at(first_run, field, words)
    page = first_run._page
    assert page is not None
    state = page.form["state"].editor
    assert isinstance(state, Choice)
    state.set_value("OR")
    press(first_run)
    press(first_run)
    hours = first_run._page
    assert hours is not None
    zone = hours.form["zone"].editor
    assert isinstance(zone, Choice)
    assert zone.value() == "America/Los_Angeles"
    assert any("keeps Mountain time" in each.text() for each in hours.findChildren(Text))


def test_an_error_is_shown_at_its_field(qtbot: QtBot, first_run: FirstRun) -> None:
    to_page(first_run, Page.PRACTICE)
    press(first_run)
    page = first_run._page
    assert page is not None
    assert page.form["given"].error() or page.form["name"].error()
    assert first_run._assistant.page is Page.PRACTICE


@pytest.mark.parametrize(
    ("typed", "tone"),
    [("", Tone.QUIET), ("12345", Tone.QUIET), ("1234567893", Tone.OK), ("1699800118", Tone.DANGER)],
)
def test_an_npi_is_judged_when_it_is_whole(typed: str, tone: Tone) -> None:
    assert npi_verdict(typed).tone is tone


def test_a_refused_npi_is_said_once_and_judged_anew_as_it_is_mended(first_run: FirstRun) -> None:
    to_page(first_run, Page.IDENTIFIERS)
    typed_at(first_run, "npi2", "1699800118")
    press(first_run)
    page = first_run._page
    assert page is not None
    field = page.form["npi2"]
    sentence = field.error()

    def said() -> list[str]:
        spoken = (*page.findChildren(Text), *page.findChildren(StatusLabel))
        return [each.text() for each in spoken if each.isVisibleTo(page)]

    assert sentence
    assert said().count(sentence) == 1
    typed_at(first_run, "npi2", "1699800110")
    assert field.error() == ""
    assert "A valid NPI" in said()


def test_the_sheet_of_the_recovery_key_has_every_group(qapp: QApplication) -> None:
    groups = ["7QKM", "4TXD", "9FWC", "2HRB", "M6YP", "0VJE", "8ZGN", "3CSA"]
    for text in (sheet_text(groups), sheet(groups).toPlainText()):
        assert all(group in text for group in groups)


MakeLock = Callable[[Exception | None], Locked]


@pytest.fixture
def make_lock(qtbot: QtBot, looked: QApplication) -> MakeLock:
    """Makes a lock that refuses with an error, or opens nothing."""

    def make(error: Exception | None) -> Locked:
        def refuse(_secret: str, _by_recovery_key: bool) -> None:
            if error is not None:
                raise error

        presenter = LockPresenter(refuse, at_once, lambda _arrival: None)  # type: ignore[arg-type]
        front = Locked(presenter, "", other=lambda: None, restore=lambda: None)
        qtbot.addWidget(front)
        front.resize(1440, 872)
        front.show()
        return front

    return make


def test_the_lock_shows_nothing_of_the_practice_and_has_names(make_lock: MakeLock) -> None:
    front = make_lock(None)
    assert front.title == "PracticeRunner"
    assert speechless(front) == []


def test_a_refusal_stands_under_the_field(qtbot: QtBot, make_lock: MakeLock) -> None:
    front = make_lock(MachineError("A newer version wrote this practice: update the program."))
    front.secret.setText("anything")
    press(front)
    assert "newer version" in front._field.error()
    assert not front._restore.isVisible()


def test_a_damaged_file_offers_a_backup(qtbot: QtBot, make_lock: MakeLock) -> None:
    front = make_lock(NotOurFile("The key file beside the practice is damaged."))
    front.secret.setText("anything")
    press(front)
    assert front._restore.isVisible()


def test_closing_the_lock_forgets_what_was_typed(make_lock: MakeLock) -> None:
    front = make_lock(None)
    front.secret.setText("half a passphrase")
    front.closing()
    assert front.secret.text() == ""
