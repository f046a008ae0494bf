"""The account was restored from its backup: what it no longer has is stated to it again.

Rows whose confirmed version is beyond the head that both histories share go up whole, as they were
confirmed, each naming the version that it had; the rows of one change set as one. They are history
and no edits. Own work that had not come back follows behind them under its own ids and stamps.
Source: decision record 0022, rules 15 to 24.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from app.core.kernel.clock import unix_ms
from app.core.kernel.ids import new_id
from app.core.store.columns import canonical_json
from app.core.vault.outbox import SCHEMA_VERSION
from app.sync import shadows, state
from app.sync.deferring import unknown_of_row
from app.sync.file import LocalFile, Slice
from app.sync.forms import Form, form_of, forms, full_rows
from app.sync.outbox import Key, OpState, Pending
from app.sync.protocol.records import Earlier
from app.sync.protocol.terms import CLOCKLESS
from app.sync.state import COVERED, Link
from app.sync.versions import read_earlier, write_earlier

#: A slice holds so many rows, and one change set more.
ROWS = 300
_COLUMNS = (
    "op_id, change_set_id, entity, pk, base_seq, hlc, columns, before, is_new, schema_version, "
    "state, attempts, error"
)
_INSERT = (
    "INSERT INTO outbox (op_id, change_set_id, entity, pk, base_seq, hlc, columns, before, is_new, "
    "schema_version, state, attempts, earlier) VALUES (?, ?, ?, ?, ?, ?, ?, '{}', 1, ?, 'queued', "
    "0, ?)"
)


@dataclass(slots=True)
class _Set:
    """Rows that were written together, and the rows that they point at."""

    rows: list[Key] = field(default_factory=list)
    links: set[Key] = field(default_factory=set)


class NewEpoch:
    """Brings a file over into the account's new epoch, slice by slice."""

    def __init__(self, file: LocalFile) -> None:
        self._file = file
        self._left: list[list[Key]] = []
        self._common = 0

    def step(self, epoch: str, common: int, now_ms: int) -> int:
        """Restate the next rows; return how many, 0 when the new epoch is entered.

        ``common`` is the last seq that both histories share.
        """
        try:
            return self._file.slice(
                lambda part: self._next(part, epoch, common, now_ms), durable=True
            )
        except BaseException:
            self._left = []
            raise

    def _next(self, part: Slice, epoch: str, common: int, now_ms: int) -> int:
        if not self._left or self._common != common:
            # After a crash in between, too: what was restated is no longer beyond the common head.
            self._left, self._common = in_order(part, common), common
        if not self._left:
            self._enter(part, part.link(), epoch, common)
            return 0
        count = 0
        while self._left and count < ROWS:
            count += _restate(part, self._left[0], common, now_ms)
            self._left.pop(0)
        return max(count, 1)

    def _enter(self, part: Slice, link: Link, epoch: str, common: int) -> None:
        _go_behind(part, link.epoch, common)
        # The server reads a place of an older epoch as the point where their logs parted; scope
        # versions are given out again.
        state.change(
            part.connection,
            link,
            epoch=epoch,
            agreed_seq=0,
            cursor_seq=min(link.cursor_seq, common),
            scope_version=COVERED if link.scope_version else 0,
        )


def in_order(part: Slice, common: int) -> list[list[Key]]:
    """Return the rows beyond ``common`` by change set, what is pointed at before what points.

    The rows of one change set are known by their version. Change sets that point at each other
    become one.
    """
    sets: dict[int, _Set] = {}
    home: dict[Key, int] = {}
    for form in forms():
        for pk, seq, said in _beyond(part, form, common):
            key = (form.entity, pk)
            of = sets.setdefault(seq, _Set())
            of.rows.append(key)
            home[key] = seq
            of.links |= {
                (target, bytes.fromhex(said[name]))
                for name, target in form.links.items()
                if said[name] is not None
            }
    while True:
        graph = {
            seq: {home[link] for link in sets[seq].links if link in home} - {seq}
            for seq in sorted(sets)
        }
        try:
            return [sets[seq].rows for seq in TopologicalSorter(graph).static_order()]
        except CycleError as found:
            first, *others = sorted(set(found.args[1]))
            for other in others:
                joined = sets.pop(other)
                sets[first].rows += joined.rows
                sets[first].links |= joined.links
                home.update(dict.fromkeys(joined.rows, first))


