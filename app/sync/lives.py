"""Which lives this file goes on from, and what of them is known to have reached the account.

A file that was copied or rolled back together with its mark cannot know it; the account can: it
has something of this life which the file neither knows to have arrived nor holds to send again.
Source: decision record 0022, rules 12 and 13.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.sync.outbox import Outbox
from app.sync.protocol.records import Entry
from app.sync.protocol.terms import Refusal
from app.sync.transport import Declined

#: So many operations at most are named to the account; more are never on their way at once.
NAMED = 1_000


@dataclass(frozen=True, slots=True)
class Life:
    """The present life of the file.

    ``confirmed`` is the largest place of the outbox known to have arrived, ``position`` the one at
    which the life began.
    """

    id: UUID
    confirmed: int
    position: int


def present(connection: Any) -> Life:
    """Return the life that the file is in."""
    found = connection.execute(
        "SELECT id, confirmed, position FROM incarnation ORDER BY begun_at DESC, id DESC LIMIT 1"
    ).fetchone()
    return Life(UUID(bytes=found[0]), *found[1:])


def lineage(connection: Any) -> dict[UUID, int]:
    """Return the earlier lives, each with the largest place known to have arrived."""
    listed = connection.execute("SELECT id, confirmed FROM incarnation").fetchall()
    mine = present(connection).id
    known = {UUID(bytes=pk): confirmed for pk, confirmed in listed}
    return {life: confirmed for life, confirmed in known.items() if life != mine}


def confirm(connection: Any, life: Life, places: Iterable[int]) -> None:
    """Store that the account has what stood at these places of the outbox."""
    largest = max(places, default=0)
    if largest > life.confirmed:
        connection.execute(
            "UPDATE incarnation SET confirmed = ? WHERE id = ?", (largest, life.id.bytes)
        )


def held(outbox: Outbox, life: Life) -> tuple[UUID, ...]:
    """Return the operations behind the last one known to have arrived, as many as are named."""
    found: list[UUID] = []
    for each in outbox:
        if each.lsn > life.confirmed:
            found.append(UUID(bytes=each.op_id))
            if len(found) == NAMED:
                break
    return tuple(found)


def recognize(connection: Any, outbox: Outbox, entries: Sequence[Entry]) -> None:
    """Take note of own echoes; raises ``Declined`` for one of a stranger who lives as this file.

    To be called before they are applied, which takes them out of the outbox.
    """
    life = present(connection)
    _recognize_earlier(connection, outbox, life, entries)
    mine = [each for each in entries if each.incarnation == life.id]
    for each in mine:
        if each.lsn > life.confirmed and outbox.of_op(each.operation.bytes) is None:
            raise Declined(Refusal.INCARNATION, "another file lives as this one")
    confirm(connection, life, (each.lsn for each in mine))


def _recognize_earlier(
    connection: Any, outbox: Outbox, life: Life, entries: Sequence[Entry]
) -> None:
    """Take note how far earlier lives had come: their answers were lost, and the mark with them.

    What was queued anew stands at another place than the one at which it was written.
    """
    places: dict[UUID, int] = {}
    for each in entries if len(outbox) else ():
        if each.incarnation == life.id:
            continue
        pending = outbox.of_op(each.operation.bytes)
        if pending is not None and pending.lsn == each.lsn:
            places[each.incarnation] = max(places.get(each.incarnation, 0), each.lsn)
    connection.executemany(
        "UPDATE incarnation SET confirmed = ? WHERE id = ? AND confirmed < ?",
        [(place, earlier.bytes, place) for earlier, place in places.items()],
    )
