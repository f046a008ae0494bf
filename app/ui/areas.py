"""The areas of the program, in the order in which they register."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from app.ui.shell.registry import House

NAMES = (
    "today",
    "scheduling",
    "people",
    "clinical",
    "billing",
    "tasks",
    "settings",
    "exchange",
    "onboarding",
    "help",
)


def furnished() -> House:
    """Return the registries, filled by every area."""
    house = House()
    for name in NAMES:
        if find_spec(f"app.ui.{name}") and find_spec(f"app.ui.{name}.area"):
            import_module(f"app.ui.{name}.area").register(house)
    return house
