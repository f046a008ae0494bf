"""Carries the bytes of attached files and issued papers to the account and from it.

After the rows and beside them: it has a thread of its own in the window, and each step is one
request or one short slice in the file, never both, so that whatever cuts it off costs one piece.
What a server answers is proved against the row's address before it is kept.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.kernel.changes import Changes
from app.core.kernel.clock import Clock
from app.core.kernel.errors import MachineError, NotFound, NotOurFile
from app.core.vault.attached import AttachedFiles, pieces_of
from app.core.vault.papers import PaperTable
from app.sync import held
from app.sync.absent import Absent
from app.sync.engine import Did
from app.sync.file import NotConnected, SideDoor, Slice
from app.sync.held import Load, Pieces
from app.sync.mending import Mender
from app.sync.piecestore import NOT_FOUND, Store
from app.sync.protocol.terms import Refusal
from app.sync.state import Link
from app.sync.transport import Declined, Trouble, Unreachable
from app.sync.words import SENTENCES

OTHER_BYTES = (
    "The account answered with other bytes than those of a file; they were refused, and the file "
    "is asked for again."
)
_LASTING = frozenset({Refusal.REVOKED, Refusal.UNKNOWN_DEVICE, Refusal.UPGRADE_REQUIRED})


@dataclass(slots=True)
class _Way:
    """A load on its way, and the pieces that are left of it."""

    load: Load
    count: int
    left: list[int]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the bytes have come. ``up`` waits on this computer alone, ``down`` in the account."""

    up: int
    down: int
    total: int
    trouble: str

    @property
    def done(self) -> int:
        """Of ``total`` since all was last quiet."""
        return max(0, self.total - self.up - self.down)


