"""The desktop that the sync proof kills: a real file, real sync over HTTP, and a person at work."""

from __future__ import annotations

import os
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import bootstrap
from app.core.billing.invoices.tables import Invoice
from app.core.billing.ledger.tables import Allocation, Charge, Payment
from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotHereYet
from app.core.kernel.syncing import SyncStatus
from app.core.paper import fonts
from app.core.scheduling.rules.status import AppointmentStatus
from app.core.scheduling.tables import Appointment
from app.core.store.ports import ports_of
from app.core.vault.engine import driver
from app.core.vault.keys import Keys
from app.sync import digest, practice
from app.sync.forms import forms, full_rows
from tests.proofs.sync_acts import Acts, Kept

#: Seconds between two acts, on average.
PAUSE = 0.15

Say = Callable[..., None]

#: Everything above is imported once, by the process that each life is forked from.
PRELOADED = (fonts, practice)


@dataclass(frozen=True, slots=True)
class Life:
    """One life of one computer: where its file lies, with which keys, and its chance."""

    device: str
    root: Path
    keys: tuple[bytes, bytes]
    ids: Mapping[str, UUID]
    seed: str


def live(life: Life, line: Connection) -> None:
    """Work and sync until killed; after the first order only sync, and do as ordered."""
    os.environ["PRACTICERUNNER_STATE_DIR"] = str(life.root / "state")
    saying = threading.Lock()

    def say(*said: Any) -> None:
        with saying:
            line.send(said)

    try:
        _work(life, line, say)
    except Exception:
        # Whatever it is, nobody killed this computer: the proof has found something.
        say("problem", traceback.format_exc())
        raise


def _work(life: Life, line: Connection, say: Say) -> None:
    keys = Keys(*(bytearray(each) for each in life.keys))
    opened = bootstrap.open_practice(life.root / "data", keys)

    def promised(word: str, kept: Kept, name: str, more: str) -> None:
        say(word, kept, name, more)

    acts = Acts(opened, life.ids, life.device, Random(life.seed), promised)
    for problem in opened.desk.ask(half_done):
        say("problem", problem)
    say("open")
    opened.sync.start()
    chance = Random(f"{life.seed} pace")
    while not line.poll(chance.uniform(0, 2 * PAUSE)):
        acts.act()
    _Orders(opened, acts, say).follow(line)


class _Orders:
    """What the parent asks of a computer on which nobody writes any more."""

    def __init__(self, opened: bootstrap.OpenPractice, acts: Acts, say: Say) -> None:
        self._opened = opened
        self._acts = acts
        self._say = say

    def follow(self, line: Connection) -> None:
        """Do what is asked until the file is closed."""
        while True:
            order = line.recv()
            getattr(self, order)()
            if order == "close":
                return

    def settle(self) -> None:
        """Say from now on how syncing stands, whenever that changes."""
        self._opened.sync.listen(self._told)
        self._told(self._opened.sync.status())

    def decide(self) -> None:
        """Decide everything that the inbox asks."""
        self._acts.decide_all()
        self._say("decided")

    def sums(self) -> None:
        """Say what the file holds, as one number a table and bucket, and which papers it lacks."""
        self._say("sums", (self._opened.desk.ask(sums), self._opened.desk.ask(papers_lacking)))

    def check(self) -> None:
        """Compare everything with the account, and say what had to be repaired."""
        self._say("checked", self._opened.sync.check())

    def close(self) -> None:
        """Close the file as at a lock."""
        self._opened.close()
        self._say("closed")

    def _told(self, now: SyncStatus) -> None:
        self._say("status", now)


def half_done(session: Session, scope: Scope) -> list[str]:
    """Return what half a change set leaves: a session held and not charged, idle payments."""
    of = scope.practice_id
    held = set(
        session.scalars(
            select(Appointment.id).where(
                Appointment.practice_id == of, Appointment.status == AppointmentStatus.COMPLETED
            )
        )
    )
    charged = set(session.scalars(select(Charge.appointment_id).where(Charge.practice_id == of)))
    paid = set(session.scalars(select(Payment.id).where(Payment.practice_id == of)))
    used = set(session.scalars(select(Allocation.payment_id).where(Allocation.practice_id == of)))
    return [f"session {each} is held and not charged" for each in held - charged] + [
        f"payment {each} pays nothing" for each in paid - used
    ]


def papers_lacking(session: Session, scope: Scope) -> list[str]:
    """Return the invoices whose paper, which travels after its row, is not in the file yet."""
    papers = ports_of(session).papers(session)
    lacking = []
    for number, paper_hash in session.execute(
        select(Invoice.number, Invoice.paper_hash).where(Invoice.practice_id == scope.practice_id)
    ):
        try:
            papers.get(paper_hash)
        except NotHereYet:
            lacking.append(number)
    return lacking


def sums(session: Session, _scope: Scope) -> dict[str, tuple[str, ...]]:
    """Return the digest of every table, as sync compares it."""
    found = {}
    for form in forms():
        rows = full_rows(driver(session), form, "1 = 1", ())
        hashed = [
            (UUID(bytes=pk), digest.row_hash(UUID(bytes=pk), said, form.names))
            for pk, _, said in rows
        ]
        found[form.entity] = digest.sums(hashed)
    return found
