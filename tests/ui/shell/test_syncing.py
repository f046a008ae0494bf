"""The sync words of the real window, their popover, and the dot of what is not uploaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.core.kernel.clock import wall_time
from app.core.kernel.phrases import short_day
from app.core.kernel.syncing import NEWER, NOT_CONNECTED, Repaired, SyncState, SyncStatus
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
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
from app.ui.shell.syncing import clock_words
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


def test_the_popover_tells_when_it_last_worked_and_copies_it_without_health_data(
    house: Navigator, qtbot: Any
) -> None:
    say(
        house,
        SyncStatus(
            SyncState.WAITING,
            waiting=2,
            last_upload=_NINE,
            last_download=_NINE + timedelta(minutes=6),
            oldest_unsent=_NINE + timedelta(minutes=11),
            clock_offset_ms=400,
            server="https://account.example",
            device="MacBook Air",
            unsent=frozenset({uuid4()}),
        ),
    )
    QTest.mouseClick(house._nav.sync, Qt.MouseButton.LeftButton)
    card = part(house, SyncCard)
    said = [each.text() for each in card.findChildren(QLabel)]
    facts = {
        "Last upload": "9:14 AM",
        "Last download": "9:20 AM",
        "Oldest unsent change": "9:25 AM",
        "Clock": "0.4 s behind",
    }
    for label, value in facts.items():
        assert said[said.index(label) + 1] == value
    next(each for each in card.findChildren(Button) if each.text() == "Copy diagnostics").click()
    assert QApplication.clipboard().text().splitlines() == [
        "State: WAITING",
        "Waiting: 2",
        "Asks: 0",
        "Server: https://account.example",
        *(f"{label}: {value}" for label, value in facts.items()),
        "This computer: MacBook Air",
    ]


def test_a_newer_version_of_the_program_is_told_without_haste(house: Navigator) -> None:
    synced = replace(CONNECTED, state=SyncState.SYNCED, waiting=0)
    say(house, synced)
    assert house.sync.sentence != NEWER
    say(house, replace(synced, newer=True))
    assert house.sync.sentence == NEWER
    assert ("Program", "A newer version is out") in house.sync.facts
    waiting = replace(CONNECTED, newer=True, trouble="There is no network.")
    say(house, waiting)
    assert house.sync.sentence == "There is no network."


def test_the_popover_names_what_was_repaired_within_the_last_week(
    house: Navigator, qtbot: Any, desk: TestDesk
) -> None:
    names = ("Strand", "Holm", "Adler", "Moreno")
    people = [
        desk.do(add_client, NewClient(PersonName("Ada", "", family))).value for family in names
    ]
    now = desk.clock.now()
    records = tuple(("client", each) for each in people)
    told = replace(CONNECTED, repaired=Repaired(now, 12, records))
    say(house, told)
    QTest.mouseClick(house._nav.sync, Qt.MouseButton.LeftButton)
    card = part(house, SyncCard)
    line = (
        f"12 records were repaired on {short_day(wall_time(now, desk.zone).date())}: "
        "Ada Strand, client; Ada Holm, client; Ada Adler, client; and 9 more."
    )

    def shown() -> list[str]:
        return [each.text() for each in card.findChildren(QLabel) if each.isVisible()]

    qtbot.waitUntil(lambda: line in shown())
    (told_there,) = [each for each in card.findChildren(QLabel) if each.text() == line]
    # It grew with its words: none of them is cut off.
    qtbot.waitUntil(lambda: told_there.height() >= told_there.heightForWidth(told_there.width()))
    assert "Strand" not in house.sync.diagnostics
    say(house, replace(told, repaired=Repaired(now - timedelta(days=8), 12, records)))
    assert not any("repaired" in each for each in shown())


@pytest.mark.parametrize(
    ("offset_ms", "words"),
    [
        (None, "Not known yet"),
        (40, "Right"),
        (-400, "0.4 s ahead"),
        (600_000, "10 min behind"),
        (-86_400_000, "24 h ahead"),
        (10 * 86_400_000, "10 days behind"),
    ],
)
def test_the_clock_is_told_in_words(offset_ms: int | None, words: str) -> None:
    assert clock_words(offset_ms) == words


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
