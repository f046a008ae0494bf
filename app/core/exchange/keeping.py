"""Which imported people stay when their import is undone: those who became part of the practice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.core.store.base import Synced, synced_tables
from app.core.store.columns import encode
from app.core.store.ports import ChangeSet, RowChange

#: What is said of a record that something of ours hangs on, by the table of what hangs on it.
_HANGS_ON = {
    "appointment": "has a session",
    "series": "has a session",
    "note": "has a note",
    "diagnosis": "has a diagnosis",
    "charge": "has money on it",
    "payment": "has money on it",
    "invoice": "has money on it",
    "superbill": "has a superbill",
}
CHANGED = "was changed since"


@dataclass(frozen=True, slots=True)
class Keeping:
    """Rows of a change set that stay, and of its clients the reason why."""

    rows: frozenset[UUID]
    reasons: dict[UUID, str]


def keeping(session: Session, change_set: ChangeSet) -> Keeping:
    """Return what of ``change_set`` stays when it is taken back.

    People of one case stand and fall together: whoever was changed, or has anything that the
    import did not bring, keeps all that came with them.
    """
    made = {row.id: row for row in change_set.rows if row.is_new}
    group_of = _groups(made.values())
    why: dict[UUID, str] = {}
    for row_id in _changed(session, made.values()):
        why.setdefault(group_of[row_id], CHANGED)
    for row_id, table in _hanging(session, made):
        why[group_of[row_id]] = _HANGS_ON.get(table, CHANGED)
    rows = [row_id for row_id in made if group_of[row_id] in why]
    # The import's own record goes on to tell what became of it.
    others = [row.id for row in change_set.rows if not row.is_new]
    return Keeping(
        frozenset(rows + others),
        {row_id: why[group_of[row_id]] for row_id in rows if made[row_id].table == "client"},
    )


def _groups(rows: Collection[RowChange]) -> dict[UUID, UUID]:
    """Return for every row one id that all rows tied to it share."""
    parent: dict[UUID, UUID] = {}

    def top(row_id: UUID) -> UUID:
        while parent.setdefault(row_id, row_id) != row_id:
            row_id = parent[row_id]
        return row_id

    ids = {row.id for row in rows}
    for row in rows:
        for column in _links_from(row.table):
            value = row.after.get(column)
            if value and (target := UUID(hex=value)) in ids:
                parent[top(row.id)] = top(target)
    return {row.id: top(row.id) for row in rows}


@lru_cache
def _links_from(table: str) -> tuple[str, ...]:
    columns = synced_tables()[table].__table__.columns
    return tuple(column.name for column in columns if "link" in column.info)


def _changed(session: Session, rows: Iterable[RowChange]) -> list[UUID]:
    by_table: defaultdict[str, dict[UUID, RowChange]] = defaultdict(dict)
    for row in rows:
        by_table[row.table][row.id] = row
    changed: list[UUID] = []
    for table, wanted in by_table.items():
        kind = synced_tables()[table]
        columns = kind.__table__.columns
        found = session.scalars(
            select(kind).where(kind.id.in_(list(wanted))).execution_options(include_deleted=True)
        )
        for now in found:
            said = wanted[now.id].after
            if any(encode(columns[name].type, getattr(now, name)) != said[name] for name in said):
                changed.append(now.id)
    return changed


def _hanging(session: Session, made: dict[UUID, RowChange]) -> list[tuple[UUID, str]]:
    """Return made rows that rows of other origin point at, with those rows' table."""
    by_table: defaultdict[str, list[UUID]] = defaultdict(list)
    for row in made.values():
        by_table[row.table].append(row.id)
    hanging: list[tuple[UUID, str]] = []
    for kind in synced_tables().values():
        for column, target_table in _pointing(kind):
            targets = by_table.get(target_table)
            if targets:
                found = session.execute(
                    select(column, kind.id).where(column.in_(targets), kind.deleted_at.is_(None))
                )
                hanging += [
                    (target, kind.__tablename__) for target, row_id in found if row_id not in made
                ]
    return hanging


def _pointing(kind: type[Synced]) -> list[tuple[ColumnElement[UUID], str]]:
    columns = kind.__table__.columns
    return [(column, column.info["link"]) for column in columns if "link" in column.info]
