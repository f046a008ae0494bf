"""The sync proof's short form: a handful of kills, real processes, every fault of the page."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.proofs.sync_kills import kill_often


@pytest.mark.slow
@pytest.mark.skipif(
    "PRACTICERUNNER_PROOFS" not in os.environ,
    reason="a minute and more: dev.py prove --sync",
)
@pytest.mark.timeout(240)  # four programs, started anew at every kill
def test_nothing_is_lost_or_stuck_when_computers_and_server_are_killed(tmp_path: Path) -> None:
    found = kill_often(tmp_path, 6, 7, postgres=False, pace=0.8)
    assert found.problems == []
    assert found.kills == 6
    assert found.kept > 20
    assert found.faults
