"""Digest and repair: whether both sides hold the same rows, and whole rows where they do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from app.sync import digest
from app.sync.protocol.messages import Digest, Digested
from hosted.sync import log, records
from hosted.sync.book import Book
from hosted.sync.scope import View


def digested(book: Book, asked: Digest, view: View) -> Digested:
    """Return the sums of all buckets, or the rows of the one that was asked for."""
    head = log.head(book)
    rows = _hashed(book, asked, view)
    if asked.bucket is None:
        return Digested(head, digest.sums((pk, said) for pk, _, said in rows))
    mine = [(pk, seq, said) for pk, seq, said in rows if digest.bucket_of(pk) == asked.bucket]
    return Digested(head, rows=tuple(mine))


def _hashed(book: Book, asked: Digest, view: View) -> Iterator[tuple[UUID, int, str]]:
    for pk, seq, columns in whole_rows(book, asked.entity, view):
        yield pk, seq, digest.row_hash(pk, columns, asked.columns)


def whole_rows(book: Book, entity: str, view: View) -> Iterator[tuple[UUID, int, dict[str, Any]]]:
    """Yield all rows of a table with what newer programs added to them."""
    more = records.all_surplus(book, entity)
    kind = book.kinds.get(entity)
    if kind is None:
        if not view.limited:
            yield from ((pk, seq, columns) for pk, (seq, columns) in more.items())
        return
    where, values = view.where(entity)
    for pk, (seq, columns) in records.read_rows(book, kind, f"({where})", *values):
        yield pk, seq, {**columns, **more[pk][1]} if pk in more else columns
