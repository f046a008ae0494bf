"""What the calendar brings into the house."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from app.core.kernel.acting import Permission
from app.ui.shell.actions import Action
from app.ui.shell.registry import Area, House, Panel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.shell.context import ScreenContext

#: After Clinical, before Billing.
_TAB = 30


def register(house: House) -> None:
    """Register the area, the tab of a record, and the actions."""
    house.areas.add(
        Area(
            "scheduling",
            words="Calendar",
            icon="calendar-days",
            keys="Ctrl+2",
            position=2,
            page=_page,
            needs=Permission.SCHEDULE,
        )
    )
    for kind, build in (("case", _case_panel), ("client", _client_panel)):
        house.panels.add(Panel(kind, "tab", "appointments", "Appointments", build, _TAB))
    for action in _ACTIONS:
        house.actions.add(action)


_HERE = ("scheduling",)
_ACTIONS = (
    Action("scheduling.new", "New appointment", "plus", "N", _HERE, "Session"),
    Action("scheduling.past", "Enter past sessions", "history", "", _HERE, "Session"),
    Action("scheduling.today", "Show today", "sun", "T", _HERE, "View"),
    Action("scheduling.day", "Show a day", "calendar", "D", _HERE, "View"),
    Action("scheduling.week", "Show a week", "calendar-days", "W", _HERE, "View"),
    Action("scheduling.months", "Show month and colors", "panel-right", "M", _HERE, "View"),
)


def _page(context: ScreenContext) -> QWidget:
    from app.ui.scheduling.page import CalendarPage  # noqa: PLC0415 - loaded when first shown

    return CalendarPage(context)


def _case_panel(context: ScreenContext, record_id: UUID | None) -> QWidget:
    from app.ui.scheduling.panel import SessionsPanel  # noqa: PLC0415 - loaded when first shown

    return SessionsPanel(context, case_id=record_id)


def _client_panel(context: ScreenContext, record_id: UUID | None) -> QWidget:
    from app.ui.scheduling.panel import SessionsPanel  # noqa: PLC0415 - loaded when first shown

    return SessionsPanel(context, client_id=record_id)
