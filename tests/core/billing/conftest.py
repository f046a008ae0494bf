"""A client with sessions to be held, and the money acts that tests repeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

import pytest

from app.core.billing.ledger.commands import Recorded, record_payment
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.cases.commands import add_client_with_case, add_couple
from app.core.journeys.sessions import Settled, attend
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.practice.commands import add_location, add_service
from app.core.practice.rules.catalogue import ServiceFields
from app.core.practice.rules.places import LocationFields, SessionFormat
from app.core.scheduling.commands import book_session
from app.core.scheduling.rules.booking import Booking, Line
from tests.support.practice import TestDesk

TODAY = date(2026, 11, 19)


@dataclass(frozen=True, slots=True)
class Walter:
    """Walter Strand, his case, and the service and place of his sessions."""

    desk: TestDesk
    client_id: UUID
    case_id: UUID
    service_id: UUID

    def hold(self, day: int, *, month: int = 11, fee: Money | None = None) -> Settled:
        """Book a session on a day of 2026 and mark it attended."""
        return self.desk.do(attend, self.book(day, month=month, fee=fee)).value

    def book(self, day: int, *, month: int = 11, fee: Money | None = None) -> UUID:
        """Book a session at nine on a day of 2026."""
        booking = Booking(
            self.case_id, datetime(2026, month, day, 9), lines=(Line(self.service_id, fee=fee),)
        )
        return self.desk.do(book_session, booking).value

    def pay(self, cents: int, *, on: date = TODAY, entry: PaymentEntry | None = None) -> Recorded:
        """Take a check of the client."""
        plain = PaymentEntry(uuid4(), self.client_id, Money(cents), Method.CHECK, on, "318")
        return self.desk.do(record_payment, entry or plain).value


@pytest.fixture
def office(desk: TestDesk) -> UUID:
    """A service of $165 at the office; returns the service."""
    desk.do(add_location, LocationFields("Alder Street", SessionFormat.IN_PERSON, "11"))
    fields = ServiceFields("Individual session", "0001Z", minutes=50, fee=Money(165_00))
    return desk.do(add_service, fields).value


@pytest.fixture
def walter(desk: TestDesk, office: UUID) -> Walter:
    """An individual case."""
    added = desk.do(add_client_with_case, NewClient(PersonName("Walter", "", "Strand"))).value
    return Walter(desk, added.client_ids[0], added.case_id, office)


@pytest.fixture
def couple(desk: TestDesk, office: UUID) -> tuple[Walter, Walter]:
    """A couple case, seen from either of its people."""
    daniel = NewClient(PersonName("Daniel", "", "Okonkwo"))
    ruth = NewClient(PersonName("Ruth", "", "Okonkwo"))
    added = desk.do(add_couple, daniel, ruth, identified=1).value
    first, second = added.client_ids
    return Walter(desk, first, added.case_id, office), Walter(desk, second, added.case_id, office)