def _beyond(part: Slice, form: Form, common: int) -> Iterable[tuple[bytes, int, dict[str, Any]]]:
    """Yield id, version and confirmed columns of a table's rows beyond ``common``."""
    found = full_rows(
        part.connection,
        form,
        "practice_id = ? AND row_seq > ? ORDER BY row_seq, id",
        (part.session.practice_id.bytes, common),
    )
    for pk, seq, said in found:
        yield pk, seq, _confirmed(part, form, pk, said)


def _restate(part: Slice, rows: list[Key], common: int, now_ms: int) -> int:
    """Queue rows whole as one change set, and let them be known only as far as ``common``."""
    link, change_set = part.link(), new_id(now_ms).bytes
    # Whatever was confirmed here had been written by then.
    stamp = unix_ms(link.last_download) << 16 if link.last_download else 0
    stated: list[tuple[Any, ...]] = []
    for entity, pk in rows:
        form = form_of(entity)
        found = _row(part, form, pk, common) if form is not None else None
        if form is None or found is None:
            continue
        seq, said = found
        columns = {
            name: value
            for name, value in {
                **_confirmed(part, form, pk, said),
                **unknown_of_row(part.connection, entity, pk),
            }.items()
            if name not in form.kind.__merging__.server_owned
        }
        earlier = write_earlier(Earlier(was=(link.epoch, seq), whole=True))
        stated.append(
            (
                new_id(now_ms).bytes,
                change_set,
                entity,
                pk,
                common,
                max(stamp, CLOCKLESS),
                canonical_json(columns),
                SCHEMA_VERSION,
                earlier,
            )
        )
        part.connection.execute(
            f"UPDATE {entity} SET row_seq = ? WHERE practice_id = ? AND id = ?",
            (common, part.session.practice_id.bytes, pk),
        )
    part.connection.executemany(_INSERT, stated)
    return len(stated)


def _row(part: Slice, form: Form, pk: bytes, common: int) -> tuple[int, dict[str, Any]] | None:
    found = full_rows(
        part.connection,
        form,
        "practice_id = ? AND id = ? AND row_seq > ?",
        (part.session.practice_id.bytes, pk, common),
    )
    return (found[0][1], found[0][2]) if found else None


def _confirmed(part: Slice, form: Form, pk: bytes, said: dict[str, Any]) -> dict[str, Any]:
    """Return the row without one's own pending changes."""
    key = (form.entity, pk)
    confirmed = dict(said)
    for each in reversed(part.outbox.of_row(key)):
        if each.over:
            confirmed.update(shadows.own(part.connection, each.lsn).before)
    waiting = shadows.load(part.connection, key)
    confirmed.update({name: held[0] for name, held in waiting.columns.items()})
    return {name: confirmed[name] for name in form.names}


def _go_behind(part: Slice, epoch: str, common: int) -> None:
    """Queue pending work anew behind the restated rows, under its own ids.

    What it goes on from is a version of the ``epoch`` that ends.
    """
    part.outbox.refresh(part.connection)
    moved = [each for each in part.outbox if each.state is not OpState.PARKED and not each.whole]
    known: dict[Key, dict[str, Any]] = {}
    for each in moved:
        said = _earlier(part, each, epoch, common, known.setdefault(each.key, {}))
        part.connection.execute(
            f"INSERT INTO outbox ({_COLUMNS}, earlier) SELECT {_COLUMNS}, ? "
            "FROM outbox WHERE lsn = ?",
            (said, each.lsn),
        )
    part.connection.executemany("DELETE FROM outbox WHERE lsn = ?", [(each.lsn,) for each in moved])
    for key in shadows.rows(part.connection):
        waiting = shadows.load(part.connection, key)
        waiting.enter(epoch)
        shadows.store(part.connection, key, waiting)
    part.outbox.forget()
    part.outbox.refresh(part.connection)


def _earlier(
    part: Slice, each: Pending, epoch: str, common: int, known: dict[str, Any]
) -> str | None:
    """Return what is kept of the ending epoch about a pending operation.

    ``known`` are the values that the first pending operation of the row replaced, by column.
    """
    base_seq, text = part.connection.execute(
        "SELECT base_seq, earlier FROM outbox WHERE lsn = ?", (each.lsn,)
    ).fetchone()
    own, earlier = shadows.own(part.connection, each.lsn), read_earlier(text)
    for name, held in own.before.items():
        known.setdefault(name, held)
    base, replaced = earlier.base, earlier.replaced
    if not base and not each.is_new:
        base = epoch
        if base_seq > common:
            replaced = {name: known[name] for name in own.columns if name in known}
    was = earlier.was
    if each.state is OpState.ACKED and each.echo_seq > common and was is None:
        was = (epoch, each.echo_seq)
    return write_earlier(Earlier(base, was, False, replaced))
