"""What would remove much here waits for the person's yes, whichever way it comes.

Source: sync design, mass delete: more than 20 rows, or more than 5 % of an entity. A few rows of a
small table are ordinary work (one of four locations), so the share counts from four rows on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.sync.file import LocalFile, Slice
from app.sync.forms import form_of
from app.sync.outbox import Outbox
from app.sync.protocol.messages import Page
from app.sync.protocol.records import Entry, Row

MOST_ROWS = 20
MOST_SHARE = 0.05
FEW = 3


@dataclass(frozen=True, slots=True)
class Removal:
    """How many live records would be removed, by entity."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Of all entities."""
        return sum(self.counts.values())

    def covers(self, other: Removal) -> bool:
        """Return whether who agreed to this has agreed to ``other``: no kind removes more."""
        return all(count <= self.counts.get(entity, 0) for entity, count in other.counts.items())


class MuchRemoved(Exception):
    """What comes next would remove much: a person must agree first."""

    def __init__(self, removal: Removal) -> None:
        super().__init__("much would be removed")
        self.removal = removal


class Consent:
    """What a person has agreed to see removed, until that has happened."""

    def __init__(self, file: LocalFile) -> None:
        self._file = file
        self._accepted: Removal | None = None
        self._taken_up = False

    def accept(self, told: Removal | None) -> None:
        """Let what comes next remove what the person was told of and agreed to, and no more."""
        self._accepted, self._taken_up = told, False

    def used(self) -> None:
        """Say that what was required last is in the file; nobody is asked twice about it."""
        if self._taken_up:
            self.accept(None)

    def require_for_page(self, page: Page) -> None:
        """Raise ``MuchRemoved`` for a page of the log that would remove much unasked."""
        if any(_deletes(entry) for entry in page.entries) or page.gone or page.purged:
            self._require(lambda part: _by_page(page, part.outbox))

    def require_for_rows(self, rows: Sequence[Row]) -> None:
        """Raise ``MuchRemoved`` for whole rows that would remove much unasked."""
        if any(_deletes(row) for row in rows):
            self._require(lambda _part: [(r.entity, r.pk) for r in rows if _deletes(r)])

    def _require(self, wanted: Callable[[Slice], Iterable[tuple[str, UUID]]]) -> None:
        removal = self._file.slice(lambda part: _much(part, wanted(part)))
        if removal is None:
            return
        if self._accepted is None or not self._accepted.covers(removal):
            raise MuchRemoved(removal)
        self._taken_up = True


def _deletes(said: Entry | Row) -> bool:
    return said.columns.get("deleted_at") is not None


def _by_page(page: Page, outbox: Outbox) -> Iterable[tuple[str, UUID]]:
    yield from page.gone
    yield from page.purged
    for entry in page.entries:
        if _deletes(entry) and outbox.of_op(entry.operation.bytes) is None:
            yield entry.entity, entry.pk


def _much(part: Slice, records: Iterable[tuple[str, UUID]]) -> Removal | None:
    """Return what would be removed of the rows that are live in the file, if it is much."""
    wanted: dict[str, set[bytes]] = {}
    for entity, pk in records:
        wanted.setdefault(entity, set()).add(pk.bytes)
    removal = Removal({entity: _live(part, entity, ids) for entity, ids in wanted.items()})
    return removal if is_much(part, removal) else None


def is_much(part: Slice, removal: Removal) -> bool:
    """Return whether a person must agree to ``removal``."""
    if removal.total > MOST_ROWS:
        return True
    return any(
        count > FEW and count > MOST_SHARE * _all(part, entity)
        for entity, count in removal.counts.items()
    )


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
