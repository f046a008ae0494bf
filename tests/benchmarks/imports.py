"""An import of 5,000 clients: its time, its slices, and a draft saved meanwhile."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from pathlib import Path

from app import bootstrap
from app.core.exchange import running
from app.core.exchange.rules import Progress
from app.core.kernel.acting import Permission
from app.core.people.commands import add_contact
from app.core.people.rules import ContactFields, Lifecycle
from app.core.people.tables import Client, ClientAddress, ClientEmail, ClientPhone
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from tests.benchmarks.figures import Figure
from tests.support.practice import OWNER, PASSPHRASE

PEOPLE = 5_000
_A_SLICE = 8
_HEAD = "First Name,Last Name,Email,Phone,DOB,Street,City,State,Zip,Notes,Status,Payer,Member ID"


def figures() -> list[Figure]:
    """Return what an import costs."""
    with tempfile.TemporaryDirectory() as root:
        os.environ["PRACTICERUNNER_STATE_DIR"] = f"{root}/state"
        practice = bootstrap.create_practice(
            Path(root) / "data", bootstrap.prepare_keys(PASSPHRASE), OWNER
        )
        try:
            return _figures(practice, Path(root) / "clients.csv")
        finally:
            practice.close()


def _figures(practice: bootstrap.OpenPractice, file: Path) -> list[Figure]:
    desk = practice.desk
    floor = _bare_writes(practice)
    _write_list(file)
    begun = time.perf_counter()
    planned = running.plan(desk, running.read_files([file]))
    read = time.perf_counter() - begun
    slices: list[float] = []
    last = time.perf_counter()

    def heard(_progress: Progress) -> bool:
        nonlocal last
        now = time.perf_counter()
        slices.append((now - last) * 1000)
        last = now
        return True

    saver = _Saver(practice)
    saver.start()
    begun = last = time.perf_counter()
    run_id = running.begin(desk, planned)
    running.run(desk, run_id, planned, heard)
    wrote = time.perf_counter() - begun
    saver.stop()
    return [
        Figure("dry run of 5,000 clients", read, "s", "–", 5.0),
        Figure("import of 5,000 clients", wrote, "s", "≤ 15 s", 15.0, floor),
        Figure(
            "one slice of it, middle of all",
            sorted(slices)[len(slices) // 2],
            "ms",
            "≤ 50 ms",
            50.0,
        ),
        Figure("a save meanwhile, slowest", max(saver.waits), "ms", "≤ 2 s", 2_000.0),
    ]


class _Saver(threading.Thread):
    """Saves something every tenth of a second, as a person who types does."""

    def __init__(self, practice: bootstrap.OpenPractice) -> None:
        super().__init__(daemon=True)
        self.waits: list[float] = []
        self._desk = practice.desk
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.1):
            begun = time.perf_counter()
            self._desk.do(add_contact, ContactFields("Meanwhile"))
            self.waits.append((time.perf_counter() - begun) * 1000)

    def stop(self) -> None:
        self._over.set()
        self.join()


@command(permission=Permission.IMPORT, label="Bare writes")
def _bare(uow: UnitOfWork, first: int) -> None:
    """Write the rows of one slice without plan, parts or cases."""
    ids = uow.insert_many(
        Client,
        [
            {"legal_given": f"Bare{n}", "legal_family": "Floor", "lifecycle": Lifecycle.INACTIVE}
            for n in range(first, first + _A_SLICE)
        ],
    )
    uow.insert_many(ClientEmail, [{"client_id": i, "address": f"{i.hex}@example.com"} for i in ids])
    uow.insert_many(ClientPhone, [{"client_id": i, "number": "(503) 555-0100"} for i in ids])
    uow.insert_many(ClientAddress, [{"client_id": i, "line1": "1 Elm"} for i in ids])


def _bare_writes(practice: bootstrap.OpenPractice) -> float:
    """Return the seconds that the rows of as many clients take by themselves."""
    begun = time.perf_counter()
    for first in range(0, PEOPLE, _A_SLICE):
        practice.desk.do(_bare, first)
    return time.perf_counter() - begun


def _write_list(file: Path) -> None:
    with file.open("w", encoding="utf-8") as out:
        out.write(_HEAD + "\n")
        for n in range(PEOPLE):
            out.write(
                f"Given{n},Family{n % 700},p{n}@example.com,(503) 555-{n % 10_000:04d},"
                f"1980-01-{n % 28 + 1:02d},{n} Elm Ave,Boise,ID,83701,Prefers mornings,"
                f"Active,Aetna,M{n:06d}\n"
            )
