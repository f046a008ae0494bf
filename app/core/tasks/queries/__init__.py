"""Reads that span the areas: Today, workflow states, the search.

The whole of Needs attention (``attention``) and the inbox (``inbox``) are read behind the day:
their modules are imported by who shows them.
"""

from app.core.tasks.queries.case_attention import When
from app.core.tasks.queries.naming import Hit
from app.core.tasks.queries.records import workflows
from app.core.tasks.queries.search import recent, search
from app.core.tasks.queries.today import (
    Person,
    SessionContext,
    Today,
    TodaySession,
    WeekGlance,
    day_and_session,
    session_context,
    today,
)

__all__ = [
    "Hit",
    "Person",
    "SessionContext",
    "Today",
    "TodaySession",
    "WeekGlance",
    "When",
    "day_and_session",
    "recent",
    "search",
    "session_context",
    "today",
    "workflows",
]
