"""Records that leave this file for good, with what hangs on them and every trace of them.

Sync removes here what the account purged or no longer shows, the owner of a practice without an
account what is destroyed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.store.base import Synced, synced_tables
from app.core.store.capture import PracticeSession
from app.core.store.guards import CONFIRMED
from app.core.store.ports import RowChange, ports_of
from app.core.vault import form_drafts
from app.core.vault.engine import driver
from app.core.vault.papers import forget_papers, papers_of
from app.core.vault.tables import SyncLink

Key = tuple[str, bytes]
_ID = re.compile("[0-9a-f]{32}")


def remove(
    session: PracticeSession, records: Collection[tuple[str, UUID]], *, with_work: bool
) -> list[tuple[str, UUID]]:
    """Remove records, and rows that cannot be without them; return all that went.

    Questions about them go, too, and with ``with_work`` what waits to be sent, undo and forms
    left half-way. Called where the triggers let confirmed writes pass.
    """
    connection, practice = driver(session), session.practice_id.bytes
    asked = [(entity, pk.bytes) for entity, pk in records]
    asked += _inbox_of(connection, practice, asked)
    gone = _with_what_hangs(connection, practice, asked)
    for table in ("shadow", "deferred", "repaired"):
        connection.executemany(f"DELETE FROM {table} WHERE entity = ? AND pk = ?", [*asked, *gone])
    if with_work:
        _forget_work(connection, {*asked, *gone})
        _forget_undo(connection, {pk.hex() for _, pk in (*asked, *gone)})
        form_drafts.forget_about(session, {UUID(bytes=pk) for _, pk in (*asked, *gone)})
    papers = papers_of(connection, practice, gone)
    for entity, pk in gone:
        connection.execute(f"DELETE FROM {entity} WHERE practice_id = ? AND id = ?", (practice, pk))
    forget_papers(connection, papers)
    went = [(entity, UUID(bytes=pk)) for entity, pk in gone]
    ports_of(session).search.update(session, [RowChange(e, pk, True, {}, {}) for e, pk in went])
    return went


class Removal:
    """What a unit of work removes for good. See ``store.ports.Removal``."""

    def is_alone(self, session: Session) -> bool:
        """Return whether no account has heard of this file, now or before."""
        return session.execute(select(SyncLink.server)).first() is None

    def remove(
        self, session: PracticeSession, records: Collection[tuple[str, UUID]]
    ) -> list[tuple[str, UUID]]:
        """Remove records, and rows that cannot be without them, with every trace."""
        with session.capture.watching(CONFIRMED):
            return remove(session, records, with_work=True)

    def empty_lists(
        self, session: PracticeSession, entity: str, pk: UUID, names: Collection[str]
    ) -> None:
        """Empty columns that hold lists, in the row and in what waits to be sent of it."""
        connection, key = driver(session), pk.bytes
        values = ", ".join(f"{name} = '[]'" for name in names)
        with session.capture.watching(CONFIRMED):
            connection.execute(
                f"UPDATE {entity} SET {values} WHERE practice_id = ? AND id = ?",
                (session.practice_id.bytes, key),
            )
        for part in ("columns", "before"):
            for name in names:
                connection.execute(
                    f'UPDATE outbox SET "{part}" = json_replace("{part}", ?, json(?)) '
                    "WHERE entity = ? AND pk = ?",
                    (f"$.{name}", "[]", entity, key),
                )
        _forget_undo(connection, {pk.hex})


def _inbox_of(connection: Any, practice: bytes, keys: Iterable[Key]) -> list[Key]:
    return [
        ("inbox_item", item)
        for entity, pk in keys
        for (item,) in connection.execute(
            "SELECT id FROM inbox_item WHERE practice_id = ? AND entity = ? AND record_id = ?",
            (practice, entity, pk),
        )
    ]


def _with_what_hangs(connection: Any, practice: bytes, keys: Iterable[Key]) -> list[Key]:
    """Return ``keys`` with the rows that cannot be without them; other links to them are cut."""
    gone = dict.fromkeys(key for key in keys if key[0] in synced_tables())
    queue = list(gone)
    while queue:
        for child in _unlinked(connection, practice, queue.pop()):
            if child not in gone:
                gone[child] = None
                queue.append(child)
    return list(gone)


def _unlinked(connection: Any, practice: bytes, parent: Key) -> Iterator[Key]:
    """Clear what points at ``parent``; yield the rows that cannot be without it."""
    for kind in synced_tables().values():
        for column in kind.__table__.columns:
            if column.info.get("link") == parent[0]:
                yield from _cut(connection, practice, kind, column, parent[1])


def _cut(connection: Any, practice: bytes, kind: type[Synced], column: Any, pk: bytes) -> list[Key]:
    entity: str = kind.__tablename__
    where = f"practice_id = ? AND {column.name} = ?"
    if column.nullable:
        connection.execute(
            f"UPDATE {entity} SET {column.name} = NULL WHERE {where}", (practice, pk)
        )
        return []
    found = connection.execute(f"SELECT id FROM {entity} WHERE {where}", (practice, pk))
    return [(entity, child) for (child,) in found]


def _forget_work(connection: Any, keys: Collection[Key]) -> None:
    # Nothing finds it by its record, and without an account it holds all that ever happened: it
    # is read through once, however many go.
    going = json.dumps([f"{entity}/{pk.hex().upper()}" for entity, pk in keys])
    connection.execute(
        "DELETE FROM outbox WHERE entity || '/' || hex(pk) IN (SELECT value FROM json_each(?))",
        (going,),
    )


def _forget_undo(connection: Any, ids: Collection[str]) -> None:
    # Undo holds old values of whole change sets; a part cannot be taken out of its proof.
    for undo, rows in connection.execute('SELECT id, "rows" FROM undo').fetchall():
        if not set(_ID.findall(rows)).isdisjoint(ids):
            connection.execute("DELETE FROM undo WHERE id = ?", (undo,))
