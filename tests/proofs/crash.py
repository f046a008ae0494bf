"""Kill the program at random moments: nothing acknowledged is lost, nothing is left half done."""

from __future__ import annotations

import itertools
import json
import os
import random
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select as sql
from sqlalchemy.orm import Session

from app import bootstrap
from app.core.billing.ledger.tables import Allocation, Payment
from app.core.billing.superbills.tables import Superbill
from app.core.cases.commands import add_client_with_case
from app.core.clinical.tables import Note
from app.core.exchange import running
from app.core.exchange.queries import history as imports
from app.core.exchange.rules import ImportState
from app.core.kernel.acting import Scope
from app.core.kernel.errors import MachineError
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.people.tables import Client
from app.core.practice.commands import add_service
from app.core.practice.rules.catalogue import ServiceFields
from app.core.scheduling.tables import Appointment
from app.core.vault import backup
from tests.core.billing.conftest import Walter
from tests.core.journeys.superbill_practice import complete
from tests.proofs.crash_child import FIRST_DAY
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE, TestDesk

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


@dataclass(slots=True)
class Outcome:
    """What a run of kills found; ``problems`` must be empty.

    ``kills`` hit a process that was writing; ``inside`` of them fell between the beginning of an
    act and its acknowledgement.
    """

    kills: int = 0
    inside: int = 0
    acknowledged: int = 0
    problems: list[str] = field(default_factory=list)


def prepare(folder: Path) -> dict[str, UUID]:
    """Give the practice in ``folder`` a client with a case and a service; return their ids."""
    with _opened(folder) as opened:
        desk = cast(TestDesk, opened.desk)
        added = desk.do(add_client_with_case, NewClient(PersonName("Walter", "", "Strand"))).value
        fields = ServiceFields("Individual session", "0001Z", minutes=50, fee=Money(165_00))
        service = desk.do(add_service, fields).value
        walter = Walter(desk, added.client_ids[0], added.case_id, service)
        complete(walter, diagnosed_from=FIRST_DAY)
        return {"client": walter.client_id, "case": walter.case_id, "service": service}


def kill_often(
    folder: Path, kind: str, times: int, ids: dict[str, UUID], chance: random.Random
) -> Outcome:
    """Start the writing process ``times`` times and kill it; look at the practice each time.

    The kill falls at a random moment after its first act began. A process that ended before it
    was looked at too, is no kill, and the next kill falls earlier.
    """
    outcome = Outcome()
    latest = 0.9
    for turn in itertools.count():
        if outcome.kills == times:
            break
        said = _write_and_kill(folder, kind, turn, ids, chance.uniform(0.01, latest))
        if {"finished": True} in said:
            latest /= 2
        else:
            outcome.kills += 1
        outcome.inside += said[-1] == {"begun": True}
        said = [one for one in said if not one.keys() & {"ready", "begun", "finished"}]
        outcome.acknowledged += len(said)
        try:
            with _opened(folder) as opened:
                found = _look(opened, said, go_on=turn % 2 == 0)
                outcome.problems += [f"{kind} {turn}: {one}" for one in found]
        except MachineError as error:
            outcome.problems.append(f"{kind} {turn}: {error.sentence}")
    return outcome


