"""A list of people, cases or tasks: virtual, two lines a row, kept selected without focus."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.theme import icons, look
from app.ui.widgets import paint
from app.ui.widgets.status import Status, paint_status, status_width
from app.ui.widgets.unsent import NOT_UPLOADED, Unsent, paint_in_gutter, with_words

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class EntityRow:
    """One row. ``aside`` stands right and never elides; ``key`` names the record."""

    key: Hashable
    title: str
    detail: str = ""
    aside: str = ""
    icon: str = ""
    aside_status: Status | None = None
    muted: bool = False

    def spoken(self) -> str:
        """Return the row as a screen reader says it."""
        status = self.aside_status.words if self.aside_status else ""
        return ", ".join(part for part in (self.title, self.detail, self.aside, status) if part)


class _Rows(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[EntityRow, ...] = ()
        self.unsent: Unsent | None = None

    def waits(self, row: EntityRow) -> bool:
        return self.unsent is not None and row.key in self.unsent

    def replace(self, rows: Sequence[EntityRow]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return with_words(row.spoken(), self.waits(row))
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.title}\n{NOT_UPLOADED}" if self.waits(row) else row.title
        return None


def row_background(
    painter: QPainter,
    rect: QRectF,
    option: QStyleOptionViewItem,
    *,
    radius: float = 0.0,
    leads: bool = False,
) -> None:
    """Paint what lies under a row: selected, selected without focus, pointed at.

    A row that ``leads`` is explained beside its table, and looks chosen wherever the keyboard is.
    """
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    if selected:
        active = bool(option.state & QStyle.StateFlag.State_Active) and _has_focus(option)
        token = "selection.row" if active or leads else "selection.inactive"
    elif option.state & QStyle.StateFlag.State_MouseOver:
        token = "surface.hover"
    else:
        return
    paint.box(painter, rect, radius, fill=look.color(token))


def row_ring(painter: QPainter, rect: QRectF, option: QStyleOptionViewItem) -> None:
    """Paint the ring of the current row while the list has the keyboard."""
    if option.state & QStyle.StateFlag.State_HasFocus and _by_keyboard(option):
        paint.box(painter, rect, look.px(6), edge=look.color("focus.ring"), width=2)


def _has_focus(option: QStyleOptionViewItem) -> bool:
    return option.widget.hasFocus()


def _by_keyboard(option: QStyleOptionViewItem) -> bool:
    return bool(option.widget.property("byKeyboard"))


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: EntityList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(look.px(120), look.row("list"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._view.rows()[index.row()]
        painter.save()
        area = QRectF(option.rect)
        row_background(painter, area, option, radius=look.px(6))
        row_ring(painter, area, option)
        if self._view.waits(row):
            paint_in_gutter(painter, area)
        inner = area.adjusted(look.px(12), 0, -look.px(12), 0)
        if row.icon:
            side = look.px(16)
            spot = QRectF(inner.left(), area.center().y() - side / 2, side, side)
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            icons.paint(
                painter, spot, row.icon, look.color("accent.text" if selected else "text.muted")
            )
            inner.setLeft(inner.left() + side + look.px(10))
        inner.setRight(inner.right() - self._paint_aside(painter, inner, row))
        self._paint_lines(painter, inner, row)
        painter.restore()

    @staticmethod
    def _paint_aside(painter: QPainter, inner: QRectF, row: EntityRow) -> float:
        if row.aside_status is not None:
            width = status_width(row.aside_status)
            area = QRectF(inner.right() - width - 1, inner.top(), width + 1, inner.height())
            paint_status(painter, area, row.aside_status, right=True)
            return width + look.px(12)
        if not row.aside:
            return 0.0
        font, ink = look.font("caption", tabular=True), look.color("text.muted")
        return paint.words(painter, inner, row.aside, font, ink, right=True, elide=False) + look.px(
            12
        )

    @staticmethod
    def _paint_lines(painter: QPainter, inner: QRectF, row: EntityRow) -> None:
        line = look.px(18)
        lines = 2 if row.detail else 1
        top = inner.center().y() - lines * line / 2
        ink = look.color("text.secondary" if row.muted else "text.primary")
        first = QRectF(inner.left(), top, inner.width(), line)
        paint.words(painter, first, row.title, look.font("body", "medium"), ink)
        if row.detail:
            second = first.translated(0, line)
            ink, font = look.color("text.secondary"), look.font("body")
            paint.words(painter, second, row.detail, font, ink)


class RowKeys:
    """What lists and tables share: ↵ opens, Space peeks, Esc goes back; the ring after a key."""

    @staticmethod
    def note_key(view: QAbstractItemView, by_keyboard: bool) -> None:
        """Remember whether the keyboard or the pointer moved last, for the ring."""
        if bool(view.property("byKeyboard")) != by_keyboard:
            view.setProperty("byKeyboard", by_keyboard)
            view.viewport().update()

    @staticmethod
    def note_focus(view: QAbstractItemView, event: QFocusEvent) -> bool:
        """Remember how the keyboard came; return whether it came by Tab."""
        tabbed = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        RowKeys.note_key(view, tabbed)
        return tabbed


class EntityList(QListView):
    """Rows of :class:`EntityRow`. Selecting shows at once; ↵ opens; Space peeks."""

    chosen = Signal(object)
    opened = Signal(object)
    peeked = Signal(object)
    menu_asked = Signal(object, QPoint)

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._rows = _Rows(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.doubleClicked.connect(self._double_clicked)
        self.selectionModel().selectionChanged.connect(self._selection_changed)

    def set_rows(self, rows: Sequence[EntityRow]) -> None:
        """Show other rows; what was selected stays selected if it is still there."""
        key = self.current_key()
        model = self.selectionModel()
        blocked = model.blockSignals(True)
        self._rows.replace(rows)
        kept = key is not None and self._choose(key)
        model.blockSignals(blocked)
        self.viewport().update()
        if key is not None and not kept:
            self.chosen.emit(None)

    def follow(self, unsent: Unsent | None) -> None:
        """Put a dot on rows whose record is not uploaded yet."""
        self._rows.unsent = unsent
        if unsent is not None:
            unsent.changed.connect(self.viewport().update)

    def waits(self, row: EntityRow) -> bool:
        """Return whether a row's record is not uploaded yet."""
        return self._rows.waits(row)

    def rows(self) -> tuple[EntityRow, ...]:
        """Return the rows shown."""
        return self._rows.rows

    def current_key(self) -> Hashable | None:
        """Return the key of the selected row."""
        chosen = self.selectionModel().selectedIndexes()
        return self._rows.rows[chosen[0].row()].key if chosen else None

    def select(self, key: Hashable | None) -> bool:
        """Select the row of ``key`` and bring it into view; return whether it is there."""
        if key is None:
            self.selectionModel().clear()
            return True
        return self._choose(key)

    def _choose(self, key: Hashable) -> bool:
        for position, row in enumerate(self._rows.rows):
            if row.key == key:
                index = self._rows.index(position, 0)
                flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
                self.selectionModel().setCurrentIndex(index, flag)
                self.scrollTo(index)
                return True
        return False

    def _selection_changed(self) -> None:
        # The current row is another matter: focus alone makes the first row current.
        key = self.current_key()
        if key is not None:
            self.chosen.emit(key)

    def _double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self._rows.rows[index.row()].key)

    def _ask_menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if index.isValid():
            self.menu_asked.emit(
                self._rows.rows[index.row()].key, self.viewport().mapToGlobal(point)
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        RowKeys.note_key(self, True)
        key = self.current_key()
        if key is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(key)
        elif key is not None and event.key() == Qt.Key.Key_Space:
            self.peeked.emit(key)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: Any) -> None:
        RowKeys.note_key(self, False)
        super().mousePressEvent(event)

    def focusInEvent(self, event: Any) -> None:
        tabbed = RowKeys.note_focus(self, event)
        super().focusInEvent(event)
        if tabbed and self._rows.rows and self.current_key() is None:
            self.setCurrentIndex(self._rows.index(0, 0))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)
