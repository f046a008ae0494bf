"""The life of a file that pushes: how far its outbox has come, held until the commit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.sync.protocol.terms import Refusal
from hosted.sync.book import Book
from hosted.sync.merge import Refused


@dataclass(slots=True)
class Life:
    """What is known of one incarnation; see ``hosted.store.tables.Incarnation``."""

    id: UUID
    lsn: int
    accepted: int
    lineage: Mapping[str, int]


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
