"""What floats over the pages: the finder, the keys, the member's menu, the sync words' card.

Each is read and made when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget

from app.ui.shell.context import ScreenContext
from app.ui.shell.finding import Finding
from app.ui.shell.places import Place
from app.ui.widgets.menus import Entry, menu
from app.ui.widgets.popover import Popover

if TYPE_CHECKING:
    from app.ui.shell.palette import Palette


class Floats:
    """Opens over ``host``; ``context`` and ``area`` say what is in front then."""

    def __init__(
        self,
        host: QWidget,
        finding: Finding,
        context: Callable[[], ScreenContext],
        area: Callable[[], str],
    ) -> None:
        self._host, self._finding = host, finding
        self._context, self._area = context, area
        self._palette: Palette | None = None
        self._sync_card = Popover(host, width=344)

    @property
    def finder(self) -> Palette:
        """What finds anything."""
        if self._palette is None:
            from app.ui.shell.palette import Palette  # noqa: PLC0415

            self._palette = Palette(self._host, self._finding)
        return self._palette

    def open_finder(self) -> None:
        """Find anything, or something to do on the screen in front."""
        self.finder.open(self._context(), self._area())

    def open_keys(self) -> None:
        """Show the shortcuts of the screen in front."""
        from app.ui.shell.keysheet import KeySheet  # noqa: PLC0415 - as the palette

        KeySheet(self._host, self._context().house.actions, self._area()).open()

    def open_member_menu(self, corner: QPoint, lock: Callable[[], object]) -> None:
        """Open what can be done by who is signed in, above ``corner`` of the screen."""
        keys = self._context().house.actions.keys_of("shell.lock")
        made = menu(self._host, [Entry("Lock", lock, keys, "lock")])
        made.popup(corner - QPoint(0, made.sizeHint().height()))
        made.aboutToHide.connect(made.deleteLater)

    def open_sync(self, beside: QWidget) -> None:
        """Say beside the sync words how this computer and the account agree."""
        from app.ui.shell.synccard import SyncCard  # noqa: PLC0415 - as the palette

        sync = self._context().sync
        if sync is None:
            return
        card = SyncCard(
            sync,
            show_inbox=lambda: self._leave_for(Place("tasks")),
            connect=lambda: self._leave_for(Place("settings", part="sync")),
        )
        self._sync_card.closed.connect(card.closing, Qt.ConnectionType.SingleShotConnection)
        corner = beside.mapTo(self._host, QPoint(0, 0))
        self._sync_card.open_at(QRect(corner, beside.size()), card)

    def dismiss(self) -> None:
        """Close what stays open by itself."""
        self._sync_card.dismiss()

    def _leave_for(self, place: Place) -> None:
        self._sync_card.dismiss()
        self._context().go(place)
