"""The areas of the program, in the order in which they register."""

from __future__ import annotations

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


def furnished() -> House:
    """Return the registries, filled by every area."""
    house = House()
    for area in AREAS:
        area.register(house)
    return house
