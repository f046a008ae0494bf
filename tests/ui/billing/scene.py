"""October 2026 as the design's picture of superbills has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

import pytest

from app.core.billing.fees.commands import set_client_fee
from app.core.billing.ledger.commands import record_payment
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.diagnoses import add_diagnosis
from app.core.clinical.commands.notes import save_draft, sign_note, start_session_note
from app.core.clinical.rules.diagnoses import NewDiagnosis
from app.core.clinical.rules.notes import NoteFormat
from app.core.journeys.sessions import attend
from app.core.kernel.desk import Desk
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import (
    AddressFields,
    DetailFields,
    InsuranceFields,
    NewClient,
    PhoneFields,
    Sex,
)
from app.core.practice.commands import add_location, add_service
from app.core.practice.rules.catalogue import ServiceFields
from app.core.practice.rules.places import Address, LocationFields, SessionFormat
from app.core.scheduling.commands import book_session
from app.core.scheduling.rules.booking import Booking, Line
from app.core.scheduling.rules.status import ClientPlace
from tests.support.practice import StoredPractice, store_practice

_BORN = date(1988, 2, 11)
_LONG_AGO = date(2026, 1, 5)
_DAYS = (8, 13, 20, 27, 29)


def stored_october(factory: pytest.TempPathFactory, people: tuple[Someone, ...]) -> StoredPractice:
    """Return a closed practice with the scene, to be copied by tests."""
    return store_practice(factory.mktemp("october"), lambda desk: october(desk, people))


@dataclass(frozen=True, slots=True)
class Someone:
    """A client of the scene and what is odd about them."""

    name: str
    sessions: int
    born: date | None = _BORN
    diagnosed: date | None = _LONG_AGO
    fee: Money | None = None
    video_first: bool = False
    unpaid: int = 0


PEOPLE = (
    Someone("Noor Haddad", 4, diagnosed=date(2026, 10, 29)),
    Someone("Callum Reyes", 2, born=None, diagnosed=None),
    Someone("Jun Tanaka", 4, video_first=True),
    Someone("Lena Hoffmann", 4, fee=Money(82_50)),
    Someone("Ada Lowry", 4),
    Someone("Caroline Whitfield", 5),
    Someone("Ingrid Vasquez-Holm", 5),
    Someone("Mateo Villanueva", 4),
    Someone("Odette Marchetti", 3),
    Someone("Priya Raman", 4),
    Someone("Ruth Okonkwo", 1),
    Someone("Samir Belkacem", 3),
    Someone("Soo-jin Rhee", 2),
    Someone("Walter Strand", 4),
)


def october(desk: Desk, people: tuple[Someone, ...] = PEOPLE) -> dict[str, UUID]:
    """Make the scene; returns the clients by name."""
    office = desk.do(
        add_location, LocationFields("Alder Street", SessionFormat.IN_PERSON, "11")
    ).value
    video = desk.do(add_location, LocationFields("Video", SessionFormat.VIDEO)).value
    fields = ServiceFields("Individual session", "0001Z", minutes=50, fee=Money(165_00))
    service = desk.do(add_service, fields).value
    return {someone.name: _live(desk, someone, service, office, video) for someone in people}


def _live(desk: Desk, someone: Someone, service: UUID, office: UUID, video: UUID) -> UUID:
    added = desk.do(add_client_with_case, _client(someone)).value
    client_id = added.client_ids[0]
    if someone.diagnosed:
        desk.do(add_diagnosis, NewDiagnosis(client_id, "F33.1", someone.diagnosed))
    if someone.fee is not None:
        desk.do(set_client_fee, added.case_id, service, someone.fee)
    for number, day in enumerate(_DAYS[: someone.sessions]):
        by_video = someone.video_first and number == 0
        booking = Booking(
            added.case_id,
            datetime(2026, 10, day, 9),
            lines=(Line(service),),
            location_id=video if by_video else office,
            client_place=ClientPlace.HOME if by_video else None,
        )
        session_id = desk.do(book_session, booking).value
        settled = desk.do(attend, session_id).value
        _sign(desk, session_id)
        if number >= someone.sessions - someone.unpaid:
            continue
        entry = PaymentEntry(
            uuid4(),
            client_id,
            settled.charged,
            Method.CHECK,
            date(2026, 10, day),
            f"{881 + number}",
        )
        desk.do(record_payment, entry)
    return client_id


def _client(someone: Someone) -> NewClient:
    given, _, family = someone.name.partition(" ")
    home = Address("77 Orchard Row", "", "Alder Bay", "CA", "95999")
    return NewClient(
        PersonName(given, "", family),
        details=DetailFields(birth_date=someone.born, sex=Sex.FEMALE),
        phones=(PhoneFields("(707) 555-0177", is_main=True),),
        addresses=(AddressFields(home, is_main=True),),
        insurances=(InsuranceFields("Cascade Mutual Health Plan", "CMH 5520 18 441", "70815"),),
    )


def _sign(desk: Desk, session_id: UUID) -> None:
    note_id = desk.do(start_session_note, session_id).value
    kept = desk.do(save_draft, note_id, NoteFormat.PLAIN, {"text": "Slept better."}).value
    desk.do(sign_note, note_id, kept.hash)
