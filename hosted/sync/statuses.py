"""The status that stands: one with evidence holds against what had not seen it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.core.tasks.rules.inbox import InboxKind
from app.sync.protocol.records import Operation
from app.sync.protocol.terms import Verdict
from hosted.sync.decode import Decoded
from hosted.sync.inbox import Inbox
from hosted.sync.merge import Aside
from hosted.sync.past import Past
from hosted.sync.recording import Recorder
from hosted.sync.touched import Row, Rows


class Statuses:
    """Knows which statuses have their evidence, and restores one that it reaches too late."""

    def __init__(self, rows: Rows, recorder: Recorder, inbox: Inbox) -> None:
        self._rows = rows
        self._recorder = recorder
        self._inbox = inbox

    def proven(self, row: Row) -> bool:
        """Return whether a status of the row that stands has its evidence, here or on its way."""
        standing = row.kind.merging.standing
        evidence = standing.evidence if standing else ()
        return any(self._rows.is_pointed_at(table, column, row) for table, column in evidence)

    def let_stand(self, decoded: Decoded) -> None:
        """Restore a status that had lost before its evidence arrived."""
        kind, operation = decoded.kind, decoded.operation
        if kind is None or not kind.proves or not operation.is_new:
            return
        for entity, column in kind.proves:
            said = operation.columns.get(column)
            if said is not None:
                self._restore(operation, self._rows.row(entity, UUID(hex=said)))

    def _restore(self, operation: Operation, row: Row) -> None:
        rule = row.kind.merging
        standing = rule.standing
        if standing is None or not row.live:
            return
        name = standing.column
        if row.now(name) not in standing.against:
            return
        current = self._rows.full(row)
        group = rule.group_of(name)
        stands = lost_status(row.history or (), name, standing.value)
        if stands is None:
            return
        said = {**stands.columns, **stands.lost}
        kept = {each: said[each] for each in group if each in said}
        other = {each: current.get(each) for each in group}
        self._recorder.serve(row, operation.change_set, kept, Verdict.APPLIED)
        self._inbox.put(operation, row, Aside(InboxKind.STATUS, kept, other, False, stands))


def lost_status(history: Sequence[Past], name: str, value: str) -> Past | None:
    """Return the line that set ``name`` to ``value`` and lost to one that had not seen it."""
    setting = [line for line in history if name in line.columns or name in line.lost]
    last = next((line for line in reversed(setting) if name in line.columns), None)
    for line in reversed(setting):
        lost = line.lost.get(name) == value
        if lost or line.columns.get(name) == value:
            if last is None or line is last:
                return None
            apart = line.base_seq < last.seq if lost else last.base_seq < line.seq
            return line if apart and line.incarnation != last.incarnation else None
    return None
