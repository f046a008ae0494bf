"""A server in memory and computers that speak with it, for tests of the exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from app.core.kernel.clock import unix_ms
from app.sync.protocol.messages import Hello, Page, Pull, Push, Pushed, Snapshot, Welcome
from app.sync.protocol.records import Answer, Entry, Operation, Row
from app.sync.protocol.terms import VERSION, Verb
from hosted.store.engine import Database, For
from hosted.store.tables import Device
from hosted.sync import epochs
from hosted.sync.callers import Caller
from hosted.sync.exchange import Exchange
from hosted.sync.policy import Policy
from hosted.sync.register import Register
from tests.support.clock import StillClock

NOBODY = UUID(int=0)
PRACTICE = {"name": "Alder Street Therapy", "zone": "America/Los_Angeles"}
CLIENT = {"legal_given": "Ana", "legal_family": "Ruiz", "lifecycle": "ACTIVE"}
MEMBER = {"given": "Dana", "role": "OWNER"}
NOTE = {
    "kind": "PROGRESS",
    "format": "SOAP",
    "held_on": "2026-11-19",
    "sections": {"plan": ""},
}
APPOINTMENT = {
    "starts": "2026-11-19T09:00:00",
    "minutes": 50,
    "zone": "America/Los_Angeles",
    "starts_at": "2026-11-19T17:00:00+00:00",
    "ends_at": "2026-11-19T17:50:00+00:00",
    "status": "SCHEDULED",
    "chargeable": False,
    "canceled_by": None,
    "reason": "",
}


class Server:
    """One server with one or more practices."""

    def __init__(self, database: Database, policy: Policy | None = None) -> None:
        self.clock = StillClock()
        self.database = database
        self.policy = policy
        self.register = Register()
        self.exchange = Exchange(database, self.clock, policy, self.register)

    def restart(self) -> None:
        """Begin again on the same data, as after a stop."""
        self.exchange = Exchange(self.database, self.clock, self.policy, self.register)

    def practice(self) -> UUID:
        """Begin a practice and return its id."""
        practice_id = uuid4()
        epoch = epochs.facts(self.database).epoch
        with self.database.write(For(practice_id)) as session:
            epochs.begin_practice(session, epoch, self.clock.now())
        return practice_id

    def computer(
        self, practice_id: UUID, name: str = "Office", member_id: UUID | None = None
    ) -> Computer:
        """Pair a computer with a practice."""
        device = Device(
            id=uuid4(),
            practice_id=practice_id,
            member_id=member_id or uuid4(),
            name=name,
            program="test",
            token_hash=uuid4().bytes + uuid4().bytes,
            paired_at=self.clock.now(),
            seen_at=self.clock.now(),
        )
        with self.database.write(For(practice_id)) as session:
            session.add(device)
        assert device.member_id is not None
        caller = Caller(device.id, practice_id, device.member_id, name)
        computer = Computer(self, caller)
        computer.hello()
        return computer


@dataclass
class Computer:
    """A computer that remembers what it pulled; it sends what a test tells it to."""

    server: Server
    caller: Caller
    incarnation: UUID = field(default_factory=uuid4)
    tag: str = field(default_factory=lambda: uuid4().hex[:6])
    lsn: int = 0
    epoch: str = ""
    cursor: str = ""
    rows: dict[tuple[str, UUID], dict[str, Any]] = field(default_factory=dict)
    seqs: dict[tuple[str, UUID], int] = field(default_factory=dict)

    def ask(self, verb: Verb, message: Any) -> Any:
        """Ask the server directly."""
        return self.server.exchange.handle(self.caller, verb, message)

    def hello(self, **said: Any) -> Welcome:
        """Say hello and remember the epoch."""
        words: dict[str, Any] = {
            "version": VERSION,
            "oldest": 1,
            "schema": 1,
            "program": "test",
            "incarnation": self.incarnation,
            "tag": self.tag,
            "lsn": self.lsn,
            "epoch": self.epoch,
            "cursor": self.cursor,
            "waiting": 0,
            **said,
        }
        welcome: Welcome = self.ask(Verb.HELLO, Hello(**words))
        self.epoch = welcome.epoch
        return welcome

    def write(
        self,
        entity: str,
        pk: UUID,
        columns: Mapping[str, Any],
        *,
        new: bool = False,
        base: int | None = None,
        later_ms: int = 0,
        change_set: UUID | None = None,
    ) -> Operation:
        """Return the operation of a change of a row as this computer knows it now."""
        self.lsn += 1
        return Operation(
            id=uuid4(),
            change_set=change_set or uuid4(),
            lsn=self.lsn,
            entity=entity,
            pk=pk,
            is_new=new,
            base_seq=self.seqs.get((entity, pk), 0) if base is None else base,
            hlc=(unix_ms(self.server.clock.now()) + later_ms) << 16,
            schema=1,
            columns=dict(columns),
        )

    def push(self, *operations: Operation) -> tuple[Answer, ...]:
        """Send operations and return their answers."""
        pushed = self.ask(Verb.PUSH, Push(self.epoch, self.incarnation, operations))
        assert isinstance(pushed, Pushed), pushed
        return pushed.answers

    def add(self, entity: str, columns: Mapping[str, Any], pk: UUID | None = None) -> UUID:
        """Make a row, send it, and pull."""
        pk = pk or uuid4()
        (answer,) = self.push(self.write(entity, pk, columns, new=True))
        assert answer.verdict == "applied", answer
        self.pull()
        return pk

    def change(self, entity: str, pk: UUID, **columns: Any) -> Answer:
        """Change a row, send it; what others did is not pulled."""
        (answer,) = self.push(self.write(entity, pk, columns))
        return answer

    def page(self, rows: int = 2000) -> Page:
        """Ask for the next page without taking it in."""
        found: Page = self.ask(Verb.PULL, Pull(self.epoch, self.cursor, rows))
        assert isinstance(found, Page), found
        return found

    def pull(self, rows: int = 2000) -> list[Entry]:
        """Pull everything and return the new entries."""
        found: list[Entry] = []
        while True:
            page = self.page(rows)
            for entry in page.entries:
                row = self.rows.setdefault((entry.entity, entry.pk), {})
                row.update(entry.columns)
                self.seqs[entry.entity, entry.pk] = entry.version
            found += page.entries
            self.cursor = page.cursor
            if page.seq >= page.head:
                return found

    def row(self, entity: str, pk: UUID) -> dict[str, Any]:
        """Return a row as this computer pulled it."""
        return self.rows[entity, pk]

    def inbox(self) -> list[dict[str, Any]]:
        """Return the items of the inbox as this computer pulled them."""
        return [row for (entity, _), row in self.rows.items() if entity == "inbox_item"]

    def snapshot(self, rows: int = 2000) -> list[Row]:
        """Return every row of a snapshot."""
        found: list[Row] = []
        after = ""
        while True:
            part = self.ask(Verb.SNAPSHOT, Snapshot(self.epoch, after, rows))
            found += part.rows
            after = part.after
            if not after:
                return found


def later(server: Server, **amount: float) -> None:
    """Move the server's clock on."""
    server.clock.forward(**amount)
