"""A practice with one client, one couple, two services and two locations, ready to book."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest

from app.core.cases.commands import add_client_with_case, add_couple
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.practice import queries as practice_queries
from app.core.practice.commands import add_location, add_service
from app.core.practice.rules.catalogue import ServiceFields
from app.core.practice.rules.places import LocationFields, SessionFormat
from app.core.scheduling.rules.booking import Line
from tests.support.practice import TestDesk


@dataclass(frozen=True, slots=True)
class Room:
    """The records that the tests of the calendar book with."""

    client_id: UUID
    case_id: UUID
    couple_id: UUID
    service_id: UUID
    long_id: UUID
    office_id: UUID
    video_id: UUID

    @property
    def line(self) -> tuple[Line, ...]:
        return (Line(self.service_id),)


@pytest.fixture
def room(desk: TestDesk) -> Room:
    ana = desk.do(add_client_with_case, NewClient(PersonName("Ana", "", "Prieto"))).value
    couple = desk.do(
        add_couple,
        NewClient(PersonName("Daniel", "", "Okonkwo")),
        NewClient(PersonName("Ruth", "", "Okonkwo")),
    ).value
    usual = ServiceFields("Individual", "0001Z", 50, Money(16500), ("HJ",))
    return Room(
        ana.client_ids[0],
        ana.case_id,
        couple.case_id,
        desk.do(add_service, usual).value,
        desk.do(add_service, ServiceFields("Intake", "0002Z", 75, Money(22000))).value,
        desk.ask(practice_queries.locations)[0].id,
        desk.do(add_location, LocationFields("Video", SessionFormat.VIDEO)).value,
    )
