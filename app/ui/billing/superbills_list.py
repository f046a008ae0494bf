"""The list of superbills: refused with their mends, to look at, ready, issued."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, cast

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.billing.superbills_fitting import (
    AMOUNT,
    ASIDE,
    CHECK,
    GAP,
    ICON,
    LINE,
    PADDING,
    ROW_HEIGHT,
    SESSIONS,
    Fit,
    beside_name,
    finding_areas,
    fit,
    name_weight,
)
from app.ui.billing.superbills_rows import Kind, ListRow
from app.ui.theme import icons, look
from app.ui.widgets import paint
from app.ui.widgets.choices import paint_check
from app.ui.widgets.lists import Index, RowKeys, row_background, row_ring
from app.ui.widgets.unsent import NOT_UPLOADED, Unsent, paint_in_gutter, with_words

_FINDING_HEIGHT = 22
#: Air over the name of a group.
_HEAD_AIR = 8
#: Air below the last finding of a refused superbill.
_BLOCK_END = 8
_HEADS = {
    Kind.REFUSED_HEAD: ("circle-alert", "danger.text"),
    Kind.LOOK_HEAD: ("triangle-alert", "warn.text"),
    Kind.READY_HEAD: ("circle-check", "success.mark"),
    Kind.ISSUED_HEAD: ("file-text", "text.secondary"),
}


class _Rows(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[ListRow, ...] = ()
        self.unsent: Unsent | None = None

    def waits(self, row: ListRow) -> bool:
        return row.kind is Kind.ISSUED and self.unsent is not None and row.key in self.unsent

    def replace(self, rows: Sequence[ListRow]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.rows[index.row()].kind.is_head:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return with_words(row.spoken(), self.waits(row))
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = (row.title, row.note, NOT_UPLOADED if self.waits(row) else "")
            return "\n".join(line for line in lines if line)
        return None


def _row_of(index: Index) -> ListRow:
    return cast(_Rows, index.model()).rows[index.row()]


class _Delegate(QStyledItemDelegate):
    def __init__(self, shown: QListView) -> None:
        super().__init__(shown)
        self._list = shown

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = _row_of(index)
        area = QRectF(0, 0, self._list.viewport().width(), 0)
        if row.kind is Kind.FINDING:
            end = look.px(_BLOCK_END if row.last else 0)
            below = round(finding_areas(area, row)[1].bottom()) - look.px(LINE)
            height = look.px(_FINDING_HEIGHT) + below + end
        elif row.kind.is_head:
            height = look.px(ROW_HEIGHT + (_HEAD_AIR if index.row() else 0))
        else:
            height = fit(area.width(), row).height
        return QSize(look.px(120), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = _row_of(index)
        area = QRectF(option.rect)
        painter.save()
        if row.kind.is_head:
            self._paint_head(painter, area, row)
        else:
            row_background(painter, area, option)
            row_ring(painter, area, option)
            if cast(_Rows, index.model()).waits(row):
                paint_in_gutter(painter, area)
            if row.last:
                paint.hairline(painter, area.left(), area.right() + 1, area.bottom())
            if row.kind is Kind.FINDING:
                self._paint_finding(painter, area, row)
            else:
                self._paint_bill(painter, area, row)
        painter.restore()

    @staticmethod
    def _paint_head(painter: QPainter, area: QRectF, row: ListRow) -> None:
        icon, token = _HEADS[row.kind]
        side = look.px(16)
        area.setTop(area.bottom() - look.px(ROW_HEIGHT))
        inner = area.adjusted(look.px(PADDING), 0, -look.px(PADDING), 0)
        spot = QRectF(inner.left(), inner.center().y() - side / 2, side, side)
        icons.paint(painter, spot, icon, look.color(token))
        words = inner.adjusted(side + look.px(8), 0, 0, 0)
        ink = look.color("text.primary" if row.kind is Kind.READY_HEAD else token)
        paint.words(painter, words, row.title, look.font("body", "semibold"), ink)
        soft = look.color("text.muted")
        paint.words(painter, inner, row.aside, look.font("caption"), soft, right=True, elide=False)

    @staticmethod
    def _paint_finding(painter: QPainter, area: QRectF, row: ListRow) -> None:
        line = look.px(LINE)
        side = look.px(ICON)
        left = area.left() + look.px(PADDING + CHECK + GAP)
        spot = QRectF(left, area.top() + (line - side) / 2, side, side)
        icons.paint(painter, spot, "circle-alert", look.color("danger.text"))
        words, link = finding_areas(area, row)
        ink = look.color("text.primary")
        paint.paragraph(painter, words, row.title, look.font("body"), ink, line)
        if row.finding:
            font, ink = look.font("body", "medium"), look.color("accent.text")
            paint.words(painter, link, row.finding.mend.words, font, ink)

    def _paint_bill(self, painter: QPainter, area: QRectF, row: ListRow) -> None:
        fits = fit(area.width(), row)
        if row.kind is not Kind.ISSUED:
            self._paint_check(painter, check_spot(area), row)
        inner = area.adjusted(look.px(PADDING + CHECK + GAP), 0, -look.px(PADDING), 0)
        self._paint_below(painter, inner, fits)
        alone = fits.name_lines == 1 and not fits.below
        inner.setHeight(area.height() if alone else look.px(ROW_HEIGHT - 2))
        numbers, soft = look.font("body", tabular=True), look.color("text.secondary")
        if row.kind is not Kind.REFUSED:
            ink = look.color("text.primary")
            paint.words(painter, inner, row.amount, numbers, ink, right=True, elide=False)
            inner.setRight(inner.right() - look.px(AMOUNT))
        if fits.sessions:
            paint.words(painter, inner, row.sessions, numbers, soft, right=True, elide=False)
            inner.setRight(inner.right() - look.px(SESSIONS))
        if fits.aside:
            aside = QRectF(inner)
            aside.setLeft(inner.right() - look.px(ASIDE))
            paint.words(painter, aside, row.provider, numbers, soft)
            inner.setRight(aside.left() - look.px(8))
        self._paint_name(painter, inner, row, fits)

    @staticmethod
    def _paint_below(painter: QPainter, inner: QRectF, fits: Fit) -> None:
        font, line = look.font("body", tabular=True), look.px(LINE)
        top = inner.top() + look.px(ROW_HEIGHT - 8) + (fits.name_lines - 1) * line
        for words, token in fits.below:
            high = paint.lines_of(words, font, inner.width()) * line
            place = QRectF(inner.left(), top, inner.width(), high)
            paint.paragraph(painter, place, words, font, look.color(token), line)
            top += high

    @staticmethod
    def _paint_name(painter: QPainter, inner: QRectF, row: ListRow, fits: Fit) -> None:
        font, ink = look.font("body", name_weight(row)), look.color("text.primary")
        if fits.name_lines > 1:
            inner.setTop(inner.top() + look.px((ROW_HEIGHT - 2 - LINE) / 2))
            paint.paragraph(painter, inner, row.title, font, ink, look.px(LINE))
            return
        used = paint.words(painter, inner, row.title, font, ink)
        if fits.note:
            words, token = beside_name(row)
            rest = inner.adjusted(used + look.px(8), 0, 0, 0)
            note = look.font("body", tabular=True)
            paint.words(painter, rest, words, note, look.color(token), elide=False)

    @staticmethod
    def _paint_check(painter: QPainter, spot: QRectF, row: ListRow) -> None:
        state = Qt.CheckState.Checked if row.checked else Qt.CheckState.Unchecked
        paint_check(painter, spot, state, refused=row.kind is Kind.REFUSED)


def check_spot(area: QRectF) -> QRectF:
    """Return where the check of a row is drawn."""
    side, high = look.px(16), look.px(ROW_HEIGHT)
    top = area.top() + (min(area.height(), high) - side) / 2
    return QRectF(area.left() + look.px(PADDING), top, side, side)


class SuperbillList(QListView):
    """Rows of superbills. Space chooses for *Create*, Enter mends, arrows show the paper."""

    selected = Signal(object)
    toggled = Signal(object)
    mend_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Superbills")
        self._rows = _Rows(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._current_changed)

    def set_rows(self, rows: Sequence[ListRow], selected: Hashable | None) -> None:
        """Show other rows; the row of ``selected`` stays selected."""
        if rows == self._rows.rows and self._key() == selected:
            return
        model = self.selectionModel()
        blocked = model.blockSignals(True)
        here = self.current_row()
        position = self.currentIndex().row()
        if rows != self._rows.rows:
            scrolled = self.verticalScrollBar().value()
            self._rows.replace(rows)
            self.verticalScrollBar().setValue(scrolled)
        # A mended finding is gone: the cursor stays where the person works.
        keep = here is not None and here.kind is Kind.FINDING and self._owner(position) == selected
        self._put_cursor(position if keep else self._position(selected))
        model.blockSignals(blocked)
        self.viewport().update()

    def follow(self, unsent: Unsent | None) -> None:
        """Put a dot on issued superbills that are not uploaded yet."""
        self._rows.unsent = unsent
        if unsent is not None:
            unsent.changed.connect(self.viewport().update)

    def current_row(self) -> ListRow | None:
        """Return the row under the cursor."""
        index = self.currentIndex()
        return self._rows.rows[index.row()] if index.isValid() else None

    def rows(self) -> tuple[ListRow, ...]:
        """Return the rows shown."""
        return self._rows.rows

    def _key(self) -> Hashable | None:
        position = self.currentIndex().row()
        return self._owner(position) if position >= 0 else None

    def _owner(self, position: int) -> Hashable | None:
        """Return the superbill that a row belongs to: a finding to the one it refuses."""
        for row in reversed(self._rows.rows[: position + 1]):
            if row.kind is not Kind.FINDING:
                return None if row.kind.is_head else row.key
        return None

    def _position(self, key: Hashable | None) -> int:
        return next((at for at, row in enumerate(self._rows.rows) if row.key == key), -1)

    def _put_cursor(self, position: int) -> None:
        if not 0 <= position < len(self._rows.rows):
            self.selectionModel().clear()
            return
        index = self._rows.index(position, 0)
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(index, flag)
        self.scrollTo(index)

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.selected.emit(self._owner(current.row()))

    def _on_link(self, point: QPoint) -> ListRow | None:
        index = self.indexAt(point)
        if not index.isValid():
            return None
        row = self._rows.rows[index.row()]
        if row.kind is not Kind.FINDING:
            return None
        link = finding_areas(QRectF(self.visualRect(index)), row)[1]
        return row if link.contains(point.toPointF()) else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        point = event.position().toPoint()
        linked, index = self._on_link(point), self.indexAt(point)
        if linked is not None:
            self.mend_asked.emit(linked.finding)
        elif index.isValid() and self._rows.rows[index.row()].kind is Kind.BILL:
            spot = check_spot(QRectF(self.visualRect(index)))
            if point.x() <= spot.right() + look.px(GAP):
                self.toggled.emit(self._rows.rows[index.row()].key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._on_link(event.position().toPoint()) is not None
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        RowKeys.note_key(self, False)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        RowKeys.note_key(self, True)
        row = self.current_row()
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if row is not None and enter and plain and row.finding is not None:
            self.mend_asked.emit(row.finding)
        elif row is not None and event.key() == Qt.Key.Key_Space and row.kind is Kind.BILL:
            self.toggled.emit(row.key)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: Any) -> None:
        reasons = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        RowKeys.note_key(self, event.reason() in reasons)
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and len(self._rows.rows) > 1:
            self._put_cursor(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # Reasons wrap at another place now.
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)
