"""The menu of Settings: words under each other, groups apart, one current."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QRectF, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.shell.registry import Panel
from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.lists import Index, RowKeys, row_ring

_ROW, _GAP = 31, 14
#: Pages whose positions share a hundred belong together.
_GROUP = 100


class _Rows(QStyledItemDelegate):
    def __init__(self, breaks: Sequence[bool], parent: QWidget) -> None:
        super().__init__(parent)
        self._breaks = breaks

    def _gap(self, index: Index) -> int:
        return look.px(_GAP) if self._breaks[index.row()] else 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(look.px(120), look.px(_ROW) + self._gap(index))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = QRectF(option.rect).adjusted(0, self._gap(index), 0, 0)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if current:
            inner = area.adjusted(0, 1, 0, -1)
            paint.box(painter, inner, look.px(6), fill=look.color("selection.row"))
            row_ring(painter, inner, option)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            paint.box(painter, area, look.px(6), fill=look.color("surface.hover"))
        font = look.font("body", "semibold" if current else "regular")
        ink = look.color("text.primary" if current else "text.secondary")
        words = area.adjusted(look.px(12), 0, -look.px(8), 0)
        paint.words(painter, words, str(index.data()), font, ink)
        painter.restore()


class SettingsMenu(QListView):
    """One row a page; ``chosen`` carries the key of the page."""

    chosen = Signal(str)

    def __init__(self, pages: Sequence[Panel]) -> None:
        super().__init__()
        self._keys = [page.key for page in pages]
        # The view chooses the first row by itself when it gets the keyboard before a page is shown.
        self._shown = False
        groups = [page.position // _GROUP for page in pages]
        breaks = [
            bool(number) and group != groups[number - 1] for number, group in enumerate(groups)
        ]
        self.setAccessibleName("Settings")
        self.setModel(QStringListModel([page.words for page in pages], self))
        self.setItemDelegate(_Rows(breaks, self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.selectionModel().currentChanged.connect(self._moved)

    def show_current(self, key: str) -> None:
        """Make a page the current one without saying that it was chosen."""
        self._shown = True
        blocked = self.selectionModel().blockSignals(True)
        self.setCurrentIndex(self.model().index(self._keys.index(key), 0))
        self.selectionModel().blockSignals(blocked)
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            RowKeys.note_key(self, event.reason() is not Qt.FocusReason.MouseFocusReason)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        RowKeys.note_key(self, True)
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        RowKeys.note_key(self, False)
        super().mousePressEvent(event)

    def _moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        if self._shown and current.isValid():
            self.chosen.emit(self._keys[current.row()])
