"""Pieces that lie damaged in the account are put anew by whoever has the file whole.

The account cannot read what it keeps. Who fetches a piece and finds it damaged says so; who has
the file asks now and then what was found, and sends those pieces again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from app.core.kernel.clock import Clock
from app.sync import held
from app.sync.file import SideDoor
from app.sync.held import Load
from app.sync.piecestore import NOT_FOUND, Store
from app.sync.transport import Declined

#: How often at most the account is asked what was found damaged.
EVERY = timedelta(minutes=1)


class Mender:
    """Tells what was found damaged, and asks what others found."""

    def __init__(self, file: SideDoor, store: Store, clock: Clock) -> None:
        self._file = file
        self._store = store
        self._clock = clock
        self._found: deque[tuple[str, int]] = deque()
        self._poked = True
        self._asked_at: datetime | None = None

    def poke(self) -> None:
        """The account has news, or a minute has passed."""
        self._poked = True

    def found(self, load: Load, places: Iterable[int]) -> None:
        """Note pieces of ``load`` that are not what they should be."""
        self._found.extend((load.file.address, place) for place in places)

    def tell(self) -> bool:
        """Tell the account the next piece that was found; return whether there was one."""
        if not self._found:
            return False
        address, place = self._found[0]
        try:
            self._store.doubt(address, place)
        except Declined as declined:
            # The whole file was purged meanwhile.
            if declined.code != NOT_FOUND:
                raise
        self._found.popleft()
        return True

    def mend(self) -> bool:
        """Ask what others found; return whether any of it may go up from here once more."""
        now = self._clock.now()
        soon = self._asked_at is not None and now - self._asked_at < EVERY
        if soon or not self._poked:
            return False
        doubted = self._store.doubted()
        self._poked, self._asked_at = False, now
        if not doubted:
            return False
        return self._file.slice(lambda part: held.forget_doubted(part, doubted))
