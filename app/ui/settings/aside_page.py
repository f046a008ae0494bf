"""A page of Settings with details of what is chosen on it: at its right, else below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.settings.panel import SettingsPanel
from app.ui.shell.places import Place
from app.ui.shell.tabbing import is_stop
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
        self._waiting: Callable[[], None] | None = None
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
        """Make the details anew; the keyboard stays in them if it was there.

        It stays on the control of the same words, else goes to the first that can be pressed, and
        back to the page where there is none. While a button there is held down they wait: made
        anew it would not hear that it is let go, and the press would be lost.
        """
        down = next((each for each in self._buttons() if each.isDown()), None)
        if down is not None:
            if self._waiting is None:
                down.released.connect(self._rebuild_late, Qt.ConnectionType.QueuedConnection)
            self._waiting = fill
            return
        self._waiting = None
        held = self._focused() if self.has_keyboard_in_details else None
        words = held.text() if isinstance(held, QPushButton) else ""
        before = set(self._buttons())
        layout = self.aside.layout()
        if layout is not None:
            emptied(layout)
        fill()
        if held is None:
            return
        made = [each for each in self._buttons() if each not in before]
        able = [each for each in made if each.isEnabled()]
        # One that is busy keeps the keyboard, and says by itself that it cannot be pressed.
        same = [each for each in made if each.text() == words and QWidget.isEnabled(each)]
        chosen = next(iter([*same, *able]), None)
        if chosen is None:
            self._go_back()
        else:
            # What is not shown takes no keyboard, and the layout shows it only later.
            chosen.show()
            chosen.setFocus(Qt.FocusReason.OtherFocusReason)

    def _rebuild_late(self) -> None:
        # What the press itself changed has made them anew by now, with what holds since.
        if self._waiting is not None:
            self.rebuild(self._waiting)

    def _buttons(self) -> list[QPushButton]:
        return self.aside.findChildren(QPushButton)

    # The keyboard: into the details, back from them, and Enter where nothing else wants it

    def way_back(self) -> QWidget:
        """Return where Esc leads from the details, and the keyboard when they are gone."""
        return self._first_stop(self.main) or self.main

    def enter_details(self) -> None:
        """Give the keyboard to the first control of the details, if there is one."""
        first = self._first_stop(self.aside)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    @property
    def has_keyboard_in_details(self) -> bool:
        """Whether the keyboard is in the details."""
        focused = self._focused()
        return focused is not None and self.aside.isAncestorOf(focused)

    def step_back(self) -> bool:
        """Leave the details for the page beside them; return whether the keyboard was there."""
        held = self.has_keyboard_in_details
        if held:
            self._go_back()
        return held

    def enter(self) -> bool:
        """Do what Enter means here; return whether it meant something."""
        focused = self._focused()
        if isinstance(focused, QPushButton):
            focused.click()
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Here comes what the control with the keyboard had no use for.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # A key that is held down is no second wish.
            taken = event.isAutoRepeat() or self.enter()
        else:
            taken = event.key() == Qt.Key.Key_Escape and self.step_back()
        if not taken:
            super().keyPressEvent(event)

    def _go_back(self) -> None:
        self.way_back().setFocus(Qt.FocusReason.BacktabFocusReason)

    def _focused(self) -> QWidget | None:
        return cast("QWidget | None", self.window().focusWidget())

    @staticmethod
    def _first_stop(inside: QWidget) -> QWidget | None:
        return next((each for each in inside.findChildren(QWidget) if is_stop(each)), None)

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
