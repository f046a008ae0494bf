"""Numbers of papers: in which tables they stand, and the telling when one stands on two papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from app.sync.protocol.records import Operation
from hosted.sync.book import Book
from hosted.sync.inbox import Inbox
from hosted.sync.touched import Row

#: The tables whose rows bear a number, and those in which the same paper may stand.
SAME_PAPER = {
    "invoice": ("invoice",),
    "superbill": ("superbill", "superbill_number"),
    "superbill_number": ("superbill", "superbill_number"),
}


def numbered(book: Book, numbers: Iterable[str]) -> dict[str, list[tuple[str, UUID]]]:
    """Return which papers bear these numbers."""
    wanted = sorted(numbers)
    found: dict[str, list[tuple[str, UUID]]] = {}
    for entity in SAME_PAPER:
        rows = book.run(
            f"SELECT number, id FROM {entity} WHERE practice_id = ? "
            f"AND number IN ({', '.join('?' * len(wanted))})",
            book.practice,
            *wanted,
        )
        for number, pk in rows.fetchall():
            found.setdefault(number, []).append((entity, book.uuid(pk)))
    return found


def highest(book: Book, prefix: str, year: int) -> int:
    """Return the largest number without a tag that any paper of the series bears; 0 for none."""
    start = f"{prefix}-{year}-"
    highest = 0
    for entity in SAME_PAPER:
        found = book.run(
            f"SELECT number FROM {entity} WHERE practice_id = ? AND number >= ? AND number < ?",
            book.practice,
            start,
            f"{start}:",
        )
        for (number,) in found.fetchall():
            rest = number.removeprefix(start)
            if rest.isascii() and rest.isdigit() and len(rest) < 16:
                highest = max(highest, int(rest))
    return highest


def tell_of_twice(book: Book, inbox: Inbox, created: Sequence[tuple[Row, Operation]]) -> None:
    """Ask about each new number that stands on another paper already; both papers are out.

    A machine that was set back with all its marks can give one twice before anybody can know
    (record 0022, rule 14).
    """
    fresh = [
        (row, operation)
        for row, operation in created
        if row.kind.name in SAME_PAPER and row.created and operation.columns.get("number")
    ]
    if not fresh:
        return
    holders = numbered(book, {str(row.said["number"]) for row, _ in fresh})
    for row, _ in fresh:
        holders.setdefault(row.said["number"], []).append((row.kind.name, row.pk))
    for row, operation in fresh:
        own = SAME_PAPER[row.kind.name]
        for entity, pk in holders[row.said["number"]]:
            if entity in own and pk != row.pk:
                inbox.number_twice(operation, row)
                break
