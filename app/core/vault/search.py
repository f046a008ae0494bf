"""The full-text index (FTS5) inside the encrypted file, kept by capture, row by row."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from app.core.kernel.text import fold
from app.core.store.base import Search, synced_tables
from app.core.store.columns import Json
from app.core.store.ports import Found, RowChange
from app.core.vault.tables import SEARCH_TABLES, SearchRow, SearchWaiting

#: How many rows one statement takes.
_CHUNK = 400
#: How many texts are indexed between two looks at how long they were.
_FEW = 20
#: More matches than these are not ranked: it would cost twenty milliseconds.
MOST_RANKED = 5_000
#: How many long texts of one unit of work may wait; more are indexed at once.
MOST_WAITING = 8
#: How many of the texts that wait a search reads, the latest ones: about ten milliseconds.
MOST_READ = 150
_WORD = re.compile(r"[^\W_]+", re.UNICODE)

#: A row as it is indexed: its id, the id of the record that is found, its texts.
_Read = tuple[bytes, bytes, list[Any]]


class FullText:
    """Finds records by the beginnings of words, accents and case aside.

    Names are indexed in the transaction that writes them. A long text changes with every breath
    of who types it, so it only waits (``search_waiting``, in that same transaction) until another
    record is indexed; a search reads the few texts that wait, and misses nothing. Thousands that
    came at once from the account wait too, until ``catch_up`` has had its turns; ``unread`` says
    how many a search would miss meanwhile.
    """

    def __init__(self, most_ranked: int = MOST_RANKED) -> None:
        self._most_ranked = most_ranked

    def update(self, session: Session, rows: Iterable[RowChange], *, later: bool = False) -> None:
        """Bring the index along with ``rows``, in their transaction.

        ``later`` lets their long texts wait, however many: whoever says so calls ``catch_up``.
        """
        touched = _touched(rows)
        if not touched:
            return
        connection, practice_id = session.connection(), session.info["practice_id"]
        for entity, changes in touched.items():
            search = _search_of(entity)
            ids = [each.bytes for each in changes]
            if not search.body:
                _index_names(connection, practice_id, entity, changes)
            elif later or len(changes) <= MOST_WAITING:
                # Of what is no longer in the file no word may stay.
                gone = [each.id.bytes for each in changes.values() if _is_gone(each)]
                _bring(connection, practice_id, entity, gone)
                _put_off(connection, entity, [each for each in ids if each not in gone])
            else:
                _bring(connection, practice_id, entity, ids)
        if not later:
            _take_turn(connection, practice_id, MOST_WAITING, touched)

    def behind(self, session: Session) -> bool:
        """Return whether more texts wait than a few that were just typed."""
        return _count_waiting(session.connection(), MOST_WAITING + 1) > MOST_WAITING

    def catch_up(self, session: Session, most: int, characters: int | None = None) -> int:
        """Index up to ``most`` of the texts that wait, the oldest first; return how many.

        Of long ones fewer: no more are begun once ``characters`` are indexed.
        """
        count = said = 0
        while count < most and (characters is None or said < characters):
            few = min(_FEW, most - count)
            took, more = _take_turn(session.connection(), session.info["practice_id"], few, {})
            count, said = count + took, said + more
            if took < few:
                break
        return count

    def unread(self, session: Session) -> int:
        """Return in how many long texts nothing can be found yet."""
        return max(0, _count_waiting(session.connection(), -1) - MOST_READ)

    def rebuild(self, session: Session) -> int:
        """Make the whole index anew from the tables; return the number of rows indexed."""
        for table in (*SEARCH_TABLES, SearchRow.__tablename__, SearchWaiting.__tablename__):
            session.execute(text(f"DELETE FROM {table}"))
        count = 0
        for kind in synced_tables().values():
            if kind.__search__ is not None:
                ids = [each.bytes for each in session.scalars(select(kind.id))]
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
        waiting: dict[str, set[UUID]] = {}
        for entity, pk in session.connection().exec_driver_sql(
            "SELECT entity, pk FROM search_waiting"
        ):
            waiting.setdefault(entity, set()).add(UUID(bytes=pk))
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


def _touched(rows: Iterable[RowChange]) -> dict[str, dict[UUID, RowChange]]:
    """Return the rows that searching is concerned with, by table."""
    kinds = synced_tables()
    touched: dict[str, dict[UUID, RowChange]] = {}
    for row in rows:
        search = kinds[row.table].__search__
        if search is not None and (row.is_new or _concerns(search, row)):
            touched.setdefault(row.table, {})[row.id] = row
    return touched


def _concerns(search: Search, row: RowChange) -> bool:
    watched = {*search.text, search.owner, "deleted_at"}
    return not watched.isdisjoint(row.after)


def _is_gone(row: RowChange) -> bool:
    """Return whether a row was taken out of the file: nothing is said of what it holds."""
    return row.is_new and not row.after


# What waits


def _put_off(connection: Connection, entity: str, ids: Sequence[bytes]) -> None:
    if ids:
        connection.exec_driver_sql(_TO_WAITING, [(entity, each) for each in ids])


def _count_waiting(connection: Connection, most: int) -> int:
    counted = connection.exec_driver_sql(
        "SELECT count(*) FROM (SELECT 1 FROM search_waiting LIMIT ?)", (most,)
    ).scalar()
    return counted or 0


def _take_turn(
    connection: Connection,
    practice_id: UUID,
    most: int,
    without: Mapping[str, Mapping[UUID, RowChange]],
) -> tuple[int, int]:
    """Index up to ``most`` of what waits, but nothing of ``without``.

    Returns how many texts that were, and how many characters.
    """
    beside = sum(len(changes) for changes in without.values())
    waiting: dict[str, list[bytes]] = {}
    count = 0
    for entity, pk in connection.exec_driver_sql(
        "SELECT entity, pk FROM search_waiting ORDER BY entity, pk LIMIT ?", (most + beside,)
    ):
        if count < most and UUID(bytes=pk) not in without.get(entity, ()):
            waiting.setdefault(entity, []).append(pk)
            count += 1
    said = sum(_bring(connection, practice_id, entity, ids) for entity, ids in waiting.items())
    return count, said


def _bring(connection: Connection, practice_id: UUID, entity: str, ids: Sequence[bytes]) -> int:
    """Index rows as they stand in the file; they wait no longer. Return the characters."""
    said = _replace(connection, practice_id, entity, ids)
    if ids:
        connection.exec_driver_sql(_NO_LONGER_WAITING, [(entity, each) for each in ids])
    return said


def _among_waiting(session: Session, begun: Sequence[str]) -> Iterator[Found]:
    """Yield what is found in the latest texts that wait, those first."""
    connection = session.connection()
    waiting: dict[str, list[bytes]] = {}
    # An id begins with the time at which it was made.
    for entity, pk in connection.exec_driver_sql(
        "SELECT entity, pk FROM search_waiting ORDER BY pk DESC LIMIT ?", (MOST_READ,)
    ):
        waiting.setdefault(entity, []).append(pk)
    for entity, ids in waiting.items():
        rows = _texts_of(connection, session.info["practice_id"], entity, ids)
        for _, owner, said in sorted(rows, key=lambda each: each[0], reverse=True):
            words = _WORD.findall(_folded(said))
            if all(any(word.startswith(one) for word in words) for one in begun):
                yield Found(_search_of(entity).kind, UUID(bytes=owner))


# What is indexed


def _index_names(
    connection: Connection, practice_id: UUID, entity: str, changes: Mapping[UUID, RowChange]
) -> None:
    """Index rows in the transaction that writes them; of a new one all is known already."""
    search = _search_of(entity)
    needed = {*search.text, search.owner, "deleted_at"} - {"id"}
    new = [each for each in changes.values() if each.is_new and needed <= each.after.keys()]
    known = {each.id for each in new}
    _replace(connection, practice_id, entity, [each.bytes for each in changes if each not in known])
    rows: list[_Read] = []
    for each in new:
        owner = each.id.hex if search.owner == "id" else each.after[search.owner]
        if owner is not None and each.after["deleted_at"] is None:
            said = [each.after[name] for name in search.text]
            rows.append((each.id.bytes, bytes.fromhex(owner), said))
    for start in range(0, len(rows), _CHUNK):
        _index(connection, entity, rows[start : start + _CHUNK])


def _replace(connection: Connection, practice_id: UUID, entity: str, ids: Sequence[bytes]) -> int:
    """Index rows as they stand in the file; return how many characters that were."""
    said = 0
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        _forget(connection, entity, chunk)
        rows = _texts_of(connection, practice_id, entity, chunk)
        if rows:
            said += _index(connection, entity, rows)
    return said


# Said to the driver itself: composed by SQLAlchemy, each would take several times what it does.
_TO_WAITING = "INSERT OR IGNORE INTO search_waiting (entity, pk) VALUES (?, ?)"
_NO_LONGER_WAITING = "DELETE FROM search_waiting WHERE entity = ? AND pk = ?"
_TO_ROWS = (
    "INSERT INTO search_row (rowid_, entity, pk, kind, owner, body) VALUES (?, ?, ?, ?, ?, ?)"
)


@cache
def _reading(entity: str) -> tuple[str, tuple[Callable[[str], Any] | None, ...]]:
    """Return what reads id, owner and texts of rows that are not deleted, and what reads each."""
    search = _search_of(entity)
    columns = synced_tables()[entity].__table__.c
    reads = tuple(
        json.loads if isinstance(columns[name].type, Json) else None for name in search.text
    )
    return (
        f"SELECT id, {search.owner}, {', '.join(search.text)} FROM {entity} "
        f"WHERE practice_id = ? AND deleted_at IS NULL AND {search.owner} IS NOT NULL AND id IN "
    ), reads


def _texts_of(
    connection: Connection, practice_id: UUID, entity: str, ids: Sequence[bytes]
) -> list[_Read]:
    asked, reads = _reading(entity)
    found = connection.exec_driver_sql(asked + _marks(ids), (practice_id.bytes, *ids))
    return [
        (
            pk,
            owner,
            [
                each if read is None or each is None else read(each)
                for each, read in zip(said, reads, strict=True)
            ],
        )
        for pk, owner, *said in found
    ]


def _forget(connection: Connection, entity: str, ids: Sequence[bytes]) -> None:
    held = connection.exec_driver_sql(
        f"SELECT rowid_ FROM search_row WHERE entity = ? AND pk IN {_marks(ids)}", (entity, *ids)
    ).all()
    if held:
        gone = [(rowid,) for (rowid,) in held]
        table = SEARCH_TABLES[_search_of(entity).body]
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE rowid = ?", gone)
        connection.exec_driver_sql("DELETE FROM search_row WHERE rowid_ = ?", gone)


def _marks(ids: Sequence[bytes]) -> str:
    return f"({', '.join('?' * len(ids))})"


def _index(connection: Connection, entity: str, rows: Sequence[_Read]) -> int:
    """Index rows that are not in the index; return how many characters that were."""
    search = _search_of(entity)
    # One writer: the next rowids are known, so that many rows go in with two statements.
    last = connection.exec_driver_sql("SELECT max(rowid_) FROM search_row").scalar()
    numbered = list(enumerate(rows, (last or 0) + 1))
    connection.exec_driver_sql(
        _TO_ROWS,
        [
            (rowid, entity, pk, search.kind, owner, search.body)
            for rowid, (pk, owner, _) in numbered
        ],
    )
    connection.exec_driver_sql(
        f"INSERT INTO {SEARCH_TABLES[search.body]} (rowid, words) VALUES (?, ?)",
        words := [(rowid, _folded(said)) for rowid, (_, _, said) in numbered],
    )
    return sum(len(each) for _, each in words)


def _folded(said: list[Any]) -> str:
    """Return the texts of a row as they are indexed."""
    return fold(" ".join(_texts(said)))


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts in a column's value: plain text, or the leaves of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
