"""Syncing of one open practice, as the window and the command line use it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from app.core.kernel.changes import Changes
from app.core.kernel.clock import Clock
from app.core.kernel.errors import MachineError, UserError
from app.core.kernel.phrases import plural
from app.core.kernel.syncing import NOT_CONNECTED, SyncState, SyncStatus
from app.core.vault.attached import AttachedFiles
from app.sync import connecting, state, status
from app.sync.ahead import Begin, in_turn
from app.sync.blobs import Carrier, HttpStore
from app.sync.engine import RESTING, Did, Engine
from app.sync.file import Confirms, LocalFile, SideDoor
from app.sync.http import HttpTransport
from app.sync.pokes import Pokes
from app.sync.runner import Runner
from app.sync.state import Link

_log = logging.getLogger(__name__)

#: After these steps the rows are where they belong: files may follow.
_AFTER_ROWS = frozenset({Did.QUIET, Did.ASKS})
#: After these steps the words may be others.
_TELLING = RESTING | {Did.SENT, Did.APPLIED, Did.COMPARED, Did.GREETED}


class SyncDesk(Confirms, Protocol):
    """What syncing needs of the desk. See ``vault.desk.VaultDesk``."""

    clock: Clock

    @property
    def zone(self) -> str:
        """The practice's IANA time zone."""
        ...

    def listen(self, heard: Callable[[Changes], None]) -> Callable[[], None]:
        """Call ``heard`` after every write; returns how to stop."""
        ...


@dataclass(frozen=True, slots=True)
class Wiring:
    """What bootstrap knows of this program and this file."""

    practice_id: UUID
    member_id: UUID
    is_demo: bool
    program: str
    prefixes: Sequence[str]
    renewed: Callable[[UUID, str], None]
    """Speak as a new incarnation, with that tag."""
    tagged: Callable[[str], None]
    """Number one's own papers with that tag from now on."""
    files: AttachedFiles
    random: Callable[[], float]
    begin: Begin = in_turn
    transport: Callable[[str, str], HttpTransport] = HttpTransport
    """Makes the transport to a server with a device's token."""


