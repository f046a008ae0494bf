"""Search per keystroke and the reads of Today, and a backup, on the ten-year practice."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from app import bootstrap
from app.core.kernel.clock import today as day_of
from app.core.tasks.queries import When, search, today
from app.core.vault.engine import connect
from tests.benchmarks.figures import Figure, against_floor, median, milliseconds, p95
from tests.benchmarks.ten_years import ten_years

#: What a person types, letter by letter: a name, a word of notes, half a number.
_TYPED = ("kowalski", "sleep routine", "inv-2026-01", "fatima", "zzyzx")


def figures() -> list[Figure]:
    """Return what searching, Today and a backup cost."""
    with ten_years() as practice:
        return [_search(practice), _today(practice), _backup(practice)]


def _search(practice: bootstrap.OpenPractice) -> Figure:
    desk = practice.desk
    now = desk.clock.now()
    typed = [word[:end] for word in _TYPED for end in range(1, len(word) + 1)]
    took = [
        value
        for text in typed
        for value in milliseconds(lambda text=text: desk.ask(search, text, now), runs=2, warm=1)  # type: ignore[misc]
    ]
    return Figure("search per keystroke, p95", p95(took), "ms", "≤ 20 ms", 20)


def _today(practice: bootstrap.OpenPractice) -> Figure:
    desk = practice.desk
    when = When(desk.clock.now(), day_of(desk.clock, desk.zone))
    took = milliseconds(lambda: desk.ask(today, when), runs=10)
    return Figure("the reads of Today", median(took), "ms", "≤ 10 ms", 10)


def _backup(practice: bootstrap.OpenPractice) -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        practice.backup(Path(folder))
        ours = time.perf_counter() - begun
        begun = time.perf_counter()
        source = connect(practice.vault.place.database, practice.vault.keys.database)
        target = connect(Path(folder) / "floor.db", practice.vault.keys.database)
        source.backup(target)
        target.close()
        source.close()
        floor = time.perf_counter() - begun
    return against_floor("backup, checked by opening", ours * 1000, "ms", floor * 1000, 2)
