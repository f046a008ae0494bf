"""A client with a session held this morning, and a couple."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest

from app.core.cases.commands import add_client_with_case
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.practice.commands import add_service
from app.core.practice.queries import services
from app.core.practice.rules.catalogue import ServiceFields
from app.core.scheduling.commands import book_session
from app.core.scheduling.rules.booking import Booking, Line
from tests.support.practice import TestDesk


@dataclass(frozen=True, slots=True)
class Session:
    """A person, their case, and a session of it."""

    client_id: UUID
    case_id: UUID
    appointment_id: UUID


USUAL = ServiceFields("Individual", "0001Z", 50, Money(16500))


def book(desk: TestDesk, case_id: UUID, starts: datetime) -> UUID:
    known = desk.ask(services)
    service_id = known[0].id if known else desk.do(add_service, USUAL).value
    booking = Booking(case_id=case_id, starts=starts, minutes=50, lines=(Line(service_id),))
    return desk.do(book_session, booking).value


@pytest.fixture
def walter(desk: TestDesk) -> Session:
    """Walter Strand, whose session is at nine on the day of the design's pictures."""
    name = PersonName(given="Walter", family="Strand")
    added = desk.do(add_client_with_case, NewClient(name=name)).value
    appointment_id = book(desk, added.case_id, datetime(2026, 11, 19, 9, 0))
    return Session(added.client_ids[0], added.case_id, appointment_id)
