"""The server was restored from its backup: what it no longer has is stated to it again.

Rows whose confirmed version is beyond the point of its backup go up whole, as they were confirmed,
stamped with their old version, so that the newest of several computers wins and every true edit
beats them. Own work that had not come back follows behind them under its own ids and stamps.
"""

from __future__ import annotations

from typing import Any

from app.core.vault.outbox import BY_RULE
from app.sync import shadows, state
from app.sync.file import LocalFile, Slice
from app.sync.forms import Form, forms
from app.sync.outbox import OpState
from app.sync.protocol.terms import CLOCKLESS
from app.sync.restating import restate, some_rows
from app.sync.state import Link

ROWS = 300
_COLUMNS = (
    "op_id, change_set_id, entity, pk, hlc, columns, before, is_new, schema_version, "
    "attempts, error"
)


class NewEpoch:
    """Brings a file over into the server's new epoch, slice by slice."""

    def __init__(self, file: LocalFile) -> None:
        self._file = file

    def step(self, epoch: str, restored_head: int, now_ms: int) -> int:
        """Restate the next rows; return how many, 0 when the new epoch is entered."""
        return self._file.slice(
            lambda part: self._next(part, epoch, restored_head, now_ms), durable=True
        )

    def _next(self, part: Slice, epoch: str, restored_head: int, now_ms: int) -> int:
        for form in forms():
            rows = some_rows(part, form, b"", ROWS, newer_than=restored_head)
            if rows:
                confirmed = [(pk, seq, _confirmed(part, form, pk, said)) for pk, seq, said in rows]
                restate(part, form, confirmed, now_ms=now_ms, base_seq=restored_head, hlc=None)
                # Known from now on only as far as the backup: each slice finds what is left.
                part.connection.executemany(
                    f"UPDATE {form.entity} SET row_seq = ? WHERE practice_id = ? AND id = ?",
                    [(restored_head, part.session.practice_id.bytes, pk) for pk, _, _ in rows],
                )
                return len(rows)
        self._enter(part, part.link(), epoch, restored_head)
        return 0

    def _enter(self, part: Slice, link: Link, epoch: str, restored_head: int) -> None:
        _go_behind(part, restored_head)
        # The server reads a place of an older epoch as the point where their logs parted.
        state.change(
            part.connection,
            link,
            epoch=epoch,
            agreed_seq=0,
            cursor_seq=min(link.cursor_seq, restored_head),
        )


def _confirmed(part: Slice, form: Form, pk: bytes, said: dict[str, Any]) -> dict[str, Any]:
    """Return the row without one's own pending changes."""
    key = (form.entity, pk)
    confirmed = dict(said)
    for each in reversed(part.outbox.of_row(key)):
        confirmed.update(shadows.own(part.connection, each.lsn).before)
    waiting = shadows.load(part.connection, key)
    confirmed.update({name: value for name, (value, _) in waiting.columns.items()})
    return {name: confirmed[name] for name in form.names}


def _go_behind(part: Slice, restored_head: int) -> None:
    """Queue pending work anew behind the restated rows, under its own ids."""
    part.outbox.refresh(part.connection)
    moved = [
        each.lsn
        for each in part.outbox
        if each.state is not OpState.PARKED and not _is_restated(part, each.lsn)
    ]
    for lsn in moved:
        part.connection.execute(
            f"INSERT INTO outbox ({_COLUMNS}, base_seq, state) SELECT {_COLUMNS}, "
            "min(base_seq, ?), 'queued' FROM outbox WHERE lsn = ?",
            (restored_head, lsn),
        )
    part.connection.executemany("DELETE FROM outbox WHERE lsn = ?", [(lsn,) for lsn in moved])
    part.outbox.forget()
    part.outbox.refresh(part.connection)


def _is_restated(part: Slice, lsn: int) -> bool:
    hlc = part.connection.execute("SELECT hlc FROM outbox WHERE lsn = ?", (lsn,)).fetchone()[0]
    return bool(BY_RULE < hlc < CLOCKLESS)
