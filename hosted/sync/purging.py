"""Purge: a record leaves every place at once, and its id never returns.

Rows, log, inbox, what newer programs added; devices are told at their next pull. Who ordered it,
when and why stays, without a word of the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from app.core.kernel.clock import unix_ms
from app.core.tasks.rules.inbox import InboxKind, InboxState
from app.sync.protocol.records import Operation
from hosted.store.engine import Database, For, HostedSession
from hosted.store.kinds import kinds
from hosted.sync import chunks, epochs, files, log
from hosted.sync.batch import Batch
from hosted.sync.book import Book, open_book
from hosted.sync.inbox import ENTITY
from hosted.sync.log import Line
from hosted.sync.numbers import SAME_PAPER, number_of, numbered, spend
from hosted.sync.policy import Policy
from hosted.sync.records import purged, read_rows, there
from hosted.sync.register import Purge, Register
from hosted.sync.sender import NOBODY, Sender

_NOTHING = "{}"


class StillNeeded(Exception):
    """Other records point at this one, or it is not here."""


def purge(
    database: Database,
    practice_id: UUID,
    records: Sequence[tuple[str, UUID]],
    *,
    ordered_by: str,
    reason: str,
    now: datetime,
    register: Register | None = None,
) -> tuple[str, ...]:
    """Remove records that nothing else points at; raises ``StillNeeded`` and removes nothing.

    ``register`` lies outside the backups: a restored server purges again what stands there.
    Returns the addresses of the files that no record names any more: whoever keeps their bytes
    removes them, too.
    """
    known, listed = kinds(database.dialect), register or Register()
    epoch = epochs.facts(database).epoch
    with database.write(For(practice_id)) as session:
        if epochs.enter(session, epoch, now, listed):
            purge_again(session, listed.purges(practice_id), now)
        book = open_book(session, practice_id)
        going = set(records)
        for entity, pk in records:
            if entity not in known or not there(book, entity, [pk]):
                raise StillNeeded(f"There is no {entity} with this id.")
            for other in known.values():
                for column, target in other.links.items():
                    held = _pointing(book, other.name, column, pk) if target == entity else set()
                    if {(other.name, each) for each in held} - going:
                        raise StillNeeded(
                            f"A {other.name} still points at this {entity}: purge it first."
                        )
        orders = [
            Purge(entity, pk, ordered_by, reason, number_of(book, entity, pk))
            for entity, pk in records
        ]
        files = _purge(book, orders, now)
        for order in orders:
            listed.purged(practice_id, order)
        return files


def purge_again(session: HostedSession, orders: Sequence[Purge], now: datetime) -> None:
    """Remove what was purged before the data were restored, before anybody is answered.

    A row that pointed at it when the backup was made, and was turned elsewhere since, loses the
    link; one that cannot be without it goes with it.
    """
    book = open_book(session, session.info["whom"].practice_id)
    going = {(each.entity, each.pk): each for each in orders if each.entity in book.kinds}
    queue = list(going.values())
    while queue:
        order = queue.pop()
        for other in book.kinds.values():
            for column, target in other.links.items():
                if target != order.entity:
                    continue
                for pk in _pointing(book, other.name, column, order.pk):
                    if (other.name, pk) in going:
                        continue
                    if column in other.filled:
                        going[other.name, pk] = replace(order, entity=other.name, pk=pk)
                        queue.append(going[other.name, pk])
                    else:
                        _unlink(book, other.name, column, pk)
    known = purged(book, [pk for _, pk in going]) if going else set()
    left = [order for key, order in going.items() if key not in known]
    if left:
        _purge(book, left, now)


def _unlink(book: Book, entity: str, column: str, pk: UUID) -> None:
    book.run(
        f"UPDATE {entity} SET {column} = NULL WHERE practice_id = ? AND id = ?",
        book.practice,
        book.id(pk),
    )


def _purge(book: Book, orders: Sequence[Purge], now: datetime) -> tuple[str, ...]:
    records = [(each.entity, each.pk) for each in orders]
    first = log.reserve(book, len(records))
    here = [(entity, pk) for entity, pk in records if there(book, entity, [pk])]
    named = files.named_by(book, here)
    asked = [each for entity, pk in here for each in _asked_of_number(book, entity, pk)]
    papers = {(each.entity, each.pk): each.number for each in orders}
    papers.update({paper: number_of(book, *paper) for paper in here})
    for place, order in enumerate(orders):
        _remove(book, order.entity, order.pk)
        book.run(
            "INSERT INTO purged (practice_id, entity, pk, seq, at, ordered_by, reason) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            book.practice,
            order.entity,
            book.id(order.pk),
            first + place,
            book.moment(now),
            order.ordered_by,
            order.reason,
        )
    # One change set: a page that ended within it would leave the half of what belongs together.
    together = records[0][1]
    log.write(book, first, [_line(together, entity, pk) for entity, pk in records], now)
    spend(book, {paper: number for paper, number in papers.items() if number})
    for question in asked:
        _ask_of_the_other(book, question, now)
    return _let_go(book, named)


def _asked_of_number(book: Book, entity: str, pk: UUID) -> list[tuple[str, dict[str, Any]]]:
    """Return, with its table, what is still asked of a paper whose number stands on another."""
    if entity not in SAME_PAPER:
        return []
    where = "entity = ? AND record_id = ? AND kind = ? AND state = ?"
    values = (entity, book.id(pk), InboxKind.NUMBER.value, InboxState.OPEN.value)
    found = read_rows(book, book.kinds[ENTITY], where, *values)
    return [(entity, said) for _, (_, said) in found if said["kept"] == said["other"]]


def _ask_of_the_other(book: Book, asked: tuple[str, dict[str, Any]], now: datetime) -> None:
    """Ask it of the other paper: that one still bears a number which is out twice."""
    entity, said = asked
    by = Sender(NOBODY, NOBODY, said["other_device"], NOBODY)
    number = str(said["other"]["number"])
    batch = Batch(book, by, now, Policy(), ())
    for other, pk in numbered(book, [number]).get(number, ()):
        if other in SAME_PAPER[entity]:
            batch.inbox.number_spent(_by_nobody(said["other_at"], now), other, pk)
    batch.write()


def _by_nobody(at: str | None, now: datetime) -> Operation:
    """Return an operation of the server itself, written ``at`` a moment, or now."""
    written = unix_ms(datetime.fromisoformat(at) if at else now)
    return Operation(uuid4(), uuid4(), 0, ENTITY, NOBODY, False, 0, written << 16, 0, {})


def _let_go(book: Book, addresses: Iterable[str]) -> tuple[str, ...]:
    """Forget of these files those that no record names any more, and return them."""
    free = tuple(each for each in sorted(addresses) if not files.naming(book, each))
    for address in free:
        chunks.forget(book, address)
    return free


def _pointing(book: Book, entity: str, column: str, pk: UUID) -> set[UUID]:
    found = book.run(
        f"SELECT id FROM {entity} WHERE practice_id = ? AND {column} = ?",
        book.practice,
        book.id(pk),
    )
    return {book.uuid(row[0]) for row in found.fetchall()}


def _remove(book: Book, entity: str, pk: UUID) -> None:
    about = (book.practice, entity, book.id(pk))
    items = book.run(
        "SELECT id FROM inbox_item WHERE practice_id = ? AND entity = ? AND record_id = ?", *about
    ).fetchall()
    for (item,) in items:
        _remove(book, "inbox_item", book.uuid(item))
    book.run(f"DELETE FROM {entity} WHERE practice_id = ? AND id = ?", about[0], about[2])
    files.forget(book, entity, pk)
    book.run("DELETE FROM surplus WHERE practice_id = ? AND entity = ? AND pk = ?", *about)
    # The lines stay, so that the log has no gaps and every operation its echo; the words go.
    book.run(
        "UPDATE log SET columns = '{}', lost = NULL, earlier = NULL "
        "WHERE practice_id = ? AND entity = ? AND pk = ?",
        *about,
    )


def _line(change_set: UUID, entity: str, pk: UUID) -> Line:
    return Line(
        change_set=change_set,
        device_id=None,
        incarnation=NOBODY,
        operation=None,
        lsn=0,
        entity=entity,
        pk=pk,
        is_new=False,
        base_seq=0,
        hlc=0,
        schema=0,
        verdict="purged",
        columns=_NOTHING,
    )
