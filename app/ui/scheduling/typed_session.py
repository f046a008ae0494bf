"""A session as it stands in the editor, and what it is booked or changed as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.core.kernel.ids import occurrence_id
from app.core.scheduling.queries import SessionDetail
from app.core.scheduling.rules import AppointmentStatus, ClientPlace
from app.core.scheduling.rules.booking import Booking, Details, Line
from app.core.scheduling.rules.recurrence import Repeat

USUAL_MINUTES = 50


class Until(StrEnum):
    """What ends a series."""

    OPEN = "OPEN"
    COUNT = "COUNT"
    DAY = "DAY"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the editor. ``minutes`` follows from start and end."""

    starts: datetime
    minutes: int = USUAL_MINUTES
    case_id: UUID | None = None
    lines: tuple[Line, ...] = ()
    location_id: UUID | None = None
    member_id: UUID | None = None
    client_place: ClientPlace = ClientPlace.HOME
    client_state: str = ""
    memo: str = ""
    confirmed: bool = False
    every: int = 0
    until: Until = Until.OPEN
    count: int = 8
    last: date | None = None

    @property
    def repeat(self) -> Repeat | None:
        """Return how it repeats, if it does."""
        if not self.every:
            return None
        return Repeat(
            self.every,
            self.count if self.until is Until.COUNT else None,
            self.last if self.until is Until.DAY else None,
        )


def typed_of(detail: SessionDetail) -> Typed:
    """Return a session that is to be changed as it stands in the editor."""
    session = detail.session
    return Typed(
        starts=session.starts,
        minutes=session.minutes,
        case_id=session.case_id,
        lines=tuple(
            Line(each.service_id, each.units, each.modifiers, each.fee) for each in detail.lines
        ),
        location_id=session.location_id,
        member_id=session.member_id,
        client_place=session.client_place or ClientPlace.HOME,
        client_state=session.client_state,
        memo=session.memo,
        confirmed=session.status is AppointmentStatus.CONFIRMED,
    )


def as_booking(typed: Typed, case_id: UUID, *, telehealth: bool) -> Booking:
    """Return what is booked; where the client is belongs to telehealth alone."""
    return Booking(
        case_id,
        typed.starts,
        typed.minutes,
        typed.lines,
        typed.location_id,
        typed.member_id,
        typed.client_place if telehealth else None,
        typed.client_state if telehealth else "",
        typed.memo,
        AppointmentStatus.CONFIRMED if typed.confirmed else AppointmentStatus.SCHEDULED,
    )


def as_details(typed: Typed, *, telehealth: bool) -> Details:
    """Return what of a booked session is changed, its time aside."""
    return Details(
        lines=typed.lines,
        location_id=typed.location_id,
        client_place=typed.client_place if telehealth else None,
        client_state=typed.client_state if telehealth else None,
        memo=typed.memo,
    )


def first_session(series_id: UUID, typed: Typed) -> UUID:
    """Return the id of the first session of a series that was booked as ``typed``."""
    return occurrence_id(series_id, typed.starts.isoformat(timespec="minutes"))
