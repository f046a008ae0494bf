"""A batch is written: rows, what newer programs added, the log, and whose view has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from hosted.store.kinds import ASSIGNED, ASSIGNMENTS, MEMBER, ROLE
from hosted.sync import files, log, records
from hosted.sync.book import Book
from hosted.sync.cases import BRINGS
from hosted.sync.drafts import Drafts
from hosted.sync.policy import Policy
from hosted.sync.scope import assigned, holders, raise_version, role_given
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
        _write_rows(book, rows, first, drafts.ends())
        for (entity, pk), (unknown, place) in surplus.items():
            records.write_surplus(book, entity, {pk: (first + place, unknown)})
        log.write(book, first, drafts.lines, drafts.now)
        _move_scopes(book, rows, drafts.sender.member_id)
        book.settle()
    return first


def _write_rows(book: Book, rows: Rows, first: int, ends: Sequence[int]) -> None:
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
    files.note(book, [row for row in rows if row.last is not None])
    for entity, made in inserts.items():
        records.insert(book, book.kinds[entity], made)
    for (entity, names), changed in updates.items():
        records.update(book, book.kinds[entity], names, changed)


def _move_scopes(book: Book, rows: Rows, writer: UUID) -> None:
    """Note what this batch brought into members' view, or took from it."""
    if any(row.created and rows.view.takes_back(row.kind.name) for row in rows):
        raise_version(book, writer, None, gained=False)
    for row in rows:
        if row.last is None:
            continue
        if row.kind.name == ASSIGNED and not row.said.keys().isdisjoint(ASSIGNMENTS):
            before = [row.watched.get(name) for name in ASSIGNMENTS]
            after = [row.now(name) for name in ASSIGNMENTS]
            assigned(book, writer, row.pk, before, after)
        elif row.kind.name == MEMBER and not row.created and ROLE in row.said:
            role_given(book, row.pk, row.watched.get(ROLE), row.now(ROLE))
        elif row.kind.name in BRINGS and row.created and row.said.get("case_id"):
            case_id = UUID(hex=row.said["case_id"])
            for member in holders(book, case_id) - {writer}:
                raise_version(book, member, case_id, gained=True)
