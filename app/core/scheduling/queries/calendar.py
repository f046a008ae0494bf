"""What the calendar shows, and what its editor chooses from, in one read each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.cases import queries as cases
from app.core.cases.queries import CaseView
from app.core.kernel.acting import Scope
from app.core.kernel.text import fold
from app.core.practice import queries as practice
from app.core.practice.queries import LocationView, ServiceView
from app.core.practice.rules.organization import Hours
from app.core.scheduling.queries.sessions import sessions_between
from app.core.scheduling.queries.views import SessionView
from app.core.team import queries as team

_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The sessions of some days, and when the practice is open."""

    first: date
    last: date
    sessions: tuple[SessionView, ...]
    hours: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class CalendarFrame:
    """What the calendar knows before it shows a day. Monday is weekday 0."""

    services: tuple[ServiceView, ...]
    week_starts: int


@dataclass(frozen=True, slots=True)
class BookingChoices:
    """What a session can be booked with: open cases by title, and what is not retired."""

    cases: tuple[CaseView, ...]
    services: tuple[ServiceView, ...]
    locations: tuple[LocationView, ...]
    members: tuple[tuple[UUID, str], ...]
    hours: tuple[Hours, ...]


def calendar(session: Session, scope: Scope, first: date, last: date) -> CalendarView:
    """Return the calendar from ``first`` to ``last``, both included."""
    return CalendarView(
        first,
        last,
        tuple(sessions_between(session, scope, first, last)),
        tuple(practice.office_hours(session, scope)),
    )


def calendar_frame(session: Session, scope: Scope) -> CalendarFrame:
    """Return the catalogue, and the weekday that a week starts on."""
    starts = practice.setting(session, scope, "calendar.week_starts")
    return CalendarFrame(
        tuple(practice.services(session, scope)), _SUNDAY if starts == "SUNDAY" else 0
    )


def booking_choices(session: Session, scope: Scope) -> BookingChoices:
    """Return what the appointment editor offers."""
    opened = [each for each in cases.cases(session, scope) if each.is_open]
    return BookingChoices(
        tuple(sorted(opened, key=lambda each: fold(each.title))),
        tuple(practice.services(session, scope)),
        tuple(practice.locations(session, scope)),
        tuple((each.id, each.name) for each in team.members(session, scope)),
        tuple(practice.office_hours(session, scope)),
    )
