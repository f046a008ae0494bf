"""A small practice: the couple of the design's picture, and people to be told from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core.cases.commands import add_client_with_case, add_couple
from app.core.journeys.sessions import attend, miss
from app.core.kernel.desk import Desk
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import (
    AddressFields,
    DetailFields,
    EmailFields,
    InsuranceFields,
    Lifecycle,
    NewClient,
    PhoneFields,
)
from app.core.practice.commands import add_location, add_service
from app.core.practice.rules.catalogue import ServiceFields
from app.core.practice.rules.places import Address, LocationFields, SessionFormat
from app.core.scheduling.commands import book_session
from app.core.scheduling.rules.booking import Booking, Line

DANIEL = NewClient(
    PersonName("Daniel", "", "Okonkwo-Bell"),
    Lifecycle.ACTIVE,
    DetailFields("he/him", date(1984, 1, 30), first_seen=date(2025, 2, 4)),
    emails=(EmailFields("d.okonkwobell@example.com", consent_email=True),),
    phones=(PhoneFields("7075550162", consent_text=True, consent_voicemail=True),),
)
RUTH = NewClient(
    PersonName("Ruth", "", "Okonkwo"),
    Lifecycle.ACTIVE,
    DetailFields("she/her", date(1986, 8, 14), first_seen=date(2025, 2, 4)),
    emails=(EmailFields("ruth.okonkwo@example.com", consent_email=True),),
    phones=(PhoneFields("7075550148", consent_text=True, consent_voicemail=True),),
    addresses=(AddressFields(Address("1 Elm St", "", "Alder Bay", "CA", "95999")),),
    insurances=(InsuranceFields("Cascade Mutual", "CM 4471-0923-02"),),
)
#: Names that strain a screen: right to left, and longer than any column.
ARABIC = PersonName("محمد", "", "العبد الله")
LONGEST = PersonName("Wolfeschlegelsteinhausen", "", "Featherstonehaugh-Cholmondeley-Montgomery")


@dataclass(frozen=True, slots=True)
class Small:
    """The ids of the practice's people and cases."""

    couple_case: UUID
    daniel: UUID
    ruth: UUID
    ada_case: UUID
    ada: UUID
    prospect: UUID


def plain(given: str, family: str, lifecycle: Lifecycle = Lifecycle.ACTIVE) -> NewClient:
    """Return a client of whom only the name is known."""
    return NewClient(PersonName(given, "", family), lifecycle)


def small(desk: Desk) -> Small:
    """Fill the practice with the couple, Ada, and a prospect."""
    couple = desk.do(add_couple, DANIEL, RUTH, identified=1, relationship_label="Married").value
    ada = desk.do(add_client_with_case, plain("Ada", "Lowry")).value
    jun = desk.do(add_client_with_case, plain("Jun", "Tanaka", Lifecycle.PROSPECT)).value
    daniel, ruth = couple.client_ids
    return Small(couple.case_id, daniel, ruth, ada.case_id, ada.client_ids[0], jun.client_ids[0])


def with_sessions(desk: Desk, made: Small) -> None:
    """Give the couple what the picture of their record shows."""
    service = desk.do(add_service, ServiceFields("Couple", "0003Z", 50, Money(19000))).value
    video = desk.do(add_location, LocationFields("Video", SessionFormat.VIDEO)).value
    for day in (date(2026, 10, 8), date(2026, 10, 22), date(2026, 11, 5), date(2026, 11, 19)):
        starts = datetime(day.year, day.month, day.day, 9)
        booking = Booking(made.couple_case, starts, lines=(Line(service),))
        session = desk.do(book_session, booking).value
        desk.do(miss if day == date(2026, 10, 8) else attend, session)
    ahead = Booking(
        made.couple_case, datetime(2026, 12, 3, 10), lines=(Line(service),), location_id=video
    )
    desk.do(book_session, ahead)


def crowd(desk: Desk) -> None:
    """Add people whose names strain the list, and enough of them to scroll."""
    for name in (ARABIC, LONGEST):
        desk.do(add_client_with_case, NewClient(name, Lifecycle.ACTIVE))
    for number in range(60):
        desk.do(add_client_with_case, plain(f"Person {number:02}", "Li", Lifecycle.INACTIVE))
