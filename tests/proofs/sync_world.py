"""A server, a bad network and three computers of one practice."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import bootstrap
from app.core.cases.commands import add_client_with_case
from app.core.kernel.acting import Scope
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.practice.commands import add_service
from app.core.practice.rules.catalogue import ServiceFields
from app.core.vault.tables import Incarnation, Outbox
from app.sync import joining
from tests.proofs.proxy import FaultProxy
from tests.proofs.sync_child import Life
from tests.proofs.sync_computer import Computer
from tests.proofs.sync_promises import Promises
from tests.proofs.sync_server import HostedProcess, database_in
from tests.support.practice import OWNER, PASSPHRASE
from tests.sync.worlds import copied

DEVICES = ("Office", "Laptop", "Studio")


@dataclass
class World:
    """A server, a bad network and three computers of one practice."""

    server: HostedProcess
    proxy: FaultProxy
    computers: list[Computer]
    promises: Promises
    practice_id: UUID
    prepared: bootstrap.PreparedKeys
    lives_begun: dict[str, int]

    def problems(self) -> list[str]:
        """Return what the computers and the proxy met that must not happen."""
        found = [problem for each in self.computers for problem in each.problems]
        return found + [f"the proxy: {bug!r}" for bug in self.proxy.bugs]


@contextmanager
def world_in(root: Path, seed: int, *, postgres: bool) -> Iterator[World]:
    with ExitStack() as stack:
        # PostgreSQL runs as another user, who must reach its folder.
        root.chmod(0o755)
        url = stack.enter_context(database_in(root, postgres=postgres))
        server = HostedProcess(root / "server", url)
        proxy = stack.enter_context(FaultProxy(server.port, seed))
        server.start()
        stack.callback(server.end)
        world = _founded(root, server, proxy, seed)
        for computer in world.computers:
            stack.callback(computer.leave)
        yield world


def _founded(root: Path, server: HostedProcess, proxy: FaultProxy, seed: int) -> World:
    """Make the practice on the first computer and bring it to the others."""
    prepared = bootstrap.prepare_keys(PASSPHRASE)
    keys = bytes(prepared.keys.database), bytes(prepared.keys.psychotherapy)
    promises = Promises()
    homes = {name: root / name.lower() for name in DEVICES}
    code = server.first_code()
    with at_home(homes["Office"]):
        office = bootstrap.create_practice(homes["Office"] / "data", _copy(prepared), OWNER)
        ids = _begin_work(office)
        office.sync.connect(proxy.address, code, "Office")
        office.sync.sync_now()
        codes = [office.sync.code() for _ in DEVICES[1:]]
        practice_id = office.desk.actor.practice_id
        lives = {"Office": office.desk.ask(file_facts)[1]}
        office.close()
    for name, joins in zip(DEVICES[1:], codes, strict=True):
        with at_home(homes[name]):
            other = join(proxy.address, joins, name, homes[name], prepared)
            other.sync.sync_now()
            lives[name] = other.desk.ask(file_facts)[1]
            other.close()

    def life_of(name: str) -> Callable[[int], Life]:
        return lambda number: Life(name, homes[name], keys, ids, f"{seed} {name} {number}")

    computers = [Computer(life_of(name), promises) for name in DEVICES]
    return World(server, proxy, computers, promises, practice_id, prepared, lives)


def _begin_work(office: bootstrap.OpenPractice) -> dict[str, UUID]:
    added = office.desk.do(
        add_client_with_case, NewClient(PersonName("Walter", "", "Strand"))
    ).value
    fields = ServiceFields("Individual session", "0001Z", minutes=50, fee=Money(165_00))
    service = office.desk.do(add_service, fields).value
    return {"client": added.client_ids[0], "case": added.case_id, "service": service}


def join(
    address: str, code: str, name: str, home: Path, prepared: bootstrap.PreparedKeys
) -> bootstrap.OpenPractice:
    found = joining.pair(address, code, name, "proof")
    return bootstrap.join_practice(home / "data", _copy(prepared), found)


def _copy(prepared: bootstrap.PreparedKeys) -> bootstrap.PreparedKeys:
    return bootstrap.PreparedKeys(prepared.file, copied(prepared.keys), prepared.recovery_key)


def open_file(world: World, home: Path) -> bootstrap.OpenPractice:
    return bootstrap.open_practice(home / "data", copied(world.prepared.keys))


@contextmanager
def at_home(home: Path) -> Iterator[None]:
    """Use a computer's own place for the marks that lie outside its file."""
    before = os.environ.get("PRACTICERUNNER_STATE_DIR")
    os.environ["PRACTICERUNNER_STATE_DIR"] = str(home / "state")
    try:
        yield
    finally:
        if before is None:
            del os.environ["PRACTICERUNNER_STATE_DIR"]
        else:
            os.environ["PRACTICERUNNER_STATE_DIR"] = before


def file_facts(session: Session, _scope: Scope) -> tuple[int, int]:
    """Return how many operations wait in a file, and how many lives it has had."""
    waiting = session.scalar(select(func.count()).select_from(Outbox)) or 0
    lives = session.scalar(select(func.count()).select_from(Incarnation)) or 0
    return waiting, lives
