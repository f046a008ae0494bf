"""The outbox as the engine sees it: which operations wait, of which rows, and in which state.

The rows themselves stay in the file; their keys are mirrored here, so that a pulled page is
compared with them without reading the file row by row. People's commands only add to the outbox,
and only the engine takes from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.sync.protocol.terms import Refusal
from app.sync.versions import read_earlier

Key = tuple[str, bytes]


class OpState(StrEnum):
    """How far an operation has come."""

    QUEUED = "queued"
    SENT = "sent"
    """It may have reached the server; it is sent again under the same id."""
    ACKED = "acked"
    """The server has taken it; its echo is still to be pulled."""
    PARKED = "parked"
    """Refused, and kept with its text until a person decides."""


#: Refusals that the account keeps in the inbox, with what was typed: the row shows its truth again.
IN_INBOX = frozenset(
    {
        Refusal.OUT_OF_SCOPE,
        Refusal.FINAL,
        Refusal.SERVER_OWNED,
        Refusal.MISSING_PARENT,
        Refusal.MALFORMED,
        Refusal.TOO_LARGE,
        Refusal.UNKNOWN_ENTITY,
    }
)
#: States in which an operation still has to be sent.
UNSENT = frozenset({OpState.QUEUED, OpState.SENT})


@dataclass(slots=True)
class Pending:
    """One operation in the outbox."""

    lsn: int
    op_id: bytes
    change_set: bytes
    entity: str
    pk: bytes
    is_new: bool
    state: OpState
    echo_seq: int = 0
    """Where its echo stands in the server's log, once it is acknowledged in this run."""

    whole: bool = False
    """Whether it states a row again that the account has lost: history, and nobody's edit."""

    over: bool = True
    """Whether it is laid over its row; what was refused is seen in the inbox instead."""

    @property
    def key(self) -> Key:
        """Its row."""
        return self.entity, self.pk


LookOver = Callable[[Any, Pending, list[Pending], frozenset[Key]], bool]
_MIRRORED = (
    "SELECT lsn, op_id, change_set_id, entity, pk, is_new, state, error, earlier FROM outbox"
)


