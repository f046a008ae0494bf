"""To which case a record belongs: along its links, up to the case or the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.core.store.reading import HANGS_BY, PERSON
from hosted.store.kinds import ASSIGNED, Kind
from hosted.sync import records
from hosted.sync.book import Book


def case_of(book: Book, kind: Kind | None, pk: UUID, columns: Mapping[str, Any]) -> UUID | None:
    """Return a case that the record belongs to, if that case is here."""
    while kind is not None:
        if kind.name == ASSIGNED:
            return pk if records.there(book, ASSIGNED, [pk]) else None
        if kind.name == PERSON:
            return _case_of_client(book, pk)
        column = HANGS_BY.get(kind.name)
        above = _id(columns.get(column)) if column else None
        if column is None or above is None:
            return None
        kind, pk = book.kinds[kind.links[column]], above
        found = records.rows(book, kind, [pk]).get(pk)
        columns = found[1] if found else {}
    return None


def _case_of_client(book: Book, client: UUID) -> UUID | None:
    """Return a case in which this person takes part."""
    found = book.run(
        "SELECT case_id FROM case_participant WHERE practice_id = ? AND client_id = ? "
        "ORDER BY case_id LIMIT 1",
        book.practice,
        book.id(client),
    ).fetchone()
    return book.uuid(found[0]) if found else None


def _id(said: Any) -> UUID | None:
    # Of refused work nothing was checked.
    try:
        return UUID(hex=said) if isinstance(said, str) else None
    except ValueError:
        return None
