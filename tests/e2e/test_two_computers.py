"""Two real windows, a real server process, and a week apart across the end of daylight saving."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.core.kernel.syncing import SyncState
from tests.e2e.two_computers import TwoComputers, journey


@pytest.mark.timeout(300)
def test_a_week_apart_ends_with_the_union(
    qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "nobody"))
    journey(tmp_path, None, assert_whole)


def assert_whole(made: TwoComputers) -> None:
    """Nothing was lost, both hold the same, and both say so."""
    office, laptop = (computer.rows() for computer in made.both)
    assert office.keys() == laptop.keys()
    for key, said in office.items():
        assert laptop[key] == said, key
    for rows in made.before:
        assert rows.keys() <= office.keys()
    texts = str([said for (entity, _), said in office.items() if entity in {"note", "inbox_item"}])
    for text in made.written:
        assert text in texts
    paid = [said for (entity, _), said in office.items() if entity == "payment"]
    assert sorted(each["amount"] for each in paid) == [100_00] * 12 + [165_00] * 2
    (moved,) = [
        said
        for (entity, _), said in office.items()
        if entity == "appointment"
        and said["series_id"] == made.series.hex
        and said["original_start"] == "2026-11-05T10:00:00"
    ]
    assert moved["starts"] == "2026-11-05T10:15:00"
    assert moved["status"] == "CONFIRMED"
    # Standard time by then: a quarter past ten is 18:15 in UTC.
    assert "18:15" in moved["starts_at"]
    for computer in made.both:
        assert computer.sync.status.state is SyncState.SYNCED
        assert computer.sync.words.words.startswith("Synced")
