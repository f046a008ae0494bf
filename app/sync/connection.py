"""The connection of one open file with its account: what exchanges, and the threads of it.

It is used up: what was stopped, or left behind because it hung, is replaced by another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.core.kernel.syncing import SyncStatus
from app.sync import leaving, status
from app.sync.ahead import in_turn
from app.sync.blobs import Carrier
from app.sync.engine import RESTING, Did, Engine
from app.sync.file import LocalFile, SideDoor
from app.sync.piecestore import HttpStore
from app.sync.pokes import Pokes
from app.sync.runner import Runner
from app.sync.state import Link
from app.sync.transport import Speaks, Trouble
from app.sync.wiring import SyncDesk, Wiring

#: After these steps the rows are where they belong: files may follow.
_AFTER_ROWS = frozenset({Did.QUIET, Did.ASKS})
#: After these steps the words may be others.
TELLING = RESTING | {Did.SENT, Did.APPLIED, Did.COMPARED, Did.GREETED}


class Connection:
    """Engine, carrier of files and their threads, over two transports to one account.

    ``speaks`` is for this computer; ``ahead`` is whether the next page is asked for while one is
    written.
    """

    def __init__(
        self, desk: SyncDesk, wiring: Wiring, link: Link, speaks: Speaks, *, ahead: bool = True
    ) -> None:
        self._desk = desk
        self._wiring = wiring
        self.link = link
        self.file = LocalFile(desk)
        self._side = SideDoor(desk)
        self.http = wiring.transport(link.server, speaks)
        # Of its own, so that it can be told whose bytes move.
        self._files_http = wiring.transport(link.server, speaks)
        self.engine = Engine(
            self.file,
            self.http,
            desk.clock,
            program=wiring.program,
            zone=lambda: desk.zone,
            prefixes=wiring.prefixes,
            renewed=wiring.renewed,
            entitled=wiring.entitled,
            begin=wiring.begin if ahead else in_turn,
        )
        self.carrier = Carrier(self._side, HttpStore(self._files_http), wiring.files, desk.clock)
        self._runner: Runner | None = None
        self._carrying: Runner | None = None
        self._pokes: Pokes | None = None
        self._unhear = desk.listen(self.carrier.heard)
        self._unlisten: Callable[[], None] = lambda: None

    def status(self) -> SyncStatus:
        """Return what a person sees now."""
        told = status.status_of(self.file, self.engine)
        return status.with_files(told, self.carrier.standing())

    # Running by itself

    @property
    def running(self) -> bool:
        """Whether it goes on by itself."""
        return self._runner is not None

    def start(self, tell: Callable[[], None]) -> None:
        """Go on by itself from now on; ``tell`` is called where the words may be others."""

        def stepped(did: Did) -> None:
            if did in _AFTER_ROWS:
                carrying.wrote()
            carried(did)

        def carried(did: Did) -> None:
            if did in TELLING:
                tell()

        def poked() -> None:
            runner.poke()
            carrying.poke()

        runner = self._runner = Runner(self.engine, self._wiring.random, stepped)
        carrying = self._carrying = Runner(
            self.carrier, self._wiring.random, carried, "practice-files"
        )
        self._pokes = Pokes(self.http, poked, self._wiring.random)
        self._unlisten = self._desk.listen(lambda _changes: runner.wrote())
        runner.start()
        carrying.start()
        self._pokes.start()

    def poke(self) -> None:
        """Exchange now."""
        if self._runner is not None:
            self._runner.poke()

    def settle(self) -> None:
        """Exchange now, and wait until nothing is left to do."""
        if self._runner is not None:
            self._runner.settle()

    # Leaving

    def hand_over(self) -> int:
        """Hand over the last of what only this computer has; see ``leaving.hand_over``."""
        return leaving.hand_over(self.engine, self._side, self._wiring.files, self.http)

    # Hanging

    def hangs(self, still: float) -> bool:
        """Return whether it stands still for ``still`` seconds, and starting again can mend it.

        What waits for the file waits for a long act of the person's; all it could do is wait anew.
        """
        if self._runner is None or self._carrying is None:
            return False
        engine = not self.file.busy and self._runner.hangs(self.http.flow.moved, still)
        files = not self._side.busy and self._carrying.hangs(self._files_http.flow.moved, still)
        return engine or files

    def followed_by(self, after: Connection, now: datetime) -> None:
        """Leave off without waiting for what hangs; ``after`` says what was wrong."""
        if self.http.flow.asking or self._files_http.flow.asking:
            after.engine.session.last_trouble = Trouble.TIMEOUT
            after.engine.session.troubled_since = self.engine.session.troubled_since or now
        # Before it is cut off: what it meets then is said no more.
        for running in (self._runner, self._carrying, self._pokes):
            if running is not None:
                running.leave()
        self._cut_off()

    @property
    def ended(self) -> bool:
        """Whether the threads of a connection that was left behind have ended."""
        runners = (self._runner, self._carrying, self._pokes)
        return not any(each is not None and each.is_alive for each in runners)

    def stop(self) -> None:
        """End what runs by itself; what is under way is cut off and goes on next time."""
        self._cut_off()
        for running in (self._pokes, self._runner, self._carrying):
            if running is not None:
                running.stop()
        for http in (self.http, self._files_http):
            http.close()

    def _cut_off(self) -> None:
        self._unlisten()
        self._unhear()
        for http in (self.http, self._files_http):
            http.cut_off()
        self.file.shut()
        self._side.shut()
