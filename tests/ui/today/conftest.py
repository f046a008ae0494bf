"""The Thursday of the design's pictures."""

from __future__ import annotations

import pytest

from tests.support.design_day import DesignDay, fill
from tests.support.practice import TestDesk


@pytest.fixture
def thursday(desk: TestDesk) -> DesignDay:
    """That day, written into the practice of the test."""
    return fill(desk)
