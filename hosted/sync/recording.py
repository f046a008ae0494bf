"""What a taken operation makes of its row, and the line of the log that tells it.

Nothing is written yet: rows change in memory and lines are drafted, so that a change set can be
taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.sync.protocol.records import Earlier, Operation
from app.sync.protocol.terms import Refusal, Verdict
from hosted.store.kinds import Kind
from hosted.store.said import to_text
from hosted.sync.decode import Decoded, whole
from hosted.sync.drafts import Drafts
from hosted.sync.merge import Outcome, Refused
from hosted.sync.touched import Key, Row, Rows

_NOTHING = "{}"


class Recorder:
    """Changes rows and drafts the lines of it, one operation at a time."""

    def __init__(self, rows: Rows, drafts: Drafts) -> None:
        self._rows = rows
        self._drafts = drafts
        self.surplus: dict[Key, tuple[dict[str, Any], int]] = {}
        """Rows of tables that only newer programs know: columns, and the place of the line."""
        self.created: list[tuple[Row, Operation]] = []
        """Rows that operations made, also those of change sets that were taken back."""

    def keep(self, decoded: Decoded) -> None:
        """Take a change of a table that only a newer program knows."""
        operation = decoded.operation
        key = (operation.entity, operation.pk)
        earlier = self.surplus.get(key, ({}, 0))[0]
        self.surplus[key] = ({**earlier, **decoded.unknown}, len(self._drafts))
        self._drafts.write(operation, decoded.text, Verdict.APPLIED)

    def create(self, row: Row, decoded: Decoded) -> None:
        """Take an operation that makes its row; raises ``Refused`` for one that only changes it."""
        if not decoded.operation.is_new:
            raise Refused(Refusal.MISSING_PARENT, "the record itself is not here")
        self._rows.touch(row)
        row.taken = dict(whole(decoded, row.kind))
        row.live = row.created = True
        row.said.update(decoded.operation.columns)
        row.unknown.update(decoded.unknown)
        row.last = self._drafts.write(decoded.operation, decoded.text, Verdict.APPLIED)
        self.created.append((row, decoded.operation))
        if self._drafts.seen_by(decoded.operation).whole:
            row.stated, row.history = True, []
            columns = decoded.operation.columns
            self._drafts.remember(row, decoded.operation, columns, {}, Verdict.APPLIED)

    def apply(self, row: Row, decoded: Decoded) -> None:
        """Take an operation as it was sent: it had seen all that its row has been through."""
        self._rows.touch(row)
        row.taken.update(decoded.taken)
        row.said.update(decoded.operation.columns)
        row.unknown.update(decoded.unknown)
        row.last = self._drafts.write(decoded.operation, decoded.text, Verdict.APPLIED)
        columns = decoded.operation.columns
        self._drafts.remember(row, decoded.operation, columns, {}, Verdict.APPLIED)

    def hold(self, row: Row, decoded: Decoded, outcome: Outcome) -> None:
        """Take of an operation what holds after it met what its writer had not seen."""
        operation, drafts = decoded.operation, self._drafts
        self._rows.touch(row)
        for name, said in outcome.held.items():
            row.said[name] = said
            if name in row.kind.manners:
                row.taken[name] = _taken(row.kind, decoded, name, said)
            else:
                row.unknown[name] = said
        lost = to_text(outcome.lost) if outcome.lost else None
        columns = to_text(outcome.held) if outcome.held else _NOTHING
        stated = drafts.seen_by(operation).whole
        if stated:
            # Its echo replaces the row: what lost would differ for ever on who stated it.
            columns = to_text(self._rows.full(row))
        won = outcome.held if stated else None
        row.last = drafts.write(operation, columns, outcome.verdict, lost, won=won)
        drafts.remember(row, operation, outcome.held, outcome.lost, outcome.verdict)
        draft = row.kind.merging.draft
        row.stated |= stated and bool(outcome.held)
        row.set_aside |= not stated and bool(draft) and draft[0] in outcome.lost

    def pass_over(self, row: Row, operation: Operation) -> None:
        """Take a restatement of which nothing holds, and that must not count as stated.

        Its echo carries the row all the same: what the sender holds is not what stands here, and
        nothing else would tell one that sees the row by then (record 0022, rule 30).
        """
        stated = replace(operation, earlier=Earlier(whole=True))
        self._drafts.write(stated, to_text(self._rows.full(row)), Verdict.MERGED, won=())

    def serve(self, row: Row, change_set: UUID, said: Mapping[str, Any], verdict: Verdict) -> None:
        """Write columns of the server's own making, in the change set that gave rise to them."""
        self._rows.touch(row)
        is_new = not row.live
        if is_new:
            row.live = row.created = True
        else:
            self._rows.full(row)
        row.served = True
        row.last = self._drafts.serve(row, change_set, is_new, said, verdict)
        row.said.update(said)
        for name, value in said.items():
            row.taken[name] = None if value is None else row.kind.manners[name].take(value)


def _taken(kind: Kind, decoded: Decoded, name: str, said: Any) -> Any:
    """Return a column's value as it is stored; what holds may be another than the operation's."""
    if decoded.operation.columns.get(name) == said:
        return decoded.taken.get(name)
    return None if said is None else kind.manners[name].take(said)
