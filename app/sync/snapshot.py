"""Fills a file with everything that the member may see: resumable, useful after its first parts."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.sync import state
from app.sync.ahead import Ahead
from app.sync.applying import Incoming
from app.sync.file import LocalFile, Slice
from app.sync.protocol.messages import Snapshot, SnapshotPart
from app.sync.protocol.records import Row
from app.sync.protocol.terms import Verb
from app.sync.puller import SLICE_COST, cost_of, try_again
from app.sync.state import Link
from app.sync.transport import Transport, Trouble, Unreachable


class Snapshots:
    """Asks for the parts of a snapshot and writes them down."""

    def __init__(self, file: LocalFile, transport: Transport, ahead: Ahead) -> None:
        self._file = file
        self._transport = transport
        self._ahead = ahead
        self._part: SnapshotPart | None = None
        self._slices: deque[Sequence[Row]] = deque()
        self.useful = False
        self.done = 0
        self.total = 0

    @property
    def busy(self) -> bool:
        """Whether a part is only partly in the file."""
        return self._part is not None

    def forget(self) -> None:
        """Drop a part that is not yet in the file; it is asked for again."""
        self._part = None

    def fetch(self, link: Link) -> None:
        """Ask for the next part; raises ``Unreachable`` or ``Declined``."""
        part = self._ahead.take(
            f"snapshot {link.snapshot}", lambda: self._ask(link.epoch, link.snapshot)
        )
        stuck = part.after and part.after == link.snapshot
        if stuck or not part.cursor or part.done > part.total:
            raise Unreachable(Trouble.BROKEN, "the snapshot does not go on")
        self._part, self._slices = part, deque(cut_rows(part.rows))
        self.total = part.total
        if part.after:
            self._ahead.prepare(f"snapshot {part.after}", lambda: self._ask(link.epoch, part.after))

    def apply(self, now: datetime) -> bool:
        """Write the next slice down, with the last one how far it has come.

        Returns whether that was the end of the snapshot.
        """
        fetched = self._part
        if fetched is None:
            return False
        rows = self._slices.popleft() if self._slices else ()
        last = not self._slices
        try:
            write_rows(self._file, rows, self._end(fetched, now) if last else None)
        except BaseException:
            self.forget()
            raise
        if last:
            self._part = None
            self.done = fetched.done
            self.useful = self.useful or fetched.useful or not fetched.after
        return last and not fetched.after

    def _ask(self, epoch: str, after: str) -> SnapshotPart:
        part: SnapshotPart = self._transport.ask(Verb.SNAPSHOT, Snapshot(epoch, after))
        return part

    def _end(self, fetched: SnapshotPart, now: datetime) -> Any:
        def end(part: Slice) -> None:
            if part.deferrals.soon:
                try_again(part)
            values: dict[str, Any] = {"snapshot": fetched.after, "last_download": now}
            link = part.link()
            if not fetched.after:
                values["scope_version"] = fetched.scope_version
                if not link.cursor:
                    # A file that is filled up keeps its place in the log.
                    values |= {"cursor": fetched.cursor, "cursor_seq": fetched.seq}
            state.change(part.connection, link, **values)

        return end


def write_rows(
    file: LocalFile, rows: Iterable[Row], end: Any = None, *, anew: bool = False
) -> None:
    """Write whole rows in one slice; ``anew`` also those that the file has at that version."""
    coming = [Incoming(row.seq, row.entity, row.pk, row.columns) for row in rows]

    def run(part: Slice, *, careful: bool) -> None:
        part.told(part.applier().apply(coming, anew=anew, careful=careful))
        if end is not None:
            end(part)

    try:
        file.slice(lambda part: run(part, careful=False))
    except IntegrityError:
        # A parent is not there: what hangs on it waits, all else goes in.
        file.slice(lambda part: run(part, careful=True))


def cut_rows(rows: Sequence[Row]) -> list[Sequence[Row]]:
    """Cut the rows of a part into slices of bounded cost."""
    slices: list[Sequence[Row]] = []
    begun = cost = 0
    for at, row in enumerate(rows):
        if cost >= SLICE_COST:
            slices.append(rows[begun:at])
            begun, cost = at, 0
        cost += cost_of(row.entity)
    if begun < len(rows):
        slices.append(rows[begun:])
    return slices
