"""The rows that a batch touches: found and locked at once, changed in memory, written last."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.core.tasks.tables import InboxItem
from app.sync.protocol.records import Operation
from hosted.store.kinds import Kind
from hosted.sync import log, past, records
from hosted.sync.book import Book
from hosted.sync.decode import ChangeSet, Decoded
from hosted.sync.past import Past
from hosted.sync.scope import View

Key = tuple[str, UUID]
"""A table's name and a row's id."""


@dataclass(slots=True)
class Row:
    """A row that the batch touches: as it was found, and what the batch makes of it."""

    kind: Kind
    pk: UUID
    seq: int = 0
    live: bool = False
    created: bool = False
    watched: dict[str, Any] = field(default_factory=dict)
    taken: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    unknown: dict[str, Any] = field(default_factory=dict)
    last: int | None = None
    set_aside: bool = False
    served: bool = False
    """Whether the server wrote it itself in this batch, which no writer can have seen."""
    stated: bool = False
    """Whether the batch states it again: its own later words may have been written unseeing."""
    found: dict[str, Any] | None = None
    history: list[Past] | None = None

    def be(self, found: Sequence[Any]) -> None:
        """Take in version and watched columns as they were found."""
        self.live, self.seq = True, found[0]
        self.watched = {
            name: None if value is None else self.kind.manners[name].say(value)
            for name, value in zip(self.kind.watched, found[1:], strict=True)
        }

    def save(self) -> tuple[Any, ...]:
        """Return what ``restore`` needs."""
        kept = (dict(self.taken), dict(self.said), dict(self.unknown))
        past = None if self.history is None else list(self.history)
        marks = (self.set_aside, self.served, self.stated)
        return (self.live, self.created, *kept, self.last, *marks, past)

    def restore(self, saved: tuple[Any, ...]) -> None:
        """Take back what was done since ``save``."""
        self.live, self.created, self.taken, self.said, self.unknown = saved[:5]
        self.last, self.set_aside, self.served, self.stated, self.history = saved[5:]

    def plain(self, names: Iterable[str]) -> bool:
        """Return whether a change of ``names`` that saw the row as found has no more to meet."""
        if self.set_aside or self.served or self.frozen():
            return False
        return not self.kind.merging.given or set(self.kind.merging.given).isdisjoint(names)

    def frozen(self) -> bool:
        """Return whether the row is final as it stands."""
        if self.kind.frozen is None:
            return False
        name, value = self.kind.frozen
        return bool(self.now(name) == value)

    def now(self, name: str) -> Any:
        """Return a watched column as it stands."""
        return self.said[name] if name in self.said else self.watched.get(name)


class Rows:
    """All rows that a batch touches, and what else must be known of them to judge a change."""

    def __init__(self, book: Book, view: View) -> None:
        self._book = book
        self.view = view
        self._rows: dict[Key, Row] = {}
        self._hidden: set[Key] = set()
        self._purged: set[Key] = set()
        self._pointing: dict[tuple[str, str], set[str]] = {}
        self._before: dict[Key, tuple[Any, ...]] | None = None

    def __iter__(self) -> Iterator[Row]:
        """Return all rows, in the order in which they were met."""
        return iter(self._rows.values())

    # Finding.

    def load(self, sets: Sequence[ChangeSet]) -> None:
        """Find and lock the rows that these operations touch, and those they are evidence for.

        They are locked in the order of entity and id, so that two batches never wait for each
        other.
        """
        wanted: dict[str, set[UUID]] = {}
        for decoded in (each for of in sets for each in of.decoded):
            if decoded.kind is not None:
                wanted.setdefault(decoded.kind.name, set()).add(decoded.operation.pk)
                if decoded.kind.proves:
                    self._note_evidence(decoded, decoded.kind, wanted)
        for entity in sorted(wanted):
            kind = self._book.kinds[entity]
            self._rows.update(((entity, pk), Row(kind, pk)) for pk in wanted[entity])
            for pk, found in records.locked(self._book, kind, wanted[entity]).items():
                self._rows[entity, pk].be(found)
        self._hide()
        operations = [each for of in sets for each in of.operations]
        ids = [each.pk for each in operations]
        ids += [about[1] for each in operations if (about := _about(each)) is not None]
        self._purged = records.purged(self._book, ids)
        self._load_unseen(sets)

    def _note_evidence(self, decoded: Decoded, kind: Kind, wanted: dict[str, set[UUID]]) -> None:
        for target, column in kind.proves:
            said = decoded.operation.columns.get(column)
            if isinstance(said, str):
                wanted.setdefault(target, set()).add(UUID(hex=said))
                self._pointing.setdefault((kind.name, column), set()).add(said)

    def _hide(self) -> None:
        """Note which of the rows that are there belong to cases of other members."""
        if not self.view.limited:
            return
        there: dict[str, list[UUID]] = {}
        for (entity, pk), row in self._rows.items():
            if row.live:
                there.setdefault(entity, []).append(pk)
        for entity, ids in there.items():
            shown = self.view.shows(self._book, entity, ids)
            self._hidden.update((entity, pk) for pk in ids if pk not in shown)

    def _load_unseen(self, sets: Sequence[ChangeSet]) -> None:
        """Read whole rows and their past where a writer had not seen the row as it stands."""
        behind: dict[str, set[UUID]] = {}
        for operation in (each for of in sets for each in of.operations):
            row = self._rows.get((operation.entity, operation.pk))
            if row is None or not row.live:
                continue
            if operation.earlier is not None or operation.base_seq < row.seq:
                behind.setdefault(operation.entity, set()).add(operation.pk)
        for entity, ids in behind.items():
            self._load_full(self._book.kinds[entity], sorted(ids))

    def _load_full(self, kind: Kind, ids: Sequence[UUID]) -> None:
        surplus = records.surplus(self._book, kind.name, ids)
        for pk, (_seq, columns) in records.rows(self._book, kind, ids).items():
            self._rows[kind.name, pk].found = {**columns, **surplus.get(pk, {})}
        histories = log.histories(self._book, kind.name, ids)
        for pk in ids:
            self._rows[kind.name, pk].history = [self._past(line) for line in histories[pk]]

    def _past(self, line: tuple[Any, ...]) -> Past:
        seq, incarnation, device, hlc, base_seq, verdict, at, columns, lost, lsn, earlier = line
        return Past(
            seq,
            self._book.uuid(incarnation),
            None if device is None else self._book.uuid(device),
            hlc,
            base_seq,
            verdict,
            self._book.milliseconds(at),
            lost=json.loads(lost) if lost else {},
            lsn=lsn,
            **past.read(earlier, json.loads(columns)),
        )

    # Asking.

    def row(self, entity: str, pk: UUID) -> Row:
        """Return a row, found and locked now if the batch has not touched it yet."""
        known = self._rows.get((entity, pk))
        if known is None:
            kind = self._book.kinds[entity]
            found = records.locked(self._book, kind, [pk]).get(pk)
            known = self._rows[entity, pk] = Row(kind, pk)
            if found is not None:
                known.be(found)
        return known

    def full(self, row: Row) -> dict[str, Any]:
        """Return the row's columns as they stand, as JSON values."""
        if row.found is None and row.live and not row.created:
            self._load_full(row.kind, [row.pk])
        return {**(row.found or {}), **row.said, **row.unknown}

    def current(self, operation: Operation) -> dict[str, Any]:
        """Return the columns of the operation's record as it stands, else as it was sent."""
        row = self._rows.get((operation.entity, operation.pk))
        return self.full(row) if row is not None and row.live else dict(operation.columns)

    def is_purged(self, operation: Operation) -> bool:
        """Return whether the record was purged, or a question's record: neither returns."""
        if not self._purged:
            return False
        return (operation.entity, operation.pk) in self._purged or _about(operation) in self._purged

    def is_hidden(self, operation: Operation) -> bool:
        """Return whether the record is there and not in the sender's view."""
        return bool(self._hidden) and (operation.entity, operation.pk) in self._hidden

    def is_pointed_at(self, entity: str, column: str, row: Row) -> bool:
        """Return whether a row of ``entity`` points at this one, here or on its way."""
        return row.pk.hex in self._pointing.get((entity, column), ()) or records.points_at(
            self._book, entity, column, row.pk
        )

    # Taking back.

    def begin(self) -> None:
        """Remember from here on how rows were."""
        self._before = {}

    def touch(self, row: Row) -> None:
        """Remember how the row was before this change set."""
        if self._before is None:
            return
        key = (row.kind.name, row.pk)
        if key not in self._before:
            self._before[key] = row.save()

    def take_back(self) -> None:
        """Undo what was done to rows since ``begin``."""
        for key, saved in (self._before or {}).items():
            self._rows[key].restore(saved)

    def end(self) -> None:
        """Remember no longer."""
        self._before = None


def _about(operation: Operation) -> Key | None:
    """Return the record that a new question is about, whose words lie in it."""
    columns = operation.columns
    if operation.entity != InboxItem.__tablename__ or "record_id" not in columns:
        return None
    # The values were decoded: an id is one.
    return str(columns.get("entity")), UUID(hex=columns["record_id"])
