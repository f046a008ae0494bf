"""Bookings that touch more than the calendar: of somebody without a case, of one with a note."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from app.core.cases.commands import open_case
from app.core.cases.rules import NewCase
from app.core.clinical.queries.notes import note_statuses
from app.core.kernel.acting import Permission
from app.core.kernel.errors import UserError
from app.core.practice.rules.catalogue import CaseKind
from app.core.scheduling.commands import book_series, book_session, delete_session
from app.core.scheduling.rules.booking import Booking
from app.core.scheduling.rules.recurrence import Repeat
from app.core.store.command import command
from app.core.store.unit import UnitOfWork


@command(permission=Permission.SCHEDULE, label="Book session", undo=True)
def book_first(
    uow: UnitOfWork, client_id: UUID, booking: Booking, repeat: Repeat | None = None
) -> UUID:
    """Open an individual case for a client, and book in it instead of ``booking``'s own case.

    Returns the session's id, or with ``repeat`` the series'. Raises ``UserError``, and opens no
    case, naming the field to mend.
    """
    case_id = open_case(uow, NewCase(CaseKind.INDIVIDUAL, (client_id,)))
    uow.session.flush()
    placed = replace(booking, case_id=case_id)
    return book_session(uow, placed) if repeat is None else book_series(uow, placed, repeat)


@command(permission=Permission.SCHEDULE, label="Delete session", undo=True)
def delete_booking(uow: UnitOfWork, session_id: UUID) -> None:
    """Delete a session booked by mistake.

    Raises ``UserError`` for one that was held, is charged, or has a note: it is canceled instead.
    """
    if note_statuses(uow.session, uow.scope, [session_id]):
        raise UserError(
            "This session has a note: cancel it instead of deleting it.", field="status"
        )
    delete_session(uow, session_id)
