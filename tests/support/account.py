"""The hosted account on a socket of its own, for tests of what asks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hosted.store.engine import open_database
from hosted.store.migrate import upgrade
from hosted.web.services import put_together
from tests.hosted.web.conftest import Site
from tests.support.clock import THE_MOMENT, StillClock


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Site]:
    """A running server on SQLite, without a practice."""
    database = open_database(str(tmp_path / "account.sqlite"))
    upgrade(database, THE_MOMENT)
    clock = StillClock()
    made = Site(put_together(database, tmp_path / "account-files", clock), clock)
    made.start()
    yield made
    made.stop()
    database.close()
