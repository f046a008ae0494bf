"""The crash proof's short form: two kills of every kind of write."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.proofs import crash
from tests.proofs.crash_child import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_acknowledged_is_lost_when_the_program_is_killed(
    practice_folder: Path, kind: str
) -> None:
    ids = crash.prepare(practice_folder)
    found = crash.kill_often(practice_folder, kind, 2, ids, random.Random(kind))
    assert found.problems == []
    assert found.acknowledged > 0
    assert found.kills == 2
