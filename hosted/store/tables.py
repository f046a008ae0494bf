"""Tables of the server's own lineage. Each row but the server's belongs to one practice."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.core.store.base import NAMING
from app.core.store.columns import Id, Moment


class HostedBase(DeclarativeBase):
    """Maps the server's own tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {UUID: Id, datetime: Moment, str: Text}
    #: What a transaction must be for, to see a row: a column, and the part of ``For`` it equals.
    __doors__: ClassVar[tuple[tuple[str, str], ...]] = (("practice_id", "practice"),)
    #: Whether a transaction that sees no row may still write one.
    __left_by_anybody__: ClassVar[bool] = False


class Server(HostedBase):
    """The one row about the server itself: its epoch, and the secret that signs cursors."""

    __tablename__ = "server"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[str]
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    begun_at: Mapped[datetime]


class Head(HostedBase):
    """Where a practice's log stands. Taken last in every transaction that writes the log."""

    __tablename__ = "head"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    head: Mapped[int] = mapped_column(BigInteger, default=0)
    epoch: Mapped[str]


class Epoch(HostedBase):
    """An epoch of a practice's log, and where the log of its ``parent`` stood when it began.

    The first has no parent. Epochs that a restore undid are kept, too.
    """

    __tablename__ = "epoch"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[str]
    parent: Mapped[str]
    restored_head: Mapped[int] = mapped_column(BigInteger)
    begun_at: Mapped[datetime]


class LogEntry(HostedBase):
    """One operation as it was taken, in the order that every device pulls.

    ``columns`` is JSON text of the columns that hold from here on, ``lost`` of those that did
    not. ``operation`` and ``device_id`` are empty for what the server wrote itself. ``earlier`` is
    JSON text where an earlier epoch of the server has a part in it; see ``hosted.sync.past``.
    """

    __tablename__ = "log"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    change_set: Mapped[UUID]
    device_id: Mapped[UUID | None]
    incarnation: Mapped[UUID]
    operation: Mapped[UUID | None]
    lsn: Mapped[int] = mapped_column(BigInteger)
    entity: Mapped[str]
    pk: Mapped[UUID]
    is_new: Mapped[bool]
    base_seq: Mapped[int] = mapped_column(BigInteger)
    hlc: Mapped[int] = mapped_column(BigInteger)
    schema_version: Mapped[int]
    at: Mapped[datetime]
    verdict: Mapped[str]
    columns: Mapped[str]
    lost: Mapped[str | None]
    earlier: Mapped[str | None]

    __table_args__ = (
        Index("ix_log_row", "practice_id", "entity", "pk", "seq"),
        Index("uq_log_operation", "practice_id", "operation", unique=True),
        Index("ix_log_place", "practice_id", "incarnation", "lsn"),
    )


class Receipt(HostedBase):
    """The answer to an operation that left no line in the log."""

    __tablename__ = "receipt"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation: Mapped[UUID] = mapped_column(primary_key=True)
    verdict: Mapped[str]
    refusal: Mapped[str]
    at: Mapped[datetime]


class Surplus(HostedBase):
    """What a newer program wrote of a row and this server has no columns for, as JSON text."""

    __tablename__ = "surplus"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(primary_key=True)
    pk: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    columns: Mapped[str]


