"""A table of clients, invoices or sessions: hairlines, figures that line up, sorting, checks."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from app.ui.theme import icons, look
from app.ui.widgets import paint
from app.ui.widgets.cells import (
    GUTTER,
    Cell,
    Column,
    TableRow,
    as_cell,
    cell_width,
    paint_cell,
    sort_key,
)
from app.ui.widgets.choices import paint_check
from app.ui.widgets.column_widths import divided
from app.ui.widgets.focus import bring_into_view
from app.ui.widgets.lists import Index, RowKeys, row_background
from app.ui.widgets.unsent import NOT_UPLOADED, Unsent, paint_in_gutter, with_words

_CHECK_WIDTH = 40
_AFTER_FIGURES = 16
_MEASURED = 200
"""Rows that are measured for the width of a column; more would cost time with history."""


class _Model(QAbstractTableModel):
    def __init__(
        self, columns: Sequence[Column], checks: bool, bleeds: bool, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.bleeds = bleeds
        self.lead = 1 if checks else 0
        self.rows: list[TableRow] = []
        self.cells: list[tuple[Cell, ...]] = []
        self.checked: set[Hashable] = set()
        self.sorted_by: tuple[int, bool] | None = None
        self.unsent: Unsent | None = None

    def replace(self, rows: Iterable[TableRow]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.checked = {row.key for row in self.rows if row.checked}
        self._order()
        self.endResetModel()

    def sort_by(self, column: int, descending: bool) -> None:
        self.layoutAboutToBeChanged.emit()
        self.sorted_by = (column, descending)
        self._order()
        self.layoutChanged.emit()

    def _order(self) -> None:
        if self.sorted_by is not None:
            column, descending = self.sorted_by
            full = [row for row in self.rows if sort_key(as_cell(row.cells[column]))[0] == 0]
            empty = [row for row in self.rows if sort_key(as_cell(row.cells[column]))[0] == 1]
            full.sort(key=lambda row: sort_key(as_cell(row.cells[column]))[1], reverse=descending)
            self.rows = full + empty
        self.cells = [tuple(as_cell(value) for value in row.cells) for row in self.rows]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self.columns) + self.lead

    def waits(self, row: int) -> bool:
        return self.unsent is not None and self.rows[row].key in self.unsent

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = index.column() - self.lead
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return NOT_UPLOADED if self.waits(index.row()) else None
        if column < 0:
            if role == Qt.ItemDataRole.CheckStateRole and row.checked is not None:
                on = row.key in self.checked
                return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return f"Choose {self.cells[index.row()][0].spoken()}"
            return None
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        heard = role == Qt.ItemDataRole.AccessibleTextRole and column == 0
        return with_words(
            self.cells[index.row()][column].spoken(), heard and self.waits(index.row())
        )

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        column = section - self.lead
        return self.columns[column].words if column >= 0 else "Chosen"


def _padding(model: _Model, section: int) -> tuple[float, float]:
    """Return what lies left and right of a column's text: rows bleed 12 px over the text grid.

    Words after a column of figures stand off from them.
    """
    position = section - model.lead
    after_figures = (
        position > 0 and model.columns[position - 1].right and not model.columns[position].right
    )
    first = look.px(GUTTER) if model.bleeds else 0
    left = first if section == 0 else look.px(_AFTER_FIGURES) if after_figures else 0
    return left, look.px(GUTTER)


class _Delegate(QStyledItemDelegate):
    def __init__(self, table: DataTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = self._table.rows_model
        area = QRectF(option.rect)
        painter.save()
        hovered = self._table.hovered_row == index.row()
        if hovered:
            option.state |= QStyle.StateFlag.State_MouseOver
        else:
            option.state &= ~QStyle.StateFlag.State_MouseOver
        row_background(painter, area, option, leads=self._table.leads)
        paint.hairline(painter, area.left(), area.right() + 1, area.bottom())
        if index.column() == 0 and model.waits(index.row()):
            paint_in_gutter(painter, area)
        column = index.column() - model.lead
        if column < 0:
            self._paint_check(painter, area, index)
        else:
            left, right = _padding(model, index.column())
            inner = area.adjusted(left, 0, -right, -1)
            paint_cell(painter, inner, model.cells[index.row()][column], model.columns[column])
        painter.restore()

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        said = (self.elided(QRectF(option.rect), index), index.data(Qt.ItemDataRole.ToolTipRole))
        QToolTip.showText(event.globalPos(), "\n".join(filter(None, said)), view)
        return True

    def elided(self, area: QRectF, index: Index) -> str:
        """Return all that stands in a cell whose ``area`` has no room for it, else nothing."""
        model = self._table.rows_model
        position = index.column() - model.lead
        if position < 0:
            return ""
        cell = model.cells[index.row()][position]
        room = area.width() - sum(_padding(model, index.column()))
        return cell.spoken() if cell_width(cell, model.columns[position]) > room else ""

    def _paint_check(self, painter: QPainter, area: QRectF, index: Index) -> None:
        model = self._table.rows_model
        row = model.rows[index.row()]
        if row.checked is None and not row.refused:
            return
        side = look.px(16)
        spot = QRectF(area.left() + look.px(GUTTER), area.center().y() - side / 2, side, side)
        on = row.key in model.checked
        state = Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        paint_check(painter, spot, state, refused=row.refused)


class _Head(QHeaderView):
    """The heads: captions over a strong line, the sorted one with its direction."""

    def __init__(self, table: DataTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(look.px(16))

    def sizeHint(self) -> QSize:
        return QSize(0, look.px(32))

    def paintSection(self, painter: QPainter, rect: Any, logical: int) -> None:
        area = QRectF(rect)
        painter.save()
        paint.hairline(painter, area.left(), area.right() + 1, area.bottom() - 1, "line.strong")
        model = self._table.rows_model
        column = logical - model.lead
        if column >= 0:
            self._paint_words(painter, area, model.columns[column], column)
        painter.restore()

    def _paint_words(self, painter: QPainter, area: QRectF, column: Column, position: int) -> None:
        model = self._table.rows_model
        left, right = _padding(model, position + model.lead)
        inner = area.adjusted(left, 0, -right, -1)
        sort = model.sorted_by
        sorted_here = sort is not None and sort[0] == position
        font = look.font("caption", "medium")
        ink = look.color("text.secondary" if sorted_here else "text.muted")
        mark = look.px(12)
        if sorted_here and column.right:
            inner.setRight(inner.right() - mark - look.px(4))
        used = paint.words(painter, inner, column.words, font, ink, right=column.right)
        if sorted_here and sort is not None:
            x = inner.right() + look.px(4) if column.right else inner.left() + used + look.px(4)
            spot = QRectF(x, area.center().y() - mark / 2, mark, mark)
            icons.paint(painter, spot, "chevron-down" if sort[1] else "chevron-up", ink)


class DataTable(QTableView):
    """Rows of :class:`TableRow` under :class:`Column` heads. Put it 12 px outside the text grid.

    One that is only read, where nothing can be put outside the grid, does not ``bleed``.
    """

    chosen = Signal(object)
    opened = Signal(object)
    peeked = Signal(object)
    checks_changed = Signal()
    menu_asked = Signal(object, QPoint)

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        name: str,
        checks: bool = False,
        bleeds: bool = True,
        row: str = "table",
        leads: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """``leads`` is for a table beside whose rows their details stand, and stay."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._row, self.leads = row, leads
        self.hovered_row = -1
        self.rows_model = _Model(columns, checks, bleeds, self)
        self.setModel(self.rows_model)
        self.setItemDelegate(_Delegate(self))
        self.setHorizontalHeader(_Head(self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.doubleClicked.connect(self._double_clicked)
        self.horizontalHeader().sectionClicked.connect(self._head_clicked)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        self.verticalHeader().setDefaultSectionSize(look.row(row))

    # What the page says and asks

    def set_rows(self, rows: Iterable[TableRow]) -> None:
        """Show other rows; what was selected stays selected if it is still there."""
        key = self.current_key()
        blocked = self.selectionModel().blockSignals(True)
        self.rows_model.replace(rows)
        kept = key is not None and self._choose(key)
        self.selectionModel().blockSignals(blocked)
        self._fit()
        if key is not None and not kept:
            self.chosen.emit(None)

    def follow(self, unsent: Unsent | None) -> None:
        """Put a dot on rows whose record is not uploaded yet."""
        self.rows_model.unsent = unsent
        if unsent is not None:
            unsent.changed.connect(self.viewport().update)

    def current_key(self) -> Hashable | None:
        """Return the key of the selected row."""
        chosen = self.selectionModel().selectedRows()
        return self.rows_model.rows[chosen[0].row()].key if chosen else None

    def keys_in_order(self) -> list[Hashable]:
        """Return the keys of all rows as they are sorted now."""
        return [row.key for row in self.rows_model.rows]

    def select(self, key: Hashable | None) -> bool:
        """Select the row of ``key`` and bring it into view; return whether it is there."""
        if key is None:
            self.selectionModel().clear()
            return True
        return self._choose(key)

    def checked_keys(self) -> list[Hashable]:
        """Return the keys of the checked rows, in order."""
        return [row.key for row in self.rows_model.rows if row.key in self.rows_model.checked]

    def set_checked(self, keys: Iterable[Hashable]) -> None:
        """Check exactly these rows, as far as they can be."""
        free = {
            row.key for row in self.rows_model.rows if row.checked is not None and not row.refused
        }
        self.rows_model.checked = set(keys) & free
        self.viewport().update()
        self.checks_changed.emit()

    def sort(self, key: str, *, descending: bool = False) -> None:
        """Sort by the column ``key``."""
        position = [column.key for column in self.rows_model.columns].index(key)
        self._sort(position, descending)

    # Doing it

    def _choose(self, key: Hashable) -> bool:
        for position, row in enumerate(self.rows_model.rows):
            if row.key == key:
                index = self.rows_model.index(position, self.rows_model.lead)
                flags = (
                    QItemSelectionModel.SelectionFlag.ClearAndSelect
                    | QItemSelectionModel.SelectionFlag.Rows
                )
                self.selectionModel().setCurrentIndex(index, flags)
                self.scrollTo(index)
                return True
        return False

    def _selection_changed(self) -> None:
        # The current row is another matter: focus alone makes the first row current.
        key = self.current_key()
        if key is not None:
            self.chosen.emit(key)
            if self.hasFocus() and self.property("byKeyboard"):
                # One that is as high as its rows scrolls with its page.
                bring_into_view(self)

    def _double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self.rows_model.rows[index.row()].key)

    def _head_clicked(self, section: int) -> None:
        position = section - self.rows_model.lead
        if position < 0:
            all_on = len(self.checked_keys()) == sum(
                1 for row in self.rows_model.rows if row.checked is not None and not row.refused
            )
            self.set_checked([] if all_on else self.keys_in_order())
        elif self.rows_model.columns[position].sortable:
            before = self.rows_model.sorted_by
            self._sort(position, before == (position, False))

    def _sort(self, position: int, descending: bool) -> None:
        key = self.current_key()
        blocked = self.selectionModel().blockSignals(True)
        self.rows_model.sort_by(position, descending)
        if key is not None:
            self._choose(key)
        self.selectionModel().blockSignals(blocked)
        self.viewport().update()
        self.horizontalHeader().viewport().update()

    def _toggle(self, row: TableRow) -> None:
        if row.checked is None or row.refused:
            return
        self.rows_model.checked ^= {row.key}
        self.viewport().update()
        self.checks_changed.emit()

    def _ask_menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if index.isValid():
            place = self.viewport().mapToGlobal(point)
            self.menu_asked.emit(self.rows_model.rows[index.row()].key, place)

    # Widths

    def _fit(self) -> None:
        model = self.rows_model
        room = float(self.viewport().width())
        if model.lead:
            self.setColumnWidth(0, look.px(_CHECK_WIDTH))
            room -= look.px(_CHECK_WIDTH)
        widths = [self._natural(position) for position in range(len(model.columns))]
        for position, width in enumerate(divided(room, model.columns, widths)):
            self.setColumnHidden(position + model.lead, not width)
            self.setColumnWidth(position + model.lead, width)

    def _natural(self, position: int) -> float:
        column = self.rows_model.columns[position]
        left, right = _padding(self.rows_model, position + self.rows_model.lead)
        if column.width is not None:
            return look.px(column.width) + left
        head = paint.width_of(column.words, look.font("caption", "medium")) + look.px(16)
        texts = (cell_width(cells[position], column) for cells in self.rows_model.cells[:_MEASURED])
        return max(head, *texts, 0.0) + left + right + 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "rows_model"):
            self.verticalHeader().setDefaultSectionSize(look.row(self._row))
            self._fit()
        super().changeEvent(event)

    def sizeHintForContent(self) -> int:
        """Return the height at which all rows show without scrolling."""
        return look.px(32) + len(self.rows_model.rows) * look.row(self._row)

    # Keys and pointer

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        index = self.currentIndex()
        if index.isValid() and self.hasFocus() and self.property("byKeyboard"):
            # Delegates paint cells; the ring goes around the whole row.
            row = self.visualRect(index)
            area = QRectF(0, row.top(), self.viewport().width(), row.height())
            painter = QPainter(self.viewport())
            paint.box(painter, area, look.px(6), edge=look.color("focus.ring"), width=2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        RowKeys.note_key(self, True)
        index = self.currentIndex()
        row = self.rows_model.rows[index.row()] if index.isValid() else None
        if row is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(row.key)
        elif row is not None and event.key() == Qt.Key.Key_Space and self.rows_model.lead:
            self._toggle(row)
        elif row is not None and event.key() == Qt.Key.Key_Space:
            self.peeked.emit(row.key)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        RowKeys.note_key(self, False)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.rows_model.lead and index.column() == 0:
            self._toggle(self.rows_model.rows[index.row()])
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.indexAt(event.position().toPoint()).row())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        if row != self.hovered_row:
            self.hovered_row = row
            self.viewport().update()

    def focusInEvent(self, event: Any) -> None:
        tabbed = RowKeys.note_focus(self, event)
        super().focusInEvent(event)
        if tabbed and self.rows_model.rows and self.current_key() is None:
            self.setCurrentIndex(self.rows_model.index(0, self.rows_model.lead))
