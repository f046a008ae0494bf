"""The sync words of the real window, their popover, and the dot of what is not uploaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.core.kernel.syncing import NOT_CONNECTED, SyncState, SyncStatus
from app.ui.areas import furnished
from app.ui.billing.superbills_list import SuperbillList
from app.ui.people.table import ClientsTable
from app.ui.scheduling.grid import GridCanvas
from app.ui.shell.bridge import Bridge
from app.ui.shell.navigation import Navigator
from app.ui.shell.places import Place
from app.ui.shell.preferences import Preferences
from app.ui.shell.program import PracticeFile
from app.ui.shell.synccard import SyncCard
from app.ui.shell.window import ShellWindow
from app.ui.widgets.buttons import Button
from app.ui.widgets.tables import DataTable
from app.ui.widgets.unsent import NOT_UPLOADED, Unsent
from tests.support.design_day import DesignDay
from tests.support.practice import TestDesk
from tests.support.screens import part

CONNECTED = SyncStatus(SyncState.WAITING, waiting=1, server="https://account.example")


@pytest.fixture
def house(
    looked: QApplication, qtbot: Any, desk: TestDesk, thursday: DesignDay, tmp_path: Path
) -> Iterator[Navigator]:
    """The window over the day of the design."""
    window = ShellWindow(Preferences(tmp_path / "window.ini", theme="light"))
    bridge = Bridge(window)
    shown = window.open_house(furnished(), desk, bridge)
    window.resize(1440, 900)
    window.show()
    yield shown
    window.close_house()
    window.close()
    window.deleteLater()


def say(house: Navigator, status: SyncStatus) -> None:
    """Let the window hear of a status, as from sync's thread."""
    house.sync._have_told(status)


def followed(shown: QWidget) -> Unsent | None:
    """Return what a list or grid asks for its dots."""
    if isinstance(shown, DataTable):
        return shown.rows_model.unsent
    if isinstance(shown, SuperbillList):
        return shown._rows.unsent
    assert isinstance(shown, GridCanvas)
    return shown._unsent


def test_the_list_of_clients_marks_who_is_not_uploaded(
    house: Navigator, qtbot: Any, desk: TestDesk
) -> None:
    house.go(Place("people"))
    assert house.page is not None
    table = part(part(house.page, ClientsTable), DataTable)
    qtbot.waitUntil(lambda: table.rows_model.rowCount() > 1)
    key = table.keys_in_order()[0]
    assert isinstance(key, UUID)

    def marked() -> list[int]:
        model = table.rows_model
        heard = Qt.ItemDataRole.AccessibleTextRole
        return [
            row
            for row in range(model.rowCount())
            if NOT_UPLOADED in model.data(model.index(row, 0), heard)
        ]

    assert marked() == []
    say(house, replace(CONNECTED, unsent=frozenset({key})))
    assert marked() == [0]
    say(house, replace(CONNECTED, unsent=frozenset()))
    assert marked() == []


def test_calendar_invoices_and_superbills_mark_theirs_as_well(house: Navigator, qtbot: Any) -> None:
    follow = house.context.unsent
    for place, kind in (
        (Place("scheduling"), GridCanvas),
        (Place("billing", part="invoices"), DataTable),
        (Place("billing", part="superbills"), SuperbillList),
    ):
        house.go(place)
        page = house.page
        assert page is not None
        qtbot.waitUntil(lambda page=page, kind=kind: bool(page.findChildren(kind)))
        found = page.findChildren(kind)
        assert any(followed(each) is follow for each in found), place


