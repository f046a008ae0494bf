"""Numbers of papers: in which tables they stand, and the telling when one stands on two papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


#: A number is no longer than this.
_LONGEST = 64

Paper = tuple[str, UUID]
"""A table's name and a row's id."""


def numbered(book: Book, numbers: Iterable[str]) -> dict[str, list[Paper]]:
    """Return which papers bear these numbers, of those that are here."""
    wanted = sorted(numbers)
    found: dict[str, list[Paper]] = {}
    for entity in SAME_PAPER:
        rows = book.run(f"SELECT number, id FROM {entity} {_among(wanted)}", book.practice, *wanted)
        for number, pk in rows.fetchall():
            found.setdefault(number, []).append((entity, book.uuid(pk)))
    return found


def spent(book: Book, numbers: Iterable[str]) -> dict[str, list[Paper]]:
    """Return which papers bear these numbers, of those that were purged or never came in."""
    wanted = sorted(numbers)
    rows = book.run(
        f"SELECT number, entity, pk FROM spent_number {_among(wanted)}", book.practice, *wanted
    )
    found: dict[str, list[Paper]] = {}
    for number, entity, pk in rows.fetchall():
        found.setdefault(number, []).append((entity, book.uuid(pk)))
    return found


def _among(wanted: Sequence[str]) -> str:
    return f"WHERE practice_id = ? AND number IN ({', '.join('?' * len(wanted))})"


def number_of(book: Book, entity: str, pk: UUID) -> str:
    """Return the number of a paper; empty for what bears none."""
    if entity not in SAME_PAPER:
        return ""
    found = book.run(
        f"SELECT number FROM {entity} WHERE practice_id = ? AND id = ?", book.practice, book.id(pk)
    ).fetchone()
    return str(found[0]) if found else ""


def spend(book: Book, papers: Mapping[Paper, str]) -> None:
    """Keep the numbers of papers that are not here and are out all the same."""
    for (entity, pk), number in papers.items():
        book.run(
            "INSERT INTO spent_number (practice_id, entity, pk, number) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            book.practice,
            entity,
            book.id(pk),
            number,
        )


def highest(book: Book, prefix: str, year: int) -> int:
    """Return the largest number without a tag that any paper of the series bears; 0 for none."""
    start = f"{prefix}-{year}-"
    highest = 0
    for table in (*SAME_PAPER, "spent_number"):
        found = book.run(
            f"SELECT number FROM {table} WHERE practice_id = ? AND number >= ? AND number < ?",
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
    given = {str(row.said["number"]) for row, _ in fresh}
    holders = numbered(book, given)
    for number, papers in spent(book, given).items():
        holders.setdefault(number, []).extend(papers)
    for row, _ in fresh:
        holders.setdefault(row.said["number"], []).append((row.kind.name, row.pk))
    for row, operation in fresh:
        own = SAME_PAPER[row.kind.name]
        for entity, pk in holders[row.said["number"]]:
            if entity in own and pk != row.pk:
                inbox.number_twice(operation, row)
                break


def tell_of_refused(book: Book, inbox: Inbox, operations: Sequence[Operation]) -> None:
    """Note the numbers of new papers that a purge keeps out; they are out all the same.

    Where one stands on a paper that is here, that one is asked about: of what was purged no word
    comes back.
    """
    given = {
        (each.entity, each.pk): (str(each.columns["number"]), each)
        for each in operations
        if each.entity in SAME_PAPER and _is_number(each.columns.get("number"))
    }
    if not given:
        return
    holders = numbered(book, {number for number, _ in given.values()})
    for (entity, pk), (number, operation) in given.items():
        for other, paper in holders.get(number, ()):
            if other in SAME_PAPER[entity] and paper != pk:
                inbox.number_spent(operation, other, paper)
    spend(book, {paper: number for paper, (number, _) in given.items()})


def _is_number(said: object) -> bool:
    # Of refused work nothing was checked.
    return isinstance(said, str) and 0 < len(said) <= _LONGEST and said.isprintable()