def _write_and_kill(
    folder: Path, kind: str, turn: int, ids: dict[str, UUID], delay: float
) -> list[dict[str, Any]]:
    """Return every line that the process wrote before the kill."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.proofs.crash_child", str(folder), kind, str(turn)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ},
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps({name: str(one) for name, one in ids.items()}).encode() + b"\n")
    child.stdin.flush()
    ready, _, _ = select.select([child.stdout], [], [], PATIENCE)
    assert ready, "the writing process did not start"
    lines = [child.stdout.readline()]
    while lines[-1] and b"begun" not in lines[-1]:
        lines.append(child.stdout.readline())
    until = time.monotonic() + delay
    while (left := until - time.monotonic()) > 0:
        if select.select([child.stdout], [], [], left)[0]:
            line = child.stdout.readline()
            if not line:
                break
            lines.append(line)
    child.kill()
    lines += child.stdout.readlines()
    child.wait()
    child.stdin.close()
    child.stdout.close()
    return [json.loads(line) for line in lines if line.endswith(b"\n")]


def _look(opened: bootstrap.OpenPractice, said: list[dict[str, Any]], *, go_on: bool) -> list[str]:
    problems = [
        f"{finding.what}: {problem}" for finding in opened.verify() for problem in finding.problems
    ]
    desk = opened.desk
    problems += desk.ask(_lost_notes, {one["note"]: one["count"] for one in said if "note" in one})
    problems += desk.ask(_lost_payments, [one for one in said if "payment" in one])
    bills = [one["superbill"] for one in said if "superbill" in one]
    problems += desk.ask(_lost_superbills, bills)
    reached = {UUID(one["imported"]): one["done"] for one in said if "imported" in one}
    problems += _broken_imports(opened, reached, go_on=go_on)
    problems += _broken_backups(opened, [one["backup"] for one in said if "backup" in one])
    return problems


def _lost_notes(session: Session, _scope: Scope, kept: dict[str, int]) -> list[str]:
    problems = []
    for note_id, count in kept.items():
        sections = session.scalars(sql(Note.sections).where(Note.id == UUID(note_id))).one()
        found = int(sections["text"].split()[3])
        if found < count:
            problems.append(f"keystroke {count} was acknowledged, {found} is there")
    return problems


def _lost_payments(session: Session, _scope: Scope, said: list[dict[str, Any]]) -> list[str]:
    there = set(session.scalars(sql(Payment.id)))
    held = set(session.scalars(sql(Appointment.id)))
    half = set(session.scalars(sql(Payment.id))) - set(session.scalars(sql(Allocation.payment_id)))
    lost = [one["payment"] for one in said if UUID(one["payment"]) not in there]
    lost += [one["session"] for one in said if UUID(one["session"]) not in held]
    return [f"{one} is lost" for one in lost] + [f"{one} pays nothing" for one in half]


def _lost_superbills(session: Session, scope: Scope, said: list[str]) -> list[str]:
    there = set(session.scalars(sql(Superbill.id)))
    problems = [f"superbill {one} is lost" for one in said if UUID(one) not in there]
    numbers = list(session.scalars(sql(Superbill.number)))
    if len(numbers) != len(set(numbers)):
        problems.append("a superbill number was given twice")
    return problems


def _broken_imports(
    opened: bootstrap.OpenPractice, reached: dict[UUID, int], *, go_on: bool
) -> list[str]:
    """Look at the runs that began, continue them if ``go_on``, and undo them whole."""
    problems = []
    desk = opened.desk
    for run, acknowledged in reached.items():
        progress = desk.ask(imports.import_run, run).progress
        there = desk.ask(_people_of, run)
        if there != progress.done or there < acknowledged:
            problems.append(f"import {run}: {acknowledged} acknowledged, {there} of {progress}")
        if go_on and desk.ask(imports.import_run, run).state is ImportState.RUNNING:
            running.go_on(desk, run, lambda _progress: True)
            if desk.ask(_people_of, run) != progress.total:
                problems.append(f"import {run} was not continued to its end")
        running.take_back(desk, run, lambda _progress: True)
        if left := desk.ask(_people_of, run):
            problems.append(f"import {run}: undone, and {left} people are left")
    return problems


def _people_of(session: Session, _scope: Scope, run: UUID) -> int:
    return len(list(session.scalars(sql(Client.id).where(Client.import_id == run))))


def _broken_backups(opened: bootstrap.OpenPractice, paths: list[str]) -> list[str]:
    problems = []
    there = backup.list_backups(opened.backup_state().folder)
    for each in there:
        try:
            backup.check(each.path, opened.vault.keys)
        except MachineError as error:
            problems.append(error.sentence)
    # A later one of the same day takes its place, also where the kill came before that was said.
    newest = max((each.path.name for each in there), default="")
    last = [Path(path).name for path in paths[-1:]]
    return problems + [f"{name} is lost" for name in last if newest < name]


@contextmanager
def _opened(folder: Path) -> Iterator[bootstrap.OpenPractice]:
    """The practice, open for a moment."""
    keys = bootstrap.unlock(folder, passphrase=PASSPHRASE)
    practice = bootstrap.open_practice(folder, keys, StillClock())
    try:
        yield practice
    finally:
        practice.close()
