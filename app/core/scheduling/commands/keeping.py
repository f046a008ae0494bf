"""How a session becomes a row: booked, or computed and then touched or begun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from app.core.cases.tables import Case
from app.core.practice.tables import Service
from app.core.scheduling.queries.reading import Bare, Occurrence, bare_of, find_occurrence
from app.core.scheduling.rules.booking import CheckedBooking, Line
from app.core.scheduling.rules.lines import line_id, lines_from_json
from app.core.scheduling.rules.walltime import place
from app.core.scheduling.tables import Appointment, Series, ServiceLine
from app.core.store.base import Synced
from app.core.store.unit import UnitOfWork

S = TypeVar("S", bound=Synced)

_FROM_BARE = Bare.__dataclass_fields__.keys() - {"id", "service_id", "is_kept"}


def touch(uow: UnitOfWork, session_id: UUID) -> Appointment:
    """Return the row of a session; a computed occurrence gets one. Raises ``NotFound``."""
    row = uow.find(Appointment, session_id)
    if row is None:
        occurrence = find_occurrence(uow.session, uow.scope, session_id, uow.today)
        row = uow.get(Appointment, session_id) if occurrence is None else keep(uow, occurrence)
    uow.about("appointment", row.id)
    return row


def keep(uow: UnitOfWork, occurrence: Occurrence) -> Appointment:
    """Make the row of a computed occurrence, with its service lines."""
    bare = bare_of(occurrence)
    values = {name: getattr(bare, name) for name in _FROM_BARE}
    values["supervisor_id"] = uow.get(Case, bare.case_id).supervisor_id
    row = write(uow, Appointment, bare.id, values)
    series = uow.get(Series, occurrence.series.id)
    write_lines(uow, row.id, lines_from_json(series.lines))
    return row


def add_appointment(uow: UnitOfWork, booking: CheckedBooking, zone: str) -> Appointment:
    """Add the row of a complete booking, with its service lines."""
    placed = place(booking.starts, booking.length, zone)
    row = uow.add(
        Appointment(
            case_id=booking.case_id,
            member_id=booking.member_id,
            supervisor_id=uow.get(Case, booking.case_id).supervisor_id,
            location_id=booking.location_id,
            starts=placed.starts,
            minutes=booking.length,
            zone=zone,
            starts_at=placed.starts_at,
            ends_at=placed.ends_at,
            status=booking.status,
            client_place=booking.client_place,
            client_state=booking.client_state,
            memo=booking.memo,
        )
    )
    write_lines(uow, row.id, booking.lines)
    uow.about("appointment", row.id)
    return row


def write_lines(uow: UnitOfWork, appointment_id: UUID, lines: Sequence[Line]) -> None:
    """Make ``lines`` the service lines of a session; those beyond them are deleted."""
    for position, line in enumerate(lines):
        modifiers = line.modifiers
        if modifiers is None:
            modifiers = tuple(uow.get(Service, line.service_id).modifiers)
        values = {
            "appointment_id": appointment_id,
            "position": position,
            "service_id": line.service_id,
            "units": line.units,
            "modifiers": list(modifiers),
            "fee": line.fee,
        }
        write(uow, ServiceLine, line_id(appointment_id, position), values)
    beyond = select(ServiceLine).where(
        ServiceLine.appointment_id == appointment_id, ServiceLine.position >= len(lines)
    )
    for row in uow.session.scalars(beyond):
        uow.delete(row)


def kept_lines(uow: UnitOfWork, appointment_id: UUID) -> tuple[Line, ...]:
    """Return the service lines of a session, in their order."""
    uow.session.flush()
    rows = uow.session.scalars(
        select(ServiceLine)
        .where(ServiceLine.appointment_id == appointment_id)
        .order_by(ServiceLine.position)
    )
    return tuple(Line(row.service_id, row.units, tuple(row.modifiers), row.fee) for row in rows)


def write(uow: UnitOfWork, kind: type[S], row_id: UUID, values: dict[str, Any]) -> S:
    """Make the row of a fixed id hold ``values``.

    An undo may have deleted a row of that id; it comes back, since ids are never given twice.
    """
    row = uow.session.scalars(
        select(kind)
        .where(kind.practice_id == uow.actor.practice_id, kind.id == row_id)
        .execution_options(include_deleted=True)
    ).one_or_none()
    if row is None:
        return uow.add(kind(id=row_id, **values))
    row.deleted_at = None
    for name, value in values.items():
        setattr(row, name, value)
    return row
