"""Booking sessions and series, entering past ones, changing and deleting them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from app.core.cases.tables import Case
from app.core.kernel.acting import Permission
from app.core.kernel.clock import wall_time
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import UserError
from app.core.practice.rules.catalogue import check_minutes
from app.core.practice.rules.places import check_state
from app.core.practice.tables import Location, Service
from app.core.scheduling.commands.keeping import (
    add_appointment,
    keep,
    kept_lines,
    touch,
    write,
    write_lines,
)
from app.core.scheduling.queries.reading import Window, occurrences
from app.core.scheduling.rules.booking import (
    Booking,
    CheckedBooking,
    Details,
    Line,
    check_booking,
    check_lines,
    check_past,
)
from app.core.scheduling.rules.lines import lines_as_json
from app.core.scheduling.rules.recurrence import (
    Repeat,
    check_repeat,
    ended_on,
    last_day,
    read_rule,
    rule_text,
)
from app.core.scheduling.rules.status import AppointmentStatus, check_movable, is_charged
from app.core.scheduling.rules.walltime import check_start, day_words, place
from app.core.scheduling.tables import Appointment, Series, SkippedOccurrence
from app.core.store.command import command
from app.core.store.unit import UnitOfWork

#: A touch may have come before the rows of earlier occurrences; this far back is looked again.
_LOOK_BACK = timedelta(days=35)
_FIRST_DAY = datetime(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class PastSession:
    """A session that was held, or missed, before it was entered."""

    booking: Booking
    status: AppointmentStatus = AppointmentStatus.COMPLETED
    chargeable: bool = False


@command(permission=Permission.SCHEDULE, label="Book session", undo=True)
def book_session(uow: UnitOfWork, booking: Booking) -> UUID:
    """Book one session and return its id.

    A time in the spring gap moves forward (``rules.walltime.gap_notice`` says it beforehand).
    Raises ``UserError`` naming the field to mend.
    """
    return add_appointment(uow, _complete(uow, booking), uow.zone).id


@command(permission=Permission.SCHEDULE, label="Book series", undo=True)
def book_series(uow: UnitOfWork, booking: Booking, repeat: Repeat) -> UUID:
    """Book a session every so many weeks and return the series' id.

    Occurrences that have begun already become rows at once.
    """
    complete = _complete(uow, booking)
    check_repeat(repeat, complete.starts)
    zone = uow.zone
    series = uow.add(
        Series(
            case_id=complete.case_id,
            member_id=complete.member_id,
            service_id=complete.lines[0].service_id,
            location_id=complete.location_id,
            starts=complete.starts,
            minutes=complete.length,
            zone=zone,
            rule=rule_text(repeat, zone),
            ends_on=last_day(complete.starts, repeat),
            lines=lines_as_json(complete.lines),
            client_place=complete.client_place,
            client_state=complete.client_state,
            memo=complete.memo,
        )
    )
    uow.about("series", series.id)
    uow.session.flush()
    _keep_begun(uow, complete.starts, frozenset({complete.case_id}))
    return series.id


@command(permission=Permission.SCHEDULE, act=Act.BOOK, label="Enter past sessions", undo=True)
def enter_past_sessions(uow: UnitOfWork, sessions: Sequence[PastSession]) -> list[UUID]:
    """Enter sessions of today or before, several at once, and return their ids.

    Only their status is set: what they owe is the journey's. All are entered, or none.
    """
    if not sessions:
        raise UserError("Enter at least one session.", field="sessions")
    zone = uow.zone
    ids: list[UUID] = []
    for each in sessions:
        complete = _complete(uow, replace(each.booking, status=AppointmentStatus.SCHEDULED))
        check_past(complete.starts, uow.today)
        row = add_appointment(uow, complete, zone)
        row.status = each.status
        row.chargeable = each.chargeable and each.status.is_gone and is_charged(each.status, True)
        ids.append(row.id)
    return ids


@command(permission=Permission.SCHEDULE, label="Move session", undo=True)
def move_session(
    uow: UnitOfWork, session_id: UUID, starts: datetime, minutes: int | None = None
) -> UUID:
    """Give a session another wall time, another length, or both; return its id.

    An occurrence of a series becomes a row that keeps its original start. Raises ``UserError``
    for one that is settled already.
    """
    row = touch(uow, session_id)
    check_movable(row.status)
    length = check_minutes(row.minutes if minutes is None else minutes)
    placed = place(check_start(starts), length, row.zone)
    row.starts, row.minutes = placed.starts, length
    row.starts_at, row.ends_at = placed.starts_at, placed.ends_at
    return row.id


@command(permission=Permission.SCHEDULE, act=Act.CLOSE, label="Change session", undo=True)
def change_session(uow: UnitOfWork, session_id: UUID, details: Details) -> UUID:
    """Change service lines, location, where the client is, or the note for oneself.

    What a settled session charges stays: raises ``UserError`` until it is reopened.
    """
    row = touch(uow, session_id)
    if details.lines:
        if is_charged(row.status, row.chargeable):
            raise UserError(
                "This session is charged: reopen it to change its services.", field="lines"
            )
        write_lines(uow, row.id, check_lines(details.lines))
    if details.location_id is not None:
        row.location_id = uow.get(Location, details.location_id).id
    if details.client_place is not None:
        row.client_place = details.client_place
    if details.client_state is not None:
        row.client_state = check_state(details.client_state, field="client_state")
    if details.memo is not None:
        row.memo = details.memo
    return row.id


@command(permission=Permission.SCHEDULE, act=Act.CLOSE, label="Edit session", undo=True)
def edit_session(
    uow: UnitOfWork, session_id: UUID, starts: datetime, minutes: int, details: Details
) -> UUID:
    """Save what the editor shows: time and details, each only where it changed."""
    row = touch(uow, session_id)
    if (starts, minutes) != (row.starts, row.minutes):
        uow.entitlement.require(Act.BOOK)
        move_session(uow, row.id, starts, minutes)
    if details.lines == kept_lines(uow, row.id):
        details = replace(details, lines=())
    change_session(uow, row.id, details)
    return row.id


@command(permission=Permission.SCHEDULE, label="Delete session", undo=True)
def delete_session(uow: UnitOfWork, session_id: UUID) -> None:
    """Delete a session booked by mistake; a series then leaves that occurrence out.

    Raises ``UserError`` for one that was held or is charged: that one is reopened first.
    """
    row = touch(uow, session_id)
    if row.status is AppointmentStatus.COMPLETED or is_charged(row.status, row.chargeable):
        raise UserError(
            f"This session is marked {row.status.label.lower()}: reopen it first.", field="status"
        )
    if row.series_id is not None:
        skipped = {"series_id": row.series_id, "original_start": row.original_start}
        write(uow, SkippedOccurrence, row.id, skipped)
    uow.delete(row)


@command(permission=Permission.SCHEDULE, act=Act.CLOSE, label="End series", undo=True)
def end_series(uow: UnitOfWork, series_id: UUID, last: date) -> UUID:
    """Let a series have no session after ``last``; sessions already touched stay."""
    series = uow.get(Series, series_id)
    if last < series.starts.date() - timedelta(days=1):
        raise UserError(
            "The series ends before its first session: choose a later day.", field="last"
        )
    if series.ends_on is not None and series.ends_on < last:
        raise UserError(f"This series ended on {day_words(series.ends_on)} already.", field="last")
    repeat = ended_on(read_rule(series.rule, series.zone), last)
    series.rule = rule_text(repeat, series.zone)
    series.ends_on = last
    uow.about("series", series.id)
    return series.id


@command(permission=Permission.SCHEDULE, act=Act.CLOSE, label="Record sessions begun")
def keep_begun_sessions(uow: UnitOfWork) -> int:
    """Give every occurrence that has begun its row, and return how many got one.

    Run after unlocking and then every few minutes: what was is no longer computed.
    """
    latest = uow.session.scalar(
        select(func.max(Appointment.original_start)).where(
            Appointment.original_start <= wall_time(uow.now, uow.zone)
        )
    )
    return _keep_begun(uow, _FIRST_DAY if latest is None else latest - _LOOK_BACK, None)


def _keep_begun(uow: UnitOfWork, first: datetime, case_ids: frozenset[UUID] | None) -> int:
    now = wall_time(uow.now, uow.zone)
    begun = list(occurrences(uow.session, uow.scope, Window(first, now, case_ids)))
    for occurrence in begun:
        keep(uow, occurrence)
    return len(begun)


def _complete(uow: UnitOfWork, booking: Booking) -> CheckedBooking:
    """Return the booking with what the case and its service say of what was left out."""
    case = uow.get(Case, booking.case_id)
    if case.closed_on is not None and booking.starts.date() > case.closed_on:
        raise UserError("This case is closed: reopen it to book a session.", field="case")
    lines = booking.lines
    if not lines and case.default_service_id is not None:
        lines = (Line(case.default_service_id),)
    services = [uow.get(Service, line.service_id) for line in lines]
    location_id = booking.location_id or case.default_location_id or _first_location(uow)
    return check_booking(
        replace(
            booking,
            lines=lines,
            minutes=_usual_minutes(services) if booking.minutes is None else booking.minutes,
            location_id=location_id and uow.get(Location, location_id).id,
            member_id=booking.member_id or case.provider_id or uow.actor.member_id,
        )
    )


def _usual_minutes(services: Sequence[Service]) -> int | None:
    # An add-on's minutes lie inside those of the service that it is added to.
    return sum(each.minutes for each in services if not each.is_addon) or None


def _first_location(uow: UnitOfWork) -> UUID | None:
    return uow.session.scalar(
        select(Location.id)
        .where(Location.retired.is_(False))
        .order_by(Location.position, Location.id)
        .limit(1)
    )
