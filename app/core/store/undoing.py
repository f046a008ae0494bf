"""Undo: the inverse of a change set, made from the old values it kept."""

from __future__ import annotations

from uuid import UUID

from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.store.base import Synced, synced_tables
from app.core.store.columns import decode, encode
from app.core.store.command import command
from app.core.store.ports import ChangeSet, RowChange, ports_of
from app.core.store.unit import UnitOfWork


@command(permission=Permission.READ_RECORDS, act=Act.CLOSE, label="Undo")
def undo_change_set(uow: UnitOfWork, change_set: UUID) -> int:
    """Take back one change set; return how many rows stay because they changed since.

    Raises ``UserError`` when it is no longer offered.
    """
    log = ports_of(uow.session).undo_log
    done = log.load(uow.session, change_set, uow.now)
    left = len(take_back(uow, done))
    log.close(uow.session, change_set, uow.now)
    return left


def take_back(
    uow: UnitOfWork, change_set: ChangeSet, keep: frozenset[UUID] = frozenset()
) -> list[RowChange]:
    """Write the inverse of ``change_set``; rows in ``keep`` and rows changed since stay.

    Returns the rows that stayed.
    """
    stayed: list[RowChange] = []
    kinds = synced_tables()
    for change in reversed(change_set.rows):
        kind = kinds[change.table]
        row = uow.session.get(
            kind,
            (uow.actor.practice_id, change.id),
            execution_options={"include_deleted": True},
        )
        if row is None or change.id in keep or _changed_since(kind, row, change):
            stayed.append(change)
        elif change.is_new:
            uow.delete(row)
        else:
            for name, value in change.before.items():
                setattr(row, name, decode(kind.__table__.columns[name].type, value))
    return stayed


def _changed_since(kind: type[Synced], row: Synced, change: RowChange) -> bool:
    columns = kind.__table__.columns
    return any(
        encode(columns[name].type, getattr(row, name)) != value
        for name, value in change.after.items()
    )
