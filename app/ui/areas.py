"""The areas of the program, in the order in which they register."""

from __future__ import annotations

from importlib import import_module

from app.ui.billing import area as billing
from app.ui.clinical import area as clinical
from app.ui.exchange import area as exchange
from app.ui.help import area as help_
from app.ui.onboarding import area as onboarding
from app.ui.people import area as people
from app.ui.scheduling import area as scheduling
from app.ui.settings import area as settings
from app.ui.shell.registry import House
from app.ui.tasks import area as tasks
from app.ui.today import area as today

#: Each has ``register(house)``; their pages are imported when they are first shown.
AREAS = (
    today,
    scheduling,
    people,
    clinical,
    billing,
    tasks,
    settings,
    exchange,
    onboarding,
    help_,
)


#: What is imported when a screen is first shown, in the order of a person's day, and what floats.
SCREENS = (
    "app.ui.shell.palette",
    "app.ui.shell.synccard",
    "app.ui.shell.keysheet",
    "app.ui.scheduling.page",
    "app.ui.scheduling.panel",
    "app.ui.people.page",
    "app.ui.people.record",
    "app.ui.people.overview",
    "app.ui.people.details",
    "app.ui.people.relationships",
    "app.ui.people.activity",
    "app.ui.clinical.note_page",
    "app.ui.clinical.record_panel",
    "app.ui.billing.page",
    "app.ui.billing.payment_pane",
    "app.ui.billing.record_panel",
    "app.ui.billing.superbills_page",
    "app.ui.tasks.page",
    "app.ui.settings.page",
    "app.ui.exchange.page",
    "app.ui.help.page",
)


def load_screens() -> None:
    """Import every screen, off the window's thread: a first visit then only builds it."""
    for name in SCREENS:
        import_module(name)


def furnished() -> House:
    """Return the registries, filled by every area."""
    house = House()
    for area in AREAS:
        area.register(house)
    return house
