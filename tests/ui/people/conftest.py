"""A small practice, and the window's surroundings."""

from __future__ import annotations

import pytest

from tests.support.scenes import Scenes
from tests.support.screens import bridge, screen
from tests.ui.people import scene

__all__ = ["bridge", "screen"]


@pytest.fixture
def small(scenes: Scenes) -> scene.Small:
    """A couple, two clients on their own, and a prospect."""
    made: scene.Small = scenes.made("small")
    return made
