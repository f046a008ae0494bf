"""Which records name a file that lies in the account, and so who may have its pieces.

An attachment says the address of its file; that of an issued paper follows from the paper's hash,
one way. So what each record names is written down beside it, in the transaction that writes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from uuid import UUID

from app.sync.protocol.papers import paper_address
from hosted.sync.book import Book
from hosted.sync.scope import View
from hosted.sync.touched import Row

_HASH = re.compile(r"[0-9a-f]{64}")
#: Tables whose rows name a file: the column, and how the file's address follows from it.
_NAMING: dict[str, tuple[str, Callable[[str], str]]] = {
    "attachment": ("address", str),
    "invoice": ("paper_hash", paper_address),
    "superbill": ("paper_hash", paper_address),
}
_COLUMNS = {"entity": "text", "pk": "uuid", "address": "text"}


def note(book: Book, rows: Iterable[Row]) -> None:
    """Write down which files the rows name that were made or changed."""
    made = []
    for row in rows:
        column, address_of = _NAMING.get(row.kind.name, ("", str))
        said = row.said.get(column)
        if said is None:
            continue
        if not row.created:
            forget(book, row.kind.name, row.pk)
        if _HASH.fullmatch(said):
            made.append((row.kind.name, book.id(row.pk), address_of(said)))
    if made:
        book.insert_many("named_file", _COLUMNS, made)


def forget(book: Book, entity: str, pk: UUID) -> None:
    """Forget which file a record names."""
    if entity in _NAMING:
        book.run(
            "DELETE FROM named_file WHERE practice_id = ? AND entity = ? AND pk = ?",
            book.practice,
            entity,
            book.id(pk),
        )


def named_by(book: Book, records: Iterable[tuple[str, UUID]]) -> set[str]:
    """Return the addresses of the files that these records name."""
    found: set[str] = set()
    for entity, pk in records:
        if entity in _NAMING:
            rows = book.run(
                "SELECT address FROM named_file WHERE practice_id = ? AND entity = ? AND pk = ?",
                book.practice,
                entity,
                book.id(pk),
            )
            found.update(address for (address,) in rows.fetchall())
    return found


def naming(book: Book, address: str) -> dict[str, list[UUID]]:
    """Return, by table, the records that name a file."""
    rows = book.run(
        "SELECT entity, pk FROM named_file WHERE practice_id = ? AND address = ?",
        book.practice,
        address,
    )
    found: dict[str, list[UUID]] = {}
    for entity, pk in rows.fetchall():
        found.setdefault(entity, []).append(book.uuid(pk))
    return found


def shown(book: Book, view: View, addresses: Collection[str]) -> set[str]:
    """Return of these files those that somebody with this view may have.

    Who sees all may have any, also one that no record names yet; others one of whose records they
    see at least one.
    """
    if not view.limited:
        return set(addresses)
    return {
        address
        for address in addresses
        if any(view.shows(book, entity, ids) for entity, ids in naming(book, address).items())
    }
