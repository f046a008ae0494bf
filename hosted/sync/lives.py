"""The life of a file that pushes: how far its outbox has come, held until the commit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.sync.protocol.terms import Refusal
from hosted.sync import log
from hosted.sync.book import Book
from hosted.sync.merge import Refused


@dataclass(slots=True)
class Life:
    """What is known of one incarnation; see ``hosted.store.tables.Incarnation``."""

    id: UUID
    lsn: int
    accepted: int
    lineage: dict[str, int]


def hold(book: Book, incarnation: UUID, device_id: UUID, now: datetime) -> Life:
    """Return a life, noted now if it is new; raises ``Refused`` for one of another device.

    Its row is held until the commit, so that a batch that was sent twice at once is taken once.
    """
    found = book.run(
        "SELECT device_id, lsn, accepted, lineage FROM incarnation "
        f"WHERE practice_id = ? AND id = ?{book.lock}",
        book.practice,
        book.id(incarnation),
    ).fetchone()
    if found is None:
        book.run(
            "INSERT INTO incarnation "
            "(practice_id, id, device_id, lsn, accepted, lineage, first_seen) "
            "VALUES (?, ?, ?, 0, 0, '{}', ?)",
            book.practice,
            book.id(incarnation),
            book.id(device_id),
            book.moment(now),
        )
        return Life(incarnation, 0, 0, {})
    if book.uuid(found[0]) != device_id:
        raise Refused(Refusal.INCARNATION)
    return Life(incarnation, found[1], found[2], json.loads(found[3]))


def keep(book: Book, life: Life) -> None:
    """Write down how far a life that is held has come."""
    book.run(
        "UPDATE incarnation SET lsn = ?, accepted = ? WHERE practice_id = ? AND id = ?",
        life.lsn,
        life.accepted,
        book.practice,
        book.id(life.id),
    )


def learn(book: Book, life: Life, again: Mapping[UUID, int]) -> None:
    """Note how far other lives are this one's own, which sent their work again.

    ``again`` are operations that had been taken already, each with its place in this file. Who
    holds one has all that its life wrote before it, but not what that life wrote before it queued
    it anew. Source: decision record 0022, rule 13.
    """
    known = dict(life.lineage)
    for operation, other, place, is_new in log.taken_of_others(book, life.id, list(again)):
        # The line of a new row does not tell whether it was queued anew.
        if not is_new or again[operation] == place:
            known[other.hex] = max(known.get(other.hex, 0), place)
    if known != life.lineage:
        life.lineage = known
        book.run(
            "UPDATE incarnation SET lineage = ? WHERE practice_id = ? AND id = ?",
            json.dumps(known),
            book.practice,
            book.id(life.id),
        )


def joined(lineage: str, said: Mapping[UUID, int]) -> str:
    """Return what is stored of a life's lineage and what its file says, the larger place each."""
    known: dict[str, int] = json.loads(lineage)
    for life, place in said.items():
        known[life.hex] = max(known.get(life.hex, 0), place)
    return json.dumps(known)
