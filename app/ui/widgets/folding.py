"""Buttons side by side, as many as there is room for; a menu at the end holds the others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import look
from app.ui.widgets.layout import row_layout

_GAP = 8


class FoldingRow(QWidget):
    """``buttons`` from the left, ``menu`` at the right; the first button always shows.

    Whoever builds the menu's entries asks ``folded`` which buttons it stands in for.
    """

    def __init__(self, buttons: Sequence[QWidget], menu: QWidget) -> None:
        super().__init__()
        self._buttons, self._menu = tuple(buttons), menu
        line = row_layout(self, gap=_GAP)
        for each in self._buttons:
            line.addWidget(each)
        line.addStretch(1)
        line.addWidget(menu)

    def folded(self) -> list[int]:
        """Return the positions of the buttons that found no room."""
        return [place for place, each in enumerate(self._buttons) if each.isHidden()]

    def minimumSizeHint(self) -> QSize:
        wanted = super().minimumSizeHint()
        first = self._taken(self._buttons[0]) if self._buttons else 0
        return QSize(first + self._menu.sizeHint().width(), wanted.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - self._menu.sizeHint().width()
        for place, each in enumerate(self._buttons):
            room -= self._taken(each)
            each.setVisible(place == 0 or room >= 0)

    @staticmethod
    def _taken(button: QWidget) -> int:
        return button.sizeHint().width() + look.px(_GAP)
