"""Reads of the scheduling area."""

from app.core.scheduling.queries.calendar import (
    BookingChoices,
    CalendarFrame,
    CalendarView,
    booking_choices,
    calendar,
    calendar_frame,
)
from app.core.scheduling.queries.near import last_seen, near_cases, near_clients, next_booked
from app.core.scheduling.queries.sessions import (
    agenda,
    overlaps,
    series_of_case,
    service_lines,
    session_detail,
    session_of,
    sessions_between,
    sessions_by_id,
    sessions_of_case,
    unclosed,
)
from app.core.scheduling.queries.views import (
    LineView,
    NearSessions,
    SeriesPlace,
    SeriesView,
    SessionDetail,
    SessionView,
)

__all__ = [
    "BookingChoices",
    "CalendarFrame",
    "CalendarView",
    "LineView",
    "NearSessions",
    "SeriesPlace",
    "SeriesView",
    "SessionDetail",
    "SessionView",
    "agenda",
    "booking_choices",
    "calendar",
    "calendar_frame",
    "last_seen",
    "near_cases",
    "near_clients",
    "next_booked",
    "overlaps",
    "series_of_case",
    "service_lines",
    "session_detail",
    "session_of",
    "sessions_between",
    "sessions_by_id",
    "sessions_of_case",
    "unclosed",
]
