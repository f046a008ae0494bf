"""The sink on the desktop: what waits to be sent, and what can be undone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core.kernel.clock import unix_ms
from app.core.kernel.errors import UserError
from app.core.kernel.ids import new_id
from app.core.store.columns import canonical_json
from app.core.store.ports import ChangeSet, RowChange
from app.core.vault.tables import Undo

SCHEMA_VERSION = 1
OFFERED = timedelta(minutes=10)
#: An import or a merge can be undone for 30 days.
JOB_OFFERED = timedelta(days=30)


# Written by hand: every save passes here, and composing these costs more than running them.
_TO_OUTBOX = (
    "INSERT INTO outbox (op_id, change_set_id, entity, pk, base_seq, hlc, columns, before, is_new, "
    "schema_version, state, attempts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', 0)"
)
_TO_UNDO = (
    'INSERT INTO undo (id, at, until, command, label, job, "rows") VALUES (?, ?, ?, ?, ?, ?, ?)'
)


class HybridClock:
    """Makes stamps that never run backwards: 48 bits of milliseconds, 16 of counter."""

    def __init__(self) -> None:
        self._last = 0

    def stamp(self, now: datetime) -> int:
        """Return the next stamp at ``now``."""
        self._last = max(self._last + 1, unix_ms(now) << 16)
        return self._last


class OutboxSink:
    """Writes a change set to the outbox and, where it can be undone, to the undo table."""

    def __init__(self) -> None:
        self._clock = HybridClock()

    def write(self, session: Session, change_set: ChangeSet) -> None:
        """Store ``change_set`` in the transaction of the data."""
        milliseconds = unix_ms(change_set.at)
        opened = driver(session)
        opened.executemany(
            _TO_OUTBOX,
            [
                (
                    new_id(milliseconds).bytes,
                    change_set.id.bytes,
                    row.table,
                    row.id.bytes,
                    row.base_seq,
                    self._clock.stamp(change_set.at),
                    canonical_json({**row.together, **row.after}),
                    canonical_json(row.before),
                    row.is_new,
                    SCHEMA_VERSION,
                )
                for row in change_set.rows
            ],
        )
        if change_set.undoable:
            opened.execute(_TO_UNDO, _undo_row(change_set))


def driver(session: Session) -> Any:
    """Return the driver's own connection, in the transaction of ``session``."""
    return session.connection().connection.driver_connection


def forget_old_undo(session: Session, now: datetime) -> None:
    """Remove what can no longer be undone; done when the file is opened."""
    session.execute(delete(Undo).where(Undo.until < now))


def _undo_row(change_set: ChangeSet) -> tuple[object, ...]:
    offered = OFFERED if change_set.job is None else JOB_OFFERED
    rows = [[r.table, r.id.hex, r.is_new, r.before, r.after] for r in change_set.rows]
    return (
        change_set.id.bytes,
        unix_ms(change_set.at),
        unix_ms(change_set.at + offered),
        change_set.command,
        change_set.label,
        change_set.job.bytes if change_set.job else None,
        canonical_json(rows),
    )


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
