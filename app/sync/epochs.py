"""The account was restored from its backup: what it no longer has is stated to it again.

Rows whose confirmed version is beyond the head that both histories share go up whole, as they were
confirmed, each naming the version that it had; the rows of one change set as one. They are history
and no edits. Of a row whose last statement has not come back only what came since is said, behind
that one: the rest is of the epoch before. Own work that had not come back follows behind them under
its own ids and stamps.
Source: decision record 0022, rules 15 to 24, 31 and 32.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from app.core.kernel.clock import unix_ms
from app.core.kernel.ids import new_id
from app.core.store.columns import canonical_json
from app.core.vault.outbox import SCHEMA_VERSION
from app.sync import lives, shadows, state
from app.sync.deferring import unknown_of_row
from app.sync.file import LocalFile, Slice
from app.sync.forms import Form, form_of, full_rows
from app.sync.lost import Lost, confirmed
from app.sync.outbox import Key, OpState, Pending
from app.sync.protocol.records import Earlier
from app.sync.protocol.terms import CLOCKLESS
from app.sync.state import COVERED, Link
from app.sync.versions import read_earlier, write_earlier

#: A slice holds so many rows, and one change set more.
ROWS = 200
_COLUMNS = (
    "op_id, change_set_id, entity, pk, base_seq, hlc, columns, before, is_new, schema_version, "
    "state, attempts, error"
)
_INSERT = (
    "INSERT INTO outbox (op_id, change_set_id, entity, pk, base_seq, hlc, columns, before, is_new, "
    "schema_version, state, attempts, earlier) VALUES (?, ?, ?, ?, ?, ?, ?, '{}', 1, ?, 'queued', "
    "0, ?)"
)


class NewEpoch:
    """Brings a file over into the account's new epoch, slice by slice."""

    def __init__(self, file: LocalFile) -> None:
        self._file = file
        self._lost: Lost | None = None
        self._left: deque[list[Key]] | None = None

    def step(self, epoch: str, common: int, now_ms: int) -> int:
        """Look for rows or restate the next ones; return how many, 0 once the epoch is entered.

        ``common`` is the last seq that both histories share.
        """
        try:
            if self._lost is None or self._lost.common != common:
                # After a crash in between, too: what was restated is no longer beyond it.
                self._lost, self._left = Lost(common), None
            if self._left is None:
                return self._look_on(self._lost)
            count = self._file.slice(
                lambda part: self._next(part, epoch, common, now_ms), durable=True
            )
        except BaseException:
            self._lost = None
            raise
        if not count:
            self._lost = None
        return count

    def _look_on(self, lost: Lost) -> int:
        if self._file.slice(lost.look_on):
            self._left = deque(lost.in_order())
        return 1

    def _next(self, part: Slice, epoch: str, common: int, now_ms: int) -> int:
        if not self._left:
            self._enter(part, part.link(), epoch, common)
            return 0
        restating = _Restating(part, common, now_ms)
        while self._left and restating.count < ROWS:
            restating.take(self._left.popleft())
        restating.store()
        return max(restating.count, 1)

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


