"""Pictures of the pages of Settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtWidgets import QWidget

from app import bootstrap
from app.core.kernel.desk import Desk
from app.ui.settings import area
from app.ui.settings.backup_panel import BackupPanel
from app.ui.settings.page import SettingsPage
from app.ui.shell.bridge import Bridge
from app.ui.shell.places import Place
from app.ui.shell.registry import House
from app.ui.widgets.layout import Surface, column_layout
from tests.support import design_day
from tests.support.clock import StillClock
from tests.support.pictures import application
from tests.support.practice import OWNER, PASSPHRASE
from tests.support.screens import bare_context
from tests.support.shots import Shot

#: The window without its side bar.
SIZE = (1224, 872)
PAGES = (
    *("practice", "identifiers", "locations", "services", "calendar", "notes", "billing"),
    *("security", "appearance", "about"),
)


def _page(part: str, *, full: bool = True, ask: dict[str, str] | None = None) -> QWidgetOf:
    def make(desk: Desk) -> QWidget:
        if full:
            design_day.fill(desk)
        house = House()
        area.register(house)
        context, _heard = bare_context(desk, Bridge(application()), house=house)
        page = SettingsPage(context)
        page.show_place(Place("settings", part=part, ask=ask or {}))
        frame = Surface("page")
        column_layout(frame).addWidget(page)
        return frame

    return make


@dataclass
class Opened:
    """The program, as far as the page of backups asks for it."""

    practice: bootstrap.OpenPractice


class _OwnPractice(Surface):
    """A page over a practice of its own: the picture's has only its desk."""

    def __init__(self) -> None:
        super().__init__("page")
        self._folder = TemporaryDirectory(prefix="backups-")
        keys = bootstrap.prepare_keys(PASSPHRASE)
        data = Path(self._folder.name) / "data"
        self.practice = bootstrap.create_practice(data, keys, OWNER, StillClock())

    def closing(self) -> None:
        """Close the practice and remove it."""
        self.practice.close()
        self._folder.cleanup()


def _backups(made: int) -> QWidgetOf:
    def make(_desk: Desk) -> QWidget:
        frame = _OwnPractice()
        for _ in range(made):
            frame.practice.backup()
        context, _heard = bare_context(frame.practice.desk, Bridge(application()))
        program: Any = Opened(frame.practice)
        column_layout(frame).addWidget(BackupPanel(replace(context, program=program)))
        return frame

    return make


QWidgetOf = Callable[[Desk], QWidget]

SHOTS = [
    *(Shot(f"settings-{part}", _page(part), size=SIZE) for part in PAGES),
    Shot("settings-services-empty", _page("services", full=False), size=SIZE),
    Shot("settings-backup", _backups(1), size=SIZE),
    Shot("settings-backup-empty", _backups(0), size=SIZE),
]
