"""What Tasks registers: its page, its pane on Today, its number in the side bar."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.ui.shell.actions import Action
from app.ui.shell.context import ScreenContext
from app.ui.shell.presenter import Presenter
from app.ui.shell.registry import Area, House, Panel


def register(house: House) -> None:
    """Fill the registries."""
    house.areas.add(
        Area("tasks", "Tasks", "list-checks", _page, keys="Ctrl+6", position=6, count=_count)
    )
    house.actions.add(
        Action(
            "tasks.all", "All tasks", icon="list", keys="Esc", areas=("tasks",), in_palette=False
        )
    )
    house.panels.add(Panel("today", "attention", "tasks", "Needs attention", _panel))


def _page(context: ScreenContext) -> QWidget:
    from app.ui.tasks.page import TasksPage  # noqa: PLC0415  loaded when it is first shown

    return TasksPage(context)


def _panel(context: ScreenContext, _record: UUID | None) -> QWidget:
    from app.ui.tasks.panel import AttentionPanel  # noqa: PLC0415  loaded when it is first shown

    return AttentionPanel(context)


def _count(context: ScreenContext, tell: Callable[[int], None]) -> Presenter:
    from app.ui.tasks.counter import TaskCounter  # noqa: PLC0415  needs the tables

    return TaskCounter(context, tell)
