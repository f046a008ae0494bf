"""The full-text index (FTS5) inside the encrypted file, kept by capture, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, select, text
from sqlalchemy.orm import Session

from app.core.kernel.text import fold
from app.core.store.base import Search, synced_tables
from app.core.store.ports import Found, RowChange
from app.core.store.prepared import PreparedInsert
from app.core.vault.tables import SEARCH_TABLES, SearchRow, SearchWaiting

#: How many rows one statement takes.
_CHUNK = 400
#: More matches than these are not ranked: it would cost twenty milliseconds.
MOST_RANKED = 5_000
#: How many long texts of one unit of work may wait; more are indexed at once.
_MOST_WAITING = 8
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


class FullText:
    """Finds records by the beginnings of words, accents and case aside.

    Names are indexed in the transaction that writes them. A long text changes with every breath
    of who types it, so it only waits (``search_waiting``, in that same transaction) until another
    record is indexed; a search reads the few texts that wait, and misses nothing.
    """

    def __init__(self, most_ranked: int = MOST_RANKED) -> None:
        self._most_ranked = most_ranked

    def update(self, session: Session, rows: Iterable[RowChange]) -> None:
        """Bring the index along with ``rows``, in their transaction."""
        touched = _touched(rows)
        if not touched:
            return
        connection = session.connection()
        waiting = _waiting(connection)
        now = {entity: ids - touched.get(entity, set()) for entity, ids in waiting.items()}
        for entity, ids in touched.items():
            if _search_of(entity).body and len(ids) <= _MOST_WAITING:
                fresh = ids - waiting.get(entity, set())
                _TO_WAITING.run(connection, [{"entity": entity, "pk": each} for each in fresh])
            else:
                now[entity] = now.get(entity, set()) | ids
        for entity, ids in now.items():
            _replace(connection, session.info["practice_id"], entity, sorted(ids))
            done = [(entity, each.bytes) for each in ids & waiting.get(entity, set())]
            if done:
                connection.exec_driver_sql(_NO_LONGER_WAITING, done)

    def rebuild(self, session: Session) -> int:
        """Make the whole index anew from the tables; return the number of rows indexed."""
        for table in (*SEARCH_TABLES, SearchRow.__tablename__, SearchWaiting.__tablename__):
            session.execute(text(f"DELETE FROM {table}"))
        count = 0
        for kind in synced_tables().values():
            if kind.__search__ is not None:
                ids = list(session.scalars(select(kind.id)))
                practice_id = session.info["practice_id"]
                _replace(session.connection(), practice_id, kind.__tablename__, ids)
                count += len(ids)
        return count

    def find(self, session: Session, words: str, *, body: bool, limit: int) -> list[Found]:
        """Return records whose names (or long text, with ``body``) hold every word begun.

        Names come best match first, long text latest first; so do names where a word that stands
        on thousands of papers tells none of them from another.
        """
        begun = _WORD.findall(fold(words))
        if not begun:
            return []
        table = SEARCH_TABLES[body]
        asked = " ".join(f'"{word}"*' for word in begun)
        # Ranking needs every match; a letter or two in eleven thousand notes would cost a second.
        ranked = not body and _matches_at_most(session, table, asked, self._most_ranked)
        order = "f.rank" if ranked else "f.rowid DESC"
        found = session.execute(
            text(
                f"SELECT r.kind, r.owner FROM {table} f JOIN search_row r ON r.rowid_ = f.rowid "
                f"WHERE f.{table} MATCH :words AND NOT EXISTS (SELECT 1 FROM search_waiting w "
                "WHERE w.entity = r.entity AND w.pk = r.pk) "
                f"ORDER BY {order} LIMIT :limit"
            ),
            {"words": asked, "limit": limit * 2},
        )
        unique = dict.fromkeys(_among_waiting(session, begun) if body else ())
        unique |= dict.fromkeys(Found(kind, UUID(bytes=owner)) for kind, owner in found)
        return list(unique)[:limit]

    def missing(self, session: Session) -> int:
        """Return how many rows the index lacks or holds too many; 0 means that it is whole."""
        waiting = _waiting(session.connection())
        wrong = 0
        for kind in synced_tables().values():
            if kind.__search__ is None:
                continue
            ids = set(session.scalars(select(kind.id)))
            held = set(
                session.scalars(select(SearchRow.pk).where(SearchRow.entity == kind.__tablename__))
            )
            wrong += len((ids ^ held) - waiting.get(kind.__tablename__, set()))
        return wrong


def _matches_at_most(session: Session, table: str, asked: str, most: int) -> bool:
    counted = text(
        f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {table} MATCH :words LIMIT :most)"
    )
    count = session.scalar(counted, {"words": asked, "most": most + 1})
    return (count or 0) <= most


def _search_of(entity: str) -> Search:
    return cast(Search, synced_tables()[entity].__search__)


def _touched(rows: Iterable[RowChange]) -> dict[str, set[UUID]]:
    """Return the rows that searching is concerned with, by table."""
    kinds = synced_tables()
    touched: dict[str, set[UUID]] = {}
    for row in rows:
        search = kinds[row.table].__search__
        if search is not None and _concerns(search, row):
            touched.setdefault(row.table, set()).add(row.id)
    return touched


def _waiting(connection: Connection) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = {}
    for entity, pk in connection.exec_driver_sql("SELECT entity, pk FROM search_waiting"):
        found.setdefault(entity, set()).add(UUID(bytes=pk))
    return found


def _among_waiting(session: Session, begun: Sequence[str]) -> Iterator[Found]:
    """Yield what is found in the texts that wait, the latest first."""
    connection = session.connection()
    for entity, ids in _waiting(connection).items():
        rows = _texts_of(connection, session.info["practice_id"], entity, list(ids))
        for row in sorted(rows, key=lambda each: each[0], reverse=True):
            words = _WORD.findall(_folded(row))
            if all(any(word.startswith(one) for word in words) for one in begun):
                yield Found(_search_of(entity).kind, row[1])


def _replace(connection: Connection, practice_id: UUID, entity: str, ids: list[UUID]) -> None:
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        _forget(connection, entity, chunk)
        rows = _texts_of(connection, practice_id, entity, chunk)
        if rows:
            _index(connection, entity, rows)


# Composed once, and for the tables themselves: by way of the mapped classes each would take
# several times what it does.
_HELD = (
    select(SearchRow.__table__.c.rowid_)
    .where(SearchRow.__table__.c.entity == bindparam("entity"))
    .where(SearchRow.__table__.c.pk.in_(bindparam("ids", expanding=True)))
)
_LAST = select(func.max(SearchRow.__table__.c.rowid_))
_TO_ROWS = PreparedInsert(SearchRow.__table__)
_TO_WAITING = PreparedInsert(SearchWaiting.__table__)
_NO_LONGER_WAITING = "DELETE FROM search_waiting WHERE entity = ? AND pk = ?"


@cache
def _reading(entity: str) -> Select[Any]:
    """Return what reads id, owner and texts of the rows named that are not deleted."""
    search = _search_of(entity)
    columns = synced_tables()[entity].__table__.c
    owner = columns[search.owner]
    return select(columns.id, owner, *(columns[name] for name in search.text)).where(
        columns.practice_id == bindparam("practice_id"),
        columns.deleted_at.is_(None),
        owner.is_not(None),
        columns.id.in_(bindparam("ids", expanding=True)),
    )


def _texts_of(
    connection: Connection, practice_id: UUID, entity: str, ids: list[UUID]
) -> Sequence[Any]:
    asked = {"practice_id": practice_id, "ids": ids}
    return connection.execute(_reading(entity), asked).all()


def _forget(connection: Connection, entity: str, ids: list[UUID]) -> None:
    held = connection.execute(_HELD, {"entity": entity, "ids": ids}).scalars().all()
    if held:
        gone = [(rowid,) for rowid in held]
        table = SEARCH_TABLES[_search_of(entity).body]
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE rowid = ?", gone)
        connection.exec_driver_sql("DELETE FROM search_row WHERE rowid_ = ?", gone)


def _index(connection: Connection, entity: str, rows: Sequence[Any]) -> None:
    search = _search_of(entity)
    # One writer: the next rowids are known, so that many rows go in with two statements.
    first = (connection.execute(_LAST).scalar() or 0) + 1
    _TO_ROWS.run(
        connection,
        [
            {
                "rowid_": rowid,
                "entity": entity,
                "pk": row[0],
                "kind": search.kind,
                "owner": row[1],
                "body": search.body,
            }
            for rowid, row in enumerate(rows, first)
        ],
    )
    connection.exec_driver_sql(
        f"INSERT INTO {SEARCH_TABLES[search.body]} (rowid, words) VALUES (?, ?)",
        [(rowid, _folded(row)) for rowid, row in enumerate(rows, first)],
    )


def _folded(row: Any) -> str:
    """Return the texts of a row of ``_texts_of`` as they are indexed."""
    return fold(" ".join(_texts(list(row[2:]))))


def _concerns(search: Search, row: RowChange) -> bool:
    watched = {*search.text, search.owner, "deleted_at"}
    return row.is_new or not watched.isdisjoint(row.after)


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts in a column's value: plain text, or the leaves of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
