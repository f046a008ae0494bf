"""Every screen of the real window, walked as a screen reader walks it: names and roles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import bootstrap
from app.__main__ import BootstrapKeeper
from app.ui.areas import furnished
from app.ui.shell.navigation import Navigator
from app.ui.shell.places import Place
from app.ui.shell.preferences import Preferences
from app.ui.shell.program import Program
from app.ui.shell.window import ShellWindow
from tests.support import design_day
from tests.support.accessible import controls, speechless
from tests.support.clock import StillClock
from tests.support.design_day import DesignDay
from tests.support.practice import PASSPHRASE

SETTINGS = [
    *("practice", "identifiers", "locations", "services", "calendar", "notes", "billing"),
    *("security", "backup", "appearance", "about", "import"),
]
AREAS = ["today", "scheduling", "people", "billing", "tasks", "help"]
BILLING = ["tobill", "invoices", "payments", "superbills"]
RECORD = ["overview", "details", "appointments", "clinical", "billing", "relationships"]


class Walk:
    """The window over the design's practice, and a way to stand still in it."""

    def __init__(self, folder: Path, state: Path) -> None:
        keys = bootstrap.unlock(folder, passphrase=PASSPHRASE)
        self.practice = practice = bootstrap.open_practice(folder, keys, StillClock())
        self.day: DesignDay = design_day.fill(practice.desk)
        preferences = Preferences.load(state)
        self.window = ShellWindow(preferences)
        self.program = Program(
            furnished(), BootstrapKeeper(), practice.folder, preferences, self.window, self.window
        )
        self.program.opened(practice)
        self.window.show()

    @property
    def navigator(self) -> Navigator:
        """What moves between areas."""
        assert self.window.navigator is not None
        return self.window.navigator

    def go(self, place: Place) -> None:
        """Go somewhere and let every read and its rendering finish."""
        self.navigator.go(place)
        for _round in range(5):
            self.practice.desk.read(lambda _session, _scope: None).result()
            QApplication.processEvents()

    def has(self, area: str) -> bool:
        """Return whether the program has this area."""
        return area in self.program.house.areas


@pytest.fixture
def walk(
    qtbot: QtBot,
    looked: QApplication,
    practice_folder: Path,
    tmp_path: Path,
) -> Iterator[Walk]:
    """The window, open at Today."""
    walk = Walk(practice_folder, tmp_path / "state")
    qtbot.addWidget(walk.window)
    yield walk
    walk.window.close()


def test_every_screen_can_be_heard(walk: Walk) -> None:
    places = [Place(area) for area in AREAS if walk.has(area)]
    places += [Place("billing", part=part) for part in BILLING if walk.has("billing")]
    places += [Place("settings", part=part) for part in SETTINGS]
    case_id = walk.day.cases["Noor"]
    places += [Place("people", ("case", case_id), part) for part in RECORD]
    silent: list[str] = []
    heard = 0
    titles = {area.words for area in walk.program.house.areas}
    for place in places:
        walk.go(place)
        silent += [f"{place.area} {place.part}: {problem}" for problem in speechless(walk.window)]
        # The title bar names the area, never a client: others see it.
        assert walk.window.windowTitle() in titles
        heard += sum(1 for _control in controls(walk.window))
    assert not silent, "\n".join(sorted(set(silent)))
    assert heard > 10 * len(places), "the walk saw almost nothing: is it on the right screens?"
