"""The sync proof's short form: a computer and the server are killed, every fault of the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proofs.sync_kills import kill_often

#: With this seed the first kill hits a computer and the second the server.
BOTH = 4


@pytest.mark.slow
@pytest.mark.timeout(240)  # four programs, started anew at every kill
def test_nothing_is_lost_or_stuck_when_a_computer_and_the_server_are_killed(
    tmp_path: Path,
) -> None:
    found = kill_often(tmp_path, 2, BOTH, postgres=False, pace=0.3)
    assert found.problems == []
    assert (found.client_kills, found.server_kills) == (1, 1)
    assert found.kept > 8
    assert found.faults
