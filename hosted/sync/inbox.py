"""What a person is asked: the server's own rows, written through the same log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from app.core.store.columns import encode
from app.core.tasks.rules.inbox import InboxKind, InboxState
from app.core.tasks.tables import InboxItem
from app.sync.protocol.records import Operation
from app.sync.protocol.terms import CLOCKLESS, Verdict
from hosted.store.kinds import Kind
from hosted.sync.cases import case_of
from hosted.sync.decode import storable
from hosted.sync.merge import Aside, Past, Refused

if TYPE_CHECKING:
    from hosted.sync.batch import Batch, Row

ENTITY = InboxItem.__tablename__
_ITEMS = UUID("3a7c0f0e-6d0b-5b55-9a51-0f1b2f6b7c21")
#: Each incarnation has one version of a text beside the record's; later words follow it there.
_HEADS = frozenset({InboxKind.TEXT, InboxKind.LATE_REVISION})


def item_id(operation: UUID, part: str = "") -> UUID:
    """Return the id of the item that an operation gives rise to."""
    return uuid5(_ITEMS, f"{operation.hex}{part}")


def head_id(record: UUID, incarnation: UUID, nth: int) -> UUID:
    """Return the id of the item that holds an incarnation's version of a text."""
    return uuid5(_ITEMS, f"{record.hex}/{incarnation.hex}/{nth}")


class Inbox:
    """Makes and keeps up the items of one batch."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._names: dict[UUID, str] | None = None

    def put(self, operation: Operation, row: Row, aside: Aside) -> None:
        """Set one of two versions aside for a person to decide."""
        said = {
            "kept": dict(aside.kept),
            "other": dict(aside.other),
            **self._sides(operation, aside),
        }
        if aside.kind in _HEADS:
            writer = aside.by.incarnation if aside.keeps_mine and aside.by else None
            item = self._head(row.pk, writer or self._batch.sender.incarnation)
            if item.live:
                self._batch.serve(item, operation.change_set, said, Verdict.APPLIED)
                return
        else:
            item = self._batch.row(ENTITY, item_id(operation.id, aside.kind))
        base = self._base(operation, row, aside)
        self._make(item, operation, row.kind, {**said, "kind": aside.kind.value, "base": base})

    def supersede(self, operation: Operation, row: Row) -> None:
        """Close this incarnation's version of a text: it has just signed its words."""
        item = self._head(row.pk, self._batch.sender.incarnation)
        if item.live:
            said = {"state": InboxState.REPLACED.value, "decided_at": self._batch.now.isoformat()}
            self._batch.serve(item, operation.change_set, said, Verdict.APPLIED)

    def refuse(self, operation: Operation, reason: Refused) -> None:
        """Keep the columns of refused work where a person finds them."""
        kind = self._batch.book.kinds.get(operation.entity)
        kept: dict[str, Any] = {}
        if kind is not None:
            row = self._batch.row(operation.entity, operation.pk)
            if row.live and not row.created:
                current = self._batch.full(row)
                kept = {name: current.get(name) for name in operation.columns if name in current}
        said = {
            "kind": InboxKind.REFUSED.value,
            "kept": kept,
            "other": storable(operation.columns),
            "base": {},
            "other_device": self._batch.sender.name,
            "other_at": _moment(operation.hlc >> 16, self._batch.now),
            "reason": reason.code.value,
        }
        item = self._batch.row(ENTITY, item_id(operation.id))
        if not item.live:
            self._make(item, operation, kind, said)

    def _make(
        self, item: Row, operation: Operation, kind: Kind | None, said: Mapping[str, Any]
    ) -> None:
        table = InboxItem.__table__
        whole = {
            name: encode(table.columns[name].type, default)
            for name, default in item.kind.defaults.items()
        }
        columns = self._batch.current(operation)
        case = case_of(self._batch.book, kind, operation.pk, columns)
        whole.update(said)
        whole.update(
            state=InboxState.OPEN.value,
            entity=operation.entity,
            record_id=operation.pk.hex,
            case_id=case.hex if case else None,
            made_at=self._batch.now.isoformat(),
        )
        self._batch.serve(item, operation.change_set, whole, Verdict.APPLIED)

    def _head(self, record: UUID, incarnation: UUID) -> Row:
        """Return the open item of this incarnation's version, or the row of the next one."""
        nth = 0
        while True:
            item = self._batch.row(ENTITY, head_id(record, incarnation, nth))
            if not item.live or self._batch.full(item).get("state") == InboxState.OPEN:
                return item
            nth += 1

    def _sides(self, operation: Operation, aside: Aside) -> dict[str, Any]:
        now = self._batch.now
        mine = (self._batch.sender.name, _moment(operation.hlc >> 16, now))
        by = aside.by
        timed = by is not None and by.hlc >= CLOCKLESS
        theirs = (self._name(by), _moment(by.hlc >> 16, now) if by and timed else None)
        kept, other = (mine, theirs) if aside.keeps_mine else (theirs, mine)
        return {
            "kept_device": kept[0],
            "kept_at": kept[1],
            "other_device": other[0],
            "other_at": other[1],
        }

    def _name(self, by: Past | None) -> str:
        if by is None or by.device_id is None:
            return ""
        if self._names is None:
            self._names = self._batch.book.device_names()
        return self._names.get(by.device_id, "")

    def _base(self, operation: Operation, row: Row, aside: Aside) -> dict[str, Any]:
        names = set(aside.kept) | set(aside.other)
        found: dict[str, Any] = {}
        for line in row.history or ():
            if line.seq <= operation.base_seq:
                found.update((name, each) for name, each in line.columns.items() if name in names)
        return found


def _moment(milliseconds: int, now: datetime) -> str:
    """Return when a version was written, as its computer said, but never later than now."""
    ours = int(now.timestamp() * 1000)
    return datetime.fromtimestamp(min(milliseconds, ours) / 1000, UTC).isoformat()