_NINE = datetime(2026, 11, 19, 17, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (NOT_CONNECTED, "Saved on this computer"),
        (CONNECTED, "Saved on this computer"),
        (SyncStatus(SyncState.SYNCING, done=12, total=40), "Syncing 12 of 40"),
        (SyncStatus(SyncState.SYNCED), "Synced just now"),
        (
            SyncStatus(SyncState.OFFLINE, waiting=3, offline_since=_NINE),
            "Offline since 9:14 AM, 3 waiting",
        ),
        (SyncStatus(SyncState.NEEDS_YOU, asks=2), "Needs you (2)"),
        (SyncStatus(SyncState.SIGN_IN), "Sign in again"),
        (SyncStatus(SyncState.UPDATE), "Update needed"),
    ],
)
def test_each_state_has_its_words_in_the_side_bar_and_its_sentence_in_the_popover(
    house: Navigator, qtbot: Any, status: SyncStatus, words: str
) -> None:
    say(house, status)
    assert words in house._nav.sync.text()
    QTest.mouseClick(house._nav.sync, Qt.MouseButton.LeftButton)
    card = part(house, SyncCard)
    said = [each.text() for each in card.findChildren(QLabel)]
    assert house.sync.title in said
    assert house.sync.sentence in said
    acts = {each.text() for each in card.findChildren(Button)}
    assert ("Sync now" in acts) is (status is not NOT_CONNECTED)
    assert ("Show" in acts) is (status.state is SyncState.NEEDS_YOU)


def test_a_removal_is_shown_in_settings_and_other_questions_in_the_inbox(
    house: Navigator, qtbot: Any
) -> None:
    asks = SyncStatus(SyncState.NEEDS_YOU, asks=1)
    for status, place in (
        (asks, Place("tasks")),
        (replace(asks, removal=(("client", 30),)), Place("settings", part="sync")),
    ):
        say(house, status)
        QTest.mouseClick(house._nav.sync, Qt.MouseButton.LeftButton)
        card = house.findChildren(SyncCard)[-1]
        show = next(each for each in card.findChildren(Button) if each.text() == "Show")
        show.click()
        assert house.here == place


def test_the_keyboard_stays_in_the_popover_when_what_it_says_changes(
    house: Navigator, qtbot: Any
) -> None:
    say(house, SyncStatus(SyncState.SYNCED))
    QTest.mouseClick(house._nav.sync, Qt.MouseButton.LeftButton)
    card = part(house, SyncCard)
    button = next(each for each in card.findChildren(Button) if each.text() == "Sync now")
    button.setFocus()
    say(house, SyncStatus(SyncState.NEEDS_YOU, asks=1))
    focused = QApplication.focusWidget()
    assert focused is not None
    assert card.isAncestorOf(focused)
    QTest.keyClick(focused, Qt.Key.Key_Escape)
    assert not card.isVisible()


def test_an_answer_that_was_read_earlier_does_not_replace_a_later_one(
    house: Navigator, qtbot: Any
) -> None:
    answers: list[Any] = []
    house.sync._practice = cast(PracticeFile, object())
    house.sync._work = lambda _call, **given: answers.append(given["then"])
    say(house, SyncStatus(SyncState.SYNCED, turn=3))
    house.sync.sync_now()
    say(house, SyncStatus(SyncState.SYNCED, turn=6))
    answers[0](SyncStatus(SyncState.SYNCING, turn=5))
    assert house._nav.sync.text() == "Synced just now"
    assert not house.sync.busy


def test_sync_now_clicked_twice_asks_once(house: Navigator, qtbot: Any) -> None:
    waiting: list[Any] = []
    house.sync._practice = cast(PracticeFile, object())
    house.sync._work = lambda call, **answers: waiting.append((call, answers))
    say(house, SyncStatus(SyncState.SYNCED))
    QTest.mouseClick(house._nav.sync, Qt.MouseButton.LeftButton)
    card = part(house, SyncCard)
    button = next(each for each in card.findChildren(Button) if each.text() == "Sync now")
    button.click()
    button.click()
    assert len(waiting) == 1
    waiting[0][1]["then"](SyncStatus(SyncState.OFFLINE, offline_since=_NINE))
    assert "Offline since 9:14 AM" in house._nav.sync.text()
    button.click()
    assert len(waiting) == 2
