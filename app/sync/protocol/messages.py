"""One request and one answer for every verb."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.sync.protocol.records import Answer, Entry, Operation, Row
from app.sync.protocol.terms import CHUNK_BYTES, LEASE, PULL_ROWS, PUSH_OPERATIONS, Upgrade
from app.sync.wire import Malformed, Reader

#: Pieces of files in one message that is left in quarantine.
MOST_PIECES = 8


def _ids(of: Reader, key: str, most: int = PULL_ROWS) -> tuple[UUID, ...]:
    listed = [] if of.value(key) is None else of.items(key, most=most)
    return tuple(Reader.row([each], least=1).uuid(0) for each in listed)


def _places(of: Reader, key: str) -> dict[UUID, int]:
    listed = [] if of.value(key) is None else of.items(key, most=PULL_ROWS)
    rows = [Reader.row(each, least=2) for each in listed]
    return {row.uuid(0): row.whole(1) for row in rows}


def _pieces(of: Reader) -> list[Any]:
    return [] if of.value("pieces") is None else of.items("pieces", most=MOST_PIECES)


@dataclass(frozen=True, slots=True)
class Hello:
    """Who calls: versions, incarnation and how far it has come."""

    version: int
    oldest: int
    schema: int
    program: str
    incarnation: UUID
    tag: str
    lsn: int
    """The largest place that the outbox ever had."""
    epoch: str
    cursor: str
    waiting: int
    confirmed: int | None = None
    """The largest place of the outbox that is known to have arrived."""
    held: tuple[UUID, ...] = ()
    """Operations behind that place, in order: those that may be on their way are among them."""
    lineage: Mapping[UUID, int] = field(default_factory=dict)
    """Earlier incarnations of the file, each with the largest place known to have arrived."""

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "confirmed": self.confirmed,
            "held": [each.hex for each in self.held],
            "lineage": [[life.hex, place] for life, place in self.lineage.items()],
            "version": self.version,
            "oldest": self.oldest,
            "schema": self.schema,
            "program": self.program,
            "incarnation": self.incarnation.hex,
            "tag": self.tag,
            "lsn": self.lsn,
            "epoch": self.epoch,
            "cursor": self.cursor,
            "waiting": self.waiting,
        }

    @classmethod
    def read(cls, said: Any) -> Hello:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(
            of.whole("version", least=1),
            of.whole("oldest", least=1),
            of.whole("schema"),
            of.text("program"),
            of.uuid("incarnation"),
            of.text("tag"),
            of.whole("lsn"),
            of.text("epoch"),
            of.text("cursor"),
            of.whole("waiting"),
            None if of.value("confirmed") is None else of.whole("confirmed"),
            _ids(of, "held"),
            _places(of, "lineage"),
        )


@dataclass(frozen=True, slots=True)
class Welcome:
    """The answer to ``Hello``.

    ``restored_head`` is the last seq that the log of the caller's epoch shares with the server's,
    which was restored since if that is less than the caller has. ``renew`` asks for a new
    incarnation. ``device`` is what this computer is called, which heads its side of a conflict.
    """

    version: int
    now_ms: int
    epoch: str
    restored_head: int
    head: int
    scope_version: int
    upgrade: Upgrade = Upgrade.NONE
    renew: bool = False
    device: str = ""
    entitlement: str = ""
    """The signed plan; empty for a practice that has no account."""

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "version": self.version,
            "now_ms": self.now_ms,
            "epoch": self.epoch,
            "restored_head": self.restored_head,
            "head": self.head,
            "scope_version": self.scope_version,
            "upgrade": str(self.upgrade),
            "renew": self.renew,
            "device": self.device,
            "entitlement": self.entitlement,
        }

    @classmethod
    def read(cls, said: Any) -> Welcome:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(
            of.whole("version", least=1),
            of.whole("now_ms"),
            of.text("epoch"),
            of.whole("restored_head"),
            of.whole("head"),
            of.whole("scope_version"),
            Upgrade(of.word("upgrade", Upgrade, otherwise=Upgrade.NONE)),
            of.flag("renew"),
            of.text("device"),
            of.text("entitlement"),
        )


@dataclass(frozen=True, slots=True)
class FilePiece:
    """An encrypted piece of a file or paper that only this computer holds."""

    address: str
    place: int
    count: int
    sealed: bytes

    def to_json(self) -> list[Any]:
        """Return it as it travels."""
        return [self.address, self.place, self.count, base64.b64encode(self.sealed).decode()]

    @classmethod
    def read(cls, said: Any) -> FilePiece:
        """Read what travels; raises ``Malformed``."""
        of = Reader.row(said, least=4)
        text = of.value(3)
        if not isinstance(text, str) or len(text) > 2 * CHUNK_BYTES:
            raise Malformed("a piece is no text of its size")
        try:
            sealed = base64.b64decode(text, validate=True)
        except ValueError:
            raise Malformed("a piece is not in base64") from None
        return cls(of.name(0), of.whole(1), of.whole(2), sealed)


@dataclass(frozen=True, slots=True)
class Push:
    """Whole change sets in the order in which they were written."""

    epoch: str
    incarnation: UUID
    operations: tuple[Operation, ...]
    confirmed: int | None = None
    """The largest place of the outbox that is known to have arrived."""

    more: bool = False
    """Of work that is left in quarantine: whether this may not be the last of it."""

    pieces: tuple[FilePiece, ...] = ()
    """Of work that is left in quarantine: bytes whose rows alone would be worth little."""

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        said: dict[str, Any] = {
            "epoch": self.epoch,
            "incarnation": self.incarnation.hex,
            "operations": [each.to_json() for each in self.operations],
            "confirmed": self.confirmed,
        }
        if self.more:
            said["more"] = True
        if self.pieces:
            said["pieces"] = [each.to_json() for each in self.pieces]
        return said

    @classmethod
    def read(cls, said: Any) -> Push:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        listed = of.items("operations", most=PUSH_OPERATIONS * 20)
        return cls(
            of.text("epoch"),
            of.uuid("incarnation"),
            tuple(Operation.read(each) for each in listed),
            None if of.value("confirmed") is None else of.whole("confirmed"),
            of.value("more") is not None and of.flag("more"),
            tuple(FilePiece.read(each) for each in _pieces(of)),
        )


@dataclass(frozen=True, slots=True)
class Pushed:
    """An answer for every operation of a push, and where the log stands now."""

    answers: tuple[Answer, ...]
    head: int

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {"answers": [each.to_json() for each in self.answers], "head": self.head}

    @classmethod
    def read(cls, said: Any) -> Pushed:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        listed = of.items("answers", most=PUSH_OPERATIONS * 20)
        return cls(tuple(Answer.read(each) for each in listed), of.whole("head"))


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
        covers = None if of.value("covers") is None else _ids(of, "covers", most=100_000)
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


@dataclass(frozen=True, slots=True)
class Digest:
    """Asks whether both sides hold the same, entity by entity.

    ``columns`` names the columns to compare (those this version knows). With ``bucket`` empty the
    answer gives 256 sums by the first byte of the id's SHA-256; else the rows of that bucket.
    """

    epoch: str
    entity: str
    columns: tuple[str, ...]
    bucket: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "epoch": self.epoch,
            "entity": self.entity,
            "columns": list(self.columns),
            "bucket": self.bucket,
        }

    @classmethod
    def read(cls, said: Any) -> Digest:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        bucket = None if of.value("bucket") is None else of.whole("bucket", most=255)
        names = tuple(Reader.row([each], least=1).name(0) for each in of.items("columns", most=400))
        return cls(of.text("epoch"), of.name("entity"), names, bucket)


@dataclass(frozen=True, slots=True)
class Digested:
    """Sums of all 256 buckets, or ``(id, version, hash)`` of the rows of one; as of ``head``."""

    head: int
    sums: tuple[str, ...] = ()
    rows: tuple[tuple[UUID, int, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "head": self.head,
            "sums": list(self.sums),
            "rows": [[pk.hex, seq, hashed] for pk, seq, hashed in self.rows],
        }

    @classmethod
    def read(cls, said: Any) -> Digested:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        rows = [Reader.row(each, least=3) for each in of.items("rows")]
        sums = tuple(Reader.row([each], least=1).text(0) for each in of.items("sums", most=256))
        return cls(
            of.whole("head"), sums, tuple((row.uuid(0), row.whole(1), row.text(2)) for row in rows)
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Asks for whole rows by id, to repair them; the answer is a ``SnapshotPart``."""

    epoch: str
    entity: str
    ids: tuple[UUID, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "epoch": self.epoch,
            "entity": self.entity,
            "ids": [each.hex for each in self.ids],
        }

    @classmethod
    def read(cls, said: Any) -> Wanted:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        ids = of.items("ids", most=PULL_ROWS)
        return cls(
            of.text("epoch"),
            of.name("entity"),
            tuple(Reader.row([each], least=1).uuid(0) for each in ids),
        )


