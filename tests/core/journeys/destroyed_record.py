"""A practice without an account, with a client whose record is to be destroyed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import bootstrap
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.cases.commands import add_client_with_case, close_case
from app.core.clinical.commands.attachments import attach_to_client
from app.core.clinical.commands.notes import NewNote, sign_note
from app.core.clinical.rules.notes import NoteFormat
from app.core.journeys.invoices import create_invoice
from app.core.journeys.notes import write_note
from app.core.kernel.acting import Scope
from app.core.kernel.text import PersonName
from app.core.people.commands import add_contact_for, archive_client, open_chart
from app.core.people.rules import (
    ContactFields,
    DetailFields,
    EmailFields,
    NewClient,
    RelationshipFields,
    RelationshipType,
)
from app.core.store import audit
from app.core.vault.destroyed import DestroyedRecords
from app.core.vault.files import DATABASE
from tests.core.billing.conftest import Walter
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE, TestDesk

MARK, OTHER = "Quorvexil", "Zanthorpe"
PAGE, RESERVED = 4096, 80


@dataclass(frozen=True, slots=True)
class Ana:
    """The client whose record is to go: a session, a note, a charge, money, a file, an invoice."""

    practice: bootstrap.OpenPractice
    walter: Walter
    invoice_id: UUID

    @property
    def id(self) -> UUID:
        """The client."""
        return self.walter.client_id

    def archive(self) -> None:
        """Close the case and archive the record."""
        self.practice.desk.do(close_case, self.walter.case_id)
        self.practice.desk.do(archive_client, self.id)


@pytest.fixture
def ana(practice: bootstrap.OpenPractice, desk: TestDesk, office: UUID, tmp_path: Path) -> Ana:
    details = DetailFields(notes=f"{MARK} as a child")
    email = EmailFields(f"{MARK.lower()}@example.com")
    new = NewClient(PersonName("Ana", "", MARK), details=details, emails=(email,))
    added = desk.do(add_client_with_case, new).value
    walter = Walter(desk, added.client_ids[0], added.case_id, office)
    settled = walter.hold(2)
    walter.pay(100_00)
    write(desk, added.case_id, f"{MARK} slept badly. " * 900)
    letter = tmp_path / f"{MARK}.pdf"
    letter.write_bytes(b"%PDF-1.4 a letter")
    stored = practice.start_attach(letter).result()
    desk.do(attach_to_client, walter.client_id, stored, letter.name)
    tie = RelationshipFields(RelationshipType.PARENT)
    desk.do(add_contact_for, walter.client_id, ContactFields(f"Mother {MARK}"), tie)
    invoice_id = desk.do(create_invoice, InvoiceOrder(uuid4(), settled.charge_ids)).value
    desk.do(open_chart, walter.client_id)
    return Ana(practice, walter, invoice_id)


@pytest.fixture
def ben(desk: TestDesk, office: UUID) -> Walter:
    """Somebody whose record stays, in every place of Ana's."""
    added = desk.do(add_client_with_case, NewClient(PersonName("Ben", "", OTHER))).value
    write(desk, added.case_id, f"{OTHER} slept well. " * 900)
    return Walter(desk, added.client_ids[0], added.case_id, office)


def write(desk: TestDesk, case_id: UUID, words: str) -> None:
    about = NewNote(case_id, date(2026, 11, 2), format=NoteFormat.PLAIN)
    kept = desk.do(write_note, about, NoteFormat.PLAIN, {"text": words}).value
    desk.do(sign_note, kept.note_id, kept.hash)


def decrypted(folder: Path, key: bytes) -> bytes:
    """Return every page of the file as SQLite sees it, free ones included."""
    sealed, pages = (folder / DATABASE).read_bytes(), []
    for start in range(0, len(sealed), PAGE):
        page = sealed[start : start + PAGE]
        cut = 16 if start == 0 else 0
        vector = page[PAGE - RESERVED : PAGE - RESERVED + 16]
        opener = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        pages.append(opener.update(page[cut : PAGE - RESERVED]) + opener.finalize())
    return b"".join(pages)


def readable(practice: bootstrap.OpenPractice, mark: str) -> bool:
    """Return whether the file or the log beside it holds ``mark``, in whatever case."""
    log = practice.folder / f"{DATABASE}-wal"
    assert not log.exists() or log.stat().st_size == 0, "the log is whole in the file"
    return (
        mark.lower().encode()
        in decrypted(practice.folder, bytes(practice.vault.keys.database)).lower()
    )


def naming(practice: bootstrap.OpenPractice, found: tuple[tuple[str, UUID], ...]) -> list[str]:
    """Return the tables that still hold one of the ids, whichever their column."""

    def look(session: Session, _scope: Scope) -> list[str]:
        tables = [
            name
            for (name,) in session.execute(
                text("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            )
            if not name.startswith(("search_names", "search_bodies", "sqlite_", "audit"))
        ]
        held = []
        ids = {pk.bytes for _, pk in found}
        for name in tables:
            for row in session.execute(text(f"SELECT * FROM {name}")):  # noqa: S608
                said = "".join(each for each in row if isinstance(each, str))
                if ids & {each for each in row if isinstance(each, bytes)} or any(
                    each.hex() in said for each in ids
                ):
                    held.append(name)
                    break
        return held

    return practice.desk.ask(look)


def list_of(practice: bootstrap.OpenPractice) -> DestroyedRecords:
    return practice._destroying._listed


def reopened(practice: bootstrap.OpenPractice) -> bootstrap.OpenPractice:
    practice.close()
    keys = bootstrap.unlock(practice.folder, passphrase=PASSPHRASE)
    return bootstrap.open_practice(practice.folder, keys, StillClock())


def entries(session: Session, scope: Scope) -> list[audit.AuditLine]:
    return audit.entries(session, scope)
