"""The page of Settings: a menu at the left, the chosen page beside it."""

from __future__ import annotations

from typing import Protocol, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.ui.settings.menu import SettingsMenu
from app.ui.shell import pages
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.shell.tabbing import tab_on
from app.ui.theme import look
from app.ui.widgets.layout import Surface, column_layout, row_layout
from app.ui.widgets.text import Text


class _Mendable(Protocol):
    def show_field(self, field: str, record: str) -> None: ...


class SettingsPage(QWidget):
    """Pages are made when they are first chosen and live until the practice closes.

    A page may have ``show_field(field, record)``, to which links that mend something lead.
    """

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        may = context.desk.actor.may
        self._panels = {
            panel.key: panel
            for panel in context.house.panels.of("settings", "page")
            if panel.needs is None or may(panel.needs)
        }
        self._made: dict[str, QWidget] = {}
        self._menu = SettingsMenu(list(self._panels.values()))
        self._menu.chosen.connect(lambda key: context.go(Place("settings", part=key)))
        self._stack = QStackedWidget()
        side = Surface("page", edges="right")
        side.setFixedWidth(look.px(224))
        column = column_layout(side, margin=(12, 24, 12, 12))
        head = row_layout(margin=(12, 0, 0, 0))
        head.addWidget(Text("Settings", "title", "semibold"))
        column.addLayout(head)
        column.addSpacing(look.px(16))
        column.addWidget(self._menu, 1)
        line = row_layout(self, gap=0)
        line.addWidget(side)
        line.addWidget(self._stack, 1)
        self.setFocusProxy(self._menu)

    def show_place(self, place: Place) -> None:
        """Show the page that ``place`` names, else the one shown last, else the first."""
        shown = self._current()
        key = place.part if place.part in self._panels else shown or next(iter(self._panels))
        if key not in self._made:
            self._made[key] = self._panels[key].build(self._context, None)
            self._stack.addWidget(self._made[key])
        panel = self._made[key]
        before = self._stack.currentWidget()
        if before is not None and before is not panel:
            pages.left(before)
        self._stack.setCurrentWidget(panel)
        self._menu.show_current(key)
        pages.show_place(panel, place)
        if "field" in place.ask and hasattr(panel, "show_field"):
            record = place.ask.get("record", "")
            cast(_Mendable, panel).show_field(place.ask["field"], record)
        elif not place.part:
            self._menu.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self._menu.hasFocus():
            # Whatever is open on the page has had it before: Esc goes back one.
            self._menu.setFocus(Qt.FocusReason.BacktabFocusReason)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._menu.hasFocus():
            tab_on(self.window(), forward=True)
        else:
            super().keyPressEvent(event)

    def _current(self) -> str:
        shown = self._stack.currentWidget()
        return next((key for key, panel in self._made.items() if panel is shown), "")

    def refresh(self) -> None:
        """Have the page in front read again."""
        panel = self._made.get(self._current())
        if panel is not None:
            pages.refresh(panel)

    def left(self) -> None:
        """Have every page keep what is typed."""
        for panel in self._made.values():
            pages.left(panel)

    def closing(self) -> None:
        """Close every page."""
        for panel in self._made.values():
            pages.closing(panel)
