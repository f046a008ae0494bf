"""What the server confirmed goes into the file: in bulk, idempotent, over nothing that is pending.

A slice of a pulled page is merged row by row in memory and written with one statement per table
and set of columns. What this version does not understand, or what points at a record that has
not come yet, is kept aside (``deferring``) and nothing is cleared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from app.core.kernel.changes import Changes
from app.core.store.capture import PracticeSession
from app.core.store.ports import RowChange, ports_of
from app.core.vault.engine import driver
from app.sync.bases import advance
from app.sync.covering import Cover
from app.sync.deferring import Deferral, Deferrals
from app.sync.forms import BAD_VALUES, Form, form_of
from app.sync.outbox import Key, Outbox, Pending

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Incoming:
    """A confirmed change: some columns of a row, or a whole row, as of ``seq``."""

    seq: int
    entity: str
    pk: UUID
    columns: Mapping[str, Any]
    operation: bytes = b""
    """Whose echo it is; empty for none."""
    makes: bool = True
    """Whether it can make the row: a change of one that came into view meanwhile cannot."""


@dataclass(slots=True)
class _Write:
    """What one row gets in this slice."""

    form: Form
    record: UUID
    fresh: bool
    seq: int
    columns: dict[str, Any] = field(default_factory=dict)
    made: bool = False
    """Whether any of it makes the row."""


class Applier:
    """Applies confirmed changes in the transaction of one session."""

    def __init__(
        self,
        session: PracticeSession,
        outbox: Outbox,
        deferrals: Deferrals,
        holds: Callable[[UUID], bool],
    ) -> None:
        self._session = session
        self._connection = driver(session)
        self._practice = session.practice_id.bytes
        self._outbox = outbox
        self._deferrals = deferrals
        self._seqs: dict[Key, int] = {}
        self._writes: dict[Key, _Write] = {}
        self._cover = Cover(self._connection, outbox, holds)
        self._found: dict[Key, int] = {}

    def apply(
        self, coming: Iterable[Incoming], *, anew: bool = False, careful: bool = False
    ) -> Changes:
        """Write ``coming`` and return what changed.

        A row that is already at a version or beyond is passed over, unless ``anew``. With
        ``careful`` rows whose parent is not there are kept aside instead of failing at commit.
        """
        listed = list(coming)
        self._outbox.refresh(self._connection)
        self._cover.begin()
        self._look_up(listed)
        for each in listed:
            self._take(each, anew=anew)
        if careful:
            self._keep_orphans_aside()
        return self._finish()

    def settle(self, ops: Iterable[Pending]) -> Changes:
        """Let operations go whose echo was passed without being seen; nothing is cleared."""
        gone = list(ops)
        self._cover.done.update((each.lsn, each) for each in gone)
        return self.uncover(each.key for each in gone)

    def uncover(self, keys: Iterable[Key]) -> Changes:
        """Show what waited behind an editor or an operation that is no longer there."""
        self._cover.begin()
        listed = list(dict.fromkeys(keys))
        self._look_up([Incoming(0, entity, UUID(bytes=pk), {}) for entity, pk in listed])
        for entity, pk in listed:
            self._uncover(entity, pk)
        return self._finish()

    def _finish(self) -> Changes:
        changed = self._write()
        self._cover.store()
        self._outbox.remove(self._connection, self._cover.done.values())
        return changed

    # Deciding, row by row

    def _look_up(self, coming: list[Incoming]) -> None:
        ids: dict[str, set[bytes]] = {}
        for each in coming:
            if form_of(each.entity) is not None:
                ids.setdefault(each.entity, set()).add(each.pk.bytes)
        for entity, wanted in ids.items():
            for chunk in _chunks(list(wanted)):
                found = self._connection.execute(
                    f"SELECT id, row_seq FROM {entity} WHERE practice_id = ? "
                    f"AND id IN ({_marks(len(chunk))})",
                    (self._practice, *chunk),
                )
                for pk, seq in found:
                    self._seqs[entity, pk] = self._found[entity, pk] = seq

    def _take(self, each: Incoming, *, anew: bool) -> None:
        form = form_of(each.entity)
        key = (each.entity, each.pk.bytes)
        own = self._outbox.of_op(each.operation) if each.operation else None
        if own is not None:
            self._cover.done[own.lsn] = own
        if form is None:
            self._deferrals.add(Deferral(each.seq, *key, each.columns, "entity"))
            return
        at = self._seqs.get(key)
        # All rows of a change set have its last seq: a second change of a row in it is none that
        # the file has already.
        before = self._found.get(key)
        passed = before is not None and each.seq <= before and not anew
        columns = each.columns
        if not passed and not form.known.issuperset(columns):
            columns = self._split_unknown(form, key, each)
        if not passed and key in self._deferrals.keys:
            self._deferrals.overtaken(key, columns, each.seq)
        if own is not None and own.whole:
            entering = self._cover.stated(form, own, {} if passed else columns, at or 0)
        elif own is not None:
            entering = self._cover.echoed(form, own, {} if passed else columns, passed, at or 0)
            if columns and not passed:
                later = [o for o in self._outbox.of_row(key) if o.lsn not in self._cover.done]
                advance(self._connection, later, columns, each.seq)
        elif passed:
            return
        elif self._cover.lies_over(form, key):
            entering = self._cover.laid_over(form, key, columns, at or 0)
        else:
            entering = dict(columns)
        # An own echo without content: its row has left this member's scope, and perhaps this file.
        if (entering or not passed) and (columns or key in self._seqs):
            self._add(form, key, each.pk, each.seq, entering, makes=each.makes)

    def _split_unknown(self, form: Form, key: Key, each: Incoming) -> dict[str, Any]:
        unknown = {name: said for name, said in each.columns.items() if name not in form.known}
        self._deferrals.add(Deferral(each.seq, *key, unknown, "column"))
        return {name: said for name, said in each.columns.items() if name in form.known}

    def _uncover(self, entity: str, pk: bytes) -> None:
        form = form_of(entity)
        key = (entity, pk)
        if form is None or key not in self._cover.shadowed:
            return
        entering = self._cover.uncovered(form, key)
        if entering and key in self._seqs:
            self._add(form, key, UUID(bytes=pk), self._seqs[key], entering)

    def _add(
        self,
        form: Form,
        key: Key,
        record: UUID,
        seq: int,
        entering: dict[str, Any],
        *,
        makes: bool = False,
    ) -> None:
        write = self._writes.get(key)
        if write is None:
            fresh = key not in self._seqs
            self._writes[key] = _Write(form, record, fresh, seq, entering, makes)
        else:
            write.columns.update(entering)
            write.seq = max(seq, write.seq)
            write.made = write.made or makes
        self._seqs[key] = max(seq, self._seqs.get(key, 0))

    # Writing, table by table

    def _write(self) -> Changes:
        batches: dict[tuple[str, bool, tuple[str, ...]], list[list[Any]]] = {}
        indexed: list[RowChange] = []
        areas: set[str] = set()
        ids: set[UUID] = set()
        for (entity, pk), write in self._writes.items():
            names = self._complete(write, pk)
            if names is None:
                continue
            row = self._stored(write, names, pk)
            if row is None:
                continue
            names, values = row
            batches.setdefault((entity, write.fresh, names), []).append(
                [*values, write.seq, self._practice, pk]
            )
            record = write.record
            ids.add(record)
            areas.add(write.form.kind.__area__)
            if write.form.kind.__search__ is not None:
                indexed.append(RowChange(entity, record, write.fresh, {}, write.columns))
        for (entity, fresh, names), rows in batches.items():
            self._connection.executemany(_statement(entity, fresh, names), rows)
        self._deferrals.store(self._connection)
        if indexed:
            ports_of(self._session).search.update(self._session, indexed)
        return Changes(frozenset(areas), frozenset(ids))

    def _complete(self, write: _Write, pk: bytes) -> tuple[str, ...] | None:
        """Return the columns to write; a new row needs all, and is kept aside if it lacks some."""
        if not write.fresh:
            return tuple(write.columns)
        form = write.form
        if not write.made:
            self._defer_row(write, pk, "row")
            return None
        if len(write.columns) < len(form.names):
            for name in form.names:
                if name in write.columns:
                    continue
                default = form.defaults[name]
                if default is None and name in form.required:
                    self._defer_row(write, pk, "row")
                    return None
                write.columns[name] = default
        return tuple(write.columns)

    def _stored(
        self, write: _Write, names: tuple[str, ...], pk: bytes
    ) -> tuple[tuple[str, ...], list[Any]] | None:
        form, columns = write.form, write.columns
        try:
            return names, form.stored_row(names, columns)
        except BAD_VALUES:
            good, bad = _sorted_out(form, columns)
        if write.fresh:
            lacking = {name: form.defaults[name] for name in bad}
            if any(name in form.required and said is None for name, said in lacking.items()):
                self._defer_row(write, pk, "value")
                return None
            columns.update(lacking)
            good = columns
        self._deferrals.add(Deferral(write.seq, form.entity, pk, bad, "value"))
        for name in bad:
            if not write.fresh:
                del columns[name]
        return tuple(good), form.stored_row(tuple(good), good)

    def _defer_row(self, write: _Write, pk: bytes, reason: str) -> None:
        self._deferrals.add(Deferral(write.seq, write.form.entity, pk, write.columns, reason))

    def _keep_orphans_aside(self) -> None:
        """Take out rows whose parent is neither in the file nor in this slice, and theirs."""
        for key, write in list(self._writes.items()):
            if self._complete(write, key[1]) is None:
                # Kept aside already: nothing can hang on it.
                del self._writes[key]
        known: dict[Key, bool] = {}

        def there(target: str, said: Any) -> bool:
            try:
                key = (target, UUID(hex=said).bytes)
            except BAD_VALUES:
                return True
            write = self._writes.get(key)
            if write is not None:
                return True
            if key not in known:
                known[key] = self._exists(key)
            return known[key]

        found = True
        while found:
            found = False
            for key, write in list(self._writes.items()):
                missing = {
                    name
                    for name, target in write.form.links.items()
                    if write.columns.get(name) is not None
                    and not there(target, write.columns[name])
                }
                if not missing:
                    continue
                found = True
                if write.fresh:
                    self._defer_row(write, key[1], "parent")
                    del self._writes[key]
                else:
                    aside = {name: write.columns.pop(name) for name in missing}
                    self._deferrals.add(Deferral(write.seq, *key, aside, "parent"))

    def _exists(self, key: Key) -> bool:
        entity, pk = key
        found = self._connection.execute(
            f"SELECT 1 FROM {entity} WHERE practice_id = ? AND id = ?", (self._practice, pk)
        )
        return found.fetchone() is not None


def _sorted_out(form: Form, columns: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    good: dict[str, Any] = {}
    bad: dict[str, Any] = {}
    for name, said in columns.items():
        try:
            form.stored(name, said)
            good[name] = said
        except BAD_VALUES:
            bad[name] = said
    return good, bad


@cache
def _statement(entity: str, fresh: bool, names: tuple[str, ...]) -> str:
    if fresh:
        listed = ", ".join((*names, "row_seq", "practice_id", "id"))
        return f"INSERT INTO {entity} ({listed}) VALUES ({_marks(len(names) + 3)})"
    assigned = ", ".join(f"{name} = ?" for name in (*names, "row_seq"))
    return f"UPDATE {entity} SET {assigned} WHERE practice_id = ? AND id = ?"


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _chunks(ids: list[bytes]) -> Iterable[list[bytes]]:
    return (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))
