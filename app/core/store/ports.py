"""What the store needs of the place it runs in; the vault and the hosted account provide it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row as a unit of work changed it: only the columns that differ, as JSON values.

    ``before`` is empty for a new row. ``together`` holds the unchanged columns that travel with
    the changed ones, ``base_seq`` the row's version on the server that the writer saw (0: none).
    ``made`` holds what a new row of a computed id was made with in the columns that changed since:
    other devices make the same row, and only what differs from the rule is somebody's doing.
    """

    table: str
    id: UUID
    is_new: bool
    before: dict[str, Any]
    after: dict[str, Any]
    together: dict[str, Any] = field(default_factory=dict)
    base_seq: int = 0
    made: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Everything that one unit of work changed; it is sent and undone as a whole."""

    id: UUID
    at: datetime
    command: str
    label: str
    rows: tuple[RowChange, ...]
    undoable: bool
    job: UUID | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A record that a search found, best first."""

    kind: str
    id: UUID


class Sink(Protocol):
    """Takes change sets: the outbox on the desktop, the log on the server."""

    def write(self, session: Session, change_set: ChangeSet) -> None:
        """Store ``change_set`` in the transaction of the data."""
        ...


class UndoLog(Protocol):
    """Keeps change sets whose inverse is offered."""

    def load(self, session: Session, change_set: UUID, now: datetime) -> ChangeSet:
        """Return an undoable change set; raises ``UserError`` when it is no longer offered."""
        ...

    def latest_of_job(self, session: Session, job: UUID, now: datetime) -> ChangeSet | None:
        """Return a job's latest change set that is not yet undone and still offered."""
        ...

    def close(self, session: Session, change_set: UUID, now: datetime) -> None:
        """Mark ``change_set`` as undone."""
        ...


class SearchIndex(Protocol):
    """Finds records by words."""

    def update(self, session: Session, rows: Iterable[RowChange], *, later: bool = False) -> None:
        """Bring the index along with ``rows``, in their transaction.

        ``later`` lets their long texts wait, however many: whoever says so calls ``catch_up``.
        """
        ...

    def behind(self, session: Session) -> bool:
        """Return whether more texts wait than a few that were just typed."""
        ...

    def catch_up(self, session: Session, most: int, characters: int | None = None) -> int:
        """Index up to ``most`` of the texts that wait; return how many.

        Of long ones fewer: no more are begun once ``characters`` are indexed.
        """
        ...

    def unread(self, session: Session) -> int:
        """Return in how many long texts nothing can be found yet."""
        ...

    def find(self, session: Session, words: str, *, body: bool, limit: int) -> list[Found]:
        """Return records whose names (or long text, with ``body``) hold every word begun."""
        ...


class Numbers(Protocol):
    """Gives document numbers, never twice."""

    def take(self, prefix: str, year: int) -> str:
        """Return the next number, e.g. ``INV-2026-0001``."""
        ...

    def start_at(self, prefix: str, year: int, first: int) -> None:
        """Set the first number of a series once, before any was given."""
        ...


class Papers(Protocol):
    """Keeps the bytes of issued papers by their SHA-256."""

    def put(self, content: bytes) -> str:
        """Store ``content`` once and return its hash in hex."""
        ...

    def get(self, digest: str) -> bytes:
        """Return what was stored; raises ``NotHereYet`` or ``NotFound``."""
        ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Content that lies encrypted beside the database.

    ``address`` is its keyed hash in hex, ``key`` the random key that it is encrypted with.
    """

    address: str
    key: bytes
    size: int


class Files(Protocol):
    """Keeps the content of attached files, each under a random key of its own."""

    def has(self, address: str, size: int) -> bool:
        """Return whether the whole content lies on this computer."""
        ...

    def read(self, file: StoredFile) -> Iterator[bytes]:
        """Yield the content piece by piece, each proved to be what was stored.

        Raises ``NotHereYet`` while it is not here, ``NotOurFile`` when it is damaged.
        """
        ...


class Removal(Protocol):
    """Takes records out of the file for good; only where no account holds them, too."""

    def is_alone(self, session: Session) -> bool:
        """Return whether no account has heard of this file, now or before."""
        ...

    def remove(
        self, session: Any, records: Collection[tuple[str, UUID]]
    ) -> Collection[tuple[str, UUID]]:
        """Remove records and what cannot be without them, with every trace; return all of them."""
        ...

    def empty_lists(self, session: Any, entity: str, pk: UUID, names: Collection[str]) -> None:
        """Empty columns that hold lists, and forget what they held."""
        ...


class Ports(Protocol):
    """All of them, as bootstrap hands them in."""

    @property
    def chain(self) -> UUID:
        """The device incarnation that writes this audit chain."""
        ...

    last_backup: datetime | None
    """The moment of the newest backup that was checked, as far as this device knows."""
    chain_end: Any
    """The chain's last link as of the last commit; ``None`` before the first."""

    @property
    def sink(self) -> Sink:
        """Takes the change sets."""
        ...

    @property
    def undo_log(self) -> UndoLog:
        """Keeps what can be undone."""
        ...

    @property
    def search(self) -> SearchIndex:
        """Finds records by words."""
        ...

    @property
    def removal(self) -> Removal:
        """Destroys records."""
        ...

    @property
    def files(self) -> Files:
        """Keeps attached files."""
        ...

    def numbers(self, session: Session) -> Numbers:
        """Return the numbers of the unit of work that ``session`` stands for."""
        ...

    def papers(self, session: Session) -> Papers:
        """Return the paper store of the unit of work that ``session`` stands for."""
        ...


def ports_of(session: Session) -> Ports:
    """Return the ports that the session was opened with."""
    ports: Ports = session.info["ports"]
    return ports
