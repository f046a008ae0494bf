"""Pictures of the pages of Settings."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.core.kernel.desk import Desk
from app.ui.settings import area
from app.ui.settings.page import SettingsPage
from app.ui.shell.bridge import Bridge
from app.ui.shell.places import Place
from app.ui.shell.registry import House
from app.ui.widgets.layout import Surface, column_layout
from tests.support import design_day
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
        context, _heard = bare_context(desk, Bridge(), house=house)
        page = SettingsPage(context)
        page.show_place(Place("settings", part=part, ask=ask or {}))
        frame = Surface("page")
        column_layout(frame).addWidget(page)
        return frame

    return make


QWidgetOf = Callable[[Desk], QWidget]

SHOTS = [
    *(Shot(f"settings-{part}", _page(part), size=SIZE) for part in PAGES),
    Shot("settings-services-empty", _page("services", full=False), size=SIZE),
]
