"""One computer of a simulated practice: its file, its program, its clock and its way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.kernel.acting import Role, member_actor
from app.core.kernel.changes import Changes
from app.core.kernel.entitlement import Entitlement, Standing
from app.core.kernel.syncing import SyncStatus
from app.core.vault import incarnation
from app.core.vault.desk import InlineWorker, VaultDesk
from app.core.vault.incarnation import Mark
from app.open_practice import NUMBERED
from app.sync import status
from app.sync.engine import Did, Engine
from app.sync.file import LocalFile
from app.sync.outbox import OpState
from app.sync.protocol.terms import Verb
from hosted.sync.callers import Caller
from tests.simulation.real.chance import Clock, Time
from tests.simulation.real.programs import program
from tests.simulation.real.reading import Reading
from tests.simulation.real.storage import FileSlot, Stamp, image_of

ZONE = "America/Los_Angeles"
INVOICES = NUMBERED[:1]


class Killed(BaseException):
    """The program was killed while it waited for an answer."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The engine to run, and whether a seeded bug keeps copies from becoming other lives."""

    engine: type[Engine] = Engine
    copies_are_the_same: bool = False


@dataclass(slots=True)
class Seat:
    """Who sits at a computer, and as which device the account knows it."""

    caller: Caller
    role: Role


Carry = Callable[["Computer", Verb, Any], Any]


@dataclass(slots=True)
class Expected:
    """What a person saved and must go on seeing until its own echo has been pulled."""

    lsn: int
    operation: bytes
    columns: dict[str, Any]
    entity: str
    pk: bytes


class Computer:
    """Runs the real program on a file in memory."""

    def __init__(
        self, name: str, slot: FileSlot, seat: Seat, time: Time, carry: Carry, kinds: Kinds
    ) -> None:
        self.name = name
        self.slot = slot
        self.seat = seat
        self.clock = Clock(time)
        self.kinds = kinds
        self.version = 2
        self.mark: Mark | None = None
        self.backup: tuple[Any, Mark | None] | None = None
        self.expected: dict[bytes, Expected] = {}
        self.reading = Reading(self.query, lambda: slot.stamp)
        self.looked: Stamp | None = None
        """What the file was when the witness last looked at it."""
        self.editor: UUID | None = None
        self.form: tuple[UUID, str] | None = None
        self.asking = False
        self.runs = 0
        """How often the program was started: an answer to an earlier run reaches nobody."""
        self.lapsed = False
        self._carry = carry
        self.desk: VaultDesk
        self.file: LocalFile
        self.engine: Engine

    # The program

    def open(self) -> None:
        """Start the program on the file that lies here."""
        self.runs += 1
        self.editor = None
        self.form = None
        self.slot.started()
        self._settle()
        caller = self.seat.caller
        self.desk = VaultDesk(
            writes=self.slot.sessions,
            reads=self.slot.sessions,
            actor=member_actor(caller.practice_id, caller.member_id, self.seat.role),
            entitlement=self._entitlement,
            zone=lambda: ZONE,
            clock=self.clock,
            works=InlineWorker,
        )
        self.desk.listen(self._numbers_given)
        self.begin_engine()

    def begin_engine(self) -> None:
        """Begin with a fresh engine."""
        self.file = LocalFile(self.desk)
        with program(self.version):
            self.engine = self.kinds.engine(
                self.file,
                self,
                self.clock,
                program="simulated",
                zone=lambda: ZONE,
                prefixes=INVOICES,
                renewed=self._renewed,
            )
        # The witness compares more, and at less cost; some scenarios let the engine do it too.
        self.engine.session.check = False

    def _settle(self) -> None:
        with self.slot.sessions() as session:
            current = incarnation.latest(session)
            if self.kinds.copies_are_the_same and current is not None:
                self.mark = Mark(current.id, current.opened, 1 << 60)
                found = current
            else:
                found = incarnation.settle(session, self.mark, self.clock.now())
            position = incarnation.position(session)
            self.slot.ports.chain, self.slot.ports.tag = found.id, found.tag
            self.mark = Mark(found.id, found.opened, position)
            session.commit()

    def _renewed(self, fresh: UUID, tag: str) -> None:
        self.slot.ports.chain, self.slot.ports.tag = fresh, tag
        self.slot.ports.chain_end = None
        self.mark = Mark(fresh, 1, 0)
        self._mark_now()

    def _numbers_given(self, _changes: Changes) -> None:
        # As in ``bootstrap``: before the paper is acknowledged.
        if self.slot.ports.numbered:
            self.slot.ports.numbered = False
            self._mark_now()

    def _mark_now(self) -> None:
        assert self.mark is not None
        found = self.query("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'")
        position = found[0][0] if found else 0
        self.mark = Mark(self.mark.incarnation, self.mark.opened, position)

    def _entitlement(self) -> Entitlement:
        return Entitlement("simulated", Standing.LAPSED if self.lapsed else Standing.WITHIN, None)

    # Transport

    def ask(self, verb: Verb, message: Any) -> Any:
        """Ask the server, as far as the network lets it. See ``sync.transport.Transport``."""
        return self._carry(self, verb, message)

    # What the world does with it

    def kill(self) -> None:
        """The program is killed and started again: only the file remains."""
        self.open()

    def step(self) -> Did:
        """Let the engine do one thing."""
        self.asking = True
        runs = self.runs
        try:
            with program(self.version):
                return self.engine.step()
        finally:
            if runs == self.runs:
                self.asking = False

    def image(self) -> Any:
        """Return a copy of the file as it lies here."""
        return image_of(self.slot.connection)

    def status(self) -> SyncStatus:
        """Return what the person reads."""
        with program(self.version):
            return status.status_of(self.file, self.engine)

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look into the file, between two transactions."""
        found: list[tuple[Any, ...]] = self.slot.connection.execute(statement, values).fetchall()
        return found

    def last_lsn(self) -> int:
        """Return the largest place that the outbox ever gave."""
        found = self.query("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'")
        return int(found[0][0]) if found else 0

    @property
    def waiting(self) -> int:
        """How many operations are neither confirmed nor set aside."""
        found = self.query("SELECT count(*) FROM outbox WHERE state <> ?", str(OpState.PARKED))
        return int(found[0][0])
