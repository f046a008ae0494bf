"""The lock without a window: what opens it, what refuses, when it locks by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.core.practice.commands import set_setting
from app.core.scheduling.rules.status import AppointmentStatus
from app.ui.onboarding.assistant import Arrival
from app.ui.onboarding.lock_presenter import AFTER_RECOVERY, LockPresenter, opener_of
from app.ui.onboarding.lock_rule import idle_words, is_due, running_until
from app.ui.onboarding.lock_times import LockTimes
from tests.support.practice import PASSPHRASE, StoredPractice, TestDesk
from tests.support.pumping import Pump
from tests.ui.onboarding.stand_ins import RealKeeper, at_once

NOON = datetime(2026, 11, 19, 20, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.fixture
def keeper(practice_folder: Path) -> Iterator[RealKeeper]:
    """The stored practice's keeper."""
    assert practice_folder.exists()
    keeper = RealKeeper()
    yield keeper
    keeper.close()


@pytest.fixture
def arrivals() -> list[Arrival]:
    """What was unlocked."""
    return []


@pytest.fixture
def lock(keeper: RealKeeper, practice_folder: Path, arrivals: list[Arrival]) -> LockPresenter:
    """The lock of the stored practice."""
    return LockPresenter(opener_of(keeper, practice_folder), at_once, arrivals.append)


def test_the_passphrase_opens_it(lock: LockPresenter, arrivals: list[Arrival]) -> None:
    lock.unlock(PASSPHRASE)
    assert [arrival.problem for arrival in arrivals] == [""]


def test_the_recovery_key_opens_it_and_asks_for_a_new_passphrase(
    lock: LockPresenter, arrivals: list[Arrival], stored_practice: StoredPractice
) -> None:
    lock.use_recovery_key(True)
    lock.unlock(stored_practice.recovery_key.lower().replace("-", " "))
    assert [arrival.problem for arrival in arrivals] == [AFTER_RECOVERY]


def test_nothing_typed_is_asked_for(lock: LockPresenter) -> None:
    lock.unlock("  ")
    assert lock.problem == "Type your passphrase."


def test_wrong_tries_are_said_and_slow_down(lock: LockPresenter, arrivals: list[Arrival]) -> None:
    for _try in range(3):
        lock.unlock("not the passphrase")
    assert lock.problem == "That passphrase does not open this practice. Try again."
    lock.unlock("not the passphrase")
    assert lock.wait > timedelta()
    assert "wait" in lock.problem
    lock.unlock(PASSPHRASE)
    assert arrivals == []
    lock.waited()
    assert lock.problem == ""


def test_a_file_in_use_is_said(
    lock: LockPresenter, keeper: RealKeeper, practice_folder: Path, arrivals: list[Arrival]
) -> None:
    keeper.unlock(practice_folder, passphrase=PASSPHRASE)
    lock.unlock(PASSPHRASE)
    assert arrivals == []
    assert lock.problem
    assert not lock.can_restore


def test_a_damaged_file_leads_to_a_backup(lock: LockPresenter, practice_folder: Path) -> None:
    for path in practice_folder.iterdir():
        if path.is_file():
            path.write_bytes(b"nothing of ours")
    lock.unlock(PASSPHRASE)
    assert lock.problem
    assert lock.can_restore


def session(begins: int, minutes: int, status: str = "CONFIRMED") -> SimpleNamespace:
    """A session that begins some minutes after noon."""
    starts = NOON + timedelta(minutes=begins)
    return SimpleNamespace(
        starts_at=starts,
        ends_at=starts + timedelta(minutes=minutes),
        status=AppointmentStatus(status),
    )


def test_idle_minutes_lock() -> None:
    assert not is_due(QUARTER - timedelta(seconds=1), QUARTER, NOON, None)
    assert is_due(QUARTER, QUARTER, NOON, None)


def test_a_running_session_is_not_interrupted() -> None:
    ends = running_until([session(-30, 50), session(30, 50)], NOON)  # type: ignore[list-item]
    assert ends == NOON + timedelta(minutes=20)
    assert not is_due(QUARTER, QUARTER, NOON, ends)
    assert is_due(QUARTER, QUARTER, NOON + timedelta(minutes=20), ends)


def test_a_canceled_session_does_not_run() -> None:
    gone = session(-30, 50, "CANCELED")
    assert running_until([gone], NOON) is None  # type: ignore[list-item]


def test_the_limit_is_the_practices_own(desk: TestDesk) -> None:
    desk.do(set_setting, "lock.idle_minutes", "5")
    pump = Pump()
    times = LockTimes(desk, pump)
    pump.until(lambda: times.minutes == 5)
    assert times.is_due(timedelta(minutes=5))
    assert not times.is_due(timedelta(minutes=4))
    times.close()


def test_the_lock_says_why() -> None:
    assert idle_words(15).startswith("Fifteen minutes went by without a keystroke.")
    assert idle_words(7).startswith("7 minutes went by")