class Carrier:
    """Carries what is missing on either side, one step at a time.

    Steps are one thread's; ``heard``, ``poke`` and ``standing`` may come from any other.
    """

    def __init__(self, file: SideDoor, store: Store, files: AttachedFiles, clock: Clock) -> None:
        self._file = file
        self._store = store
        self._clock = clock
        self._pieces = Pieces(files)
        self._looking = threading.Lock()
        self._stale = True
        self._known: set[str] = set()
        self._up: dict[str, Load] = {}
        self._down: dict[str, Load] = {}
        self._way: _Way | None = None
        self._lacking = Absent()
        self._refused: set[str] = set()
        self._trouble = ""
        self._begun_with = 0
        self._went_up = False
        self._mine = Changes()
        self._mender = Mender(file, store, clock)

    # What wakes it

    def heard(self, changes: Changes) -> None:
        """Look again after a write, or after rows came; its own are known."""
        if changes != self._mine and changes.touches("clinical", "billing"):
            self._stale = True

    def look_again(self) -> None:
        """Look at the rows anew at the next step."""
        self._stale = True

    def wake(self) -> None:
        """The wait after trouble is over; the next step tries again."""

    def poke(self) -> None:
        """The account has news, or a minute has passed: ask again for what it did not have."""
        self._mender.poke()
        now = self._clock.now()
        for name in self._lacking.names() - self._refused:
            self._lacking.news(name, now)

    def due_in(self) -> float:
        """Return the seconds until a file that the account lacked is asked for again."""
        now = self._clock.now()
        dues = (self._lacking.due(name) for name in self._down)
        waits = [(due - now).total_seconds() for due in dues if due is not None]
        return max(0.0, min(waits, default=math.inf))

    def standing(self) -> Standing:
        """Return how far it has come."""
        self._look()
        absent = self._lacking.names() - self._refused
        down = sum(name not in absent for name in list(self._down))
        trouble = self._trouble or (OTHER_BYTES if self._refused else "")
        return Standing(len(self._up), down, max(self._begun_with, len(self._up) + down), trouble)

    # One step

    def step(self) -> Did:
        """Do one thing and say what it was."""
        try:
            return self._step()
        except Unreachable as failed:
            self._trouble = SENTENCES[failed.kind]
        except Declined as declined:
            if declined.code in _LASTING:
                return Did.REFUSED
            self._trouble = SENTENCES[
                Trouble.BUSY if declined.code == Refusal.BUSY else Trouble.BROKEN
            ]
        except MachineError as lacking:
            self._trouble = lacking.sentence
        except NotFound:
            # It was purged meanwhile, or somebody took it out of the folder.
            self._stale = True
        except NotConnected:
            return Did.NOT_CONNECTED
        self._way = None
        return Did.FAILED

    def run(self) -> Did:
        """Step until nothing is left to do now; return what the last step did."""
        while (did := self.step()) in (Did.SENT, Did.FETCHED):
            pass
        return did

    def _step(self) -> Did:
        link = self._file.slice(_link)
        if link.refused:
            return Did.REFUSED
        if link.seeding or not link.cursor or not link.epoch:
            return Did.QUIET
        if self._mender.tell():
            return Did.SENT
        self._look()
        way = self._way
        if way is None or way.load.name not in self._up.keys() | self._down.keys():
            load = self._next()
            return self._rest() if load is None else self._begin(load, link)
        if way.load.here:
            self._send(way, link)
            return Did.SENT
        self._fetch(way, link)
        return Did.FETCHED

    def _rest(self) -> Did:
        """With nothing left, see whether anything is asked for anew."""
        self._way, self._begun_with = None, 0
        if self._mender.mend():
            self._stale = True
            return Did.FETCHED
        return Did.QUIET

    # Upload

    def _send(self, way: _Way, link: Link) -> None:
        load = way.load
        if way.left:
            place = way.left[0]
            self._store.put(load.file.address, place, way.count, self._sealed(load, place))
            self._trouble = ""
            way.left.pop(0)
        if not way.left:
            self._file.slice(lambda part: held.keep_known(part, load, link.epoch))
            self._up.pop(load.name, None)
            self._way = None

    def _sealed(self, load: Load, place: int) -> bytes:
        if not load.is_paper:
            return self._pieces.sealed(load, place)
        return self._file.slice(lambda part: self._pieces.sealed_of_paper(load, place, part))

    # Download

    def _fetch(self, way: _Way, link: Link) -> None:
        load = way.load
        try:
            if way.left:
                place = way.left[0]
                sealed = self._store.get(load.file.address, place)
                self._trouble = ""
                self._pieces.take(load, place, way.count, sealed)
                way.left.pop(0)
            if way.left:
                return
            paper = self._pieces.whole(load, way.count)
        except NotOurFile:
            # Only the whole may be wrong: then each of its pieces.
            self._mender.found(load, way.left[:1] or range(way.count))
            self._refuse(load)
        except Declined as declined:
            if declined.code != NOT_FOUND:
                raise
            self._absent(load)
        else:
            self._keep(load, paper, link)

    def _keep(self, load: Load, paper: bytes, link: Link) -> None:
        def come(part: Slice) -> None:
            if load.is_paper:
                PaperTable(part.session).put(paper)
            held.keep_known(part, load, link.epoch)
            part.told(load.changes)

        self._mine = load.changes
        self._file.slice(come)
        if load.is_paper:
            self._pieces.forget(load)
        self._done(load)
        self._way = None

    def _refuse(self, load: Load) -> None:
        """Go on with the others; what was wrong is asked for again later."""
        self._refused.add(load.name)
        self._later(load)

    def _absent(self, load: Load) -> None:
        self._refused.discard(load.name)
        self._later(load)

    def _later(self, load: Load) -> None:
        self._lacking.lacked(load.name, self._clock.now())
        self._way = None

    def _done(self, load: Load) -> None:
        self._down.pop(load.name, None)
        self._refused.discard(load.name)
        self._lacking.forget(load.name)

    # What is next

    def _next(self) -> Load | None:
        now = self._clock.now()
        up = next(iter(self._up.values()), None)
        due = (each for each in self._down.values() if self._due(each, now))
        down = next(due, None)
        # In turns, so that neither direction waits for the other.
        first, second = (down, up) if self._went_up else (up, down)
        return first or second

    def _due(self, load: Load, now: datetime) -> bool:
        due = self._lacking.due(load.name)
        return due is None or due <= now

    def _begin(self, load: Load, link: Link) -> Did:
        self._went_up = load.here
        self._begun_with = max(self._begun_with, self.standing().total)
        there = self._store.have(load.file.address, sound=load.here)
        self._trouble = ""
        if load.here:
            return self._begin_upload(load, there, link)
        if there is None or len(there[1]) < there[0]:
            self._absent(load)
            return Did.FETCHED
        if not load.is_paper and there[0] != pieces_of(load.file.size):
            self._refuse(load)
            return Did.FETCHED
        self._way = _Way(load, there[0], self._pieces.missing(load, there[0]))
        return Did.FETCHED

    def _begin_upload(
        self, load: Load, there: tuple[int, frozenset[int]] | None, link: Link
    ) -> Did:
        count = pieces_of(load.file.size)
        of, present = there or (count, frozenset())
        if of != count:
            # What another program began gives way; not once it is whole, and who fetches it says
            # that it is not the file.
            present = frozenset(range(count)) if len(present) == of else frozenset()
        self._way = _Way(load, count, [place for place in range(count) if place not in present])
        if not self._way.left:
            self._send(self._way, link)
        return Did.SENT

    # Looking at the rows

    def _look(self) -> None:
        with self._looking:
            if not self._stale:
                return
            self._stale = False
            try:
                self._see()
            except BaseException:
                self._stale = True
                raise

    def _see(self) -> None:
        known, loads, unconfirmed = self._file.slice(_read)
        # Nothing on a screen tells when the account confirms a row of this computer's own.
        self._stale = self._stale or unconfirmed
        gone = self._known - known
        if gone:
            self._pieces.purge(gone)
            self._file.slice(lambda part: held.forget_known(part, gone))
        self._known = known
        placed = [self._pieces.placed(load) for load in loads]
        self._up = _by_name([each for each in placed if each.here and not each.in_account])
        self._down = _by_name([each for each in placed if not each.here])
        for name in self._lacking.names() - self._down.keys():
            self._lacking.forget(name)
            self._refused.discard(name)


def _by_name(loads: Sequence[Load]) -> dict[str, Load]:
    """Two rows may speak of the same bytes; they travel once."""
    return {load.name: load for load in loads}


def _link(part: Slice) -> Link:
    return part.link()


def _read(part: Slice) -> tuple[set[str], list[Load], bool]:
    epoch = part.link().epoch
    loads = [*held.attached(part, epoch), *held.papers(part, epoch)]
    return held.known_names(part), loads, held.any_unconfirmed(part)
