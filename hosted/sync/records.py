"""The rows of the synced tables, what newer programs added to them, and which were purged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from hosted.store.kinds import Kind
from hosted.store.said import to_text
from hosted.sync.book import Book, quoted

Written = Mapping[UUID, tuple[int, Mapping[str, Any]]]
"""Rows about to be written, by id: the version of each and its values as they are stored."""


def locked(book: Book, kind: Kind, ids: Iterable[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """Return version and watched columns of the rows that are there, locked in their order.

    The database puts them in order before it locks the first.
    """
    names = "".join(f', "{name}"' for name in kind.watched)
    where, values = book.among("id", list(ids))
    found = book.run(
        f"SELECT id, row_seq{names} FROM {kind.name} "
        f"WHERE practice_id = ? AND {where} ORDER BY id{book.lock}",
        book.practice,
        *values,
    )
    return {book.uuid(row[0]): tuple(row[1:]) for row in found.fetchall()}


def rows(book: Book, kind: Kind, ids: Sequence[UUID]) -> dict[UUID, tuple[int, dict[str, Any]]]:
    """Return version and columns of whole rows by id, as JSON values."""
    where, values = book.among("id", ids)
    return dict(read_rows(book, kind, where, *values))


def read_rows(
    book: Book, kind: Kind, where: str, *values: Any, tail: str = ""
) -> Iterable[tuple[UUID, tuple[int, dict[str, Any]]]]:
    """Yield id, version and columns of the practice's rows for which ``where`` holds."""
    found = book.run(
        f"SELECT id, row_seq, {quoted(kind.columns)} FROM {kind.name} "
        f"WHERE practice_id = ? AND {where} {tail}",
        book.practice,
        *values,
    )
    sayings = [(name, manner.say) for name, manner in kind.manners.items()]
    for row in found:
        columns = {
            name: None if value is None else say(value)
            for (name, say), value in zip(sayings, row[2:], strict=True)
        }
        yield book.uuid(row[0]), (int(row[1]), columns)


def row_texts(
    book: Book, kind: Kind, where: str, *values: Any, tail: str = ""
) -> list[tuple[UUID, int, str]]:
    """Return id, version and columns, as JSON text, of rows for which ``where`` holds."""
    return [
        (pk, seq, to_text(columns))
        for pk, (seq, columns) in read_rows(book, kind, where, *values, tail=tail)
    ]


def surplus(book: Book, entity: str, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return what newer programs wrote of these rows and no column here holds."""
    where, values = book.among("pk", ids)
    found = book.run(
        f"SELECT pk, columns FROM surplus WHERE practice_id = ? AND entity = ? AND {where}",
        book.practice,
        entity,
        *values,
    )
    return {book.uuid(pk): json.loads(columns) for pk, columns in found.fetchall()}


def all_surplus(book: Book, entity: str) -> dict[UUID, tuple[int, dict[str, Any]]]:
    """Return all that newer programs wrote of a table's rows, with its version."""
    found = book.run(
        "SELECT pk, seq, columns FROM surplus WHERE practice_id = ? AND entity = ?",
        book.practice,
        entity,
    )
    return {book.uuid(pk): (seq, json.loads(text)) for pk, seq, text in found.fetchall()}


def write_surplus(
    book: Book, entity: str, rows: Mapping[UUID, tuple[int, Mapping[str, Any]]]
) -> None:
    """Add columns that are not known here to what is kept of the rows."""
    earlier = surplus(book, entity, list(rows))
    for pk, (seq, columns) in rows.items():
        text = json.dumps({**earlier.get(pk, {}), **columns}, ensure_ascii=False)
        book.run(
            "INSERT INTO surplus (practice_id, entity, pk, seq, columns) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT (practice_id, entity, pk) "
            "DO UPDATE SET seq = excluded.seq, columns = excluded.columns",
            book.practice,
            entity,
            book.id(pk),
            seq,
            text,
        )


def there(book: Book, entity: str, ids: Sequence[UUID]) -> set[UUID]:
    """Return which of these rows exist."""
    where, values = book.among("id", ids)
    found = book.run(
        f"SELECT id FROM {entity} WHERE practice_id = ? AND {where}", book.practice, *values
    )
    return {book.uuid(row[0]) for row in found.fetchall()}


def points_at(book: Book, entity: str, column: str, target: UUID) -> bool:
    """Return whether a row of ``entity`` that was not deleted points at ``target``."""
    found = book.run(
        f"SELECT 1 FROM {entity} WHERE practice_id = ? AND {column} = ? "
        "AND deleted_at IS NULL LIMIT 1",
        book.practice,
        book.id(target),
    )
    return found.fetchone() is not None


def purged(book: Book, ids: Sequence[UUID]) -> set[tuple[str, UUID]]:
    """Return which of these records were purged."""
    if (
        book.run("SELECT 1 FROM purged WHERE practice_id = ? LIMIT 1", book.practice).fetchone()
        is None
    ):
        return set()
    where, values = book.among("pk", ids)
    found = book.run(
        f"SELECT entity, pk FROM purged WHERE practice_id = ? AND {where}",
        book.practice,
        *values,
    )
    return {(entity, book.uuid(pk)) for entity, pk in found.fetchall()}


def purged_between(book: Book, after: int, until: int) -> list[tuple[str, UUID]]:
    """Return the records that were purged between two places of the log."""
    found = book.run(
        "SELECT entity, pk FROM purged WHERE practice_id = ? AND seq > ? AND seq <= ?",
        book.practice,
        after,
        until,
    )
    return [(entity, book.uuid(pk)) for entity, pk in found.fetchall()]


def insert(book: Book, kind: Kind, rows: Written) -> None:
    """Insert whole rows."""
    names = kind.columns
    book.insert_many(
        kind.name,
        {"id": "uuid", "row_seq": "bigint", **kind.casts},
        [(book.id(pk), seq, *map(taken.get, names)) for pk, (seq, taken) in rows.items()],
    )


def update(book: Book, kind: Kind, names: tuple[str, ...], rows: Written) -> None:
    """Set the columns ``names`` of rows."""
    book.update_many(
        kind.name,
        {"id": "uuid", "row_seq": "bigint", **{name: kind.casts[name] for name in names}},
        [(book.id(pk), seq, *map(taken.__getitem__, names)) for pk, (seq, taken) in rows.items()],
    )
