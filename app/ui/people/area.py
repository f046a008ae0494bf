"""What the clients' area brings into the house."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from app.core.kernel.acting import Permission
from app.ui.shell.actions import Action
from app.ui.shell.registry import Area, House, Panel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.shell.context import ScreenContext

    Build = Callable[[ScreenContext, UUID | None], QWidget]

#: Tabs of a record that this area owns; others stand between them by their position.
OVERVIEW, DETAILS, RELATIONSHIPS, ACTIVITY = 0, 10, 70, 80


def register(house: House) -> None:
    """Register the area, its tabs of a record, and its actions."""
    house.areas.add(
        Area(
            "people",
            words="Clients",
            icon="users-round",
            keys="Ctrl+3",
            position=3,
            page=_page,
            needs=Permission.READ_RECORDS,
        )
    )
    for kind in ("case", "client"):
        for key, words, position, build in (
            ("overview", "Overview", OVERVIEW, _overview(kind)),
            ("details", "Details", DETAILS, _details(kind)),
            ("relationships", "Relationships", RELATIONSHIPS, _relationships(kind)),
            ("activity", "Activity", ACTIVITY, _activity(kind)),
        ):
            house.panels.add(Panel(kind, "tab", key, words, build, position))
    for action in _ACTIONS:
        house.actions.add(action)


_ACTIONS = (
    Action(
        "people.new_client",
        "New client or case",
        icon="plus",
        keys="N",
        areas=("people",),
        menu="Client",
        needs=Permission.EDIT_CLIENTS,
    ),
    Action(
        "people.search",
        "Find in the list",
        icon="search",
        keys="/",
        areas=("people",),
        menu="Client",
    ),
    Action(
        "people.edit_details",
        "Edit details",
        icon="pen-line",
        keys="E",
        areas=("people",),
        menu="Client",
        group=1,
        needs=Permission.EDIT_CLIENTS,
    ),
    Action(
        "people.book",
        "Book session",
        icon="calendar-plus",
        keys="B",
        areas=("people",),
        menu="Client",
        group=2,
        needs=Permission.SCHEDULE,
    ),
    Action(
        "people.note",
        "New note",
        icon="pen-line",
        keys="Ctrl+Shift+N",
        areas=("people",),
        menu="Client",
        group=2,
        needs=Permission.WRITE_NOTES,
    ),
    Action(
        "people.all", "All clients", icon="list", keys="Esc", areas=("people",), in_palette=False
    ),
)


def _page(context: ScreenContext) -> QWidget:
    from app.ui.people.page import ClientsPage  # noqa: PLC0415  loaded when first shown

    return ClientsPage(context)


def _overview(kind: str) -> Build:
    def build(context: ScreenContext, record_id: UUID | None) -> QWidget:
        from app.ui.people.overview import OverviewPanel  # noqa: PLC0415

        return OverviewPanel(context, (kind, _given(record_id)))

    return build


def _details(kind: str) -> Build:
    def build(context: ScreenContext, record_id: UUID | None) -> QWidget:
        from app.ui.people.details import DetailsPanel  # noqa: PLC0415

        return DetailsPanel(context, (kind, _given(record_id)))

    return build


def _relationships(kind: str) -> Build:
    def build(context: ScreenContext, record_id: UUID | None) -> QWidget:
        from app.ui.people.relationships import RelationshipsPanel  # noqa: PLC0415

        return RelationshipsPanel(context, (kind, _given(record_id)))

    return build


def _activity(kind: str) -> Build:
    def build(context: ScreenContext, record_id: UUID | None) -> QWidget:
        from app.ui.people.activity import ActivityPanel  # noqa: PLC0415

        return ActivityPanel(context, (kind, _given(record_id)))

    return build


def _given(record_id: UUID | None) -> UUID:
    if record_id is None:
        raise ValueError("a tab of a record was built without a record")
    return record_id
