"""Versions across the epochs of the account: an epoch and a seq.

Seqs of two epochs cannot be compared, since a restored account gives them out again. The names of
epochs are in the order in which they began. Source: decision record 0022, rule 15.
"""

from __future__ import annotations

import json

from app.core.store.columns import canonical_json
from app.sync.protocol.records import Earlier

Version = tuple[str, int]
#: Stands for the present epoch, and comes behind the name of every earlier one.
PRESENT = "~"


def read_earlier(text: str | None) -> Earlier:
    """Return what the outbox keeps of earlier epochs about an operation."""
    if text is None:
        return Earlier()
    said = json.loads(text)
    was = said.get("was")
    return Earlier(
        said.get("base", ""),
        (was[0], was[1]) if was else None,
        said.get("whole", False),
        said.get("replaced", {}),
        said.get("in_doubt", False),
    )


def write_earlier(earlier: Earlier) -> str | None:
    """Return it as the outbox keeps it; ``None`` where there is nothing to keep."""
    said = {
        "base": earlier.base,
        "was": list(earlier.was) if earlier.was else None,
        "whole": earlier.whole,
        "replaced": dict(earlier.replaced),
        "in_doubt": earlier.in_doubt,
    }
    kept = {name: each for name, each in said.items() if each}
    return canonical_json(kept) if kept else None


def base_of(base_seq: int, earlier: Earlier) -> Version:
    """Return the version that the writer of an operation had seen.

    What states a row again shows that row as it was, and so does its version.
    """
    if earlier.whole and earlier.was is not None:
        return earlier.was
    return (earlier.base or PRESENT, base_seq)