class PracticeSync:
    """Connects, syncs, says how it stands. No call here may come from the window's thread."""

    def __init__(self, desk: SyncDesk, wiring: Wiring) -> None:
        self._desk = desk
        self._wiring = wiring
        self._file = LocalFile(desk)
        self._http: HttpTransport | None = None
        self._engine: Engine | None = None
        self._carrier: Carrier | None = None
        self._runner: Runner | None = None
        self._carrying: Runner | None = None
        self._pokes: Pokes | None = None
        self._unhear: Callable[[], None] = lambda: None
        self._unlisten: Callable[[], None] = lambda: None
        self._heard: list[Callable[[SyncStatus], None]] = []
        self._last: SyncStatus | None = None

    # How it stands

    def status(self) -> SyncStatus:
        """Return what a person sees now."""
        engine = self._engine_of_link()
        if engine is None:
            return NOT_CONNECTED
        told = status.status_of(self._file, engine)
        carrier = self._carrier
        return told if carrier is None else status.with_files(told, carrier.standing())

    def listen(self, heard: Callable[[SyncStatus], None]) -> Callable[[], None]:
        """Call ``heard`` whenever the words change, on sync's thread; returns how to stop."""
        self._heard.append(heard)

        def stop() -> None:
            if heard in self._heard:
                self._heard.remove(heard)

        return stop

    # Connecting

    def connect(self, server: str, code: str, device_name: str) -> None:
        """Tie the practice to its account with a one-time code; the upload begins by itself.

        Raises ``UserError`` for what the person can mend, ``MachineError`` for the network.
        """
        if self._wiring.is_demo:
            raise UserError("The demo practice cannot be connected: make a practice of your own.")
        if self._link() is not None:
            raise UserError("This practice is connected already: disconnect it first.")
        address = connecting.checked_server(server)
        device_name = connecting.checked_name(device_name)
        http = self._wiring.transport(address, "")
        try:
            paired = connecting.pair(http, code, device_name, self._wiring.program)
        finally:
            http.close()
        mine = self._wiring.practice_id, self._wiring.member_id
        upload = paired.practice_id is None
        if not upload and (paired.practice_id, paired.member_id) != mine:
            raise UserError(
                "That code belongs to another practice: use “join” to bring that one to this "
                "computer.",
                field="code",
            )
        if upload:
            self._found(address, paired.token)
        self.tie(Link(mine[0], address, paired.device_id, device_name, paired.token), upload=upload)

    def tie(self, link: Link, *, upload: bool) -> None:
        """Store the tie; see ``connecting.tie``."""
        tag = self._file.slice(lambda part: connecting.tie(part, link, upload=upload), durable=True)
        self._wiring.tagged(tag)

    def code(self) -> str:
        """Return a one-time code with which another computer joins."""
        self._require_engine()
        assert self._http is not None  # noqa: S101 - an engine has its transport
        return connecting.new_code(self._http)

    def disconnect(self, *, anyway: bool = False) -> None:
        """Untie the practice; the file stays whole.

        Raises ``UserError`` while work is not uploaded, unless ``anyway``.
        """
        if self._link() is None:
            raise UserError("This practice is not connected to an account.")
        waiting = self.status().waiting
        if waiting and not anyway:
            raise UserError(
                f"{plural(waiting, 'change')} of this computer did not reach the account yet: "
                "sync first, or disconnect anyway; nothing is removed from this computer."
            )
        self.stop()
        self._file.slice(lambda part: state.untie(part.connection), durable=True)
        self._tell(NOT_CONNECTED)

    # Exchanging

    def sync_now(self, heard: Callable[[SyncStatus], None] | None = None) -> SyncStatus:
        """Exchange until nothing is left to do, and return how it stands."""
        engine = self._require_engine()
        if self._runner is not None:
            self._runner.poke()
            return self.status()
        engine.wake()
        engine.poke()
        while (did := engine.step()) not in RESTING:
            if heard is not None and did in _TELLING:
                heard(self.status())
        if did not in {Did.FAILED, Did.REFUSED} and self._carrier is not None:
            self._carrier.look_again()
            self._carrier.run()
        return self.status()

    def check(self) -> dict[str, int]:
        """Compare everything with the account; return what differed and was repaired, by entity.

        Raises ``MachineError`` where the account cannot be asked.
        """
        engine = self._require_engine()
        engine.check()
        if self._runner is not None:
            self._runner.settle()
        now = self.sync_now() if self._runner is None else self.status()
        if engine.session.check and now.state is not SyncState.NEEDS_YOU:
            raise MachineError(now.trouble or "The practice could not be compared: sync first.")
        return dict(engine.checker.repaired)

    def accept_removal(self) -> None:
        """Agree to a pull that removes much; raises ``UserError`` when none asks."""
        engine = self._require_engine()
        if self._runner is None:
            self.sync_now()
        if engine.session.removal is None:
            raise UserError("No change of the account waits for your yes.")
        engine.accept_removal()
        self.sync_now()

    # Running by itself

    def start(self) -> None:
        """Sync on a thread of its own from now on, if the practice is connected."""
        engine = self._engine_of_link()
        if engine is None or self._http is None or self._runner is not None:
            return
        assert self._carrier is not None  # noqa: S101 - an engine has its carrier
        runner = self._runner = Runner(engine, self._wiring.random, self._stepped)
        carrying = self._carrying = Runner(
            self._carrier, self._wiring.random, self._carried, "practice-files"
        )

        def poked() -> None:
            runner.poke()
            carrying.poke()

        self._pokes = Pokes(self._http, poked, self._wiring.random)
        self._unlisten = self._desk.listen(lambda _changes: runner.wrote())
        runner.start()
        carrying.start()
        self._pokes.start()

    def stop(self) -> None:
        """End what runs by itself; what is under way is cut off and goes on next time."""
        self._unlisten()
        self._unhear()
        if self._http is not None:
            self._http.cut_off()
        if self._pokes is not None:
            self._pokes.stop()
        for runner in (self._runner, self._carrying):
            if runner is not None:
                runner.stop()
        if self._http is not None:
            self._http.close()
        self._runner = self._carrying = self._pokes = None
        self._http = self._engine = self._carrier = None

    def _stepped(self, did: Did) -> None:
        if did in _AFTER_ROWS and self._carrying is not None:
            self._carrying.wrote()
        if did in _TELLING and self._heard:
            self._tell(self.status())

    def _carried(self, did: Did) -> None:
        if did in _TELLING and self._heard:
            self._tell(self.status())

    def _tell(self, now: SyncStatus) -> None:
        if now == self._last:
            return
        self._last = now
        for heard in list(self._heard):
            heard(now)

    def _found(self, address: str, token: str) -> None:
        http = self._wiring.transport(address, token)
        try:
            connecting.found_practice(http, self._wiring.practice_id, self._wiring.member_id)
        finally:
            http.close()

    def _link(self) -> Link | None:
        return self._file.slice(lambda part: state.load(part.connection))

    def _require_engine(self) -> Engine:
        engine = self._engine_of_link()
        if engine is None:
            raise UserError("This practice is not connected to an account: connect it first.")
        return engine

    def _engine_of_link(self) -> Engine | None:
        if self._engine is None:
            link = self._link()
            if link is None:
                return None
            self._http = self._wiring.transport(link.server, link.token)
            self._engine = Engine(
                self._file,
                self._http,
                self._desk.clock,
                program=self._wiring.program,
                zone=lambda: self._desk.zone,
                prefixes=self._wiring.prefixes,
                renewed=self._wiring.renewed,
                begin=self._wiring.begin,
            )
            self._carrier = Carrier(
                SideDoor(self._desk), HttpStore(self._http), self._wiring.files, self._desk.clock
            )
            self._unhear = self._desk.listen(self._carrier.heard)
        return self._engine
