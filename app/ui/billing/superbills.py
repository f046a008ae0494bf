"""What superbills bring into the house: a page of Billing, a tab of a client's record, actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from app.core.kernel.acting import Permission
from app.ui.shell.actions import Action
from app.ui.shell.registry import House, Panel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.shell.context import ScreenContext

_PAGE_POSITION = 40
_TAB_POSITION = 55
_HERE = ("billing",)


def register(house: House) -> None:
    """Register the page, the tab and the actions."""
    house.panels.add(
        Panel("billing", "page", "superbills", "Superbills", _page, _PAGE_POSITION, Permission.BILL)
    )
    for kind in ("case", "client"):
        build = _tab_of(kind)
        house.panels.add(
            Panel(kind, "tab", "superbills", "Superbills", build, _TAB_POSITION, Permission.BILL)
        )
    for action in _ACTIONS:
        house.actions.add(action)


_ACTIONS = (
    Action(
        "billing.create_superbills",
        "Create the chosen superbills",
        "file-plus",
        "Ctrl+Return",
        _HERE,
        "Billing",
    ),
    Action(
        "billing.print_superbills",
        "Print the month’s superbills",
        "printer",
        "Ctrl+Shift+P",
        _HERE,
        "Billing",
    ),
)


def _page(context: ScreenContext, record_id: UUID | None) -> QWidget:
    del record_id
    from app.ui.billing.superbills_page import SuperbillsPage  # noqa: PLC0415 - when first shown

    return SuperbillsPage(context, head_inside=False)


def _tab_of(kind: str) -> Callable[[ScreenContext, UUID | None], QWidget]:
    def build(context: ScreenContext, record_id: UUID | None) -> QWidget:
        from app.ui.billing.superbills_page import SuperbillsPage  # noqa: PLC0415 - as above

        return SuperbillsPage(context, (kind, record_id) if record_id else None)

    return build
