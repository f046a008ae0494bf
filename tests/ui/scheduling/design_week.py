"""The week of the design's pictures, booked in a practice."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from app.core.cases.commands import add_client_with_case, add_couple
from app.core.kernel.desk import Desk
from app.core.kernel.money import Money
from app.core.kernel.text import read_full_name
from app.core.people.rules import NewClient
from app.core.practice.commands import add_location, add_service, set_office_hours
from app.core.practice.rules.catalogue import CalendarColor, ServiceFields
from app.core.practice.rules.organization import Hours
from app.core.practice.rules.places import LocationFields, SessionFormat
from app.core.scheduling import queries
from app.core.scheduling.commands import (
    book_series,
    book_session,
    cancel_session,
    complete_session,
    miss_session,
)
from app.core.scheduling.rules.booking import Booking, Line
from app.core.scheduling.rules.recurrence import Repeat

MONDAY = datetime(2026, 11, 16)

_SERVICES = {
    "individual": ServiceFields(
        "Individual", "0001Z", 50, Money(16500), color=CalendarColor.SPRUCE
    ),
    "intake": ServiceFields("Intake", "0002Z", 75, Money(22000), color=CalendarColor.CLAY),
    "couple": ServiceFields("Couple", "0003Z", 50, Money(20000), color=CalendarColor.PLUM),
    "family": ServiceFields("Family", "0004Z", 80, Money(22000), color=CalendarColor.SLATE),
    "check-in": ServiceFields("Check-in", "0005Z", 50, Money(9000), color=CalendarColor.ROSE),
}

#: Day, time, client, service, place, whether it repeats, what became of it.
_WEEK = (
    (0, "9:00", "Walter Strand", "individual", "office", True, "done"),
    (0, "10:00", "Ingrid Vasquez-Holm", "individual", "video", True, "done"),
    (0, "11:00", "Caleb Arsenault", "intake", "office", False, "done"),
    (0, "13:00", "Mara Rhee", "family", "office", True, "done"),
    (0, "15:00", "Lena Hoffmann", "check-in", "office", True, "missed"),
    (0, "16:00", "Odette Marchetti", "individual", "phone", False, "done"),
    (1, "9:00", "Priya Raman", "individual", "office", True, "done"),
    (1, "10:00", "Samir Belkacem", "individual", "video", True, "done"),
    (1, "11:00", "Nora Greer & Paul Holt", "couple", "office", True, "done"),
    (1, "13:30", "Ingrid Vasquez-Holm", "individual", "video", False, "done"),
    (1, "15:30", "Ana Villanueva", "family", "office", False, ""),
    (1, "15:45", "Ada Lowry", "individual", "office", False, "done"),
    (2, "13:00", "Samir Belkacem", "individual", "video", True, "done"),
    (2, "14:00", "Lena Hoffmann", "check-in", "office", True, "done"),
    (2, "15:00", "Ada Lowry", "individual", "office", False, "done"),
    (3, "8:00", "Priya Raman", "individual", "office", True, "done"),
    (3, "9:00", "Walter Strand", "individual", "office", True, "done"),
    (3, "10:00", "Daniel Okonkwo & Ruth Okonkwo-Bell", "couple", "video", True, "done"),
    (3, "11:30", "Noor Haddad", "individual", "video", True, ""),
    (3, "13:30", "Mateo Villanueva", "family", "office", True, ""),
    (3, "14:30", "Jun Tanaka", "individual", "video", True, ""),
    (3, "15:30", "Beatriz Sol", "individual", "office", True, "canceled"),
    (4, "9:00", "Odette Marchetti", "individual", "phone", True, ""),
    (4, "10:00", "Mara Rhee", "family", "office", True, ""),
    (4, "12:00", "Theo Brandt", "intake", "video", False, ""),
    (5, "10:00", "Group Preparation", "family", "office", False, ""),
)
_HOURS = ((0, 9, 17), (1, 9, 17), (2, 12.5, 18), (3, 8, 16.5), (4, 9, 14))


def _clock(hour: float) -> time:
    return time(int(hour), round(hour % 1 * 60))


def book_design_week(desk: Desk) -> dict[str, UUID]:
    """Book the week; return the cases by their client."""
    services = {key: desk.do(add_service, fields).value for key, fields in _SERVICES.items()}
    places = {
        "office": None,
        "video": desk.do(add_location, LocationFields("Video", SessionFormat.VIDEO)).value,
        "phone": desk.do(add_location, LocationFields("Phone", SessionFormat.PHONE)).value,
    }
    desk.do(set_office_hours, tuple(Hours(day, _clock(a), _clock(b)) for day, a, b in _HOURS))
    cases: dict[str, UUID] = {}
    for day, at, client, service, place, repeats, became in _WEEK:
        if client not in cases:
            cases[client] = _open(desk, client)
        hour, minute = (int(part) for part in at.split(":"))
        starts = MONDAY + timedelta(days=day, hours=hour, minutes=minute)
        lines = (Line(services[service]),)
        minutes = 50 if client.endswith("Villanueva") else None
        booking = Booking(cases[client], starts, minutes, lines, places[place])
        if repeats:
            desk.do(book_series, booking, Repeat(count=9))
        else:
            desk.do(book_session, booking)
        _settle(desk, cases[client], starts, became)
    return cases


def _open(desk: Desk, client: str) -> UUID:
    people = [NewClient(read_full_name(name).name) for name in client.split(" & ")]
    if len(people) == 2:
        return desk.do(add_couple, *people).value.case_id
    return desk.do(add_client_with_case, people[0]).value.case_id


def _settle(desk: Desk, case_id: UUID, starts: datetime, became: str) -> None:
    if not became:
        return
    day = starts.date()
    found = desk.ask(queries.sessions_between, day, day, case_ids=[case_id])
    session_id = next(each.id for each in found if each.starts == starts)
    if became == "done":
        desk.do(complete_session, session_id)
    elif became == "missed":
        desk.do(miss_session, session_id)
    else:
        desk.do(cancel_session, session_id)
