"""Widgets under test look as they do in the program, and stand still."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytestqt.exceptions import TimeoutError  # noqa: A004 - the name that pytest-qt gives it
from pytestqt.qtbot import QtBot

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


class PromptBot(QtBot):
    """Looks again soon while something is waited for; only what takes long is asked less often."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 5000) -> None:
        """Wait until ``callback`` is true, or asserts nothing any more. See pytest-qt."""
        pause, ends = 1, time.monotonic() + timeout / 1000
        while True:
            late = time.monotonic() > ends
            try:
                reached = callback()
            except AssertionError as error:
                if late:
                    raise TimeoutError(f"not after {timeout} ms") from error
            else:
                if reached in {None, True}:
                    return
                if late:
                    raise TimeoutError(f"not after {timeout} ms")
            self.wait(pause)
            pause = min(2 * pause, 10)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """What acts for the person in a test."""
    return PromptBot(request)


@pytest.fixture
def looked(qapp: QApplication) -> Iterator[QApplication]:
    """The application in the light theme at 100 %, without motion; put back afterwards."""
    _stand_still(qapp)
    yield qapp
    _stand_still(qapp)


def _stand_still(app: QApplication) -> None:
    from app.ui.theme import look  # noqa: PLC0415  fonts need the application first

    now = look.current()
    said = (now.theme, now.percent, now.density, now.motion)
    # Putting on the look that it wears already sends every widget through its style once more.
    if said != ("light", 100, "regular", False) or not app.styleSheet():
        look.use(app, theme="light", percent=100, density="regular", motion=False)
