"""What is left when all is over: every file, and the server, held against every promise."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.kernel.acting import Scope
from app.core.vault.engine import driver
from app.open_practice import OpenPractice
from app.sync.forms import forms, full_rows
from hosted.store.engine import For, open_database
from hosted.store.tables import Head, LogEntry
from tests.proofs.sync_child import papers_lacking
from tests.proofs.sync_promises import Rows
from tests.proofs.sync_world import World, at_home, file_facts, join, open_file


def look(world: World, root: Path) -> list[str]:
    """Hold every promise against every file and the server, and verify the files."""
    problems = []
    held: dict[str, Rows] = {}
    for computer in world.computers:
        with at_home(computer.root):
            opened = open_file(world, computer.root)
            try:
                problems += [
                    f"{computer.name}: {finding.what}: {problem}"
                    for finding in opened.verify()
                    for problem in finding.problems
                ]
                problems += _without_paper(computer.name, opened)
                held[computer.name] = opened.desk.ask(_rows)
                waiting, lives = opened.desk.ask(file_facts)
            finally:
                opened.close()
        if waiting:
            problems.append(f"{computer.name} still holds {waiting} operations")
        if lives != world.lives_begun[computer.name]:
            problems.append(f"a kill made {computer.name} another life of its file")
    held["the server"], lacking = _held_by_server(world, root)
    problems += lacking
    for name, rows in held.items():
        problems += [f"{name}: {broken}" for broken in world.promises.broken(rows)]
        if rows != held["the server"]:
            problems.append(f"{name} holds other rows than the server")
    return problems + _log_problems(world)


def _held_by_server(world: World, root: Path) -> tuple[Rows, list[str]]:
    """Join as a fresh computer: what it is given is what the server has."""
    with at_home(root / "fresh"):
        fresh = join(world.proxy.address, _code(world), "Fresh", root / "fresh", world.prepared)
        try:
            fresh.sync.sync_now()
            return fresh.desk.ask(_rows), _without_paper("a fresh computer", fresh)
        finally:
            fresh.close()


def _without_paper(name: str, opened: OpenPractice) -> list[str]:
    return [f"{name} has no paper of {number}" for number in opened.desk.ask(papers_lacking)]


def _code(world: World) -> str:
    first = world.computers[0]
    with at_home(first.root):
        opened = open_file(world, first.root)
        try:
            return opened.sync.code()
        finally:
            opened.close()


def _log_problems(world: World) -> list[str]:
    """The server's log has every number once, from 1 to its head."""
    database = open_database(world.server.database)
    try:
        with database.read(For(world.practice_id)) as session:
            of = LogEntry.practice_id == world.practice_id
            count, last = session.execute(
                select(func.count(), func.max(LogEntry.seq)).where(of)
            ).one()
            head = session.scalars(
                select(Head.head).where(Head.practice_id == world.practice_id)
            ).one()
    finally:
        database.close()
    whole = count == last == head
    return [] if whole else [f"the log holds {count} entries up to {last}, its head is {head}"]


def _rows(session: Session, _scope: Scope) -> Rows:
    return {
        (form.entity, pk.hex()): said
        for form in forms()
        for pk, _, said in full_rows(driver(session), form, "1 = 1", ())
    }
