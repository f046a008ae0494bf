"""A small practice, and the window's surroundings."""

from __future__ import annotations

import pytest

from tests.support.practice import TestDesk
from tests.support.screens import bridge, screen
from tests.ui.people import scene

__all__ = ["bridge", "screen"]


@pytest.fixture
def small(desk: TestDesk) -> scene.Small:
    """A couple, two clients on their own, and a prospect."""
    return scene.small(desk)
