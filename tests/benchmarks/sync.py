"""Sync on the desktop: applying, one edit, nothing to do, and a new computer."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from app import bootstrap
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client, change_name
from app.core.people.rules import NewClient
from app.core.store.ports import ports_of
from app.core.vault.desk import InlineWorker
from app.core.vault.search import MOST_WAITING
from app.sync.engine import CHARACTERS, TEXTS
from app.sync.file import LocalFile, Slice
from app.sync.forms import forms, full_rows
from app.sync.protocol.records import Row
from app.sync.snapshot import cut_rows, write_rows
from hosted.store.engine import Database, open_database
from tests.benchmarks import hosted, over_http
from tests.benchmarks.figures import Figure, median, milliseconds
from tests.benchmarks.peers import beside_anki
from tests.benchmarks.ten_years import ten_years
from tests.support.practice import OWNER, PASSPHRASE
from tests.sync.worlds import Desktop, Hosted, connected, joined

#: Rows a second that a client must at least apply, from the design's page.
APPLY = 25_000
EDITS = 60


def figures() -> list[Figure]:
    """Return what syncing costs the server and this computer, beside Anki where it can be had."""
    found = [*hosted.figures()]
    with ten_years() as practice:
        rows = _rows(LocalFile(practice.desk))
    found += [*_applied(rows), *_one_edit()]
    with _root() as root:
        found += over_http.figures(root)
    try:
        return _beside(found, beside_anki.measured(over_http.ROWS))
    except beside_anki.NoAnki as reason:
        print(reason)
        return found


def _beside(found: Sequence[Figure], anki: beside_anki.Measured) -> list[Figure]:
    """Put Anki's figure of the same run into the rows that it has, too."""
    same = {
        "operation pushed": 1e6 / anki.push,
        "row pulled": 1e6 / anki.pull,
        "seen there, p50": anki.edit_ms,
        "one edit, p99": anki.edit_worst_ms,
        "an edit over HTTP until seen there, p50": anki.edit_ms,
        "an edit over HTTP, p99": anki.edit_worst_ms,
        "nothing to do": anki.idle_ms,
        "a new computer, 50,000 rows": anki.fresh_s,
    }
    return [
        replace(
            row, floor=next((floor for words, floor in same.items() if words in row.what), None)
        )
        for row in found
    ]


def _rows(file: LocalFile) -> list[Row]:
    """Return every row of a practice, as a snapshot brings them."""
    found: list[Row] = []
    for form in forms():
        listed = file.slice(lambda part, of=form: full_rows(part.connection, of, "1 = 1", ()))  # type: ignore[misc]
        for pk, _, said in listed:
            found.append(Row(form.entity, UUID(bytes=pk), len(found) + 1, said))
    return found


def _applied(rows: Sequence[Row]) -> list[Figure]:
    with _new_file() as file:
        # Here all rows of the practice lie in memory, which no program has beside it: looking
        # through them for cycles was the longest slice. What was there, it passes over, too.
        gc.collect()
        gc.freeze()
        took = [_seconds(lambda of=each: write_rows(file, of)) for each in cut_rows(rows)]  # type: ignore[misc]
        later: list[float] = []
        count = _waiting(file)
        while (left := _waiting(file)) > MOST_WAITING:
            later.append(_seconds(lambda: file.slice(_catch_up)))
    rate = len(rows) / sum(took)
    return [
        Figure(
            f"microseconds a row: {len(rows):,} rows applied, names indexed",
            1_000_000 / rate,
            "µs",
            f"≥ {APPLY:,} rows/s",
            1_000_000 / APPLY,
        ),
        Figure("one slice of it, middle of all", median(took) * 1000, "ms", "≤ 50 ms", 50.0),
        Figure("one slice of it, slowest", max(took) * 1000, "ms", "≤ 50 ms", 50.0),
        Figure(
            f"a note of {count - left:,} indexed when all else rests",
            sum(later) / (count - left) * 1e6,
            "µs",
            "≤ 500 µs",
            500.0,
        ),
        Figure("one slice of that, slowest", max(later) * 1000, "ms", "≤ 50 ms", 50.0),
    ]


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _waiting(file: LocalFile) -> int:
    counted = "SELECT count(*) FROM search_waiting"
    return file.slice(lambda part: int(part.connection.execute(counted).fetchone()[0]))


def _catch_up(part: Slice) -> None:
    ports_of(part.session).search.catch_up(part.session, TEXTS, CHARACTERS)


@contextmanager
def _new_file() -> Iterator[LocalFile]:
    with _root() as root:
        practice = bootstrap.create_practice(
            root / "data", bootstrap.prepare_keys(PASSPHRASE), OWNER, works=InlineWorker
        )
        try:
            file = LocalFile(practice.desk)
            # Rows of another practice come into this file; their links hold among themselves.
            yield file
        finally:
            practice.close()


@contextmanager
def _root() -> Iterator[Path]:
    with TemporaryDirectory() as root:
        before = os.environ.get("PRACTICERUNNER_STATE_DIR")
        os.environ["PRACTICERUNNER_STATE_DIR"] = f"{root}/state"
        try:
            yield Path(root)
        finally:
            if before is None:
                del os.environ["PRACTICERUNNER_STATE_DIR"]
            else:
                os.environ["PRACTICERUNNER_STATE_DIR"] = before


def _one_edit() -> list[Figure]:
    """An edit on one computer until it stands in the file of the other; and nothing to do."""
    with _root() as root:
        database: Database = open_database(str(root / "server.db"))
        account = Hosted(database)
        prepared = bootstrap.prepare_keys(PASSPHRASE)
        office = Desktop(root / "office", account)
        with office.at_home():
            practice = bootstrap.create_practice(
                office.root / "data",
                bootstrap.prepare_keys(PASSPHRASE),
                OWNER,
                office.clock,
                InlineWorker,
            )
        connected(office, practice, "Office")
        laptop = Desktop(root / "laptop", account)
        joined(laptop, office, prepared, "Laptop")
        client = office.desk.do(
            add_client, NewClient(PersonName(given="Ada", family="Byron"))
        ).value
        office.sync()
        laptop.sync()
        turn = 0

        def edit() -> None:
            nonlocal turn
            turn += 1
            account.clock.forward(seconds=1)
            office.desk.do(change_name, client, PersonName(given=f"Ada {turn}", family="Byron"))
            office.engine.run()
            laptop.engine.poke()
            laptop.engine.run()

        took = sorted(milliseconds(edit, runs=EDITS))

        def nothing() -> None:
            office.engine.poke()
            office.engine.run()

        idle = milliseconds(nothing, runs=EDITS)
        office.close()
        laptop.close()
        database.close()
    return [
        Figure("one edit, saved here and seen there, p50", median(took), "ms", "≤ 25 ms", 25.0),
        Figure("one edit, p99", took[-1], "ms", "≤ 100 ms", 100.0),
        Figure("an exchange with nothing to do", median(idle), "ms", "≤ 5 ms", 5.0),
    ]
