"""The practice's log: what every computer pulls in order, and what a push leaves in it.

Written by hand, whole batches at a time: every push and pull passes here, and composing these
statements for each row would cost more than running them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hosted.sync.book import Book

LARGEST_PLACE = 2**63 - 1
#: The columns of the log in the order in which ``Line`` holds them, with PostgreSQL's types.
COLUMNS = {
    "seq": "bigint",
    "change_set": "uuid",
    "device_id": "uuid",
    "incarnation": "uuid",
    "operation": "uuid",
    "lsn": "bigint",
    "entity": "text",
    "pk": "uuid",
    "is_new": "boolean",
    "base_seq": "bigint",
    "hlc": "bigint",
    "schema_version": "integer",
    "at": "timestamptz",
    "verdict": "text",
    "columns": "text",
    "lost": "text",
    "earlier": "text",
}


@dataclass(slots=True)
class Line:
    """A line of the log about to be written; its seq is known last."""

    change_set: UUID
    device_id: UUID | None
    incarnation: UUID
    operation: UUID | None
    lsn: int
    entity: str
    pk: UUID
    is_new: bool
    base_seq: int
    hlc: int
    schema: int
    verdict: str
    columns: str
    lost: str | None = None
    earlier: str | None = None


def reserve(book: Book, count: int) -> int:
    """Take the next ``count`` numbers of the log and return the first.

    From here to the commit every other writer of the practice waits: taken last.
    """
    found = book.run(
        "UPDATE head SET head = head + ? WHERE practice_id = ? RETURNING head",
        count,
        book.practice,
    ).fetchone()
    return int(found[0]) - count + 1


def standing(book: Book) -> tuple[int, str] | None:
    """Return where the log stands, and its epoch; ``None`` for a practice that is not here."""
    found = book.run("SELECT head, epoch FROM head WHERE practice_id = ?", book.practice).fetchone()
    return None if found is None else (int(found[0]), str(found[1]))


def head(book: Book) -> int:
    """Return where the log stands."""
    found = book.run("SELECT head FROM head WHERE practice_id = ?", book.practice).fetchone()
    return int(found[0]) if found else 0


def epoch(book: Book) -> str | None:
    """Return the epoch of the log; ``None`` for a practice that is not here."""
    found = book.run("SELECT epoch FROM head WHERE practice_id = ?", book.practice).fetchone()
    return str(found[0]) if found else None


def lines(book: Book, after: int, until: int, count: int) -> list[tuple[Any, ...]]:
    """Return the next lines of the log, in order, as the driver gives them."""
    found = book.run(
        "SELECT seq, change_set, incarnation, operation, entity, pk, is_new, columns, "
        "device_id, lsn FROM log WHERE practice_id = ? AND seq > ? AND seq <= ? "
        "ORDER BY seq LIMIT ?",
        book.practice,
        after,
        until,
        count,
    )
    return list(found.fetchall())


def histories(book: Book, entity: str, ids: Sequence[UUID]) -> dict[UUID, list[tuple[Any, ...]]]:
    """Return the log's lines about rows, by id, oldest first."""
    where, values = book.among("pk", ids)
    lines = book.run(
        "SELECT pk, seq, incarnation, device_id, hlc, base_seq, verdict, at, columns, lost, "
        "lsn, earlier "
        f"FROM log WHERE practice_id = ? AND entity = ? AND {where} ORDER BY seq",
        book.practice,
        entity,
        *values,
    )
    found: dict[UUID, list[tuple[Any, ...]]] = {pk: [] for pk in ids}
    for line in lines.fetchall():
        found[book.uuid(line[0])].append(tuple(line[1:]))
    return found


def answered(book: Book, operations: Sequence[UUID]) -> dict[UUID, tuple[str, int, str]]:
    """Return verdict, seq and refusal of operations that were answered before."""
    where, values = book.among("operation", operations)
    found: dict[UUID, tuple[str, int, str]] = {}
    for statement in (
        "SELECT operation, verdict, seq, '' FROM log",
        "SELECT operation, verdict, 0, refusal FROM receipt",
    ):
        rows = book.run(f"{statement} WHERE practice_id = ? AND {where}", book.practice, *values)
        found.update({book.uuid(row[0]): (row[1], row[2], row[3]) for row in rows.fetchall()})
    return found


