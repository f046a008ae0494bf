"""A practice of two clinicians: all of the owner's case bears a mark, so that a leak is seen.

Whatever is written in the owner's case holds ``MARK`` or money of ``MARKED``, and its notes
``WORDS``; Bea Lindahl, a provider, has a case of her own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Select, select

from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.ledger.commands import record_payment
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.billing.superbills.commands import take_superbill_number
from app.core.billing.superbills.rules.orders import Order
from app.core.cases.commands import add_billing_contact, add_client_with_case
from app.core.clinical.commands.attachments import attach_to_client, attach_to_note
from app.core.clinical.commands.diagnoses import add_diagnosis
from app.core.clinical.commands.notes import (
    amend_note,
    save_amendment_draft,
    save_draft,
    sign_note,
    start_session_note,
)
from app.core.clinical.rules.diagnoses import NewDiagnosis
from app.core.clinical.rules.notes import NoteFormat
from app.core.exchange.commands import ImportHead, begin_import
from app.core.journeys.invoices import create_invoice
from app.core.journeys.sessions import attend
from app.core.journeys.superbills import issue_superbill
from app.core.kernel.acting import Permission, Role
from app.core.kernel.entitlement import Act
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.commands import add_contact_for
from app.core.people.rules import (
    AddressFields,
    ContactFields,
    DetailFields,
    EmailFields,
    InsuranceFields,
    NewClient,
    PhoneFields,
    RelationshipFields,
    RelationshipType,
    Sex,
)
from app.core.people.tables import Client, Relationship
from app.core.practice.commands import add_location, add_service
from app.core.practice.rules.catalogue import ServiceFields
from app.core.practice.rules.places import Address, LocationFields, SessionFormat
from app.core.scheduling.commands import book_series, book_session
from app.core.scheduling.rules.booking import Booking, Line
from app.core.scheduling.rules.recurrence import Repeat
from app.core.scheduling.tables import ServiceLine
from app.core.store.command import command
from app.core.store.ports import StoredFile
from app.core.store.unit import UnitOfWork
from app.core.tasks.rules.inbox import InboxKind
from app.core.tasks.tables import InboxItem
from app.core.team.tables import Member
from app.core.vault.desk import VaultDesk
from tests.support.practice import StoredPractice, store_practice

MARK = "zyx"
WORDS = "quagga"
#: In cents: what a session of the owner's case costs, and what was paid.
MARKED = (12345, 6789)
TODAY = date(2026, 11, 19)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
TEXT = {"text": f"Dreams of a {WORDS}."}


@dataclass(frozen=True, slots=True)
class Owners:
    """Records of the owner's case, one of each kind."""

    client_id: UUID
    case_id: UUID
    contact_id: UUID
    payer_id: UUID
    relationship_id: UUID
    series_id: UUID
    held: UUID
    booked: UUID
    line_id: UUID
    charge_id: UUID
    unbilled: UUID
    payment_id: UUID
    invoice_id: UUID
    superbill_id: UUID
    signed: UUID
    draft: UUID
    draft_hash: str
    diagnosis_id: UUID
    client_file: UUID
    note_file: UUID
    asked: UUID
    asked_of_note: UUID
    import_id: UUID
    change_set: UUID

    def ids(self) -> dict[str, UUID]:
        """Return every record's id by its name here."""
        named = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in named.items() if isinstance(value, UUID)}


@dataclass(frozen=True, slots=True)
class Colleagues:
    """The practice, closed; its second clinician with her own client and case."""

    stored: StoredPractice
    owners: Owners
    bea: UUID
    her_client: UUID
    her_case: UUID
    service_id: UUID


@command(permission=Permission.MANAGE_TEAM, label="Welcome member")
def welcome(uow: UnitOfWork, given: str, family: str, role: Role) -> UUID:
    """Let a member into the practice, as the server does when an invitation is accepted."""
    return uow.add(Member(given=given, family=family, credentials="LMFT", role=role)).id


