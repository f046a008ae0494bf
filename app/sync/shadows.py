"""Where confirmed values wait behind pending changes, and the pending values themselves."""

from __future__ import annotations

import json
from typing import Any

from app.core.store.columns import canonical_json
from app.sync.outbox import Key
from app.sync.overlay import Own, Waiting


def rows(connection: Any) -> frozenset[Key]:
    """Return the rows that have waiting values; there are few."""
    return frozenset(connection.execute("SELECT entity, pk FROM shadow").fetchall())


def load(connection: Any, key: Key) -> Waiting:
    """Return what waits of a row."""
    found = connection.execute(
        "SELECT columns FROM shadow WHERE entity = ? AND pk = ?", key
    ).fetchone()
    return Waiting(json.loads(found[0])) if found else Waiting()


def store(connection: Any, key: Key, waiting: Waiting) -> None:
    """Keep what waits of a row; nothing waiting leaves nothing."""
    if waiting.columns:
        connection.execute(
            "INSERT OR REPLACE INTO shadow (entity, pk, columns) VALUES (?, ?, ?)",
            (*key, canonical_json(waiting.columns)),
        )
    else:
        connection.execute("DELETE FROM shadow WHERE entity = ? AND pk = ?", key)


def own(connection: Any, lsn: int) -> Own:
    """Return the values of a pending operation."""
    columns, before = connection.execute(
        "SELECT columns, before FROM outbox WHERE lsn = ?", (lsn,)
    ).fetchone()
    return Own(json.loads(columns), json.loads(before))
