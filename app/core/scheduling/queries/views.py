"""What the reads of the scheduling area return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core.cases.queries import CasePerson
from app.core.kernel.money import Money
from app.core.practice.rules.catalogue import CalendarColor, CaseKind
from app.core.practice.rules.places import SessionFormat
from app.core.scheduling.rules.overlap import Span
from app.core.scheduling.rules.status import AppointmentStatus, CanceledBy, ClientPlace, is_charged


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as the calendar and every list of sessions show it.

    ``starts`` and ``ends`` are wall time in ``zone``, ``starts_at`` and ``ends_at`` the instants.
    ``is_kept`` is false while it is only computed from its series; its id is the same then.
    ``place_of_service`` is "" while it is not known.
    """

    id: UUID
    case_id: UUID
    case_kind: CaseKind
    title: str
    people: tuple[CasePerson, ...]
    member_id: UUID | None
    supervisor_id: UUID | None
    series_id: UUID | None
    original_start: datetime | None
    is_kept: bool
    starts: datetime
    ends: datetime
    minutes: int
    zone: str
    starts_at: datetime
    ends_at: datetime
    status: AppointmentStatus
    chargeable: bool
    canceled_by: CanceledBy | None
    reason: str
    service_id: UUID | None
    service_name: str
    color: CalendarColor
    location_id: UUID | None
    location_name: str
    format: SessionFormat | None
    place_of_service: str
    client_place: ClientPlace | None
    client_state: str
    memo: str
    overlaps: bool = False

    @property
    def day(self) -> date:
        """Return the date of service."""
        return self.starts.date()

    @property
    def is_charged(self) -> bool:
        """Return whether the session owes money."""
        return is_charged(self.status, self.chargeable)

    @property
    def span(self) -> Span:
        """Return the time that it takes, to compare with others."""
        return Span(self.id, self.member_id, self.starts_at, self.ends_at, self.status)


@dataclass(frozen=True, slots=True)
class LineView:
    """A service line; ``fee`` is what the person said for a unit, ``usual_fee`` the catalogue's."""

    id: UUID
    service_id: UUID
    service_name: str
    code: str
    units: int
    modifiers: tuple[str, ...]
    fee: Money | None
    usual_fee: Money


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """Where a session stands in its series: ``Every Thursday until Dec 17``, 5 of 9."""

    series_id: UUID
    words: str
    number: int
    of: int | None


@dataclass(frozen=True, slots=True)
class SessionDetail:
    """A session with its service lines and its place in a series."""

    session: SessionView
    lines: tuple[LineView, ...]
    series: SeriesPlace | None


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series of a case."""

    id: UUID
    case_id: UUID
    starts: datetime
    minutes: int
    words: str
    ends_on: date | None
    service_name: str


@dataclass(frozen=True, slots=True)
class NearSessions:
    """The session of a case held last, and the next one booked."""

    last: SessionView | None = None
    next: SessionView | None = None
