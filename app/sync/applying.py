"""What the server confirmed goes into the file: in bulk, idempotent, over nothing that is pending.

A slice of a pulled page is merged row by row in memory, converted column by column, and written
with one statement per table and set of columns. What this version does not understand, or what
points at a record that has not come yet, is kept aside (``deferring``) and nothing is cleared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import repeat
from typing import Any, NamedTuple
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


class Incoming(NamedTuple):
    """A confirmed change: some columns of a row, or a whole row, as of ``seq``.

    A tuple, because a page brings thousands.
    """

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
    covered: bool = False
    """Whether it is a new row over which something lies already."""


_Listed = list[tuple[bytes, _Write]]
#: Entity, whether it is new here, and the columns that are written.
_Group = tuple[str, bool, tuple[str, ...]]


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
        keys = [(each.entity, each.pk.bytes) for each in listed]
        self._look_up(keys)
        for each, key in zip(listed, keys, strict=True):
            self._take(each, key, anew=anew)
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
        self._look_up(listed)
        for entity, pk in listed:
            self._uncover(entity, pk)
        return self._finish()

    def _finish(self) -> Changes:
        changed = self._write()
        self._cover.store()
        self._outbox.remove(self._connection, self._cover.done.values())
        return changed

    # Deciding, row by row

    def _look_up(self, keys: Iterable[Key]) -> None:
        ids: dict[str, list[bytes]] = {}
        for entity, pk in keys:
            ids.setdefault(entity, []).append(pk)
        for entity, wanted in ids.items():
            if form_of(entity) is None:
                continue
            for chunk in _chunks(wanted):
                found = self._connection.execute(
                    f"SELECT id, row_seq FROM {entity} WHERE practice_id = ? "
                    f"AND id IN ({_marks(len(chunk))})",
                    (self._practice, *chunk),
                )
                for pk, seq in found:
                    self._seqs[entity, pk] = self._found[entity, pk] = seq

    def _take(self, each: Incoming, key: Key, *, anew: bool) -> None:
        form = form_of(each.entity)
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
                advance(self._connection, later, self._cover.won(own, columns), each.seq)
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
            covered = fresh and self._cover.lies_over(form, key)
            self._writes[key] = _Write(form, record, fresh, seq, entering, makes, covered)
        else:
            write.columns.update(entering)
            write.seq = max(seq, write.seq)
            write.made = write.made or makes
        self._seqs[key] = max(seq, self._seqs.get(key, 0))

    # Writing, table by table

    def _write(self) -> Changes:
        groups: dict[_Group, list[tuple[bytes, _Write]]] = {}
        for (entity, pk), write in self._writes.items():
            names = self._complete(write, pk)
            if names is not None:
                if write.covered:
                    write.columns.update(self._cover.over_new(write.form, (entity, pk)))
                groups.setdefault((entity, write.fresh, names), []).append((pk, write))
        written: list[_Write] = []
        for (entity, fresh, names), listed in groups.items():
            for known, good, columns in self._stored(names, listed):
                self._run(_statement(entity, fresh, known), good, columns)
                written += [write for _, write in good]
        self._deferrals.store(self._connection)
        indexed = [
            RowChange(write.form.entity, write.record, write.fresh, {}, write.columns)
            for write in written
            if write.form.kind.__search__ is not None
        ]
        if indexed:
            # Sync goes on with the long ones when nothing else is left to do.
            ports_of(self._session).search.update(self._session, indexed, later=True)
        areas = {form.kind.__area__ for form in {write.form for write in written}}
        return Changes(frozenset(areas), frozenset(write.record for write in written))

    def _run(self, statement: str, listed: _Listed, columns: Sequence[Sequence[Any]]) -> None:
        seqs = [write.seq for _, write in listed]
        ids = [pk for pk, _ in listed]
        rows = zip(*columns, seqs, repeat(self._practice), ids)
        self._connection.executemany(statement, rows)

    def _complete(self, write: _Write, pk: bytes) -> tuple[str, ...] | None:
        """Return the columns to write; a new row needs all, and is kept aside if it lacks some."""
        if not write.fresh:
            return tuple(write.columns)
        form = write.form
        if not write.made:
            self._defer_row(write, pk, "row")
            return None
        if len(write.columns) < len(form.names):
            covered = self._cover.over_new(form, (form.entity, pk)) if write.covered else ()
            for name in form.names:
                if name in write.columns or name in covered:
                    continue
                default = form.defaults[name]
                if default is None and name in form.required:
                    self._defer_row(write, pk, "row")
                    return None
                write.columns[name] = default
        return form.names

    def _stored(
        self, names: tuple[str, ...], listed: _Listed
    ) -> Iterator[tuple[tuple[str, ...], _Listed, list[list[Any]]]]:
        """Yield rows with the values that the file can hold, by the columns that have such."""
        form = listed[0][1].form
        try:
            yield names, listed, form.stored_rows(names, [write.columns for _, write in listed])
        except BAD_VALUES:
            sorted_out: dict[tuple[str, ...], _Listed] = {}
            for pk, write in listed:
                known = self._good_of(write, pk)
                if known is not None:
                    sorted_out.setdefault(known, []).append((pk, write))
            for known, good in sorted_out.items():
                columns = form.stored_rows(known, [write.columns for _, write in good])
                yield known, good, columns

    def _good_of(self, write: _Write, pk: bytes) -> tuple[str, ...] | None:
        """Keep aside what of a row is no value here; return the columns that are left."""
        form, columns = write.form, write.columns
        bad = _bad_of(form, columns)
        if not bad:
            return form.names if write.fresh else tuple(columns)
        if write.fresh:
            lacking = {name: form.defaults[name] for name in bad}
            if any(name in form.required and said is None for name, said in lacking.items()):
                self._defer_row(write, pk, "value")
                return None
            columns.update(lacking)
        self._deferrals.add(Deferral(write.seq, form.entity, pk, bad, "value"))
        if write.fresh:
            return form.names
        for name in bad:
            del columns[name]
        return tuple(columns)

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


def _bad_of(form: Form, columns: Mapping[str, Any]) -> dict[str, Any]:
    bad: dict[str, Any] = {}
    for name, said in columns.items():
        try:
            form.stored(name, said)
        except BAD_VALUES:
            bad[name] = said
    return bad


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
