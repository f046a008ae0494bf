"""A page of Settings with details of what is chosen on it: at its right, else below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.settings.panel import SettingsPanel
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets.cells import GUTTER
from app.ui.widgets.layout import (
    Hairline,
    ScrollPage,
    Surface,
    column_layout,
    emptied,
    row_layout,
)

#: Width of the details, and of the page from which on they stand beside it.
ASIDE, BESIDE = 304, 940


class AsidePage(QWidget):
    """``main`` is the page, whose rows bleed, ``aside`` what stands beside it."""

    def __init__(self, main: SettingsPanel, aside: QWidget) -> None:
        super().__init__()
        self.main, self.aside = main, aside
        self._surface = Surface("canvas", edges="left")
        self._surface.setFixedWidth(look.px(ASIDE))
        beside = ScrollPage(margin=(24, 24, 24, 24), name="Details")
        self._beside = beside.body
        column_layout(self._surface).addWidget(beside)
        self._below = QWidget()
        self._rule = Hairline()
        column = column_layout(self._below, gap=20, margin=(GUTTER, 0, GUTTER, 0))
        column.addWidget(self._rule)
        self._under = column
        main.content.addWidget(self._below)
        line = row_layout(self, gap=0)
        line.addWidget(main, 1)
        line.addWidget(self._surface)
        self.setFocusProxy(main)
        self._has_details = True
        self._is_wide: bool | None = None
        self._place(wide=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(wide=self.width() >= look.px(BESIDE))

    def _place(self, *, wide: bool) -> None:
        if wide == self._is_wide:
            return
        self._is_wide = wide
        (self._beside if wide else self._under).addWidget(self.aside)
        self._show()

    def has_details(self, has: bool) -> None:
        """Show the details, or leave their room to the page where there are none."""
        if has != self._has_details:
            self._has_details = has
            self._show()

    def _show(self) -> None:
        self._surface.setVisible(self._has_details and self._is_wide is True)
        self._below.setVisible(self._has_details and self._is_wide is False)

    def rebuild(self, fill: Callable[[], None]) -> None:
        """Make the details anew; the keyboard stays in them if it was there."""
        focused = cast("QWidget | None", self.window().focusWidget())
        before = set(self.aside.findChildren(QPushButton))
        held = focused is not None and self.aside.isAncestorOf(focused)
        layout = self.aside.layout()
        if layout is not None:
            emptied(layout)
        fill()
        if held:
            made = (each for each in self.aside.findChildren(QPushButton) if each not in before)
            first = next((each for each in made if each.isEnabled()), None)
            if first is not None:
                # What is not shown takes no keyboard, and the layout shows it only later.
                first.show()
                first.setFocus(Qt.FocusReason.OtherFocusReason)

    # What the shell asks of a page

    def show_place(self, place: Place) -> None:
        """Tell the page where in it the person went."""

    def show_field(self, field: str, record: str) -> None:
        """Put the cursor where ``field`` is mended."""
        self.main.show_field(field, record)

    def refresh(self) -> None:
        """Read again."""

    def left(self) -> None:
        """Forget where a link led."""
        self.main.left()
