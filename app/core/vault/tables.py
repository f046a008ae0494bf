"""Tables of the vault's own lineage: never synced, never on the server."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, LargeBinary, MetaData, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.core.store.base import NAMING
from app.core.store.columns import Id, Json, Moment


class VaultBase(DeclarativeBase):
    """Maps the desktop's own tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {UUID: Id, datetime: Moment, str: Text}


class Incarnation(VaultBase):
    """One life of this file on one device; a restored or copied file begins another.

    ``tag`` stands in document numbers of every incarnation but the first; ``opened`` counts how
    often it opened the file. ``confirmed`` is the largest place of the outbox of which the file
    knows that the account has it: up to there the life's work is the file's own.
    """

    __tablename__ = "incarnation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    begun_at: Mapped[datetime]
    opened: Mapped[int]
    position: Mapped[int]
    confirmed: Mapped[int] = mapped_column(default=0)
    tag: Mapped[str]


class Occupant(VaultBase):
    """Whose file this is: one practice and one member."""

    __tablename__ = "occupant"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID]


class Outbox(VaultBase):
    """One row of one change set, kept until its own echo has been pulled.

    ``columns`` are the changed ones and those that travel with them, ``before`` the values that
    the changed ones had: from these the confirmed row is known without a copy of it. ``earlier``
    is JSON text where an epoch of the account before the present one has a part in it.
    """

    __tablename__ = "outbox"

    lsn: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    op_id: Mapped[UUID]
    change_set_id: Mapped[UUID]
    entity: Mapped[str]
    pk: Mapped[UUID]
    base_seq: Mapped[int]
    hlc: Mapped[int]
    columns: Mapped[Any] = mapped_column(Json)
    before: Mapped[Any] = mapped_column(Json)
    is_new: Mapped[bool]
    schema_version: Mapped[int]
    state: Mapped[str] = mapped_column(default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    earlier: Mapped[str | None]

    __table_args__ = ({"sqlite_autoincrement": True},)


class Shadow(VaultBase):
    """What the server confirmed of a row that has pending changes, as far as they cover it.

    Made when a pull meets such a row; before that the outbox's ``before`` says the same.
    """

    __tablename__ = "shadow"

    entity: Mapped[str] = mapped_column(primary_key=True)
    pk: Mapped[UUID] = mapped_column(primary_key=True)
    columns: Mapped[Any] = mapped_column(Json)


class Deferred(VaultBase):
    """A pulled entry that this version does not understand, or whose parent has not come yet."""

    __tablename__ = "deferred"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entity: Mapped[str] = mapped_column(primary_key=True)
    pk: Mapped[UUID] = mapped_column(primary_key=True)
    entry: Mapped[Any] = mapped_column(Json)
    reason: Mapped[str]

    __table_args__ = (Index("ix_deferred_entity_pk", "entity", "pk"),)


class SyncLink(VaultBase):
    """The tie between this file and its hosted account; one row, none before it is connected.

    Once the person ``parted_at`` the file from the account, it ties nothing any more, and tells
    from where to go on when the file is connected again.
    """

    __tablename__ = "sync_link"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    server: Mapped[str]
    device_id: Mapped[UUID]
    device_name: Mapped[str]
    token: Mapped[str]
    """Speaks for this device: by a one-time code, or by a sign-in where there is no keychain.

    Empty where the system's keychain has it.
    """
    epoch: Mapped[str] = mapped_column(default="")
    cursor: Mapped[str] = mapped_column(default="")
    """Opaque; empty until the snapshot is whole."""
    cursor_seq: Mapped[int] = mapped_column(default=0)
    snapshot: Mapped[str] = mapped_column(default="")
    """How far the snapshot has come; empty when it is whole."""
    scope_version: Mapped[int] = mapped_column(default=0)
    agreed_seq: Mapped[int] = mapped_column(default=0)
    """The position at which the digests last agreed."""
    clock_offset_ms: Mapped[int] = mapped_column(default=0)
    last_upload: Mapped[datetime | None]
    last_download: Mapped[datetime | None]
    refused: Mapped[str] = mapped_column(default="")
    """Code of a refusal that only a person can mend: revoked, too old."""
    parted_at: Mapped[datetime | None]


class Repaired(VaultBase):
    """A record that the last comparison with the account found to differ, and mended."""

    __tablename__ = "repaired"

    entity: Mapped[str] = mapped_column(primary_key=True)
    pk: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class SignedPlan(VaultBase):
    """What the account signed last of the practice's plan, as it came.

    It stays when the practice is disconnected: its limits hold on.
    """

    __tablename__ = "signed_plan"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    keys: Mapped[str]
    """The signed list of the keys that sign documents."""
    document: Mapped[str] = mapped_column(default="")


class NumberBlock(VaultBase):
    """Numbers that the account leased to this incarnation; ``last`` is included.

    ``tag`` names the series of a restored account, which no longer knows what it had leased.
    """

    __tablename__ = "number_block"

    incarnation: Mapped[UUID] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    next: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True, default="")
    last: Mapped[int]


class Undo(VaultBase):
    """The old values of a change set, for as long as its undo is offered."""

    __tablename__ = "undo"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    until: Mapped[datetime]
    command: Mapped[str]
    label: Mapped[str]
    job: Mapped[UUID | None]
    rows: Mapped[Any] = mapped_column(Json)
    undone_at: Mapped[datetime | None]

    # A partial index, and no rowid beside the key: an ordinary save writes one page here.
    __table_args__ = (
        Index("ix_undo_job", "job", sqlite_where=text("job IS NOT NULL")),
        {"sqlite_with_rowid": False},
    )


class NumberSeries(VaultBase):
    """The next number of a kind of paper in a year, within one tag."""

    __tablename__ = "number_series"

    prefix: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)
    next: Mapped[int]
    begun: Mapped[bool]


class PaperBytes(VaultBase):
    """The bytes of an issued paper, keyed by their SHA-256."""

    __tablename__ = "paper_bytes"

    digest: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class FileInAccount(VaultBase):
    """A file or paper that the account holds whole, in the life of the account called ``epoch``.

    ``name`` is the address of an attached file, the SHA-256 of a paper.
    """

    __tablename__ = "file_in_account"

    name: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[str]

    __table_args__ = ({"sqlite_with_rowid": False},)


class SearchRow(VaultBase):
    """Which row of which table stands under a rowid of the search index."""

    __tablename__ = "search_row"

    rowid_: Mapped[int] = mapped_column("rowid_", primary_key=True, autoincrement=True)
    entity: Mapped[str]
    pk: Mapped[UUID]
    kind: Mapped[str]
    owner: Mapped[UUID]
    body: Mapped[bool]

    __table_args__ = (Index("ix_search_row_entity_pk", "entity", "pk"),)


class SearchWaiting(VaultBase):
    """A row of long text that the index is still to be brought along with."""

    __tablename__ = "search_waiting"

    entity: Mapped[str] = mapped_column(primary_key=True)
    pk: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


class FormDraft(VaultBase):
    """What stands in a form that was left half-way: its fields by name, until it is saved.

    It is nothing of the practice yet: no change set, no audit row and no undo speaks of it.
    """

    __tablename__ = "form_draft"

    key: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[Any] = mapped_column(Json)
    at: Mapped[datetime]


#: The two full-text indexes: short names, and the long text of notes.
SEARCH_TABLES = ("search_names", "search_bodies")
FULL_TEXT = tuple(
    f"CREATE VIRTUAL TABLE {name} USING fts5(words, content='', contentless_delete=1, "
    "tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')"
    for name in SEARCH_TABLES
)
