"""What the import registers: its page, its action, and its entry in Settings and on Today."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.core.kernel.acting import Permission
from app.ui.shell.actions import Action
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.shell.registry import Area, House, Panel


def register(house: House) -> None:
    """Fill the registries."""
    house.areas.add(Area("exchange", "Import", "import", _page, nav=False, needs=Permission.IMPORT))
    house.panels.add(
        Panel("settings", "page", "import", "Import", _panel, 80, needs=Permission.IMPORT)
    )
    house.panels.add(
        Panel("today", "attention", "exchange", "Import", _unfinished, needs=Permission.IMPORT)
    )
    house.actions.add(
        Action(
            "exchange.import",
            "Import clients",
            icon="import",
            menu="File",
            needs=Permission.IMPORT,
            run=lambda context: context.go(Place("exchange")),
        )
    )
    house.actions.add(
        Action(
            "exchange.start",
            "Import these people",
            icon="import",
            keys="Ctrl+Return",
            areas=("exchange",),
            in_palette=False,
        )
    )


def _page(context: ScreenContext) -> QWidget:
    from app.ui.exchange.page import ImportPage  # noqa: PLC0415  loaded when it is first shown

    return ImportPage(context)


def _panel(context: ScreenContext, _record: UUID | None) -> QWidget:
    from app.ui.exchange.settings_page import ImportsPage  # noqa: PLC0415  as above

    return ImportsPage(context)


def _unfinished(context: ScreenContext, _record: UUID | None) -> QWidget:
    from app.ui.exchange.unfinished import UnfinishedImport  # noqa: PLC0415  as above

    return UnfinishedImport(context)
