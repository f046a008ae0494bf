"""Locking by itself: idle, a session that runs, sleep, a locked screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.core.cases.commands import add_client_with_case
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.practice.commands import add_service, set_setting
from app.core.practice.rules.catalogue import ServiceFields
from app.core.scheduling.commands import book_session
from app.core.scheduling.rules.booking import Booking, Line
from app.ui.shell.bridge import Bridge
from app.ui.shell.power import PowerEvents
from app.ui.shell.watch import LockWatch
from app.ui.shell.watch_presenter import WatchPresenter, is_time_to_lock
from tests.support.practice import TestDesk
from tests.support.pumping import Pump

NOW = datetime(2026, 11, 19, 19, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("idle", "running", "locks"),
    [(14, None, False), (15, None, True), (40, 10, False), (40, -1, True), (5, -1, False)],
)
def test_the_rule(idle: int, running: int | None, locks: bool) -> None:
    until = None if running is None else NOW + timedelta(minutes=running)
    assert is_time_to_lock(NOW, NOW - timedelta(minutes=idle), 15, until) is locks


def test_a_running_session_keeps_it_open_until_its_end(desk: TestDesk) -> None:
    added = desk.do(add_client_with_case, NewClient(PersonName("Walter", "", "Strand"))).value
    service = desk.do(add_service, ServiceFields("Session", "0001Z", 50, Money(100))).value
    booking = Booking(added.case_id, datetime(2026, 11, 19, 11), lines=(Line(service),))
    desk.do(book_session, booking)
    pump = Pump()
    presenter = WatchPresenter(desk, pump)
    presenter.refresh()
    pump.until(lambda: presenter.running_until(desk.clock.now()) is not None)
    desk.clock.forward(minutes=20)
    assert not presenter.is_time()
    desk.clock.forward(minutes=13)
    assert presenter.is_time()
    desk.do(set_setting, "lock.idle_minutes", "60")
    pump.until(lambda: presenter.idle_minutes == 60)
    assert not presenter.is_time()
    presenter.close()


@pytest.fixture
def watching(desk: TestDesk, bridge: Bridge, qtbot: Any) -> Any:
    locked: list[str] = []
    power = PowerEvents()
    watch = LockWatch(desk, bridge.deliver, power, locked.append)
    watch.start()
    yield watch, power, locked
    watch.stop()
    watch.deleteLater()
    power.deleteLater()


def test_sleep_and_a_locked_screen_lock_at_once(watching: Any) -> None:
    _watch, power, locked = watching
    power.sleeping(True)
    power.sleeping(False)
    power.screen_locked(True)
    assert locked == ["This computer went to sleep.", "The screen was locked."]


def test_a_clock_that_jumped_means_that_the_computer_slept(watching: Any) -> None:
    _watch, power, locked = watching
    for seconds in (0, 5, 10, 15):
        power.tick(NOW + timedelta(seconds=seconds))
    power.tick(NOW - timedelta(hours=1))
    assert locked == []
    power.tick(NOW + timedelta(hours=2))
    assert locked == ["This computer was asleep."]


def test_a_key_is_a_sign_of_life(watching: Any, desk: TestDesk, qtbot: Any) -> None:
    watch, _power, locked = watching
    widget = QWidget()
    qtbot.addWidget(widget)
    desk.clock.forward(minutes=14)
    qtbot.keyClick(widget, Qt.Key.Key_A)
    desk.clock.forward(minutes=14)
    watch._look()
    assert locked == []
    desk.clock.forward(minutes=2)
    watch._look()
    assert locked[-1] == "Locked because nobody was here."