def maker(book: Book, entity: str, pk: UUID) -> UUID | None:
    """Return the member on whose computer a record was made; ``None`` for one of the server's."""
    found = book.run(
        "SELECT device.member_id FROM log LEFT JOIN device ON device.id = log.device_id "
        "WHERE log.practice_id = ? AND log.entity = ? AND log.pk = ? ORDER BY log.seq LIMIT 1",
        book.practice,
        entity,
        book.id(pk),
    ).fetchone()
    return None if found is None or found[0] is None else book.uuid(found[0])


def ever_said(book: Book, entity: str, pk: UUID, column: str) -> set[Any]:
    """Return what a column of a row was ever set to."""
    found = book.run(
        "SELECT columns FROM log WHERE practice_id = ? AND entity = ? AND pk = ?",
        book.practice,
        entity,
        book.id(pk),
    )
    lines = [json.loads(columns) for (columns,) in found.fetchall()]
    return {said[column] for said in lines if column in said}


def ever_naming(book: Book, entity: str, column: str, target: UUID) -> set[UUID]:
    """Return the rows of a table that ever named ``target`` by a column, even if not any more."""
    found = book.run(
        "SELECT pk, columns FROM log WHERE practice_id = ? AND entity = ? AND columns LIKE ?",
        book.practice,
        entity,
        f"%{target.hex}%",
    )
    return {
        book.uuid(pk)
        for pk, columns in found.fetchall()
        if json.loads(columns).get(column) == target.hex
    }


def accepted_after(
    book: Book, incarnation: UUID, place: int, until: int = LARGEST_PLACE
) -> set[UUID]:
    """Return the operations that were taken of places of an outbox after ``place``."""
    found = book.run(
        "SELECT operation FROM log WHERE practice_id = ? AND incarnation = ? "
        "AND lsn > ? AND lsn <= ? AND operation IS NOT NULL",
        book.practice,
        book.id(incarnation),
        place,
        until,
    )
    return {book.uuid(row[0]) for row in found.fetchall()}


def taken_of_others(
    book: Book, incarnation: UUID, operations: Sequence[UUID]
) -> list[tuple[UUID, UUID, int, bool]]:
    """Return operations that were taken of other lives: which, of whom, of what place, if new.

    Only those that stood where they were first written, as far as their lines tell: what an
    earlier epoch had taken was queued anew, and of what was purged no line tells it.
    """
    where, values = book.among("operation", operations)
    found = book.run(
        "SELECT operation, incarnation, lsn, is_new FROM log "
        f"WHERE practice_id = ? AND {where} AND incarnation <> ? "
        "AND earlier IS NULL AND columns <> '{}'",
        book.practice,
        *values,
        book.id(incarnation),
    )
    return [
        (book.uuid(operation), book.uuid(life), int(place), bool(is_new))
        for operation, life, place, is_new in found.fetchall()
    ]


def places_taken(book: Book, incarnation: UUID, places: Sequence[int]) -> bool:
    """Return whether the log knows other operations at these places of an outbox."""
    wanted = set(places)
    found = book.run(
        "SELECT lsn FROM log WHERE practice_id = ? AND incarnation = ? AND lsn BETWEEN ? AND ?",
        book.practice,
        book.id(incarnation),
        min(wanted),
        max(wanted),
    )
    return any(lsn in wanted for (lsn,) in found.fetchall())


def write_receipt(book: Book, operation: UUID, verdict: str, refusal: str, at: datetime) -> None:
    """Keep the answer to an operation that left no line."""
    book.run(
        "INSERT INTO receipt (practice_id, operation, verdict, refusal, at) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        book.practice,
        book.id(operation),
        verdict,
        refusal,
        book.moment(at),
    )


def write(book: Book, first: int, lines: Sequence[Line], at: datetime) -> None:
    """Write lines, numbered from ``first``."""
    moment, packed = book.moment(at), book.id
    # Nearly all lines are of one computer, and of one life of its file.
    device, life = ((each, packed(each)) for each in (lines[0].device_id, lines[0].incarnation))
    book.insert_many(
        "log",
        COLUMNS,
        [
            (
                seq,
                packed(line.change_set),
                device[1] if line.device_id is device[0] else packed(line.device_id),
                life[1] if line.incarnation is life[0] else packed(line.incarnation),
                packed(line.operation),
                line.lsn,
                line.entity,
                packed(line.pk),
                line.is_new,
                line.base_seq,
                line.hlc,
                line.schema,
                moment,
                line.verdict,
                line.columns,
                line.lost,
                line.earlier,
            )
            for seq, line in enumerate(lines, first)
        ],
    )
