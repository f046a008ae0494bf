"""What becomes of a session: confirmed, held, missed, canceled, reopened.

These set the status alone. What a session owes, and what a reopened one gives back, is written
by the journeys that call them.
"""

from __future__ import annotations

from uuid import UUID

from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.kernel.text import clean_line
from app.core.scheduling.commands.keeping import touch
from app.core.scheduling.rules.status import (
    AppointmentStatus,
    CanceledBy,
    check_day_has_come,
    check_step,
)
from app.core.scheduling.tables import Appointment
from app.core.store.command import command
from app.core.store.unit import UnitOfWork


@command(permission=Permission.SCHEDULE, act=Act.BOOK, label="Confirm session", undo=True)
def confirm_session(uow: UnitOfWork, session_id: UUID) -> UUID:
    """Note that the client confirmed the session."""
    return _step(uow, session_id, AppointmentStatus.CONFIRMED).id


@command(permission=Permission.SCHEDULE, act=Act.CLOSE, label="Mark attended", undo=True)
def complete_session(uow: UnitOfWork, session_id: UUID) -> UUID:
    """Note that the session was held; raises ``UserError`` before its day has come."""
    return _settle(uow, session_id, AppointmentStatus.COMPLETED).id


@command(permission=Permission.SCHEDULE, act=Act.CLOSE, label="Mark missed", undo=True)
def miss_session(uow: UnitOfWork, session_id: UUID, *, chargeable: bool = False) -> UUID:
    """Note that the client did not come, and whether that is charged."""
    row = _settle(uow, session_id, AppointmentStatus.NO_SHOW)
    row.chargeable = chargeable
    return row.id


@command(permission=Permission.SCHEDULE, act=Act.CLOSE, label="Cancel session", undo=True)
def cancel_session(
    uow: UnitOfWork,
    session_id: UUID,
    *,
    by: CanceledBy = CanceledBy.CLIENT,
    reason: str = "",
    late: bool = False,
    chargeable: bool = False,
) -> UUID:
    """Call a session off. A late cancellation may be charged; of a series only this one goes."""
    words = clean_line(reason, field="reason")
    wanted = AppointmentStatus.LATE_CANCELED if late else AppointmentStatus.CANCELED
    row = _step(uow, session_id, wanted)
    row.canceled_by, row.reason = by, words
    row.chargeable = late and chargeable
    return row.id


@command(permission=Permission.SCHEDULE, act=Act.CLOSE, label="Reopen session", undo=True)
def reopen_session(uow: UnitOfWork, session_id: UUID) -> UUID:
    """Make a settled session scheduled again."""
    row = _step(uow, session_id, AppointmentStatus.SCHEDULED)
    row.chargeable, row.canceled_by, row.reason = False, None, ""
    return row.id


def _settle(uow: UnitOfWork, session_id: UUID, wanted: AppointmentStatus) -> Appointment:
    row = _step(uow, session_id, wanted)
    check_day_has_come(row.starts.date(), uow.today)
    return row


def _step(uow: UnitOfWork, session_id: UUID, wanted: AppointmentStatus) -> Appointment:
    row = touch(uow, session_id)
    check_step(row.status, wanted)
    row.status = wanted
    return row