@command(permission=Permission.READ_RECORDS, act=Act.CLOSE, label="Ask")
def ask_about(uow: UnitOfWork, /, **values: Any) -> UUID:
    """Leave a question in the inbox, as the server does when it merges."""
    kept = {"kept_device": "Desk", "other_device": "Laptop", "made_at": uow.now}
    return uow.add(InboxItem(**values, **kept, base={})).id


@command(permission=Permission.IMPORT, label="Mark as imported")
def mark_imported(uow: UnitOfWork, client_id: UUID) -> None:
    """Let a client look like one whom an import brought."""
    row = uow.get(Client, client_id)
    row.imported_at, row.import_remarks = uow.now, f"{MARK} was not sure."


def fill(desk: VaultDesk) -> dict[str, Any]:
    """Write all of it; return what ``Colleagues`` names besides the stored practice."""
    bea = desk.do(welcome, "Bea", "Lindahl", Role.PROVIDER).value
    desk.do(add_location, LocationFields("Alder Street", SessionFormat.IN_PERSON, "11"))
    service = ServiceFields("Individual session", "0001Z", minutes=50, fee=Money(165_00))
    service_id = desk.do(add_service, service).value
    owners = Filling(desk, service_id).owners()
    hers = desk.do(add_client_with_case, NewClient(PersonName("Hanna", "", "Wombat")),
                   provider_id=bea).value  # fmt: skip
    booking = Booking(hers.case_id, datetime(2026, 11, 18, 10), lines=(Line(service_id),))
    desk.do(attend, desk.do(book_session, booking).value)
    return {
        "owners": owners,
        "bea": bea,
        "her_client": hers.client_ids[0],
        "her_case": hers.case_id,
        "service_id": service_id,
    }


