"""What Help registers: its page, under F1."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.shell.context import ScreenContext
from app.ui.shell.registry import Area, House


def register(house: House) -> None:
    """Fill the registries."""
    house.areas.add(
        Area("help", "Help", "circle-question-mark", _page, keys="F1", position=100, foot=True)
    )


def _page(context: ScreenContext) -> QWidget:
    from app.ui.help.page import HelpPage  # noqa: PLC0415  loaded when it is first shown

    return HelpPage(context)
