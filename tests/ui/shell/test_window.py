"""The real window over an open practice: every area, keys, back, undo, lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from app.__main__ import BootstrapKeeper
from app.ui.areas import furnished
from app.ui.shell import quiet
from app.ui.shell.bridge import Bridge
from app.ui.shell.keysheet import KeySheet
from app.ui.shell.navigation import Navigator
from app.ui.shell.palette import Palette
from app.ui.shell.places import Place
from app.ui.shell.preferences import Preferences
from app.ui.shell.program import Program
from app.ui.shell.window import ShellWindow
from app.ui.tasks.attention_list import AttentionList
from app.ui.theme import look
from app.ui.today.contextpane import ContextPane
from app.ui.widgets.undobar import UndoBar
from tests.support.design_day import DesignDay
from tests.support.practice import PASSPHRASE, TestDesk
from tests.support.screens import focused, part

_FIRST_READS = ("day_and_session", "attention", "unfinished_import")


class _Open:
    def __init__(self, day: DesignDay, desk: TestDesk, folder: Path, qtbot: Any) -> None:
        self.day = day
        self.qtbot = qtbot
        self.window = ShellWindow(Preferences(folder / "window.ini", theme="light"))
        self.bridge = Bridge(self.window)
        self.nav: Navigator = self.window.open_house(furnished(), desk, self.bridge)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)

    def here(self) -> str:
        assert self.nav.here is not None
        return self.nav.here.area


@pytest.fixture
def opened(
    looked: QApplication, qtbot: Any, desk: TestDesk, thursday: DesignDay, tmp_path: Path
) -> Iterator[_Open]:
    made = _Open(thursday, desk, tmp_path, qtbot)
    yield made
    _close(made)


def _close(made: _Open) -> None:
    made.window.close_house()
    made.window.close()
    made.window.deleteLater()


def test_the_first_screen_asks_for_each_thing_once_and_syncing_waits_for_it(
    looked: QApplication,
    qtbot: Any,
    desk: TestDesk,
    thursday: DesignDay,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: Counter[str] = Counter()
    answers: dict[str, Future[Any]] = {}
    day_was_there: list[bool] = []
    read = desk.read

    def noting(query: Any, *args: Any, **named: Any) -> Any:
        asked[query.__name__] += 1
        if query.__name__ == "attention":
            # What stands beside the day is asked for when the day is there.
            day_was_there.append(answers["day_and_session"].done())
        answers[query.__name__] = read(query, *args, **named)
        return answers[query.__name__]

    monkeypatch.setattr(desk, "read", noting)
    made = _Open(thursday, desk, tmp_path, qtbot)
    try:
        pane, stops_then = part(made.window, ContextPane), []
        monkeypatch.setattr(made.nav._quiet, "_act", lambda: stops_then.append(pane.stops()))
        qtbot.waitUntil(lambda: bool(stops_then))
        assert stops_then[0]
        assert {name: asked[name] for name in _FIRST_READS} == dict.fromkeys(_FIRST_READS, 1)
        assert day_was_there == [True]
    finally:
        _close(made)


def test_syncing_waits_for_a_slow_first_screen_however_long(
    looked: QApplication,
    qtbot: Any,
    desk: TestDesk,
    thursday: DesignDay,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quiet, "AFTER_MS", 1)
    waits, read = Event(), desk.read

    def slow(query: Any, *args: Any, **named: Any) -> Any:
        def asked(*given: Any, **more: Any) -> Any:
            waits.wait()
            return query(*given, **more)

        return read(asked if query.__name__ == "day_and_session" else query, *args, **named)

    monkeypatch.setattr(desk, "read", slow)
    made = _Open(thursday, desk, tmp_path, qtbot)
    begun: list[list[Any]] = []
    try:
        pane = part(made.window, ContextPane)
        monkeypatch.setattr(made.nav._quiet, "_act", lambda: begun.append(pane.stops()))
        pauses = QSignalSpy(made.nav._quiet.timer.timeout)
        qtbot.waitUntil(lambda: pauses.count() > 2)
        assert not begun
        waits.set()
        qtbot.waitUntil(lambda: bool(begun))
        assert begun[0]
    finally:
        waits.set()
        _close(made)


def test_every_area_opens_and_names_the_window(opened: _Open) -> None:
    for area in opened.nav.house.areas:
        if area.nav:
            opened.nav.go(Place(area.id))
            assert opened.window.windowTitle() == area.words
            assert opened.nav.page is not None


def test_every_control_of_every_area_has_a_name(opened: _Open) -> None:
    nameless = []
    for area in opened.nav.house.areas:
        if not area.nav:
            continue
        opened.nav.go(Place(area.id))
        QApplication.processEvents()
        for each in opened.window.findChildren(QWidget):
            if each.focusPolicy() == Qt.FocusPolicy.NoFocus or not each.isVisible():
                continue
            spoken = QAccessible.queryAccessibleInterface(each)
            if not spoken.text(QAccessible.Text.Name):
                nameless.append(f"{area.id}: {type(each).__name__}")
    assert nameless == []


def test_areas_by_their_shortcuts_and_back(opened: _Open) -> None:
    control, here = Qt.KeyboardModifier.ControlModifier, opened.here
    opened.key(Qt.Key.Key_2, control)
    assert here() == "scheduling"
    opened.key(Qt.Key.Key_6, control)
    assert here() == "tasks"
    opened.key(Qt.Key.Key_BracketLeft, control)
    assert here() == "scheduling"
    opened.key(Qt.Key.Key_BracketRight, control)
    assert here() == "tasks"


def test_what_floats_is_made_when_it_is_first_asked_for(opened: _Open) -> None:
    assert opened.window.findChildren(Palette) == []
    opened.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    opened.key(Qt.Key.Key_Escape)
    opened.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert len(opened.window.findChildren(Palette)) == 1


def test_the_palette_finds_a_client_and_opens_the_record(opened: _Open) -> None:
    opened.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field = focused()
    QTest.keyClicks(field, "okon")
    palette = opened.nav.finder
    QTest.keyClick(field, Qt.Key.Key_Return)
    opened.qtbot.waitUntil(lambda: not palette.isVisible())
    assert opened.here() == "people"
    assert opened.nav.here is not None
    assert opened.nav.here.record is not None


def test_the_palette_does_commands_of_the_screen(opened: _Open) -> None:
    opened.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field = focused()
    QTest.keyClicks(field, ">tas")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert opened.here() == "tasks"
    opened.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(focused(), "zzzz")
    opened.key(Qt.Key.Key_Escape)
    assert not opened.nav.finder.isVisible()


def test_an_act_on_today_by_one_key_and_undo(opened: _Open) -> None:
    page = opened.nav.page
    assert page is not None
    opened.qtbot.waitUntil(lambda: page.can("today.attended"))  # type: ignore[attr-defined]
    jun = opened.day.sessions["Jun"]
    page._presenter.select(jun)  # type: ignore[attr-defined]
    opened.key(Qt.Key.Key_C)
    bar = part(opened.window, UndoBar)
    opened.qtbot.waitUntil(bar.isVisible)
    opened.qtbot.waitUntil(lambda: not page.can("today.confirm"))  # type: ignore[attr-defined]
    opened.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    opened.qtbot.waitUntil(lambda: page.can("today.confirm"))  # type: ignore[attr-defined]


def test_larger_text_lays_the_page_out_anew_and_folds_the_side_bar(opened: _Open) -> None:
    before = opened.nav.page
    opened.key(Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    opened.qtbot.waitUntil(lambda: opened.nav.page is not before)
    assert look.current().percent == 110
    opened.nav.run_action("shell.dark")
    assert look.theme_name() == "dark"
    opened.nav.run_action("shell.plain_size")
    opened.window.resize(1024, 700)
    assert opened.nav._nav.width() == look.px(52)


def test_keyboard_shortcuts_are_shown_and_closed(opened: _Open) -> None:
    opened.nav.run_action("shell.keys")
    opened.key(Qt.Key.Key_Escape)
    assert opened.nav.page is not None


@pytest.mark.parametrize("start", [True, False])
def test_locked_leaves_nothing_of_the_practice_in_the_window(
    looked: QApplication, qtbot: Any, practice_folder: Path, tmp_path: Path, start: bool
) -> None:
    preferences = Preferences(tmp_path / "window.ini", theme="light")
    window = ShellWindow(preferences)
    keeper = BootstrapKeeper()
    program = Program(furnished(), keeper, practice_folder, preferences, window, parent=window)
    window.show()
    if start:
        program.start()
        qtbot.waitUntil(lambda: window.windowTitle() != "")
    program.work(lambda: keeper.unlock(practice_folder, passphrase=PASSPHRASE), then=program.opened)
    qtbot.waitUntil(lambda: program.practice is not None, timeout=10_000)
    assert window.findChild(Navigator) is not None
    program.lock("You were away for 15 minutes.")
    assert window.navigator is None
    assert program.lock_reason == "You were away for 15 minutes."
    assert "Alder" not in " ".join(
        each.accessibleName() + each.toolTip()
        for each in window.findChildren(QWidget)
        if each.isVisible()
    )
    assert window.windowTitle() == "PracticeRunner"
    program.work(lambda: keeper.unlock(practice_folder, passphrase=PASSPHRASE), then=program.opened)
    qtbot.waitUntil(lambda: window.navigator is not None, timeout=10_000)
    assert program.lock_reason == ""
    window.close()
    window.deleteLater()


class _Strays(QObject):
    """Notes windows that appear though nobody opened one."""

    def __init__(self, window: ShellWindow) -> None:
        super().__init__()
        self._window = window
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            stray = watched.isWindow() and watched is not self._window
            if stray and watched.windowType() != Qt.WindowType.Popup:
                name = getattr(watched, "text", watched.accessibleName)()
                self.seen.append(f"{type(watched).__name__} {name!r}")
        return False


def test_no_area_flashes_a_window_of_its_own(opened: _Open) -> None:
    strays = _Strays(opened.window)
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(strays)
    try:
        for area in opened.nav.house.areas:
            if area.nav:
                opened.nav.go(Place(area.id))
                QApplication.processEvents()
    finally:
        app.removeEventFilter(strays)
    assert strays.seen == []


def test_tab_goes_through_the_page_and_comes_round(opened: _Open) -> None:
    page = opened.nav.page
    assert page is not None
    opened.qtbot.waitUntil(lambda: page.can("today.note"))  # type: ignore[attr-defined]
    opened.qtbot.waitUntil(lambda: bool(part(page, ContextPane).stops()))
    # What needs attention is asked for once the day is shown.
    opened.qtbot.waitUntil(
        lambda: any(each.isVisible() for each in page.findChildren(AttentionList))
    )
    first = focused()
    visited = []
    for _press in range(40):
        opened.key(Qt.Key.Key_Tab)
        if focused() is first:
            break
        visited.append(focused())
    assert focused() is first
    assert len(visited) == len(set(visited)) > 6
    opened.key(Qt.Key.Key_Backtab)
    assert focused() is visited[-1]


def test_tab_passes_a_page_whose_first_stop_is_hidden(
    looked: QApplication, qtbot: Any, tmp_path: Path
) -> None:
    window = ShellWindow(Preferences(tmp_path / "window.ini"))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    whole, hidden = QWidget(), QLineEdit()
    box = QVBoxLayout(whole)
    reached = QLineEdit()
    for each in (hidden, reached):
        box.addWidget(each)
    hidden.hide()
    whole.setFocusProxy(hidden)
    window.show_front(whole)
    QTest.keyClick(window, Qt.Key.Key_Tab)
    assert reached.hasFocus()
    window.close()
    window.deleteLater()


def test_a_sheet_keeps_the_keyboard(opened: _Open) -> None:
    opened.nav.run_action("shell.keys")
    sheet = part(opened.window, KeySheet)
    for _press in range(5):
        opened.key(Qt.Key.Key_Tab)
        assert sheet.isAncestorOf(focused())


def test_f1_opens_help_for_the_screen_at_hand(opened: _Open) -> None:
    opened.window.navigator.go(Place("billing", part="superbills"))  # type: ignore[union-attr]
    opened.key(Qt.Key.Key_F1)
    assert opened.here() == "help"
    here = opened.window.navigator.here  # type: ignore[union-attr]
    assert here is not None
    assert here.ask == {"about": "billing/superbills"}
