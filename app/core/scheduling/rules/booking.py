"""What a person says when booking, and what of it can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core.kernel.errors import UserError
from app.core.kernel.money import Money
from app.core.kernel.text import clean_line
from app.core.practice.rules.catalogue import check_minutes, check_modifiers
from app.core.practice.rules.places import check_state
from app.core.scheduling.rules.status import AppointmentStatus, ClientPlace
from app.core.scheduling.rules.walltime import check_start

MOST_LINES = 6
MOST_UNITS = 99


@dataclass(frozen=True, slots=True)
class Line:
    """A service on a session.

    ``modifiers`` ``None`` takes the service's own. ``fee`` is what the session charges for one
    unit where the person says so; ``None`` leaves it to the client's fee on the day.
    """

    service_id: UUID
    units: int = 1
    modifiers: tuple[str, ...] | None = None
    fee: Money | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """A session to be booked. What is left out comes from the case, then from the service.

    ``starts`` is naive wall time in the practice's zone; ``minutes`` the real length.
    """

    case_id: UUID
    starts: datetime
    minutes: int | None = None
    lines: tuple[Line, ...] = ()
    location_id: UUID | None = None
    member_id: UUID | None = None
    client_place: ClientPlace | None = None
    client_state: str = ""
    memo: str = ""
    status: AppointmentStatus = AppointmentStatus.SCHEDULED


@dataclass(frozen=True, slots=True)
class CheckedBooking(Booking):
    """A booking with everything it needs, as it is stored."""

    length: int = 0
    """Its real minutes."""


@dataclass(frozen=True, slots=True)
class Details:
    """What can be changed of a session besides its time; ``None`` and ``()`` stay as they are."""

    lines: tuple[Line, ...] = ()
    location_id: UUID | None = None
    client_place: ClientPlace | None = None
    client_state: str | None = None
    memo: str | None = None


def check_lines(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return 1 to 6 service lines as they are stored; raises ``UserError`` (field ``lines``)."""
    if not lines:
        raise UserError("Choose the service of this session.", field="lines")
    if len(lines) > MOST_LINES:
        raise UserError("A session has at most six service lines.", field="lines")
    return tuple(_check_line(line) for line in lines)


def _check_line(line: Line) -> Line:
    if not 1 <= line.units <= MOST_UNITS:
        raise UserError(f"A service line has 1 to {MOST_UNITS} units.", field="lines")
    if line.fee is not None and line.fee.cents < 0:
        raise UserError("A fee cannot be less than nothing.", field="lines")
    modifiers = None if line.modifiers is None else check_modifiers(line.modifiers, field="lines")
    return Line(line.service_id, line.units, modifiers, line.fee)


def check_booking(booking: Booking) -> CheckedBooking:
    """Return a complete booking as it is stored; raises ``UserError`` naming the field to mend."""
    lines = check_lines(booking.lines)
    if booking.minutes is None:
        raise UserError("Say how long the session lasts.", field="minutes")
    if not booking.status.is_open:
        raise UserError("A new session is scheduled or confirmed.", field="status")
    minutes = check_minutes(booking.minutes)
    return CheckedBooking(
        case_id=booking.case_id,
        starts=check_start(booking.starts),
        minutes=minutes,
        length=minutes,
        lines=lines,
        location_id=booking.location_id,
        member_id=booking.member_id,
        client_place=booking.client_place,
        client_state=check_state(booking.client_state, field="client_state"),
        memo=clean_line(booking.memo, field="memo"),
        status=booking.status,
    )


def check_past(starts: datetime, today: date) -> None:
    """Raise ``UserError`` when a session entered as held lies on a later day."""
    if starts.date() > today:
        raise UserError(
            "This day has not come yet: book the session instead of entering it as held.",
            field="starts",
        )
