"""The lines that a batch will add to the log: drafted in order, numbered when all are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.kernel.clock import unix_ms
from app.sync.protocol.records import Answer, Operation
from app.sync.protocol.terms import Verdict
from hosted.store.said import to_text
from hosted.sync import past
from hosted.sync.epochs import Ancestry
from hosted.sync.log import Line
from hosted.sync.past import Past, Seeing, seeing
from hosted.sync.policy import Policy
from hosted.sync.sender import NOBODY, Sender
from hosted.sync.touched import Row

#: Lines of the batch at hand come after all that are stored; their numbers are given last.
_LATEST = 1 << 62


class Drafts:
    """The batch's own lines, and whose operation each is."""

    def __init__(
        self, sender: Sender, now: datetime, policy: Policy, ancestry: Ancestry | None
    ) -> None:
        self.sender = sender
        self.now = now
        self.lines: list[Line] = []
        self._now_ms = unix_ms(now)
        self._policy = policy
        self._ancestry = ancestry
        self._places: list[tuple[UUID, int, Verdict]] = []

    def __len__(self) -> int:
        """Return how many lines there are: the place of the next one."""
        return len(self.lines)

    def seen_by(self, operation: Operation) -> Seeing:
        """Return what the writer of an operation had seen."""
        return seeing(operation, self._ancestry)

    def states_again(self, operation: Operation) -> bool:
        """Return whether an operation states a whole row of before a restore that there was."""
        earlier = operation.earlier
        return earlier is not None and earlier.whole and self.comes_from_before(operation)

    def comes_from_before(self, operation: Operation) -> bool:
        """Return whether an operation was brought over a restore that there was."""
        return operation.earlier is not None and self.restored

    @property
    def restored(self) -> bool:
        """Return whether operations were brought over a restore that there was."""
        return self._ancestry is not None and self._ancestry.restored

    def shared_with(self, epoch: str) -> int:
        """Return the last seq that the log of ``epoch`` shares with ours."""
        limit = self._ancestry.common(epoch) if self._ancestry else None
        return past.LARGEST if limit is None else limit

    def is_included(self, row: Row, operation: Operation) -> bool:
        """Return whether a row holds already what an earlier epoch had taken of an operation."""
        return past.is_included(row.history or (), operation, self._ancestry)

    def stamp(self, operation: Operation) -> int:
        """Return the operation's stamp, as far as the server's clock lets it count."""
        return self._policy.stamp(operation.hlc, self._now_ms)

    def write(
        self,
        operation: Operation,
        columns: str,
        verdict: Verdict,
        lost: str | None = None,
        won: Iterable[str] | None = None,
    ) -> int:
        """Add the line of an operation and return its place."""
        place, until, earlier = len(self.lines), operation.base_seq, None
        if operation.earlier is not None:
            seen = self.seen_by(operation)
            until, earlier = seen.until, past.to_text(operation, seen, won)
        self.lines.append(
            Line(
                operation.change_set,
                self.sender.device_id,
                self.sender.incarnation,
                operation.id,
                operation.lsn,
                operation.entity,
                operation.pk,
                operation.is_new,
                until,
                self._policy.stamp(operation.hlc, self._now_ms),
                operation.schema,
                verdict,
                columns,
                lost,
                earlier,
            )
        )
        self._places.append((operation.id, place, verdict))
        return place

    def serve(
        self, row: Row, change_set: UUID, is_new: bool, said: Mapping[str, Any], verdict: Verdict
    ) -> int:
        """Add a line of the server's own making and return its place."""
        row.history = [
            *(row.history or ()),
            Past(
                _LATEST + len(self.lines), NOBODY, None, self._now_ms << 16, row.seq, verdict,
                self._now_ms, said,
            ),
        ]  # fmt: skip
        self.lines.append(
            Line(
                change_set=change_set,
                device_id=None,
                incarnation=NOBODY,
                operation=None,
                lsn=0,
                entity=row.kind.name,
                pk=row.pk,
                is_new=is_new,
                base_seq=row.seq,
                hlc=self._now_ms << 16,
                schema=0,
                verdict=verdict,
                columns=to_text(dict(said)),
            )
        )
        return len(self.lines) - 1

    def remember(
        self,
        row: Row,
        operation: Operation,
        held: Mapping[str, Any],
        lost: Mapping[str, Any],
        verdict: Verdict,
    ) -> None:
        """Add the line just written to the row's past: the next operation goes on from it."""
        if row.history is None:
            return
        sender, seen = self.sender, self.seen_by(operation)
        row.history.append(
            Past(
                _LATEST + len(self.lines),
                sender.incarnation,
                sender.device_id,
                self.stamp(operation),
                seen.until,
                verdict,
                self._now_ms,
                held,
                lost,
                operation.lsn,
                None if seen.whole else seen.lost,
                operation.earlier.was if operation.earlier else None,
                seen.whole,
                operation.earlier is not None and operation.earlier.in_doubt,
            )
        )

    def place(self) -> tuple[int, int]:
        """Return what ``take_back`` needs."""
        return len(self.lines), len(self._places)

    def take_back(self, to: tuple[int, int]) -> None:
        """Drop the lines that were added since ``place``."""
        lines, places = to
        del self.lines[lines:], self._places[places:]

    def answers(self, first: int) -> dict[UUID, Answer]:
        """Return the answer to each operation, once the first line has its number."""
        return {
            operation: Answer(operation, verdict, first + place)
            for operation, place, verdict in self._places
        }

    def ends(self) -> Sequence[int]:
        """Return by place the last place of its change set: the version that its rows get.

        So the rows of one change set can be told, and are stated as one by whoever has to state
        them again (record 0022, rule 21).
        """
        ends = list(range(len(self.lines)))
        for place in range(len(ends) - 2, -1, -1):
            if self.lines[place].change_set == self.lines[place + 1].change_set:
                ends[place] = ends[place + 1]
        return ends
