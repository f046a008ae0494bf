"""Walter Strand's record, and the window's surroundings."""

from __future__ import annotations

import pytest

from tests.support.scenes import Scenes
from tests.support.screens import bridge, screen
from tests.ui.clinical import scene

__all__ = ["bridge", "screen"]


@pytest.fixture
def walters_record(scenes: Scenes) -> scene.Walter:
    """See ``walter``; other areas have a fixture of that name, too."""
    made: scene.Walter = scenes.made("walters_record")
    return made


@pytest.fixture
def walter(walters_record: scene.Walter) -> scene.Walter:
    """The record of the design's pictures, without Thursday's draft."""
    return walters_record
