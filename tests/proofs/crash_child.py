"""The process that a crash proof kills: it writes without end and says what was acknowledged.

``python -m tests.proofs.crash_child FOLDER KIND TURN``: one JSON object a line on standard output,
``begun`` before an act, and what the act made only after the practice acknowledged it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from app import bootstrap
from app.core.billing.ledger.commands import record_payment
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.billing.superbills.rules.orders import Order
from app.core.clinical.commands.notes import save_draft, start_session_note
from app.core.clinical.rules.notes import NoteFormat
from app.core.exchange import running
from app.core.journeys.sessions import attend
from app.core.journeys.superbills import issue_superbill
from app.core.kernel.money import Money
from app.core.scheduling.commands import book_session
from app.core.scheduling.rules.booking import Booking, Line
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE

FILES = Path(__file__).resolve().parents[1] / "data"
FIRST_DAY = date(2024, 1, 1)


def say(**said: Any) -> None:
    """Acknowledge to the parent, at once."""
    print(json.dumps(said), flush=True)


def notes(opened: bootstrap.OpenPractice, ids: dict[str, UUID], turn: int) -> Iterator[None]:
    """Type into a session's note, a longer text each time."""
    desk = opened.desk
    session = _session(opened, ids, turn)
    note = desk.do(start_session_note, session, NoteFormat.PLAIN).value
    count = 0
    while True:
        count += 1
        say(begun=True)
        text = f"turn {turn} keystroke {count:06d} " + "and so it went on. " * 60
        desk.do(save_draft, note, NoteFormat.PLAIN, {"text": text})
        say(note=str(note), count=count)
        yield


def payments(opened: bootstrap.OpenPractice, ids: dict[str, UUID], turn: int) -> Iterator[None]:
    """Attend a session and take its payment."""
    count = 0
    while True:
        count += 1
        say(begun=True)
        session = _session(opened, ids, turn * 1000 + count)
        settled = opened.desk.do(attend, session).value
        entry = PaymentEntry(
            uuid4(),
            ids["client"],
            Money(165_00),
            Method.CHECK,
            date(2026, 11, 19),
            str(count),
            charge_ids=settled.charge_ids,
        )
        opened.desk.do(record_payment, entry)
        say(payment=str(entry.payment_id), session=str(session))
        yield


def superbills(opened: bootstrap.OpenPractice, ids: dict[str, UUID], turn: int) -> Iterator[None]:
    """Hold a session, take its payment, issue its superbill."""
    desk = opened.desk
    pays = payments(opened, ids, turn)
    count = 0
    while True:
        count += 1
        next(pays)
        day = _day(turn * 1000 + count)
        say(begun=True)
        superbill = desk.do(issue_superbill, Order(uuid4(), ids["client"], day, day)).value
        say(superbill=str(superbill))
        yield


def imports(opened: bootstrap.OpenPractice, _ids: dict[str, UUID], _turn: int) -> Iterator[None]:
    """Import the samples, slice by slice."""
    desk = opened.desk
    planned = running.plan(desk, running.read_files([FILES / "many-clients.csv"]))
    say(begun=True)
    run = running.begin(desk, planned)
    say(imported=str(run), done=0)
    say(begun=True)
    running.run(desk, run, planned, lambda progress: _told(run, progress.done))
    yield


def _told(run: UUID, done: int) -> bool:
    say(imported=str(run), done=done)
    say(begun=True)
    return True


def backups(opened: bootstrap.OpenPractice, _ids: dict[str, UUID], _turn: int) -> Iterator[None]:
    """Make one backup after another."""
    while True:
        say(begun=True)
        say(backup=str(opened.backup().path))
        opened.vault.clock.forward(hours=7)  # type: ignore[attr-defined]
        yield


def _session(opened: bootstrap.OpenPractice, ids: dict[str, UUID], number: int) -> UUID:
    starts = datetime.combine(_day(number), time(6 + number // 1000 % 16))
    line = Line(ids["service"])
    return opened.desk.do(book_session, Booking(ids["case"], starts, lines=(line,))).value


def _day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number % 1000)


KINDS: dict[str, Callable[[bootstrap.OpenPractice, dict[str, UUID], int], Iterator[None]]] = {
    "notes": notes,
    "payments": payments,
    "superbills": superbills,
    "imports": imports,
    "backups": backups,
}


def main(folder: str, kind: str, turn: str) -> None:
    """Open the practice and write until killed."""
    keys = bootstrap.unlock(Path(folder), passphrase=PASSPHRASE)
    opened = bootstrap.open_practice(Path(folder), keys, StillClock())
    ids = {name: UUID(text) for name, text in json.loads(sys.stdin.readline()).items()}
    say(ready=True)
    for _ in KINDS[kind](opened, ids, int(turn)):
        pass
    say(finished=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
