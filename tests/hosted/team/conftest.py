"""The practice that people are invited to."""

from __future__ import annotations

from pathlib import Path

import pytest

from hosted.store.engine import Database
from tests.hosted.team.office import Office, office_on


@pytest.fixture
def office(stored: Database, tmp_path: Path) -> Office:
    """A practice on Group, with its owner alone."""
    return office_on(stored, tmp_path)
