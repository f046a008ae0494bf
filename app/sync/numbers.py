"""Blocks of document numbers, leased from the account before they run out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.core.vault.numbering import first_free, numbers_left
from app.sync.file import Slice
from app.sync.protocol.messages import Lease, Leased
from app.sync.transport import Trouble, Unreachable

#: More are asked for when fewer than these are left.
ENOUGH = 10


def wanted(part: Slice, incarnation: UUID, prefixes: Sequence[str], today: date) -> Lease | None:
    """Return the next lease to ask for: this year's, in December also next year's."""
    years = [today.year, today.year + 1] if today.month == 12 else [today.year]
    for year in years:
        for prefix in prefixes:
            if numbers_left(part.session, incarnation, prefix, year) < ENOUGH:
                free = first_free(part.session, prefix, year)
                return Lease(incarnation, prefix, year, next=free)
    return None


def keep(part: Slice, lease: Lease, leased: Leased) -> None:
    """Store a block; raises ``Unreachable`` for one that cannot be what was asked for."""
    if not lease.next <= leased.first <= leased.last < leased.first + lease.size:
        raise Unreachable(Trouble.BROKEN, "the leased numbers are not those asked for")
    part.connection.execute(
        "INSERT INTO number_block (incarnation, prefix, year, next, last, tag) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (
            lease.incarnation.bytes,
            lease.prefix,
            lease.year,
            leased.first,
            leased.last,
            leased.tag,
        ),
    )
