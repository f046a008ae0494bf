"""A save, beside the same unit of work with capture, audit, undo and index off."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from app import bootstrap
from app.core.kernel.acting import Permission
from app.core.practice.tables import Location
from app.core.store.capture import Capture, PracticeSession
from app.core.store.command import command
from app.core.store.guards import WATCHED
from app.core.store.unit import UnitOfWork
from app.core.vault.engine import engine_for
from app.core.vault.outbox import OutboxSink, UndoTable
from app.core.vault.search import FullText
from app.core.vault.vault import VaultPorts
from tests.benchmarks.figures import Figure, against_floor, median, milliseconds
from tests.support.practice import OWNER, PASSPHRASE

RUNS = 300


@command(permission=Permission.PRACTICE_SETTINGS, label="Rename", undo=True)
def rename(uow: UnitOfWork, name: str) -> None:
    """Rename the one location."""
    uow.session.scalars(select(Location)).one().name = name


def figures() -> list[Figure]:
    """Return what a save costs."""
    with tempfile.TemporaryDirectory() as root:
        os.environ["PRACTICERUNNER_STATE_DIR"] = f"{root}/state"
        folder = Path(root) / "data"
        prepared = bootstrap.prepare_keys(PASSPHRASE)
        practice = bootstrap.create_practice(folder, prepared, OWNER)
        turn = iter(range(10_000))
        saved = milliseconds(lambda: practice.desk.do(rename, f"Room {next(turn)}"), runs=RUNS)
        bare = _bare(practice, turn)
        practice.close()
    return [against_floor("a save, synchronous FULL", median(saved), "ms", median(bare), 1.5)]


def _bare(practice: bootstrap.OpenPractice, turn: Iterator[int]) -> list[float]:
    """The same unit of work through the same thread, ending in a bare commit."""
    vault, desk = practice.vault, practice.desk
    engine = engine_for(vault.connection, writes=True)
    ports = VaultPorts(desk.actor.practice_id, "", OutboxSink(), UndoTable(), FullText())

    def save() -> None:
        with PracticeSession(engine, expire_on_commit=False) as session:
            session.info.update(practice_id=desk.actor.practice_id, ports=ports, capture=Capture())
            rename(UnitOfWork(session, desk.actor, desk.entitlement, desk.clock), f"{next(turn)}")
            session.commit()

    vault.connection.create_function(WATCHED, 0, lambda: 1)
    return milliseconds(lambda: desk.on_writer(save).result(), runs=RUNS)
