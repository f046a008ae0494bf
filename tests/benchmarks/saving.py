"""A save, beside the same unit of work with capture, audit, undo and index off."""

from __future__ import annotations

import itertools
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import bootstrap
from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.notes import NewNote, save_draft, start_note
from app.core.clinical.rules.notes import NoteFormat
from app.core.kernel.acting import Permission
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.practice.tables import Location
from app.core.store.capture import Capture, PracticeSession
from app.core.store.command import command
from app.core.store.guards import WATCHED
from app.core.store.unit import UnitOfWork
from app.core.vault.attached import AttachedFiles
from app.core.vault.desk import PEOPLE, VaultDesk
from app.core.vault.engine import engine_for
from app.core.vault.outbox import OutboxSink, UndoTable
from app.core.vault.search import FullText
from app.core.vault.vault import VaultPorts
from tests.benchmarks.figures import Figure, against_floor, by_turns, median
from tests.support.practice import OWNER, PASSPHRASE

RUNS = 300
_LAST_MONDAY = date(2026, 11, 16)
#: About as long as a note is; the word at its end is the one being typed.
_TEXT = " ".join(f"sentence{n % 90} spoke of week {n} calmly and slept" for n in range(31))


@command(permission=Permission.PRACTICE_SETTINGS, label="Rename", undo=True)
def rename(uow: UnitOfWork, name: str) -> None:
    """Rename the one location."""
    uow.session.scalars(select(Location)).one().name = name


class _Uncaptured(PracticeSession):
    """A session whose changes nobody reads."""

    new = dirty = deleted = ()  # type: ignore[assignment]


def figures() -> list[Figure]:
    """Return what a save costs."""
    with tempfile.TemporaryDirectory() as root:
        os.environ["PRACTICERUNNER_STATE_DIR"] = f"{root}/state"
        folder = Path(root) / "data"
        prepared = bootstrap.prepare_keys(PASSPHRASE)
        practice = bootstrap.create_practice(folder, prepared, OWNER)
        turns = itertools.count()
        found = [
            _beside_bare(practice, what, act)
            for what, act in (
                ("a save, synchronous FULL", _renaming(turns)),
                ("a draft of 250 words kept", _typing(practice.desk, turns)),
            )
        ]
        practice.close()
    return found


_Act = Callable[[], tuple[Callable[..., Any], tuple[Any, ...]]]


def _renaming(turns: Iterator[int]) -> _Act:
    return lambda: (rename, (f"Room {next(turns)}",))


def _typing(desk: VaultDesk, turns: Iterator[int]) -> _Act:
    client = NewClient(PersonName("Ann", "", "Example"))
    case_id = desk.do(add_client_with_case, client).value.case_id
    note_id = desk.do(start_note, NewNote(case_id, _LAST_MONDAY)).value

    def act() -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return save_draft, (note_id, NoteFormat.PLAIN, {"text": f"{_TEXT} {next(turns)}"})

    return act


def _beside_bare(practice: bootstrap.OpenPractice, what: str, act: _Act) -> Figure:
    """Return the row of an act beside the same unit of work that ends in a bare commit."""
    vault, desk = practice.vault, practice.desk
    engine = engine_for(vault.connection, writes=True)
    ports = VaultPorts(
        desk.actor.practice_id,
        "",
        OutboxSink(),
        UndoTable(),
        FullText(),
        AttachedFiles(practice.folder),
    )
    # The triggers let the bare writes pass; they ask the same question for both.
    desk.on_writer(lambda: vault.connection.create_function(WATCHED, 0, lambda: 1)).result()

    def bare() -> None:
        with _Uncaptured(engine, expire_on_commit=False) as session:
            session.info.update(practice_id=desk.actor.practice_id, ports=ports, capture=Capture())
            run, arguments = act()
            run(UnitOfWork(session, desk.actor, desk.entitlement, desk.clock), *arguments)
            session.commit()

    def whole() -> Future[Any]:
        run, arguments = act()
        return desk.run(run, *arguments)

    ours, floor = by_turns(
        lambda: _took(desk, whole),
        lambda: _took(desk, lambda: desk.on_writer(bare, PEOPLE)),
        runs=RUNS,
    )
    return against_floor(what, median(ours), "ms", median(floor), 1.5)


def _took(desk: VaultDesk, submit: Callable[[], Future[Any]]) -> float:
    """Return the milliseconds of one write on the writer's thread, without the way there."""
    # What a screen read after the last write is no part of this one.
    desk.read(lambda _session, _scope: None).result()
    ready = threading.Event()
    desk.on_writer(ready.wait, PEOPLE)
    begun = desk.on_writer(time.perf_counter, PEOPLE)
    done = submit()
    ended = desk.on_writer(time.perf_counter, PEOPLE)
    ready.set()
    done.result()
    return (ended.result() - begun.result()) * 1000
