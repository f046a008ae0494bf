"""Reads that span the areas: Today, Needs attention, workflow states, the search."""

from app.core.tasks.queries.attention import When, attention
from app.core.tasks.queries.inbox import InboxRow, InboxView, inbox, inbox_item
from app.core.tasks.queries.records import workflows
from app.core.tasks.queries.search import Hit, recent, search
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
    "InboxRow",
    "InboxView",
    "Person",
    "SessionContext",
    "Today",
    "TodaySession",
    "WeekGlance",
    "When",
    "attention",
    "day_and_session",
    "inbox",
    "inbox_item",
    "recent",
    "search",
    "session_context",
    "today",
    "workflows",
]
