"""The audit: one row per act, in one hash chain per device incarnation; names, never values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, and_, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.kernel.acting import Scope
from app.core.store.base import Base
from app.core.store.columns import Id, Json, canonical_json
from app.core.store.ports import ChangeSet
from app.core.store.prepared import PreparedInsert
from app.core.store.reading import WORDS, visible_cases, visible_people

_START = b"\0" * 32


class AuditEntry(Base):
    """Who did what to which fields of which records, when, and the link to the entry before."""

    __tablename__ = "audit"

    practice_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    chain: Mapped[UUID] = mapped_column(Id, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    member_id: Mapped[UUID | None]
    for_member_id: Mapped[UUID | None]
    act: Mapped[str]
    label: Mapped[str]
    subject_kind: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    #: ``[[table, id, [field, …]], …]``
    records: Mapped[Any] = mapped_column(Json)
    change_set: Mapped[UUID | None]
    values_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        Index(
            "ix_audit_subject",
            "practice_id",
            "subject_id",
            "at",
            sqlite_where=text("subject_id IS NOT NULL"),
            postgresql_where=text("subject_id IS NOT NULL"),
        ),
        # The key is the order of writing: one page for a new entry instead of two.
        {"sqlite_with_rowid": False},
    )


_HASHED = tuple(
    column.name
    for column in AuditEntry.__table__.columns
    if column.name not in ("previous", "hash")
)
_INSERT = PreparedInsert(AuditEntry.__table__)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a chain ends: its last number and hash."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An audit entry as it is shown."""

    seq: int
    at: datetime
    member_id: UUID | None
    for_member_id: UUID | None
    act: str
    label: str
    subject_kind: str | None
    subject_id: UUID | None
    records: tuple[tuple[str, str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Witness:
    """What an entry says besides the change set."""

    act: str
    label: str
    member_id: UUID | None
    for_member_id: UUID | None
    subject: tuple[str, UUID] | None


def append(
    session: Session,
    practice_id: UUID,
    chain: UUID,
    at: datetime,
    witness: Witness,
    change_set: ChangeSet | None,
    last: Link,
) -> Link:
    """Add the entry of ``chain`` that follows ``last``, in the transaction of the data."""
    rows = change_set.rows if change_set else ()
    subject_kind, subject_id = witness.subject or (None, None)
    entry: dict[str, Any] = {
        "practice_id": practice_id,
        "chain": chain,
        "seq": last.seq + 1,
        "at": at.replace(microsecond=at.microsecond // 1000 * 1000),
        "member_id": witness.member_id,
        "for_member_id": witness.for_member_id,
        "act": witness.act,
        "label": witness.label,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "records": [[row.table, row.id.hex, sorted(row.after)] for row in rows],
        "change_set": change_set.id if change_set else None,
        "values_hash": _values_hash(change_set) if change_set else None,
        "previous": last.hash,
    }
    entry["hash"] = entry_hash(entry)
    _INSERT.run(session.connection(), [entry])
    return Link(entry["seq"], entry["hash"])


def last_link(session: Session, practice_id: UUID, chain: UUID) -> Link:
    """Return where ``chain`` ends; a chain that has not begun ends at its start."""
    found = session.execute(
        select(AuditEntry.seq, AuditEntry.hash)
        .where(AuditEntry.practice_id == practice_id, AuditEntry.chain == chain)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).first()
    return Link(found.seq, found.hash) if found else Link(0, _START)


def _values_hash(change_set: ChangeSet) -> bytes:
    # The change set's id is random, so that a short value cannot be guessed from its hash.
    values = [[row.table, row.id.hex, row.after] for row in change_set.rows]
    return hashlib.sha256(f"{change_set.id.hex}{canonical_json(values)}".encode()).digest()


def entry_hash(entry: Mapping[str, Any]) -> bytes:
    """Return the SHA-256 that links the entry with these columns to the one before it."""
    said = [_said(entry[name]) for name in _HASHED]
    previous: bytes = entry["previous"]
    return hashlib.sha256(previous + canonical_json(said).encode()).digest()


def _said(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value


def witnessed_since(
    session: Session, act: str, subject_id: UUID, member_id: UUID | None, since: datetime
) -> bool:
    """Return whether this member already did ``act`` to this record after ``since``."""
    found = session.execute(
        select(AuditEntry.seq)
        .where(
            AuditEntry.subject_id == subject_id,
            AuditEntry.at > since,
            AuditEntry.act == act,
            AuditEntry.member_id == member_id,
        )
        .limit(1)
    ).first()
    return found is not None


#: Opening a chart, printing and exporting are noted once per person, record and hour.
ONCE_PER = timedelta(hours=1)


def broken_links(session: Session, practice_id: UUID) -> Iterator[str]:
    """Yield a sentence for every place where an audit chain does not hold; none means intact."""
    previous: dict[UUID, tuple[int, bytes]] = {}
    table = AuditEntry.__table__
    found = session.connection().execute(
        select(table)
        .where(table.c.practice_id == practice_id)
        .order_by(table.c.chain, table.c.seq)
        .execution_options(yield_per=500)
    )
    for entry in found.mappings():
        seq, link = previous.get(entry["chain"], (0, _START))
        if entry["seq"] != seq + 1:
            yield f"Entries {seq + 1} to {entry['seq'] - 1} of the audit are missing."
        elif entry["previous"] != link:
            yield f"Audit entry {entry['seq']} does not follow the one before it."
        if entry_hash(dict(entry)) != entry["hash"]:
            yield f"Audit entry {entry['seq']} was changed after it was written."
        previous[entry["chain"]] = (entry["seq"], entry["hash"])


def entries(
    session: Session, scope: Scope, *, subject_id: UUID | None = None, limit: int = 200
) -> list[AuditLine]:
    """Return the latest audit entries, of one record or of all, newest first.

    Clinicians see their own deeds, and whosever to their cases and clients; who reads no notes
    sees nothing done to one.
    """
    statement = select(AuditEntry).where(AuditEntry.practice_id == scope.practice_id)
    if scope.cases_of is not None:
        subject = AuditEntry.subject_id
        of_person = and_(AuditEntry.subject_kind == "client", visible_people(scope, subject))
        of_case = and_(AuditEntry.subject_kind == "case", visible_cases(scope, subject))
        statement = statement.where(or_(AuditEntry.member_id == scope.cases_of, of_person, of_case))
    if not scope.note_text:
        kind = AuditEntry.subject_kind
        statement = statement.where(or_(kind.is_(None), kind != "note"))
    if subject_id is not None:
        statement = statement.where(AuditEntry.subject_id == subject_id)
    found = session.scalars(
        statement.order_by(AuditEntry.at.desc(), AuditEntry.seq.desc()).limit(limit)
    )
    return [
        AuditLine(
            seq=entry.seq,
            at=entry.at,
            member_id=entry.member_id,
            for_member_id=entry.for_member_id,
            act=entry.act,
            label=entry.label,
            subject_kind=entry.subject_kind,
            subject_id=entry.subject_id,
            records=tuple(
                (t, i, tuple(f)) for t, i, f in entry.records if scope.note_text or t not in WORDS
            ),
        )
        for entry in found
    ]
