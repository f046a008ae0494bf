"""What Today registers: its page, and the acts on the selected session."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.shell.actions import Action
from app.ui.shell.context import ScreenContext
from app.ui.shell.registry import Area, House

AREA = "today"
#: id, words, icon, keys. The page says which of them the selected session allows.
_ACTIONS = (
    ("today.book", "New appointment", "plus", "N"),
    ("today.note", "Open note", "pen-line", ""),
    ("today.confirm", "Confirm session", "circle-check", "C"),
    ("today.attended", "Mark attended", "check", "A"),
    ("today.missed", "Mark missed, not charged", "ban", "M"),
    ("today.missed_charged", "Mark missed and charge", "ban", "Shift+M"),
    ("today.payment", "Take payment", "banknote", "P"),
    ("today.show", "Show in calendar", "calendar-days", "E"),
    ("today.record", "Open record", "user-round", "R"),
    ("today.reopen", "Reopen session", "rotate-ccw", ""),
)


def register(house: House) -> None:
    """Fill the registries."""
    house.areas.add(Area(AREA, "Today", "sun", _page, keys="Ctrl+1", position=1))
    for action_id, words, icon, keys in _ACTIONS:
        house.actions.add(Action(action_id, words, icon, keys, (AREA,), "Session"))


def _page(context: ScreenContext) -> QWidget:
    from app.ui.today.page import TodayPage  # noqa: PLC0415  loaded when it is first shown

    return TodayPage(context)