class Filling:
    """Writes the owner's case."""

    def __init__(self, desk: VaultDesk, service_id: UUID) -> None:
        self.desk = desk
        self.service_id = service_id

    def owners(self) -> Owners:
        """Return the records, written."""
        desk = self.desk
        run = desk.do(
            begin_import, ImportHead("CSV", (f"{MARK}.csv",), 1, 1, 0, (f"{MARK}: no date.",))
        ).value
        added = desk.do(add_client_with_case, _person())
        client_id, case_id = added.value.client_ids[0], added.value.case_id
        desk.do(mark_imported, client_id)
        tie = desk.do(
            add_contact_for,
            client_id,
            ContactFields(f"{MARK} Mother", phone="(707) 555-0190", notes=MARK),
            RelationshipFields(RelationshipType.PARENT),
        ).value
        payer = desk.do(add_billing_contact, case_id, ContactFields(f"{MARK} Trust")).value
        diagnosis = desk.do(add_diagnosis, NewDiagnosis(client_id, "F33.1", date(2026, 1, 5))).value
        money = self._money(client_id, case_id)
        noted = self._notes(money["held"], money.pop("second"))
        series = desk.do(book_series, self._booking(case_id, 23), Repeat()).value
        booked = desk.do(book_session, self._booking(case_id, 24)).value
        file = StoredFile("ab" * 32, b"k" * 32, 5)
        assert added.undo is not None
        return Owners(
            client_id=client_id,
            case_id=case_id,
            contact_id=self._contact_of(tie),
            payer_id=payer,
            relationship_id=tie,
            series_id=series,
            booked=booked,
            line_id=self._line_of(booked),
            diagnosis_id=diagnosis,
            client_file=desk.do(attach_to_client, client_id, file, f"{MARK}.pdf").value,
            note_file=desk.do(attach_to_note, noted["signed"], file, f"{WORDS}.pdf").value,
            import_id=run,
            change_set=added.undo,
            **money,
            **noted,
            **self._questions(client_id, case_id, noted["draft"]),
        )

    def _money(self, client_id: UUID, case_id: UUID) -> dict[str, Any]:
        desk = self.desk
        held = [
            desk.do(attend, desk.do(book_session, self._booking(case_id, day)).value).value
            for day in (2, 3, 4)
        ]
        charges = [each.charge_ids[0] for each in held]
        paid = [
            PaymentEntry(
                uuid4(), client_id, Money(cents), Method.CHECK, TODAY, MARK, MARK, case_id, only
            )
            for cents, only in zip(MARKED, ((charges[0],), (charges[1],)), strict=True)
        ]
        payments = [desk.do(record_payment, each).value.payment_id for each in paid]
        order = Order(uuid4(), client_id, FIRST, LAST)
        superbill = desk.do(issue_superbill, order).value
        desk.do(take_superbill_number, replace(order, superbill_id=uuid4()))
        return {
            "held": held[0].session_id,
            "second": held[1].session_id,
            "charge_id": charges[0],
            "unbilled": charges[2],
            "payment_id": payments[1],
            "superbill_id": superbill,
            "invoice_id": desk.do(create_invoice, InvoiceOrder(uuid4(), (charges[1],))).value,
        }

    def _notes(self, first: UUID, second: UUID) -> dict[str, Any]:
        desk = self.desk
        signed = desk.do(start_session_note, first).value
        written = desk.do(save_draft, signed, NoteFormat.PLAIN, TEXT).value
        desk.do(sign_note, signed, written.hash)
        desk.do(amend_note, signed, f"The {WORDS} was blue.")
        desk.do(save_amendment_draft, signed, f"The {WORDS} was green.")
        draft = desk.do(start_session_note, second).value
        kept = desk.do(save_draft, draft, NoteFormat.PLAIN, TEXT).value
        return {"signed": signed, "draft": draft, "draft_hash": kept.hash}

    def _questions(self, client_id: UUID, case_id: UUID, draft: UUID) -> dict[str, Any]:
        asked = self.desk.do(
            ask_about,
            kind=InboxKind.FIELDS,
            entity="client",
            record_id=client_id,
            case_id=case_id,
            kept={"notes": MARK},
            other={"notes": f"{MARK} too"},
        ).value
        asked_of_note = self.desk.do(
            ask_about,
            kind=InboxKind.TEXT,
            entity="note",
            record_id=draft,
            case_id=case_id,
            kept={"sections": TEXT, "revision": 1},
            other={"sections": {"text": WORDS}, "revision": 1},
        ).value
        return {"asked": asked, "asked_of_note": asked_of_note}

    def _booking(self, case_id: UUID, day: int) -> Booking:
        line = Line(self.service_id, fee=Money(MARKED[0]))
        starts = datetime(2026, 11, day, 9)
        return Booking(case_id, starts, lines=(line,), memo=f"{MARK} memo")

    def _contact_of(self, relationship_id: UUID) -> UUID:
        found = select(Relationship.contact_id).where(Relationship.id == relationship_id)
        return self._one(found)

    def _line_of(self, session_id: UUID) -> UUID:
        found = select(ServiceLine.id).where(ServiceLine.appointment_id == session_id)
        return self._one(found)

    def _one(self, found: Select[Any]) -> UUID:
        row_id: UUID = self.desk.ask(lambda session, _scope: session.scalars(found).first())
        return row_id


def _person() -> NewClient:
    home = Address(f"7 {MARK} Row", "", "Alder Bay", "CA", "95999")
    return NewClient(
        PersonName("Ingrid", "", f"{MARK.title()}berg"),
        details=DetailFields(birth_date=date(1961, 5, 2), sex=Sex.FEMALE, notes=f"{MARK} remarks"),
        emails=(EmailFields(f"{MARK}@example.com", is_main=True),),
        phones=(PhoneFields("(707) 555-0177", is_main=True),),
        addresses=(AddressFields(home, is_main=True),),
        insurances=(InsuranceFields(f"{MARK} Mutual", f"{MARK} 1", "70815"),),
    )


@pytest.fixture(scope="session")
def colleagues(tmp_path_factory: pytest.TempPathFactory) -> Colleagues:
    """The practice of two clinicians, made once."""
    told: dict[str, Any] = {}
    stored = store_practice(
        tmp_path_factory.mktemp("colleagues"), lambda desk: told.update(fill(desk))
    )
    return Colleagues(stored=stored, **told)
