"""A backup just made is never the older one of its second."""

from __future__ import annotations

from pathlib import Path

from tests.core.vault.test_vault import reopen
from tests.support.clock import StillClock


def test_a_backup_outlives_those_made_before_it_in_its_second(
    practice_folder: Path, tmp_path: Path
) -> None:
    clock = StillClock()
    opened = reopen(practice_folder, clock)
    opened.backup(tmp_path)
    last = opened.backup(tmp_path)
    # Rotation has let the first one go, so that its name is free again.
    made = opened.backup(tmp_path)
    clock.forward(hours=7)
    opened.backup(tmp_path)
    opened.close()

    assert not last.path.exists()
    assert made.path.exists()