class Device(HostedBase):
    """A computer that was paired. Of its token only the SHA-256 is kept.

    ``practice_id`` is empty until the first device of a new practice names it. ``left`` is the
    SHA-256 of the unsent work that a revoked device handed over, once. A device that a person
    signed in on belongs to a ``login_id``, for the practice of ``account_id``, and its token ends;
    one that a code paired has none of them. ``asked_as`` is the life that its file was in when it
    was connected. Once it ``disconnected_at``, it speaks for nobody until it connects again.
    At its last greeting it ran ``system``, the file was in the life ``greeted_as``, and had
    ``waiting`` changes to send, the last of them at place ``waiting_to`` of its outbox.
    """

    __tablename__ = "device"
    __doors__ = (("practice_id", "practice"), ("token_hash", "token"), ("login_id", "login"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID | None]
    member_id: Mapped[UUID | None]
    name: Mapped[str]
    program: Mapped[str]
    system: Mapped[str] = mapped_column(default="")
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    token_ends: Mapped[datetime | None]
    login_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    paired_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    disconnected_at: Mapped[datetime | None]
    asked_as: Mapped[UUID | None]
    left: Mapped[bytes | None] = mapped_column(LargeBinary)
    greeted_as: Mapped[UUID | None]
    waiting: Mapped[int] = mapped_column(BigInteger, default=0)
    waiting_to: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (
        Index("uq_device_token", "token_hash", unique=True),
        Index(None, "practice_id"),
        Index(None, "login_id"),
    )


class Incarnation(HostedBase):
    """One life of a file, and how far its outbox had come when it was last heard.

    ``accepted`` is the largest place of which something was taken. ``lineage`` is JSON text: the
    earlier lives of the file, each with the place up to which their work is its own.
    """

    __tablename__ = "incarnation"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    device_id: Mapped[UUID]
    tag: Mapped[str | None]
    """Stands in this life's own document numbers; unknown until it says hello."""
    lsn: Mapped[int] = mapped_column(BigInteger)
    accepted: Mapped[int] = mapped_column(BigInteger, default=0)
    lineage: Mapped[str] = mapped_column(default="{}")
    first_seen: Mapped[datetime]


class PairingCode(HostedBase):
    """A one-time code that pairs a computer; without a practice it begins a new one."""

    __tablename__ = "pairing_code"
    __doors__ = (("practice_id", "practice"), ("code_hash", "code"))

    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    practice_id: Mapped[UUID | None]
    member_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class NumberSeries(HostedBase):
    """The next free number of a kind of paper in a year."""

    __tablename__ = "number_series"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next: Mapped[int] = mapped_column(BigInteger)


class NumberLease(HostedBase):
    """Which life of a file was given which numbers: what explains every gap."""

    __tablename__ = "number_lease"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger)
    incarnation: Mapped[UUID]
    at: Mapped[datetime]


class Quarantine(HostedBase):
    """Work of a device that may no longer sync, kept for the owner."""

    __tablename__ = "quarantine"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    device_id: Mapped[UUID]
    incarnation: Mapped[UUID]
    at: Mapped[datetime]
    operations: Mapped[int]
    reason: Mapped[str]
    body: Mapped[str]


class Purged(HostedBase):
    """A record that was removed everywhere; its id never returns."""

    __tablename__ = "purged"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(primary_key=True)
    pk: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    ordered_by: Mapped[str]
    reason: Mapped[str]

    __table_args__ = (Index(None, "practice_id", "seq"),)


class SpentNumber(HostedBase):
    """The number of a paper that was purged, or that a purge kept from coming in.

    The paper is out all the same: who gives its number to another one must be told.
    """

    __tablename__ = "spent_number"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(primary_key=True)
    pk: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str]

    __table_args__ = (Index(None, "practice_id", "number"),)


class ScopeChange(HostedBase):
    """A case, a person or a contact that came into or left a member's view.

    The newest version is the member's own. Without a record it is the whole view, which another
    role changed.
    """

    __tablename__ = "scope_change"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    record_id: Mapped[UUID | None]
    gained: Mapped[bool]


class NamedFile(HostedBase):
    """The file that a record names, by the address under which its pieces lie here.

    ``claimed_by`` is a member who named it without seeing any record that does: it counts once
    they have sent the file whole.
    """

    __tablename__ = "named_file"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(primary_key=True)
    pk: Mapped[UUID] = mapped_column(primary_key=True)
    address: Mapped[str]
    claimed_by: Mapped[UUID | None]

    __table_args__ = (Index(None, "practice_id", "address"),)


class Blob(HostedBase):
    """The ciphertext of a file in chunks, under the keyed hash of its content."""

    __tablename__ = "blob"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(primary_key=True)
    chunks: Mapped[int]
    at: Mapped[datetime]


class BlobChunk(HostedBase):
    """The SHA-256 of a chunk of ciphertext as it lies here."""

    __tablename__ = "blob_chunk"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(primary_key=True)
    chunk: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[bytes] = mapped_column(LargeBinary)


class SentChunk(HostedBase):
    """The SHA-256 of what a member last sent as one of ``chunks`` of a file, whatever lies here.

    Who sent the very chunks that lie here has the file, and gets it for what names it.
    """

    __tablename__ = "sent_chunk"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    chunk: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chunks: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
