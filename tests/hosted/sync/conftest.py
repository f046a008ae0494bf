"""The scene that every merge rule is played in."""

from __future__ import annotations

import pytest

from tests.hosted.sync.scenes import Pair, Scene


@pytest.fixture
def scene(pair: Pair) -> Scene:
    """Two computers that agree on a small practice."""
    return Scene(pair)