class _Restating:
    """Queues rows whole in one slice, and lets them be known only as far as ``common``."""

    def __init__(self, part: Slice, common: int, now_ms: int) -> None:
        self._part = part
        self._common = common
        self._now_ms = now_ms
        link = part.link()
        self._epoch = link.epoch
        # Whatever was confirmed here had been written by then.
        written = unix_ms(link.last_download) << 16 if link.last_download else 0
        self._stamp = max(written, CLOCKLESS)
        self._shadowed = shadows.rows(part.connection)
        self._taken: list[Key] = []
        self._stated: list[tuple[Any, ...]] = []

    @property
    def count(self) -> int:
        """How many rows it has taken."""
        return len(self._taken)

    def take(self, rows: list[Key]) -> None:
        """Take the rows of one change set."""
        change_set = new_id(self._now_ms).bytes
        for entity, pk in rows:
            form = form_of(entity)
            found = self._row(form, pk) if form is not None else None
            if form is None or found is None:
                continue
            seq, said = found
            self._taken.append((entity, pk))
            columns = self._news(form, pk, self._columns(form, pk, said))
            if not columns:
                continue
            self._stated.append(
                (
                    new_id(self._now_ms).bytes,
                    change_set,
                    entity,
                    pk,
                    self._common,
                    self._stamp,
                    canonical_json(columns),
                    SCHEMA_VERSION,
                    write_earlier(Earlier(was=(self._epoch, seq), whole=True)),
                )
            )

    def store(self) -> None:
        """Write them down."""
        connection, practice = self._part.connection, self._part.session.practice_id.bytes
        known: dict[str, list[tuple[int, bytes, bytes]]] = {}
        for entity, pk in self._taken:
            known.setdefault(entity, []).append((self._common, practice, pk))
        for entity, ids in known.items():
            connection.executemany(
                f"UPDATE {entity} SET row_seq = ? WHERE practice_id = ? AND id = ?", ids
            )
        connection.executemany(_INSERT, self._stated)

    def _row(self, form: Form, pk: bytes) -> tuple[int, dict[str, Any]] | None:
        found = full_rows(
            self._part.connection,
            form,
            "practice_id = ? AND id = ? AND row_seq > ?",
            (self._part.session.practice_id.bytes, pk, self._common),
        )
        return (found[0][1], found[0][2]) if found else None

    def _columns(self, form: Form, pk: bytes, said: dict[str, Any]) -> dict[str, Any]:
        key, part = (form.entity, pk), self._part
        columns = confirmed(part, form, pk, said, self._shadowed)
        if key in part.deferrals.keys:
            columns |= unknown_of_row(part.connection, *key)
        owned = form.kind.__merging__.server_owned
        return {name: value for name, value in columns.items() if name not in owned}

    def _news(self, form: Form, pk: bytes, columns: dict[str, Any]) -> dict[str, Any]:
        """Return what a row holds that an earlier statement, not yet back, does not say."""
        waiting = [each for each in self._part.outbox.of_row((form.entity, pk)) if each.whole]
        if not waiting:
            return columns
        said: dict[str, Any] = {}
        for each in waiting:
            said.update(shadows.own(self._part.connection, each.lsn).columns)
        news = {n for n, held in columns.items() if n not in said or said[n] != held}
        news |= form.kind.__merging__.together(news)
        return {name: held for name, held in columns.items() if name in news}


def _go_behind(part: Slice, epoch: str, common: int) -> None:
    """Queue pending work anew behind the restated rows, under its own ids.

    What it goes on from is a version of the ``epoch`` that ends.
    """
    part.outbox.refresh(part.connection)
    inherited = lives.present(part.connection).position
    moved = [each for each in part.outbox if each.state is not OpState.PARKED and not each.whole]
    known: dict[Key, dict[str, Any]] = {}
    for each in moved:
        said = _earlier(part, each, epoch, common, known.setdefault(each.key, {}), inherited)
        part.connection.execute(
            f"INSERT INTO outbox ({_COLUMNS}, earlier) SELECT {_COLUMNS}, ? "
            "FROM outbox WHERE lsn = ?",
            (said, each.lsn),
        )
    # Their new ones are mirrored as what was written last; the restated need not be read again.
    part.outbox.remove(part.connection, moved)
    part.outbox.ask_again(part.connection)
    for key in shadows.rows(part.connection):
        waiting = shadows.load(part.connection, key)
        waiting.enter(epoch)
        shadows.store(part.connection, key, waiting)
    part.outbox.refresh(part.connection)


def _earlier(
    part: Slice, each: Pending, epoch: str, common: int, known: dict[str, Any], inherited: int
) -> str | None:
    """Return what is kept of the ending epoch about a pending operation.

    ``known`` are the values that the first pending operation of the row replaced, by column. What
    was sent without an answer may have been taken, also what another life of the file had queued
    up to the place ``inherited``: it may have been sent from there.
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
    sent = each.state is OpState.SENT or each.lsn <= inherited
    in_doubt = was is None and (earlier.in_doubt or (sent and each.state is not OpState.ACKED))
    return write_earlier(Earlier(base, was, False, replaced, in_doubt))
