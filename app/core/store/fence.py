"""The fence around a member's own cases: what lies beyond is neither found nor written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotAllowed
from app.core.store.base import Base, Synced, synced_tables
from app.core.store.columns import decode
from app.core.store.ports import RowChange
from app.core.store.reading import CASE, PERSON, visible_rows

_BEYOND = "This is part of a colleague's case: ask them, or the owner, to share it with you."
#: New rows of these hang on nothing that was looked at, so that they are looked at themselves.
_ROOTS = frozenset({CASE, PERSON})


class Fence:
    """What of one unit of work's rows lies within its actor's scope.

    A row that this unit made, or that was within when it was looked at first, stays within: who
    gives a case away still finishes the act.
    """

    def __init__(self, session: Session, scope: Scope) -> None:
        self._session = session
        self._scope = scope
        self._within: set[tuple[str, UUID]] = set()

    def admits(self, table: str, row_id: UUID) -> bool:
        """Return whether the row may be seen by who acts; one that is not there may not."""
        if (table, row_id) not in self._within and self._hidden(table, row_id):
            return False
        self._within.add((table, row_id))
        return True

    def adds(self, kind: type[Synced], row_id: UUID, values: Mapping[str, Any]) -> None:
        """Let a new row in; raises ``NotAllowed`` where it names a record from beyond."""
        self._require(kind.__tablename__, values)
        self._within.add((kind.__tablename__, row_id))

    def passes(self, rows: Iterable[RowChange]) -> None:
        """Look at everything that was written; raises ``NotAllowed`` for what lies beyond."""
        for row in rows:
            known = (row.table, row.id) in self._within
            looked_at = row.table in _ROOTS if row.is_new and known else not known
            if looked_at and self._hidden(row.table, row.id):
                raise NotAllowed(_BEYOND)
            if not row.is_new:
                columns = synced_tables()[row.table].__table__.columns
                links = [name for name in _links(row.table) if name in row.after]
                after = {name: decode(columns[name].type, row.after[name]) for name in links}
                self._require(row.table, after)

    def _require(self, table: str, values: Mapping[str, Any]) -> None:
        for name, target in _links(table).items():
            linked = values.get(name)
            if linked is not None and not self.admits(target, linked):
                raise NotAllowed(_BEYOND)

    def _hidden(self, table: str, row_id: UUID) -> bool:
        condition = visible_rows(self._scope, table)
        if condition is None:
            return False
        rows = Base.metadata.tables[table].c
        found = select(rows.id).where(
            rows.practice_id == self._scope.practice_id, rows.id == row_id, condition
        )
        return self._session.execute(found).first() is None


@cache
def _links(table: str) -> dict[str, str]:
    """Return the table's columns that point at other synced tables, with those tables' names."""
    columns = Base.metadata.tables[table].columns
    return {
        column.name: column.info["link"]
        for column in columns
        if column.info.get("link") in synced_tables()
    }
