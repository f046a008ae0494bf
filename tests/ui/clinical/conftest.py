"""Walter Strand's record, and the window's surroundings."""

from __future__ import annotations

import pytest

from tests.support.practice import TestDesk
from tests.support.screens import bridge, screen
from tests.ui.clinical import scene

__all__ = ["bridge", "screen"]


@pytest.fixture
def walter(desk: TestDesk) -> scene.Walter:
    """The record of the design's pictures, without Thursday's draft."""
    return scene.walter(desk)
