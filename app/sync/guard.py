"""A pull that would remove much waits for the person's yes.

Source: sync design, mass delete: more than 20 rows, or more than 5 % of an entity. A few rows of a
small table are ordinary work (one of four locations), so the share counts from four rows on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.sync.file import Slice
from app.sync.forms import form_of
from app.sync.protocol.messages import Page

MOST_ROWS = 20
MOST_SHARE = 0.05
FEW = 3


@dataclass(frozen=True, slots=True)
class Removal:
    """How many live records a pull would remove, by entity."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Of all entities."""
        return sum(self.counts.values())

    def covers(self, other: Removal) -> bool:
        """Return whether who agreed to this has agreed to ``other``: no kind removes more."""
        return all(count <= self.counts.get(entity, 0) for entity, count in other.counts.items())


def removes(page: Page) -> bool:
    """Return whether ``page`` removes anything at all."""
    deletes = any(entry.columns.get("deleted_at") is not None for entry in page.entries)
    return deletes or bool(page.gone) or bool(page.purged)


def removal_of(part: Slice, page: Page) -> Removal:
    """Return what ``page`` would remove of the rows that are live in the file."""
    wanted: dict[str, set[bytes]] = {}
    for entry in page.entries:
        deletes = entry.columns.get("deleted_at") is not None
        if deletes and part.outbox.of_op(entry.operation.bytes) is None:
            wanted.setdefault(entry.entity, set()).add(entry.pk.bytes)
    _add(wanted, page.gone)
    _add(wanted, page.purged)
    return Removal({entity: _live(part, entity, ids) for entity, ids in wanted.items()})


def is_much(part: Slice, removal: Removal) -> bool:
    """Return whether a person must agree to ``removal``."""
    if removal.total > MOST_ROWS:
        return True
    return any(
        count > FEW and count > MOST_SHARE * _all(part, entity)
        for entity, count in removal.counts.items()
    )


def _add(wanted: dict[str, set[bytes]], records: Iterable[tuple[str, UUID]]) -> None:
    for entity, pk in records:
        wanted.setdefault(entity, set()).add(pk.bytes)


def _live(part: Slice, entity: str, ids: set[bytes]) -> int:
    if form_of(entity) is None:
        return 0
    return sum(
        part.connection.execute(
            f"SELECT count(*) FROM {entity} "
            "WHERE practice_id = ? AND id = ? AND deleted_at IS NULL",
            (part.session.practice_id.bytes, pk),
        ).fetchone()[0]
        for pk in ids
    )


def _all(part: Slice, entity: str) -> int:
    found: int = part.connection.execute(
        f"SELECT count(*) FROM {entity} WHERE practice_id = ? AND deleted_at IS NULL",
        (part.session.practice_id.bytes,),
    ).fetchone()[0]
    return found
