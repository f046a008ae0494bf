"""A practice in which the week of the design is booked: made once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app import bootstrap
from tests.support.clock import StillClock
from tests.support.practice import StoredPractice, TestDesk
from tests.ui.scheduling.design_week import book_design_week
from tests.ui.scheduling.room import Room


@dataclass(frozen=True, slots=True)
class BookedPractice:
    """A closed practice on disk, and its cases by their clients."""

    folder: Path
    state: Path
    cases: dict[str, UUID]


@pytest.fixture(scope="session")
def booked_practice(
    stored_practice: StoredPractice, tmp_path_factory: pytest.TempPathFactory
) -> BookedPractice:
    """The stored practice with the week of the design, closed."""
    root = tmp_path_factory.mktemp("booked")
    shutil.copytree(stored_practice.folder, root / "data")
    shutil.copytree(stored_practice.state, root / "state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRACTICERUNNER_STATE_DIR", str(root / "state"))
        keys = stored_practice.keys()
        practice = bootstrap.open_practice(root / "data", keys, StillClock())
        cases = book_design_week(practice.desk)
        practice.close()
    return BookedPractice(root / "data", root / "state", cases)


@pytest.fixture
def practice_folder(
    booked_practice: BookedPractice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of the booked practice for this test alone."""
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "state"))
    shutil.copytree(booked_practice.folder, tmp_path / "data")
    shutil.copytree(booked_practice.state, tmp_path / "state")
    return tmp_path / "data"


@pytest.fixture
def cases(booked_practice: BookedPractice) -> dict[str, UUID]:
    """The cases of the practice by their clients."""
    return booked_practice.cases


@pytest.fixture
def room(qtbot: Any, screen: Any, desk: TestDesk, looked: QApplication) -> Iterator[Room]:
    made = Room(qtbot, screen, desk)
    yield made
    made.page.closing()
    made.page.close()
    made.page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
