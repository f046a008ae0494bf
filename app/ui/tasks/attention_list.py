"""The list of tasks: icon, what it is and about whom, and the mend as a link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.core.tasks.rules.attention import Attention
from app.ui.shell.mending import icon_of, tone_of
from app.ui.theme import icons, look
from app.ui.widgets import paint
from app.ui.widgets.lists import Index, RowKeys, row_ring

_ROW = 63


class _Items(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.items: tuple[Attention, ...] = ()

    def replace(self, items: Sequence[Attention]) -> None:
        self.beginResetModel()
        self.items = tuple(items)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = item.sentence or f"{item.title}, {item.detail}."
            return f"{said} {item.rule.act}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return item.sentence or f"{item.title}\n{item.detail}"
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: AttentionList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(look.px(120), look.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = self._view.items()[index.row()]
        painter.save()
        reach = look.px(self._view.bleed)
        area = QRectF(option.rect).adjusted(reach, 0, -reach, 0)
        if index.row() < len(self._view.items()) - 1:
            paint.hairline(painter, area.left(), area.right() + 1, area.bottom())
        if item.record is not None and item.record == self._view.open_record:
            around = area.adjusted(-reach, 1, reach, -look.px(3))
            paint.box(painter, around, look.px(6), fill=look.color("selection.row"))
        row_ring(painter, area.adjusted(-1, 1, 1, -2), option)
        top, line, side = area.top() + look.px(11), look.px(20), look.px(16)
        spot = QRectF(area.left(), top + (line - side) / 2, side, side)
        icons.paint(painter, spot, icon_of(item), look.color(tone_of(item).value))
        first = QRectF(area.left() + side + look.px(12), top, 0, line)
        first.setRight(area.right())
        linked = look.font("body", "medium")
        used = paint.words(
            painter,
            first,
            item.rule.act,
            linked,
            look.color("accent.text"),
            right=True,
            elide=False,
        )
        title = first.adjusted(0, 0, -used - look.px(8), 0)
        paint.words(
            painter, title, item.title, look.font("body", "medium"), look.color("text.primary")
        )
        soft, font = look.color("text.secondary"), look.font("body", tabular=True)
        detail = paint.with_its_end(item.detail, font, first.width())
        paint.words(painter, first.translated(0, line), detail, font, soft)
        painter.restore()


class AttentionList(QListView):
    """Tasks; a click on the link, a double click or ↵ asks to mend one."""

    mend_asked = Signal(object)

    def __init__(self, name: str = "Needs attention", *, bleed: int = 0) -> None:
        super().__init__()
        #: How far rows reach beyond their text on both sides, so that the tint surrounds it.
        self.bleed = bleed
        self.setAccessibleName(name)
        #: The record that stands open beside the list; its row is tinted.
        self.open_record: tuple[str, UUID] | None = None
        self._items = _Items(self)
        self.setModel(self._items)
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.doubleClicked.connect(self._ask)

    def set_items(self, items: Sequence[Attention]) -> None:
        """Show other tasks."""
        row = self.currentIndex().row()
        self._items.replace(items)
        if 0 <= row < len(items):
            self.setCurrentIndex(self._items.index(row, 0))
        self.updateGeometry()

    def show_open(self, record: tuple[str, UUID] | None) -> None:
        """Tint the row of the record that stands open beside the list."""
        self.open_record = record
        self.viewport().update()

    def items(self) -> tuple[Attention, ...]:
        """Return the tasks shown."""
        return self._items.items

    def sizeHint(self) -> QSize:
        return QSize(look.px(236), len(self._items.items) * look.px(_ROW) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(120), min(self.sizeHint().height(), look.px(_ROW)))

    def _ask(self, index: QModelIndex) -> None:
        if index.isValid():
            self.mend_asked.emit(self._items.items[index.row()])

    def _on_link(self, point: QPoint) -> QModelIndex:
        """Return the row whose link lies under ``point``, else an invalid index."""
        index = self.indexAt(point)
        if not index.isValid():
            return index
        area = self.visualRect(index)
        act = self._items.items[index.row()].rule.act
        reach = look.px(self.bleed + 4)
        left = area.right() - paint.width_of(act, look.font("body", "medium")) - reach
        inside = point.x() >= left and point.y() <= area.top() + look.px(36)
        return index if inside else QModelIndex()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._ask(self._on_link(event.position().toPoint()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._on_link(event.position().toPoint()).isValid()
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        RowKeys.note_key(self, False)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        RowKeys.note_key(self, True)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._ask(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: Any) -> None:
        RowKeys.note_focus(self, event)
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._items.items:
            self.setCurrentIndex(self._items.index(0, 0))
