"""Tables of the clinical area."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clinical.rules.diagnoses import Diagnosis
from app.core.clinical.rules.notes import (
    NoteFormat,
    NoteKind,
    NoteStatus,
    Revision,
    signed_sections,
)
from app.core.kernel.acting import Permission
from app.core.store.base import Search, Synced, link
from app.core.store.columns import Json, word
from app.core.store.merging import Merging, Seal


class Note(Synced):
    """Clinical documentation on a case, usually of one session; locked once signed."""

    __tablename__ = "note"
    __area__ = "clinical"
    __search__ = Search(kind="note", text=("sections",), body=True)
    __frozen_when__ = "status = 'SIGNED'"
    __merging__ = Merging(
        draft=("sections", "format", "revision"),
        seal=Seal(
            column="status",
            value=NoteStatus.SIGNED,
            columns=(
                "sections",
                "format",
                "revision",
                "held_on",
                "signed_at",
                "signed_by",
                "signed_name",
                "signed_hash",
            ),
        ),
        clinical=True,
    )

    case_id: Mapped[UUID] = link("care_case")
    appointment_id: Mapped[UUID | None] = link("appointment", nullable=True)
    client_id: Mapped[UUID | None] = link("client", nullable=True)
    """The one person whom the note is about; empty for everybody in the case."""
    author_id: Mapped[UUID] = link("member")
    kind: Mapped[NoteKind] = mapped_column(word(NoteKind))
    format: Mapped[NoteFormat] = mapped_column(word(NoteFormat))
    status: Mapped[NoteStatus] = mapped_column(word(NoteStatus), default=NoteStatus.DRAFT)
    sections: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    held_on: Mapped[date]
    """The day of the session, or the day that the note is about."""
    revision: Mapped[int] = mapped_column(default=0)
    """Counts the kept drafts; a signature names the one that it covers."""
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None] = link("member", nullable=True)
    signed_name: Mapped[str] = mapped_column(default="")
    """Name and credentials as of the signature."""
    signed_hash: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        Index(None, "practice_id", "case_id", "held_on"),
        # Says whether a session has its note, so that no long text has to be fetched for it.
        Index("ix_note_appointment", "practice_id", "appointment_id", "deleted_at", "status"),
        Index(None, "practice_id", "status"),
    )

    def as_of(self, held_on: date) -> Revision:
        """Return what a signature covers, for a session held on that day."""
        return Revision(
            note_id=self.id,
            case_id=self.case_id,
            appointment_id=self.appointment_id,
            client_id=self.client_id,
            author_id=self.author_id,
            kind=self.kind,
            format=self.format,
            held_on=held_on,
            revision=self.revision,
            sections=signed_sections(self.sections),
        )


class Amendment(Synced):
    """What was added to a signed note; the original stays beside it."""

    __tablename__ = "amendment"
    __area__ = "clinical"
    __search__ = Search(kind="note", text=("text",), owner="note_id", body=True)
    __append_only__ = True

    note_id: Mapped[UUID] = link("note")
    text: Mapped[str]
    author_id: Mapped[UUID] = link("member")
    author_name: Mapped[str] = mapped_column(default="")
    """Name and credentials as of the amendment."""
    written_at: Mapped[datetime]
    hash: Mapped[str]
    """Covers the words and the hash of the note or amendment before it."""

    __table_args__ = (Index(None, "practice_id", "note_id"),)


class AmendmentDraft(Synced):
    """An amendment while it is written; it goes when the amendment is added."""

    __tablename__ = "amendment_draft"
    __area__ = "clinical"
    __merging__ = Merging(draft=("text",), clinical=True)

    note_id: Mapped[UUID] = link("note")
    author_id: Mapped[UUID] = link("member")
    text: Mapped[str]

    __table_args__ = (Index(None, "practice_id", "note_id"),)


class DiagnosisRow(Synced):
    """A dated diagnosis of a person, optionally tied to one case."""

    __tablename__ = "diagnosis"
    __area__ = "clinical"
    __right__ = Permission.DIAGNOSE
    __merging__ = Merging(
        groups=(("code", "description", "table_release"), ("valid_from", "valid_to")), clinical=True
    )

    client_id: Mapped[UUID] = link("client")
    case_id: Mapped[UUID | None] = link("care_case", nullable=True)
    code: Mapped[str]
    description: Mapped[str]
    table_release: Mapped[str] = mapped_column(default="")
    """Name of the ICD-10-CM release that worded the description; empty for one typed by hand."""
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    position: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index(None, "practice_id", "client_id"),)

    def as_value(self) -> Diagnosis:
        """Return the row as the value that rules decide on."""
        return Diagnosis(
            id=self.id,
            client_id=self.client_id,
            case_id=self.case_id,
            code=self.code,
            description=self.description,
            table_release=self.table_release,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            position=self.position,
        )


class Attachment(Synced):
    """A file that belongs to a client or to a note; its content lies beside the database.

    ``address`` is the keyed hash of the content and names it everywhere, ``key`` decrypts it.
    The row travels first; whether the content has come is a matter of each computer.
    """

    __tablename__ = "attachment"
    __area__ = "clinical"
    __search__ = Search(kind="client", owner="client_id", text=("name",))
    __merging__ = Merging(clinical=True)

    client_id: Mapped[UUID | None] = link("client", nullable=True)
    case_id: Mapped[UUID | None] = link("care_case", nullable=True)
    """Of the note, so that only who sees the case sees the file."""
    note_id: Mapped[UUID | None] = link("note", nullable=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    address: Mapped[str]
    key: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None] = link("member", nullable=True)

    __table_args__ = (
        Index(None, "practice_id", "client_id"),
        Index(None, "practice_id", "note_id"),
        Index(None, "practice_id", "address"),
    )
