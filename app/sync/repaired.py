"""What the last comparison that found a difference has mended: kept in the file, to be told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.core.kernel.syncing import NAMED, Repaired
from app.sync.forms import moment_of


def forget(connection: Any) -> None:
    """Forget what earlier comparisons mended: another one begins to mend."""
    connection.execute("DELETE FROM repaired")


def note(connection: Any, entity: str, ids: Iterable[UUID], now_ms: int) -> None:
    """Note that records of ``entity`` differed and are mended."""
    connection.executemany(
        "INSERT OR REPLACE INTO repaired (entity, pk, at) VALUES (?, ?, ?)",
        [(entity, pk.bytes, now_ms) for pk in ids],
    )


def load(connection: Any) -> Repaired | None:
    """Return what was mended last, the first records by name; ``None`` where nothing ever was."""
    total, at = connection.execute("SELECT count(*), max(at) FROM repaired").fetchone()
    if not total:
        return None
    rows = connection.execute(
        "SELECT entity, pk FROM repaired ORDER BY entity, pk LIMIT ?", (NAMED,)
    ).fetchall()
    return Repaired(moment_of(at), total, tuple((entity, UUID(bytes=pk)) for entity, pk in rows))
