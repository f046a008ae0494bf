"""Widgets under test look as they do in the program, and stand still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.design_day import DesignDay, fill
from tests.support.practice import StoredPractice, TestDesk
from tests.support.scenes import Scenes
from tests.support.screens import bridge, screen
from tests.ui.clinical import scene as clinical
from tests.ui.people import scene as people
from tests.ui.scheduling.design_week import book_design_week

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

__all__ = ["bridge", "looked", "screen"]

#: What a test finds in its practice when it asks for the fixture of that name.
SCENES = {
    "thursday": fill,
    "cases": book_design_week,
    "walters_record": clinical.walter,
    "small": people.small,
}


@pytest.fixture(scope="session")
def scenes(new_practice: StoredPractice, tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    """The practices with a scene in them."""
    return Scenes(new_practice, tmp_path_factory.mktemp("scenes"), SCENES)


@pytest.fixture
def practice_folder(
    request: pytest.FixtureRequest,
    stored_practice: StoredPractice,
    scenes: Scenes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A copy for this test alone of the practice with the scene that the test asks for."""
    stored = scenes.stored(request.fixturenames) or stored_practice
    return stored.copy_to(tmp_path, monkeypatch)


@pytest.fixture
def thursday(desk: TestDesk, scenes: Scenes) -> DesignDay:
    """The Thursday of the design's pictures."""
    day: DesignDay = scenes.made("thursday")
    day.desk = desk
    return day


@pytest.fixture
def looked(qapp: QApplication) -> Iterator[QApplication]:
    """The application in the light theme at 100 %, without motion; put back afterwards."""
    from app.ui.theme import look  # noqa: PLC0415  fonts need the application first

    look.use(qapp, theme="light", percent=100, density="regular", motion=False)
    yield qapp
    look.use(qapp, theme="light", percent=100, density="regular", motion=False)
