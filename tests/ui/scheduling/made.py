"""Sessions made for tests that need no practice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from app.core.cases.queries import CasePerson
from app.core.kernel.text import PersonName
from app.core.practice.rules.catalogue import CalendarColor, CaseKind
from app.core.practice.rules.places import SessionFormat
from app.core.scheduling.queries import SessionView
from app.core.scheduling.rules import AppointmentStatus
from app.core.scheduling.rules.walltime import place

ZONE = "America/Los_Angeles"


def session(
    *,
    number: int = 1,
    starts: datetime = datetime(2026, 11, 19, 9),
    minutes: int = 50,
    status: AppointmentStatus = AppointmentStatus.SCHEDULED,
    overlaps: bool = False,
    repeats: bool = False,
    met: SessionFormat = SessionFormat.IN_PERSON,
) -> SessionView:
    """Return a session with Ana Villanueva."""
    placed = place(starts, minutes, ZONE)
    return SessionView(
        id=UUID(int=number),
        case_id=UUID(int=50),
        case_kind=CaseKind.INDIVIDUAL,
        title="Ana Villanueva",
        people=(CasePerson(UUID(int=60), PersonName("Ana", "", "Villanueva")),),
        member_id=UUID(int=70),
        supervisor_id=None,
        series_id=UUID(int=80) if repeats else None,
        original_start=starts if repeats else None,
        is_kept=True,
        starts=placed.starts,
        ends=placed.ends,
        minutes=minutes,
        zone=ZONE,
        starts_at=placed.starts_at,
        ends_at=placed.ends_at,
        status=status,
        chargeable=False,
        canceled_by=None,
        reason="",
        service_id=UUID(int=90),
        service_name="Individual",
        color=CalendarColor.SPRUCE,
        location_id=None,
        location_name="Office",
        format=met,
        place_of_service="11",
        client_place=None,
        client_state="",
        memo="",
        overlaps=overlaps,
    )
