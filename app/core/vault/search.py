"""The full-text index (FTS5) inside the encrypted file, kept by capture, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from app.core.kernel.text import fold
from app.core.store.base import Search, Synced, synced_tables
from app.core.store.ports import Found, RowChange
from app.core.vault.tables import SEARCH_TABLES, SearchRow

_WORD = re.compile(r"[^\W_]+", re.UNICODE)


class FullText:
    """Finds records by the beginnings of words, accents and case aside."""

    def update(self, session: Session, rows: Iterable[RowChange]) -> None:
        """Bring the index along with ``rows``, in their transaction."""
        kinds = synced_tables()
        touched: dict[str, list[UUID]] = {}
        for row in rows:
            search = kinds[row.table].__search__
            if search is not None and _concerns(search, row):
                touched.setdefault(row.table, []).append(row.id)
        for table, ids in touched.items():
            self._replace(session, kinds[table], ids)

    def rebuild(self, session: Session) -> int:
        """Make the whole index anew from the tables; return the number of rows indexed."""
        for table in SEARCH_TABLES:
            session.execute(text(f"DELETE FROM {table}"))
        session.execute(delete(SearchRow))
        count = 0
        for kind in synced_tables().values():
            if kind.__search__ is not None:
                ids = list(session.scalars(select(kind.id)))
                self._replace(session, kind, ids)
                count += len(ids)
        return count

    def find(self, session: Session, words: str, *, body: bool, limit: int) -> list[Found]:
        """Return records whose names (or long text, with ``body``) hold every word begun.

        Names come best match first, long text latest first.
        """
        begun = [f'"{word}"*' for word in _WORD.findall(fold(words))]
        if not begun:
            return []
        table = SEARCH_TABLES[body]
        # Ranking needs every match; a letter or two in eleven thousand notes would cost a second.
        order = "f.rowid DESC" if body else "f.rank"
        found = session.execute(
            text(
                f"SELECT r.kind, r.owner FROM {table} f JOIN search_row r ON r.rowid_ = f.rowid "
                f"WHERE f.{table} MATCH :words ORDER BY {order} LIMIT :limit"
            ),
            {"words": " ".join(begun), "limit": limit * 2},
        )
        unique = dict.fromkeys(Found(kind, UUID(bytes=owner)) for kind, owner in found)
        return list(unique)[:limit]

    def missing(self, session: Session) -> int:
        """Return how many rows the index lacks or holds too many; 0 means that it is whole."""
        wrong = 0
        for kind in synced_tables().values():
            if kind.__search__ is None:
                continue
            ids = set(session.scalars(select(kind.id)))
            held = set(
                session.scalars(select(SearchRow.pk).where(SearchRow.entity == kind.__tablename__))
            )
            wrong += len(ids ^ held)
        return wrong

    def _replace(self, session: Session, kind: type[Synced], ids: list[UUID]) -> None:
        search = cast(Search, kind.__search__)
        table = SEARCH_TABLES[search.body]
        for start in range(0, len(ids), 400):
            chunk = ids[start : start + 400]
            self._forget(session, table, kind.__tablename__, chunk)
            owner = kind.__table__.c[search.owner]
            columns = [kind.__table__.c[name] for name in search.text]
            found = session.execute(select(kind.id, owner, *columns).where(kind.id.in_(chunk)))
            named = [row for row in found if row[1] is not None]
            if named:
                self._index(session, table, kind.__tablename__, search, named)

    def _forget(self, session: Session, table: str, entity: str, ids: list[UUID]) -> None:
        held = select(SearchRow.rowid_).where(SearchRow.entity == entity, SearchRow.pk.in_(ids))
        rowids = list(session.scalars(held))
        if rowids:
            session.execute(
                text(f"DELETE FROM {table} WHERE rowid = :rowid"),
                [{"rowid": rowid} for rowid in rowids],
            )
            session.execute(delete(SearchRow).where(SearchRow.rowid_.in_(rowids)))

    def _index(
        self,
        session: Session,
        table: str,
        entity: str,
        search: Search,
        rows: Sequence[Any],
    ) -> None:
        # One writer: the next rowids are known, so that many rows go in with two statements.
        last = session.scalar(select(func.max(SearchRow.rowid_))) or 0
        session.execute(
            insert(SearchRow),
            [
                {
                    "rowid_": rowid,
                    "entity": entity,
                    "pk": row_id,
                    "kind": search.kind,
                    "owner": owner_id,
                    "body": search.body,
                }
                for rowid, (row_id, owner_id, *_) in enumerate(rows, last + 1)
            ],
        )
        session.execute(
            text(f"INSERT INTO {table} (rowid, words) VALUES (:rowid, :words)"),
            [
                {"rowid": rowid, "words": fold(" ".join(_texts(values)))}
                for rowid, (_, _, *values) in enumerate(rows, last + 1)
            ],
        )


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
