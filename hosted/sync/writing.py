"""A batch is written: rows, what newer programs added, the log, and whose view has changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hosted.sync import files, log, moving, records
from hosted.sync.book import Book
from hosted.sync.drafts import Drafts
from hosted.sync.policy import Policy
from hosted.sync.touched import Key, Rows

Surplus = Mapping[Key, tuple[Mapping[str, Any], int]]


def write(book: Book, rows: Rows, surplus: Surplus, drafts: Drafts, policy: Policy) -> int:
    """Write everything, and return the number of the first line.

    The log's head is taken first, when nothing remains to be judged: from then on every other
    writer of the practice waits for the commit.
    """
    first = policy.reserve(book, len(drafts))
    # The database writes the rows while the lines of the log are put together here.
    with book.streamed():
        _write_rows(book, rows, first, drafts)
        for (entity, pk), (unknown, place) in surplus.items():
            records.write_surplus(book, entity, {pk: (first + place, unknown)})
        log.write(book, first, drafts.lines, drafts.now)
        moving.move_scopes(book, rows, drafts.sender.member_id)
        book.settle()
    return first


def _write_rows(book: Book, rows: Rows, first: int, drafts: Drafts) -> None:
    ends = drafts.ends()
    inserts: dict[str, dict[UUID, tuple[int, dict[str, Any]]]] = {}
    updates: dict[tuple[str, tuple[str, ...]], dict[UUID, tuple[int, dict[str, Any]]]] = {}
    for row in rows:
        if row.last is None:
            continue
        entity, written = row.kind.name, (first + ends[row.last], row.taken)
        if row.created:
            inserts.setdefault(entity, {})[row.pk] = written
        else:
            updates.setdefault((entity, tuple(sorted(row.taken))), {})[row.pk] = written
        if row.unknown:
            records.write_surplus(book, entity, {row.pk: (written[0], row.unknown)})
    naming = files.Naming(book, rows.view, drafts.sender.member_id, restored=drafts.restored)
    naming.note(row for row in rows if row.last is not None)
    for entity, made in inserts.items():
        records.insert(book, book.kinds[entity], made)
    for (entity, names), changed in updates.items():
        records.update(book, book.kinds[entity], names, changed)
