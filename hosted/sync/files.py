"""Which records name a file that lies in the account, and so who may have its pieces.

An attachment says the address of its file; that of an issued paper follows from the paper's hash,
one way. So what each record names is written down beside it, in the transaction that writes it.

To know an address is not to have the file. Who names one without seeing a record that does claims
it, and the record counts once that member has sent the file whole: who holds it can.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from uuid import UUID

from app.sync.protocol.papers import paper_address
from hosted.sync.book import Book
from hosted.sync.chunks import HAVING
from hosted.sync.scope import View, view_of
from hosted.sync.touched import Row

_HASH = re.compile(r"[0-9a-f]{64}")
#: Tables whose rows name a file: the column, and how the file's address follows from it.
_NAMING: dict[str, tuple[str, Callable[[str], str]]] = {
    "attachment": ("address", str),
    "invoice": ("paper_hash", paper_address),
    "superbill": ("paper_hash", paper_address),
}
_COLUMNS = {"entity": "text", "pk": "uuid", "address": "text", "claimed_by": "uuid"}
#: What a record names counts, or not yet.
_COUNTS = f"(claimed_by IS NULL OR claimed_by IN ({HAVING}))"


class Naming:
    """Writes down what the rows name that one member's batch makes or changes."""

    def __init__(self, book: Book, view: View, writer: UUID, *, restored: bool) -> None:
        """``restored``: whether rows are stated again after a restore."""
        self._book = book
        self._view = view
        self._writer = writer
        self._restored = restored

    def note(self, rows: Iterable[Row]) -> None:
        """Write down which files the rows name."""
        made = []
        for row in rows:
            column, address_of = _NAMING.get(row.kind.name, ("", str))
            said = row.said.get(column)
            if said is None:
                continue
            address = address_of(said) if _HASH.fullmatch(said) else ""
            if not row.created:
                if address in named_by(self._book, [(row.kind.name, row.pk)]):
                    continue
                forget(self._book, row.kind.name, row.pk)
            if address:
                claimed_by = self._book.id(self._claimant(row, address))
                made.append((row.kind.name, self._book.id(row.pk), address, claimed_by))
        if made:
            self._book.insert_many("named_file", _COLUMNS, made)

    def _claimant(self, row: Row, address: str) -> UUID | None:
        """Return who must have sent the file for the row to count; ``None`` where it does now."""
        if address in shown(self._book, self._view, [address]):
            return None
        if row.stated and self._restored and not naming(self._book, address):
            # It named it before a restore, and whoever has the file may have sent it then.
            return None
        return self._writer


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
    """Return, by table, the records that name a file and count."""
    about = (book.practice, address)
    rows = book.run(
        f"SELECT entity, pk FROM named_file WHERE practice_id = ? AND address = ? AND {_COUNTS}",
        *about * 3,
    )
    found: dict[str, list[UUID]] = {}
    for entity, pk in rows.fetchall():
        found.setdefault(entity, []).append(book.uuid(pk))
    return found


def claims(book: Book, member_id: UUID, address: str) -> bool:
    """Return whether a member named a file that no record names which counts."""
    claimed = book.run(
        "SELECT 1 FROM named_file WHERE practice_id = ? AND address = ? AND claimed_by = ?",
        book.practice,
        address,
        book.id(member_id),
    )
    return claimed.fetchone() is not None and not naming(book, address)


def counts(book: Book, member_id: UUID, address: str) -> bool:
    """Return whether a member may have a file, or by having it makes a record of theirs count."""
    if shown(book, view_of(book, member_id), [address]):
        return True
    about = (book.practice, address)
    mine = book.run(
        "SELECT 1 FROM named_file WHERE practice_id = ? AND address = ? AND claimed_by = ? "
        f"AND claimed_by IN ({HAVING})",
        *about,
        book.id(member_id),
        *about * 2,
    )
    return mine.fetchone() is not None


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
