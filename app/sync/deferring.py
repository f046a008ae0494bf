"""What this version does not understand, or not yet: kept by row and taken in later.

Reasons: ``entity`` and ``column`` are of a newer version, ``value`` is one that no column here can
hold, ``row`` a change of a row that has not come, ``parent`` one that points at such a row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.sync.outbox import Key

#: These may be resolved by the next page; the others only by a newer version of the program.
SOON = ("row", "parent")
_ONE = "seq = ? AND entity = ? AND pk = ?"


@dataclass(frozen=True, slots=True)
class Deferral:
    """Some columns of a row as of ``seq``, kept aside."""

    seq: int
    entity: str
    pk: bytes
    columns: Mapping[str, Any]
    reason: str

    @property
    def key(self) -> Key:
        """Its row."""
        return self.entity, self.pk


class Deferrals:
    """What is kept aside; ``keys`` mirrors the rows that have some."""

    def __init__(self) -> None:
        self.keys: set[Key] = set()
        self.soon = 0
        self._fresh: list[Deferral] = []
        self._overtaken: list[tuple[Key, frozenset[str], int]] = []

    def load(self, connection: Any) -> None:
        """Read which rows have something kept aside."""
        self._fresh, self._overtaken = [], []
        found = connection.execute("SELECT entity, pk, reason FROM deferred").fetchall()
        self.keys = {(entity, pk) for entity, pk, _ in found}
        self.soon = sum(reason in SOON for _, _, reason in found)

    def add(self, deferral: Deferral) -> None:
        """Keep ``deferral`` aside; written by ``store``."""
        self._fresh.append(deferral)

    def overtaken(self, key: Key, names: Iterable[str], seq: int) -> None:
        """Say that newer values of these columns have come."""
        self._overtaken.append((key, frozenset(names), seq))

    def store(self, connection: Any) -> None:
        """Write what came since the last time."""
        for key, names, seq in self._overtaken:
            self._drop(connection, key, names, seq)
        for each in self._fresh:
            self._keep(connection, each)
        self._fresh, self._overtaken = [], []

    def _keep(self, connection: Any, each: Deferral) -> None:
        # One version may leave both unknown columns and unknown values.
        held = connection.execute(
            f"SELECT entry, reason FROM deferred WHERE {_ONE}",
            (each.seq, *each.key),
        ).fetchone()
        columns = {**json.loads(held[0]), **each.columns} if held else dict(each.columns)
        reason = each.reason if not held or each.reason in SOON else held[1]
        connection.execute(
            "INSERT OR REPLACE INTO deferred (seq, entity, pk, entry, reason) "
            "VALUES (?, ?, ?, ?, ?)",
            (each.seq, *each.key, json.dumps(columns), reason),
        )
        self.keys.add(each.key)
        self.soon += each.reason in SOON

    def _drop(self, connection: Any, key: Key, names: frozenset[str], seq: int) -> None:
        found = connection.execute(
            "SELECT seq, entry FROM deferred WHERE entity = ? AND pk = ? AND seq < ?", (*key, seq)
        ).fetchall()
        for at, entry in found:
            columns = json.loads(entry)
            left = {name: said for name, said in columns.items() if name not in names}
            if left:
                connection.execute(
                    f"UPDATE deferred SET entry = ? WHERE {_ONE}", (json.dumps(left), at, *key)
                )
            else:
                connection.execute(f"DELETE FROM deferred WHERE {_ONE}", (at, *key))


def take_out(connection: Any, reasons: Iterable[str], entities: Iterable[str]) -> list[Deferral]:
    """Remove and return, in order, what was kept aside for ``reasons`` of known ``entities``."""
    wanted, known = set(reasons), set(entities)
    found = [
        Deferral(seq, entity, pk, json.loads(entry), reason)
        for seq, entity, pk, entry, reason in connection.execute(
            "SELECT seq, entity, pk, entry, reason FROM deferred ORDER BY seq"
        )
        if reason in wanted and entity in known
    ]
    connection.executemany(
        f"DELETE FROM deferred WHERE {_ONE}", [(each.seq, *each.key) for each in found]
    )
    return found


def unknown_of_row(connection: Any, entity: str, pk: bytes) -> dict[str, Any]:
    """Return the newest values that are kept aside of a row."""
    kept: dict[str, Any] = {}
    for (entry,) in connection.execute(
        "SELECT entry FROM deferred WHERE entity = ? AND pk = ? ORDER BY seq", (entity, pk)
    ):
        kept.update(json.loads(entry))
    return kept


def unknown_of(connection: Any, entity: str) -> dict[bytes, dict[str, Any]]:
    """Return, by row, the newest values that are kept aside of an entity's rows."""
    kept: dict[bytes, dict[str, Any]] = {}
    for pk, entry in connection.execute(
        "SELECT pk, entry FROM deferred WHERE entity = ? ORDER BY seq", (entity,)
    ):
        kept.setdefault(pk, {}).update(json.loads(entry))
    return kept