@dataclass(frozen=True, slots=True)
class Lease:
    """Asks for a block of ``size`` numbers for one incarnation.

    ``next`` is the smallest number that this device knows to be free, so that a practice that
    had numbers before it was connected goes on after them.
    """

    incarnation: UUID
    prefix: str
    year: int
    size: int = LEASE
    next: int = 1

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "incarnation": self.incarnation.hex,
            "prefix": self.prefix,
            "year": self.year,
            "size": self.size,
            "next": self.next,
        }

    @classmethod
    def read(cls, said: Any) -> Lease:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(
            of.uuid("incarnation"),
            of.name("prefix"),
            of.whole("year", least=2000, most=9999),
            of.whole("size", least=1, most=1000),
            of.whole("next", least=1),
        )


@dataclass(frozen=True, slots=True)
class Leased:
    """The numbers from ``first`` to ``last``, both included, are this incarnation's.

    ``tag`` stands in them where the account was restored: it gives its numbers from a series of
    its own since, because it forgot what it had leased.
    """

    first: int
    last: int
    tag: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {"first": self.first, "last": self.last, "tag": self.tag}

    @classmethod
    def read(cls, said: Any) -> Leased:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        tag = of.name("tag") if of.value("tag") else ""
        return cls(of.whole("first", least=1), of.whole("last", least=1), tag)


@dataclass(frozen=True, slots=True)
class Refused:
    """The answer in place of the one that was asked for."""

    code: str
    detail: str = ""
    """For the log of a developer; never shown, never health data."""

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {"refused": self.code, "detail": self.detail}

    @classmethod
    def read(cls, said: Any) -> Refused:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(of.text("refused"), of.text("detail", otherwise=""))
