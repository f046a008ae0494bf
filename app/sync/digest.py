"""Sums by which two sides find out whether they hold the same rows, without sending them.

A row's hash covers its id and the named columns as JSON values; rows fall into 256 buckets by
their id, and a bucket's sum is the XOR of its rows' hashes, so that order does not matter and a
difference is found bucket by bucket, then row by row. Both sides use these functions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.core.store.columns import canonical_json

BUCKETS = 256
_SUM_BYTES = 8


def bucket_of(pk: UUID) -> int:
    """Return the bucket of a row, 0 to 255: the first byte of the SHA-256 of its id."""
    return hashlib.sha256(pk.hex.encode()).digest()[0]


def row_hash(pk: UUID, columns: Mapping[str, Any], names: Sequence[str]) -> str:
    """Return the SHA-256 of a row in hex: its id and the columns in ``names`` (absent: null)."""
    said = canonical_json({name: columns.get(name) for name in names})
    return hashlib.sha256(f"{pk.hex}{said}".encode()).hexdigest()


def sums(hashed: Iterable[tuple[UUID, str]]) -> tuple[str, ...]:
    """Return the sums of all buckets in hex, from the ids and hashes of the rows."""
    totals = [0] * BUCKETS
    for pk, said in hashed:
        totals[bucket_of(pk)] ^= int(said[: _SUM_BYTES * 2], 16)
    return tuple(f"{total:0{_SUM_BYTES * 2}x}" for total in totals)


def differing(mine: Sequence[str], theirs: Sequence[str]) -> tuple[int, ...]:
    """Return the buckets whose sums differ; a side that gives too few sums differs there."""
    padded = [*theirs[:BUCKETS], *[""] * (BUCKETS - len(theirs))]
    return tuple(at for at in range(BUCKETS) if mine[at] != padded[at])
