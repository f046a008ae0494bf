"""Which chunks of files lie here, and which a member has sent: that proves who has a file.

A file's ciphertext follows from its key and content alone, so two computers that hold it send the
same bytes. What a member sent is remembered whatever lay here, so that nothing that they are told
depends on that.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hosted.sync.book import Book

#: The members who have sent a file whole as it lies here; wants practice and address, twice.
HAVING = (
    "SELECT s.member_id FROM sent_chunk s JOIN blob_chunk c ON c.practice_id = s.practice_id "
    "AND c.hash = s.hash AND c.chunk = s.chunk AND c.digest = s.digest "
    "WHERE s.practice_id = ? AND s.hash = ? GROUP BY s.member_id "
    "HAVING count(*) = (SELECT chunks FROM blob WHERE practice_id = ? AND hash = ?)"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One of ``of`` chunks of a file as it came, by the SHA-256 of its ciphertext."""

    address: str
    chunk: int
    of: int
    digest: bytes


def remember(book: Book, member_id: UUID, sent: Sent) -> None:
    """Remember what a member sent, but where they sent before what lies here: that proves it."""
    book.run(
        "INSERT INTO sent_chunk (practice_id, hash, member_id, chunk, chunks, digest) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (practice_id, hash, member_id, chunk) "
        "DO UPDATE SET chunks = excluded.chunks, digest = excluded.digest "
        "WHERE NOT EXISTS (SELECT 1 FROM blob_chunk c WHERE c.practice_id = sent_chunk.practice_id "
        "AND c.hash = sent_chunk.hash AND c.chunk = sent_chunk.chunk "
        "AND c.digest = sent_chunk.digest)",
        book.practice,
        sent.address,
        book.id(member_id),
        sent.chunk,
        sent.of,
        sent.digest,
    )


def sent_by(book: Book, member_id: UUID, address: str) -> tuple[int, list[int]] | None:
    """Return of how many chunks, and which, a member has sent of a file; ``None`` for none."""
    found = book.run(
        "SELECT chunks, chunk FROM sent_chunk WHERE practice_id = ? AND hash = ? "
        "AND member_id = ? ORDER BY chunk",
        book.practice,
        address,
        book.id(member_id),
    ).fetchall()
    if not found:
        return None
    of = max(chunks for chunks, _ in found)
    return of, [chunk for chunks, chunk in found if chunks == of]


def laid(book: Book, sent: Sent) -> None:
    """Note that what was sent lies here now."""
    book.run(
        "INSERT INTO blob_chunk (practice_id, hash, chunk, digest) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (practice_id, hash, chunk) DO UPDATE SET digest = excluded.digest",
        book.practice,
        sent.address,
        sent.chunk,
        sent.digest,
    )


def is_laid(book: Book, sent: Sent) -> bool:
    """Return whether something lies here as that chunk, as far as the database knows."""
    found = book.run(
        "SELECT 1 FROM blob_chunk WHERE practice_id = ? AND hash = ? AND chunk = ?",
        book.practice,
        sent.address,
        sent.chunk,
    )
    return found.fetchone() is not None


def sent_as_they_lie(book: Book, address: str) -> dict[UUID, set[int]]:
    """Return which chunks of a file each member sent as they lie here."""
    rows = book.run(
        "SELECT s.member_id, s.chunk FROM sent_chunk s JOIN blob_chunk c "
        "ON c.practice_id = s.practice_id AND c.hash = s.hash AND c.chunk = s.chunk "
        "AND c.digest = s.digest WHERE s.practice_id = ? AND s.hash = ?",
        book.practice,
        address,
    )
    found: dict[UUID, set[int]] = {}
    for member, chunk in rows.fetchall():
        found.setdefault(book.uuid(member), set()).add(chunk)
    return found


def begin_anew(book: Book, sent: Sent) -> None:
    """Give a file another number of chunks; none of them lies here then."""
    about = (book.practice, sent.address)
    book.run("DELETE FROM blob_chunk WHERE practice_id = ? AND hash = ?", *about)
    book.run("UPDATE blob SET chunks = ? WHERE practice_id = ? AND hash = ?", sent.of, *about)


def forget(book: Book, address: str) -> None:
    """Forget a file, and who sent it."""
    for table in ("blob", "blob_chunk", "sent_chunk"):
        book.run(f"DELETE FROM {table} WHERE practice_id = ? AND hash = ?", book.practice, address)
