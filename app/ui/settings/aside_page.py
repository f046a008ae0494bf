"""A page of Settings with details of what is chosen on it: at its right, else over or below it."""

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
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.cells import GUTTER
from app.ui.widgets.layout import (
    Hairline,
    ScrollPage,
    Surface,
    column_layout,
    emptied,
    row_layout,
)
from app.ui.widgets.panes import Sheet

#: Width of the details, and of the page from which on they stand beside it.
ASIDE, BESIDE = 304, 940


class _Frame(QWidget):
    """Holds the details in the sheet; what they have no use for is the page's, as beside it."""

    def __init__(self, page: AsidePage) -> None:
        super().__init__()
        self._page = page

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._page.keyPressEvent(event)


class AsidePage(QWidget):
    """``main`` is the page, whose rows bleed, ``aside`` what stands beside it.

    Where there is no room beside, details that are the ``end`` of what is read stand below the
    page; others come over its edge once somebody is chosen with the pointer or by Enter.
    """

    def __init__(self, main: SettingsPanel, aside: QWidget, *, end: bool = False) -> None:
        super().__init__()
        self.main, self.aside = main, aside
        self._is_end = end
        self._surface = Surface("canvas", edges="left")
        self._surface.setFixedWidth(look.px(ASIDE))
        beside = ScrollPage(margin=(24, 24, 24, 24), name="Details")
        self._beside = beside.body
        self._close = QWidget()
        away = row_layout(self._close, gap=0, margin=(0, 12, 12, 0))
        away.addStretch(1)
        away.addWidget(IconButton("x", "Close", on_click=self._go_back))
        self._close.hide()
        box = column_layout(self._surface)
        box.addWidget(beside, 1)
        box.insertWidget(0, self._close)
        self._below = QWidget()
        self._rule = Hairline()
        column = column_layout(self._below, gap=20, margin=(GUTTER, 0, GUTTER, 0))
        column.addWidget(self._rule)
        self._under = column
        main.content.addWidget(self._below)
        self._line = row_layout(self, gap=0)
        self._line.addWidget(main, 1)
        self._line.addWidget(self._surface)
        self._sheet = Sheet(self)
        self._sheet.closed.connect(self._back_in_line)
        self.setFocusProxy(main)
        self._has_details = True
        self._is_wide: bool | None = None
        self._waiting: tuple[Callable[[], None], object] | None = None
        self._shows: object = None
        self._place(wide=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(wide=self.width() >= look.px(BESIDE))

    def _place(self, *, wide: bool) -> None:
        if wide == self._is_wide:
            return
        held = self.has_keyboard_in_details
        if self._sheet.is_open():
            self._sheet.close_sheet()
        self._is_wide = wide
        (self._under if self._is_end and not wide else self._beside).addWidget(self.aside)
        self._show()
        if held:
            self.open_details()

    def has_details(self, has: bool) -> None:
        """Show the details, or leave their room to the page where there are none."""
        if has != self._has_details:
            self._has_details = has
            self._show()

    def _show(self) -> None:
        narrow, has = self._is_wide is False, self._has_details
        self._below.setVisible(has and narrow and self._is_end)
        if not self._sheet.is_open():
            self._surface.setVisible(has and not narrow)
        elif not has:
            self._sheet.close_sheet()

    # Over the page, where there is no room beside it

    def open_details(self) -> None:
        """Bring the details over the edge of the page where they would not be seen otherwise."""
        if self._is_wide is not False or self._is_end or self._sheet.is_open():
            return
        frame = _Frame(self)
        column_layout(frame).addWidget(self._surface)
        self._close.show()
        self._surface.show()
        self._sheet.open(frame)

    def close_details(self) -> None:
        """Take the details away from over the page; beside it they stay."""
        if self._sheet.is_open():
            self._sheet.close_sheet()

    def _back_in_line(self) -> None:
        # The sheet deletes what it held; the details live on.
        self._close.hide()
        self._line.addWidget(self._surface)
        self._show()

    def rebuild(self, fill: Callable[[], None], shows: object = None) -> None:
        """Make the details anew; the keyboard stays in them if it was there.

        ``shows`` is all that they show: where it is what they show already, they stay.
        The keyboard stays on the control of the same words, else goes to the first that can be
        pressed, and back to the page where there is none. While a button there is held down they
        wait: made anew it would not hear that it is let go, and the press would be lost.
        """
        if shows is not None and shows == self._shows:
            self._waiting = None
            return
        down = next((each for each in self._buttons() if each.isDown()), None)
        if down is not None:
            if self._waiting is None:
                down.released.connect(self._rebuild_late, Qt.ConnectionType.QueuedConnection)
            self._waiting = (fill, shows)
            return
        self._waiting, self._shows = None, shows
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
            self.rebuild(*self._waiting)

    def _buttons(self) -> list[QPushButton]:
        return self.aside.findChildren(QPushButton)

    # The keyboard: into the details, back from them, and Enter where nothing else wants it

    def way_back(self) -> QWidget:
        """Return where Esc leads from the details, and the keyboard when they are gone."""
        return self._first_stop(self.main) or self.main

    def enter_details(self) -> None:
        """Show the details, and give the keyboard to their first control if there is one."""
        self.open_details()
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
        self.close_details()
        back = self.way_back()
        # What has the keyboard already would not show by whom it came.
        back.clearFocus()
        back.setFocus(Qt.FocusReason.BacktabFocusReason)

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
        """Forget where a link led, and what lay over the page."""
        self.close_details()
        self.main.left()
