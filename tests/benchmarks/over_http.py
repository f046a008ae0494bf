"""Two real computers and a real server over HTTP: a new computer filled, and one edit seen there.

Measured by ``sync``. The rows are clients and appointments, pushed as another computer would.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx2

from app import bootstrap
from app.core.kernel.clock import SystemClock
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client, change_name
from app.core.people.rules import Lifecycle, NewClient
from app.sync import joining
from app.sync.engine import RESTING, Did, Engine
from hosted.private_postgres import NoPostgres, binaries
from tests.benchmarks import hosted
from tests.benchmarks.figures import Figure, median, milliseconds
from tests.support.practice import OWNER, PASSPHRASE

#: Rows of the practice that a new computer fetches, and edits that are measured.
ROWS, EDITS = 50_000, 100
#: One client in so many is active: those come first, with the sessions of these weeks.
ONE_ACTIVE_IN = 100
#: After these steps of a new computer all rows are in its file.
_ALL_THERE = frozenset({Did.LEASED, Did.COMPARED, Did.INDEXED, *RESTING})


def figures(root: Path) -> list[Figure]:
    """Return what two computers take with a server on each database; ``root`` is scratch."""
    found = _measured(root / "sqlite", "SQLite")
    try:
        binaries()
    except NoPostgres as reason:
        print(reason)
        return found
    return found + _measured(root / "postgres", "PostgreSQL", "--postgres")


def _measured(root: Path, name: str, *options: str) -> list[Figure]:
    with hosted.running(*options) as (address, code):
        keys = bootstrap.prepare_keys(PASSPHRASE), bootstrap.prepare_keys(PASSPHRASE)
        office = bootstrap.create_practice(root / "office", keys[0], OWNER)
        office.sync.connect(address, code, "Office")
        office.sync.sync_now()
        _fill(address, office.sync.code())
        office.sync.sync_now()
        # As the program does once it has started.
        gc.collect()
        gc.freeze()
        begun = time.perf_counter()
        found = joining.pair(address, office.sync.code(), "Laptop", "bench")
        laptop = bootstrap.join_practice(root / "laptop", keys[1], found)
        useful = time.perf_counter() - begun
        engine = _engine(laptop)
        while engine.step() not in _ALL_THERE:
            pass
        whole = time.perf_counter() - begun
        laptop.sync.sync_now()
        edits = sorted(milliseconds(_edit(office, laptop), runs=EDITS))
        office.close()
        laptop.close()
    return [
        Figure(f"{name}: a new computer, first useful part", useful, "s", "≤ 1 s", 1.0),
        Figure(f"{name}: a new computer, {ROWS:,} rows, whole", whole, "s", "≤ 4 s", 4.0),
        Figure(f"{name}: an edit over HTTP until seen there, p50", median(edits), "ms", "≤ 25", 25),
        Figure(
            f"{name}: an edit over HTTP, p99", edits[len(edits) * 99 // 100 - 1], "ms", "≤ 100", 100
        ),
    ]


def _engine(practice: bootstrap.OpenPractice) -> Engine:
    return practice.sync._require_connection().engine


def _fill(address: str, code: str) -> None:
    """Push the rows from a computer of the practice that has nothing else to do."""
    with httpx2.Client(base_url=address, timeout=60) as client:
        hosted.pair(client, code)
        epoch, life, case = hosted.greet(client), uuid4(), uuid4()
        said = {"kind": "INDIVIDUAL"}
        hosted.push(client, epoch, life, [hosted.operation(1, "care_case", case, said)])
        for number in range(ROWS // hosted.BATCH):
            batch = hosted.batch(number, case)
            for each in batch:
                _age(each)
            hosted.push(client, epoch, life, batch)


def _age(operation: list[object]) -> None:
    """Make it a row as ten years leave them: most clients are no longer seen."""
    lsn, entity, said = operation[2], operation[3], operation[9]
    assert isinstance(lsn, int)
    assert isinstance(said, dict)
    if entity == "client" and lsn % (5 * ONE_ACTIVE_IN):
        said["lifecycle"] = Lifecycle.INACTIVE
    elif entity == "appointment":
        day = SystemClock().now() - timedelta(days=lsn % 3_650, hours=lsn % 9)
        said["starts"] = f"{day:%Y-%m-%dT%H}:00:00"
        said["starts_at"] = f"{day:%Y-%m-%dT%H}:00:00+00:00"
        said["ends_at"] = f"{day:%Y-%m-%dT%H}:50:00+00:00"


def _edit(office: bootstrap.OpenPractice, laptop: bootstrap.OpenPractice) -> Callable[[], object]:
    """Return what saves a change on one computer and waits until it is in the other's file."""
    client = office.desk.do(add_client, NewClient(PersonName(given="Ada", family="Byron"))).value
    engines = _engine(office), _engine(laptop)
    names = iter(range(EDITS * 2))

    def edit() -> None:
        office.desk.do(change_name, client, PersonName(given=f"Ada {next(names)}", family="Byron"))
        for engine in engines:
            engine.poke()
            engine.run()

    edit()
    return edit
