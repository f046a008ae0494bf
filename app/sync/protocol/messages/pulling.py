"""What others wrote: after a cursor, or everything visible at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.sync.protocol.records import Entry, Row
from app.sync.protocol.terms import PULL_ROWS
from app.sync.wire import Reader


@dataclass(frozen=True, slots=True)
class Pull:
    """Asks for what came after ``cursor``, at most ``rows`` entries; change sets stay whole."""

    epoch: str
    cursor: str
    rows: int = PULL_ROWS
    covers: tuple[UUID, ...] | None = None
    """The cases that the file holds, where its scope version is one of an earlier epoch."""

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        said: dict[str, Any] = {"epoch": self.epoch, "cursor": self.cursor, "rows": self.rows}
        if self.covers is not None:
            said["covers"] = [each.hex for each in self.covers]
        return said

    @classmethod
    def read(cls, said: Any) -> Pull:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        covers = None if of.value("covers") is None else of.ids("covers")
        return cls(of.text("epoch"), of.text("cursor"), of.whole("rows", least=1), covers)


@dataclass(frozen=True, slots=True)
class Page:
    """Entries after a cursor, in order, and the cursor behind the last of them.

    ``head - seq`` is what remains. ``gone`` names records that left this member's scope,
    ``purged`` those that no longer exist anywhere; ``scope_version`` differing from one's own
    means that a snapshot of what is newly visible must be fetched.
    """

    entries: tuple[Entry, ...]
    cursor: str
    seq: int
    head: int
    scope_version: int
    gone: tuple[tuple[str, UUID], ...] = ()
    purged: tuple[tuple[str, UUID], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "entries": [each.to_json() for each in self.entries],
            "cursor": self.cursor,
            "seq": self.seq,
            "head": self.head,
            "scope_version": self.scope_version,
            "gone": [[entity, pk.hex] for entity, pk in self.gone],
            "purged": [[entity, pk.hex] for entity, pk in self.purged],
        }

    @classmethod
    def read(cls, said: Any) -> Page:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(
            tuple(Entry.read(each) for each in of.items("entries")),
            of.text("cursor"),
            of.whole("seq"),
            of.whole("head"),
            of.whole("scope_version"),
            of.records("gone"),
            of.records("purged"),
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Asks for the next part of everything visible; ``after`` is empty for the first part."""

    epoch: str
    after: str
    rows: int = PULL_ROWS

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {"epoch": self.epoch, "after": self.after, "rows": self.rows}

    @classmethod
    def read(cls, said: Any) -> Snapshot:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(of.text("epoch"), of.text("after"), of.whole("rows", least=1))


@dataclass(frozen=True, slots=True)
class SnapshotPart:
    """Some of the rows. Parents come before what hangs on them.

    ``useful`` holds once today with 14 days around it, active clients and their last notes have
    come; ``after`` is empty in the last part. From ``cursor`` on, pulls bring what changed since
    the snapshot was begun.
    """

    rows: tuple[Row, ...]
    after: str
    cursor: str
    seq: int
    done: int
    total: int
    useful: bool
    scope_version: int

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "rows": [each.to_json() for each in self.rows],
            "after": self.after,
            "cursor": self.cursor,
            "seq": self.seq,
            "done": self.done,
            "total": self.total,
            "useful": self.useful,
            "scope_version": self.scope_version,
        }

    @classmethod
    def read(cls, said: Any) -> SnapshotPart:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(
            tuple(Row.read(each) for each in of.items("rows")),
            of.text("after"),
            of.text("cursor"),
            of.whole("seq"),
            of.whole("done"),
            of.whole("total"),
            of.flag("useful"),
            of.whole("scope_version"),
        )
