"""Every table of the server in one import, so that migrations and row-level security know all."""

from __future__ import annotations

from app.core import mapping
from hosted.account import tables as _account  # noqa: F401 - maps its tables
from hosted.membership import tables as _membership  # noqa: F401 - maps its tables
from hosted.post import tables as _post  # noqa: F401 - maps its tables
from hosted.team import tables as _team  # noqa: F401 - maps its tables


def complete() -> None:
    """Map the tables that are shared with the program; the server's own are by now."""
    mapping.complete()
