"""The sink on the desktop: what waits to be sent, and what can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from app.core.kernel.clock import unix_ms
from app.core.kernel.errors import UserError
from app.core.kernel.ids import is_computed, new_id
from app.core.store.ports import ChangeSet, RowChange
from app.core.store.prepared import PreparedInsert
from app.core.vault.tables import Outbox, Undo

SCHEMA_VERSION = 1
OFFERED = timedelta(minutes=10)
#: An import or a merge can be undone for 30 days.
JOB_OFFERED = timedelta(days=30)

#: The stamp of a row that a rule computes: it loses against whatever anybody did to that row.
BY_RULE = 0

_TO_OUTBOX = PreparedInsert(Outbox.__table__, without=frozenset({"lsn"}))
_TO_UNDO = PreparedInsert(Undo.__table__)


class HybridClock:
    """Makes stamps that never run backwards: 48 bits of milliseconds, 16 of counter."""

    def __init__(self) -> None:
        self._last = 0

    def stamp(self, now: datetime) -> int:
        """Return the next stamp at ``now``."""
        self._last = max(self._last + 1, unix_ms(now) << 16)
        return self._last

    def read(self, connection: Connection) -> None:
        """Go on from what the file says, whatever was stamped in it and in which life."""
        found = connection.exec_driver_sql(_LAST_STAMP).scalar()
        self._last = max(self._last, found or 0)

    def keep(self, connection: Connection) -> None:
        """Store the largest stamp in the transaction of what bears it."""
        if not connection.exec_driver_sql(_KEEP_STAMP, (self._last,)).rowcount:
            connection.exec_driver_sql(_FIRST_STAMP, (self._last,))


#: The largest stamp stands beside the outbox's own counter: SQLite keeps that table for counters,
#: and a save writes its page in any case.
_LAST_STAMP = "SELECT seq FROM sqlite_sequence WHERE name = 'stamp'"
_KEEP_STAMP = "UPDATE sqlite_sequence SET seq = ? WHERE name = 'stamp'"
_FIRST_STAMP = "INSERT INTO sqlite_sequence (name, seq) VALUES ('stamp', ?)"


class OutboxSink:
    """Writes a change set to the outbox and, where it can be undone, to the undo table."""

    def __init__(self) -> None:
        self._clock = HybridClock()
        self._read = False

    def write(self, session: Session, change_set: ChangeSet) -> None:
        """Store ``change_set`` in the transaction of the data."""
        milliseconds = unix_ms(change_set.at)
        connection = session.connection()
        if not self._read:
            # A clock that was set back between two openings must not stamp below itself.
            self._clock.read(connection)
            self._read = True
        _TO_OUTBOX.run(
            connection,
            [
                self._operation(change_set, milliseconds, part)
                for row in change_set.rows
                for part in _apart(row)
            ],
        )
        self._clock.keep(connection)
        if change_set.undoable:
            _TO_UNDO.run(connection, [_undo_row(change_set)])

    def _operation(
        self, change_set: ChangeSet, milliseconds: int, row: RowChange
    ) -> dict[str, Any]:
        by_rule = row.is_new and is_computed(row.id)
        return {
            "op_id": new_id(milliseconds),
            "change_set_id": change_set.id,
            "entity": row.table,
            "pk": row.id,
            "base_seq": row.base_seq,
            "hlc": BY_RULE if by_rule else self._clock.stamp(change_set.at),
            "columns": {**row.together, **row.after},
            "before": row.before,
            "is_new": row.is_new,
            "schema_version": SCHEMA_VERSION,
            "state": "queued",
            "attempts": 0,
            "error": None,
            "earlier": None,
        }


def _apart(row: RowChange) -> Iterator[RowChange]:
    """Yield a row as it is sent: one that a rule computes apart from what was changed in it."""
    if not row.made:
        yield row
        return
    yield replace(row, after={**row.after, **row.made}, together={}, made={})
    changed = {name: row.after[name] for name in row.made}
    yield replace(row, is_new=False, before=row.made, after=changed, made={})


def forget_old_undo(session: Session, now: datetime) -> None:
    """Remove what can no longer be undone; done when the file is opened."""
    session.execute(delete(Undo).where(Undo.until < now))


def _undo_row(change_set: ChangeSet) -> dict[str, Any]:
    offered = OFFERED if change_set.job is None else JOB_OFFERED
    return {
        "id": change_set.id,
        "at": change_set.at,
        "until": change_set.at + offered,
        "command": change_set.command,
        "label": change_set.label,
        "job": change_set.job,
        "rows": [[r.table, r.id.hex, r.is_new, r.before, r.after] for r in change_set.rows],
        "undone_at": None,
    }


class UndoTable:
    """The undo log of the vault."""

    def load(self, session: Session, change_set: UUID, now: datetime) -> ChangeSet:
        """Return an undoable change set; raises ``UserError`` when it is no longer offered."""
        found = session.get(Undo, change_set)
        if found is None or found.undone_at is not None or found.until < now:
            raise UserError("This can no longer be undone; change the record itself instead.")
        return _change_set(found)

    def latest_of_job(self, session: Session, job: UUID, now: datetime) -> ChangeSet | None:
        """Return a job's latest change set that is not yet undone and still offered."""
        found = session.scalars(
            select(Undo)
            .where(Undo.job == job, Undo.undone_at.is_(None), Undo.until >= now)
            .order_by(Undo.at.desc(), Undo.id.desc())
            .limit(1)
        ).first()
        return _change_set(found) if found else None

    def close(self, session: Session, change_set: UUID, now: datetime) -> None:
        """Mark ``change_set`` as undone."""
        session.execute(update(Undo).where(Undo.id == change_set).values(undone_at=now))


def _change_set(row: Undo) -> ChangeSet:
    rows = tuple(
        RowChange(t, UUID(hex=i), new, before, after) for t, i, new, before, after in row.rows
    )
    return ChangeSet(row.id, row.at, row.command, row.label, rows, True, row.job)
