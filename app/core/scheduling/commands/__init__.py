"""Writes of the scheduling area."""

from app.core.scheduling.commands.booking import (
    PastSession,
    book_series,
    book_session,
    change_session,
    delete_session,
    edit_session,
    end_series,
    enter_past_sessions,
    keep_begun_sessions,
    move_session,
)
from app.core.scheduling.commands.closing import (
    cancel_session,
    complete_session,
    confirm_session,
    miss_session,
    reopen_session,
)

__all__ = [
    "PastSession",
    "book_series",
    "book_session",
    "cancel_session",
    "change_session",
    "complete_session",
    "confirm_session",
    "delete_session",
    "edit_session",
    "end_series",
    "enter_past_sessions",
    "keep_begun_sessions",
    "miss_session",
    "move_session",
    "reopen_session",
]
