"""The few decisions on which everything rests, each in one place.

A simulator hands in a subclass that decides one of them wrongly, to prove that it would notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.core.store.merging import Merging
from app.sync.protocol.terms import FUTURE_MS
from hosted.store.kinds import Kind
from hosted.sync import log
from hosted.sync.book import Book


class Policy:
    """What the server does; there is no other policy outside of tests."""

    def reserve(self, book: Book, count: int) -> int:
        """Take ``count`` numbers of the log, without gaps, and return the first."""
        return log.reserve(book, count)

    def answered(self, book: Book, operations: Sequence[UUID]) -> dict[UUID, tuple[str, int, str]]:
        """Return the answers that these operations were given before."""
        return log.answered(book, operations)

    def stamp(self, hlc: int, now_ms: int) -> int:
        """Return a stamp that is at most a minute ahead of the server's clock."""
        return hlc if hlc >> 16 <= now_ms + FUTURE_MS else now_ms << 16

    def rule(self, kind: Kind) -> Merging:
        """Return the rule by which rows of ``kind`` are joined."""
        return kind.merging

    def next_free(self, stored: int, asked: int) -> int:
        """Return the first number of the next lease of a series."""
        return max(stored, asked)
