"""Tables of the scheduling area."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.kernel.money import Money
from app.core.scheduling.rules.status import AppointmentStatus, CanceledBy, ClientPlace
from app.core.store.base import Synced, for_reads_of_the_program, link
from app.core.store.columns import Json, WallTime, word
from app.core.store.merging import Merging, Standing


class Series(Synced):
    """Sessions that repeat: an RFC 5545 rule in wall time, and what each of them is like."""

    __tablename__ = "series"
    __area__ = "scheduling"
    __merging__ = Merging(groups=(("starts", "minutes", "zone", "rule", "ends_on"),))

    case_id: Mapped[UUID] = link("care_case")
    member_id: Mapped[UUID | None] = link("member", nullable=True)
    service_id: Mapped[UUID] = link("service")
    """The service of the first line: what the calendar shows."""
    location_id: Mapped[UUID | None] = link("location", nullable=True)
    starts: Mapped[datetime] = mapped_column(WallTime)
    minutes: Mapped[int]
    zone: Mapped[str]
    rule: Mapped[str]
    ends_on: Mapped[date | None]
    """The last day that the rule allows; kept apart so that a window can select by it."""
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    """Every service line, as ``rules.lines`` writes them."""
    client_place: Mapped[ClientPlace | None] = mapped_column(word(ClientPlace))
    client_state: Mapped[str] = mapped_column(default="")
    memo: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        Index(None, "practice_id", "ends_on"),
        Index(None, "practice_id", "case_id"),
    )


class SkippedOccurrence(Synced):
    """An occurrence that its series leaves out (RFC 5545 EXDATE); its id is the occurrence's."""

    __tablename__ = "skipped_occurrence"
    __area__ = "scheduling"

    series_id: Mapped[UUID] = link("series")
    original_start: Mapped[datetime] = mapped_column(WallTime)

    __table_args__ = (Index(None, "practice_id", "original_start"),)


class Appointment(Synced):
    """A session: booked by itself, or an occurrence of a series once touched or begun.

    ``starts`` is the wall time in ``zone``; ``starts_at`` and ``ends_at`` are derived from it.
    """

    __tablename__ = "appointment"
    __area__ = "scheduling"
    __merging__ = Merging(
        groups=(
            ("starts", "minutes", "zone", "starts_at", "ends_at"),
            ("status", "chargeable", "canceled_by", "reason"),
            ("client_place", "client_state"),
        ),
        standing=Standing(
            column="status",
            value=AppointmentStatus.COMPLETED,
            against=(
                AppointmentStatus.CANCELED,
                AppointmentStatus.LATE_CANCELED,
                AppointmentStatus.NO_SHOW,
            ),
            evidence=(("note", "appointment_id"), ("charge", "appointment_id")),
        ),
        clinical=True,
    )

    case_id: Mapped[UUID] = link("care_case")
    member_id: Mapped[UUID | None] = link("member", nullable=True)
    supervisor_id: Mapped[UUID | None] = link("member", nullable=True)
    location_id: Mapped[UUID | None] = link("location", nullable=True)
    series_id: Mapped[UUID | None] = link("series", nullable=True)
    original_start: Mapped[datetime | None] = mapped_column(WallTime)
    """The wall time that the rule gave, wherever the session was moved to."""
    starts: Mapped[datetime] = mapped_column(WallTime)
    minutes: Mapped[int]
    zone: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    status: Mapped[AppointmentStatus] = mapped_column(
        word(AppointmentStatus), default=AppointmentStatus.SCHEDULED
    )
    chargeable: Mapped[bool] = mapped_column(default=False)
    """Whether a missed or late canceled session is charged all the same."""
    canceled_by: Mapped[CanceledBy | None] = mapped_column(word(CanceledBy))
    reason: Mapped[str] = mapped_column(default="")
    client_place: Mapped[ClientPlace | None] = mapped_column(word(ClientPlace))
    client_state: Mapped[str] = mapped_column(default="")
    memo: Mapped[str] = mapped_column(default="")
    """A note for oneself, not seen by the client and no part of the record."""

    __table_args__ = (
        Index(None, "practice_id", "starts"),
        Index(None, "practice_id", "case_id", "starts"),
        for_reads_of_the_program("case_id", "status", "starts"),
        for_reads_of_the_program("status", "starts"),
        for_reads_of_the_program("original_start"),
        for_reads_of_the_program("series_id"),
    )


class ServiceLine(Synced):
    """A service on a session; the first (position 0) is what the calendar shows."""

    __tablename__ = "service_line"
    __area__ = "scheduling"

    appointment_id: Mapped[UUID] = link("appointment")
    position: Mapped[int] = mapped_column(default=0)
    service_id: Mapped[UUID] = link("service")
    units: Mapped[int] = mapped_column(default=1)
    modifiers: Mapped[list[str]] = mapped_column(Json, default=list)
    fee: Mapped[Money | None]
    """What one unit is charged where the person said so; else the client's fee on the day."""

    __table_args__ = (Index(None, "practice_id", "appointment_id", "position"),)