class Outbox:
    """The mirrored keys of the outbox.

    ``looked_over`` is told each operation that was added since the last time, with the earlier
    ones of its row and the rows that hide something, before anything is pulled over it; it
    returns whether it wrote that operation, and all behind it, anew.
    """

    def __init__(self, looked_over: LookOver | None = None) -> None:
        self._looked_over = looked_over
        self._last = -1
        self._by_op: dict[bytes, Pending] = {}
        self._by_row: dict[Key, list[Pending]] = {}
        self._left: dict[bytes, Pending] = {}
        self._mixed = False
        self._acked: dict[bytes, Pending] = {}
        self._sets: Counter[bytes] = Counter()

    def forget(self) -> None:
        """Drop the mirror; it is read again at the next ``refresh``."""
        self.__init__(self._looked_over)  # type: ignore[misc]

    def refresh(self, connection: Any) -> None:
        """Take in what was added since the last time."""
        if self._last < 0:
            self.ask_again(connection)
            self._last = 0
        while True:
            added = connection.execute(
                f"{_MIRRORED} WHERE lsn > ? ORDER BY lsn", (self._last,)
            ).fetchall()
            if not self._take_in(connection, added):
                return

    def ask_again(self, connection: Any) -> None:
        """Send again what was taken, in an earlier run or epoch: the answer names its echo."""
        for each in list(self._acked.values()):
            each.state, each.echo_seq = OpState.SENT, 0
            self._note(each)
        connection.execute(
            "UPDATE outbox SET state = ? WHERE state = ?", (OpState.SENT, OpState.ACKED)
        )

    def _take_in(self, connection: Any, added: list[Any]) -> bool:
        """Mirror operations; return whether they must be read again behind the last one taken."""
        shadowed: frozenset[Key] = frozenset()
        if added and self._looked_over is not None:
            shadowed = frozenset(connection.execute("SELECT entity, pk FROM shadow").fetchall())
        for lsn, op_id, change_set, entity, pk, is_new, state, error, earlier_said in added:
            pending = Pending(lsn, op_id, change_set, entity, pk, bool(is_new), OpState(state))
            pending.over = error not in IN_INBOX
            pending.whole = earlier_said is not None and read_earlier(earlier_said).whole
            earlier = self._by_row.get(pending.key, [])
            look = self._looked_over
            if look is not None and look(connection, pending, earlier, shadowed):
                return True
            self._by_op[op_id] = pending
            self._by_row.setdefault(pending.key, []).append(pending)
            self._note(pending)
            self._last = lsn
        return False

    def __iter__(self) -> Iterator[Pending]:
        """Go through all operations in the order of their writing."""
        return iter(self._by_op.values())

    def __len__(self) -> int:
        return len(self._by_op)

    def of_op(self, op_id: bytes) -> Pending | None:
        """Return the operation of that id."""
        return self._by_op.get(op_id)

    def of_row(self, key: Key) -> list[Pending]:
        """Return the operations of a row in the order of their writing."""
        return self._by_row.get(key, [])

    def unsent(self) -> Iterator[Pending]:
        """Go through what still has to be sent, in order."""
        if self._mixed:
            self._left = dict(sorted(self._left.items(), key=lambda item: item[1].lsn))
            self._mixed = False
        return iter(self._left.values())

    def acked(self) -> Iterator[Pending]:
        """Go through what the server has taken and whose echo is still to be pulled."""
        return iter(self._acked.values())

    @property
    def waiting(self) -> int:
        """How many operations still have to be sent."""
        return len(self._left)

    @property
    def waiting_sets(self) -> int:
        """How many change sets have an operation that still has to be sent."""
        return len(self._sets)

    def took(self, ops: Iterable[Pending]) -> None:
        """Note, in memory alone, that the server has taken operations."""
        for each in ops:
            each.state = OpState.ACKED
            self._note(each)

    def _note(self, each: Pending) -> None:
        """Keep what is counted in step with an operation's state, whatever the outbox's size."""
        if each.state is OpState.ACKED:
            self._acked[each.op_id] = each
        else:
            self._acked.pop(each.op_id, None)
        if each.state in UNSENT:
            if each.op_id not in self._left:
                # What the account has lost waits again, behind younger work.
                last = next(reversed(self._left.values()), each)
                self._mixed = self._mixed or last.lsn > each.lsn
                self._left[each.op_id] = each
                self._sets[each.change_set] += 1
        elif self._left.pop(each.op_id, None) is not None:
            self._uncount(each)

    def _uncount(self, each: Pending) -> None:
        self._sets[each.change_set] -= 1
        if not self._sets[each.change_set]:
            del self._sets[each.change_set]

    def mark(
        self, connection: Any, ops: Iterable[Pending], state: OpState, error: str = ""
    ) -> None:
        """Set the state of operations, with the code of a refusal."""
        marked = list(ops)
        for each in marked:
            each.state = state
            each.over = error not in IN_INBOX
            self._note(each)
        connection.executemany(
            "UPDATE outbox SET state = ?, error = ? WHERE lsn = ?",
            [(state, error or None, each.lsn) for each in marked],
        )

    def tried(self, connection: Any, ops: Iterable[Pending]) -> None:
        """Count an attempt that brought no answer."""
        marked = list(ops)
        self.mark(connection, marked, OpState.SENT)
        connection.executemany(
            "UPDATE outbox SET attempts = attempts + 1 WHERE lsn = ?",
            [(each.lsn,) for each in marked],
        )

    def remove(self, connection: Any, ops: Iterable[Pending]) -> None:
        """Take operations out: their echo has come, or their record was purged."""
        gone = list(ops)
        for each in gone:
            del self._by_op[each.op_id]
            self._acked.pop(each.op_id, None)
            if self._left.pop(each.op_id, None) is not None:
                self._uncount(each)
            left = [other for other in self._by_row[each.key] if other is not each]
            if left:
                self._by_row[each.key] = left
            else:
                del self._by_row[each.key]
        connection.executemany("DELETE FROM outbox WHERE lsn = ?", [(each.lsn,) for each in gone])

    def with_children(self, refused: Iterable[Pending], points_at: Any) -> list[Pending]:
        """Return ``refused`` with what cannot go without them.

        That are later operations of the same rows, and of rows that point at a new row among
        them, each with its whole change set; ``points_at`` returns the rows that an operation
        points at.
        """
        parked = {each.lsn: each for each in refused}
        waiting = [each for each in self.unsent() if each.lsn > min(parked, default=0)]
        known = -1
        while known < len(parked):
            known = len(parked)
            rows = {each.key for each in parked.values()}
            new = {each.key for each in parked.values() if each.is_new}
            sets = {each.change_set for each in parked.values()}
            for each in waiting:
                if each.lsn in parked:
                    continue
                follows = each.key in rows or each.change_set in sets
                if follows or (new and not new.isdisjoint(points_at(each))):
                    parked[each.lsn] = each
                    rows.add(each.key)
                    sets.add(each.change_set)
                    if each.is_new:
                        new.add(each.key)
        return list(parked.values())
