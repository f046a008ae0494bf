"""What Today registers: its page, and the acts on the selected session."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.core.kernel.acting import Permission
from app.ui.shell.actions import Action
from app.ui.shell.context import ScreenContext
from app.ui.shell.registry import Area, House

AREA = "today"
#: id, words, icon, keys, and the permission without which it is absent. The page says which of
#: them the selected session allows.
_ACTIONS = (
    ("today.book", "New appointment", "plus", "N", Permission.SCHEDULE),
    ("today.note", "Open note", "pen-line", "", Permission.READ_NOTES),
    ("today.confirm", "Confirm session", "circle-check", "C", Permission.SCHEDULE),
    ("today.attended", "Mark attended", "check", "A", Permission.SCHEDULE),
    ("today.missed", "Mark missed, not charged", "ban", "M", Permission.SCHEDULE),
    ("today.missed_charged", "Mark missed and charge", "ban", "Shift+M", Permission.SCHEDULE),
    ("today.payment", "Take payment", "banknote", "P", Permission.BILL),
    ("today.show", "Show in calendar", "calendar-days", "E", Permission.SCHEDULE),
    ("today.record", "Open record", "user-round", "R", Permission.READ_RECORDS),
    ("today.reopen", "Reopen session", "rotate-ccw", "", Permission.SCHEDULE),
)


def register(house: House) -> None:
    """Fill the registries."""
    house.areas.add(Area(AREA, "Today", "sun", _page, keys="Ctrl+1", position=1))
    for action_id, words, icon, keys, needs in _ACTIONS:
        house.actions.add(Action(action_id, words, icon, keys, (AREA,), "Session", needs=needs))


def _page(context: ScreenContext) -> QWidget:
    from app.ui.today.page import TodayPage  # noqa: PLC0415  loaded when it is first shown

    return TodayPage(context)
