"""The day as a list: past, now, the next session tinted, ahead, gone, the day after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.theme import icons, look
from app.ui.today.words import FOLLOWING, NOW, SESSION, DayLine
from app.ui.widgets import paint
from app.ui.widgets.lists import Index, RowKeys, row_ring
from app.ui.widgets.status import paint_status, status_width
from app.ui.widgets.viewport import own_viewport

_HEIGHTS = {NOW: 22, SESSION: 54, FOLLOWING: 48}
_NEXT_HEIGHT = 70
_TIME = 58
_GAP = 12
_LINE = 20


class _Lines(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: tuple[DayLine, ...] = ()

    def replace(self, lines: Sequence[DayLine]) -> None:
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken()
        if role == Qt.ItemDataRole.ToolTipRole and line.kind == SESSION:
            return f"{line.time}, {line.title}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.lines[index.row()].kind == NOW:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def act_rect(line: DayLine, row: QRectF) -> QRectF:
    """Return where the link of a line stands, empty where it has none."""
    if not line.act:
        return QRectF()
    width = paint.width_of(line.act, look.font("body", "medium", tabular=True))
    height = look.px(20)
    right = row.right() - look.px(12)
    if line.kind == FOLLOWING:
        top = row.bottom() - look.px(38) / 2 - height / 2
    else:
        top = row.center().y()
    return QRectF(right - width, top, width + 1, height)


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: DayList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = self._view.lines()[index.row()]
        height = look.px(_NEXT_HEIGHT if line.is_next else _HEIGHTS[line.kind])
        if line.kind == SESSION:
            lines = len(_title(line, self._view.viewport().width()))
            height += (lines - 1) * look.px(_LINE)
        return QSize(look.px(200), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = self._view.lines()[index.row()]
        area = QRectF(option.rect)
        painter.save()
        if line.kind == NOW:
            self._paint_now(painter, area, line)
        elif line.kind == FOLLOWING:
            self._paint_following(painter, area, line, option)
        else:
            self._paint_session(painter, area, line, option)
        painter.restore()

    @staticmethod
    def _paint_now(painter: QPainter, area: QRectF, line: DayLine) -> None:
        middle = area.top() + look.px(4) + look.px(8)
        font = look.font("caption", "semibold", tabular=True)
        left = QRectF(area.left() + look.px(8), middle - look.px(8), look.px(_TIME), look.px(16))
        ink = look.color("now.line")
        paint.words(painter, left, line.time, font, ink, right=True, elide=False)
        paint.hairline(
            painter, left.right() + look.px(_GAP), area.right(), round(middle), "now.line"
        )

    @staticmethod
    def _paint_following(
        painter: QPainter, area: QRectF, line: DayLine, option: QStyleOptionViewItem
    ) -> None:
        inner = area.adjusted(0, area.height() - look.px(38), 0, 0)
        _ground(painter, inner, option)
        time = QRectF(inner.left() + look.px(8), inner.top(), look.px(_TIME), inner.height())
        muted, font = look.color("text.muted"), look.font("body", tabular=True)
        paint.words(painter, time, line.time, font, muted, right=True, elide=False)
        link = act_rect(line, area)
        linked = look.font("body", "medium", tabular=True)
        paint.words(painter, link, line.act, linked, look.color("accent.text"), elide=False)
        words = QRectF(inner)
        words.setLeft(time.right() + look.px(2 * _GAP + 3))
        words.setRight(link.left() - look.px(_GAP))
        paint.words(painter, words, line.title, font, look.color("text.secondary"))

    def _paint_session(
        self, painter: QPainter, area: QRectF, line: DayLine, option: QStyleOptionViewItem
    ) -> None:
        if line.is_next:
            area = area.adjusted(0, look.px(4), 0, -look.px(4))
        _ground(painter, area, option, tinted=line.is_next)
        title = _title(line, area.width())
        high = look.px(_LINE)
        middle = area.center().y()
        font = look.font("body", "semibold" if line.is_next else "regular", tabular=True)
        ink = look.color("text.primary" if line.is_next else "text.secondary")
        time = QRectF(area.left() + look.px(8), middle - high, look.px(_TIME), 2 * high)
        wide = max(time.width(), paint.width_of(line.time, font) + 1)
        said = QRectF(time.left(), time.top(), wide, time.height())
        paint.words(painter, said, line.time, font, ink, right=True, elide=False)
        tall = high * (len(title) + 1) - look.px(6)
        bar = QRectF(time.right() + look.px(_GAP), middle - tall / 2, look.px(3), tall)
        paint.box(painter, bar, look.px(1.5), fill=look.color(line.color))
        top = middle - high * (len(title) + 1) / 2
        words = QRectF(bar.right() + look.px(_GAP), top, 0, high)
        words.setRight(area.right() - look.px(12) - self._paint_end(painter, area, line))
        font = _title_font(line)
        font.setStrikeOut(line.gone)
        faded = line.past or line.gone
        ink = look.color("text.secondary" if faded else "text.primary")
        below = words
        for each in title:
            paint.words(painter, below, each, font, ink)
            below = below.translated(0, high)
        soft = look.color("text.secondary")
        side = look.px(14)
        spot = QRectF(below.left(), below.center().y() - side / 2, side, side)
        icons.paint(painter, spot, line.icon, soft)
        rest = below.adjusted(side + look.px(6), 0, 0, 0)
        paint.words(painter, rest, line.detail, look.font("body"), soft)

    @staticmethod
    def _paint_end(painter: QPainter, area: QRectF, line: DayLine) -> float:
        """Paint status and what follows from it at the right; return the width they need."""
        second = line.act or line.aside
        height = look.px(_LINE)
        top = area.center().y() - (height if second else height / 2)
        right = area.right() - look.px(12)
        if line.status is not None:
            wide = status_width(line.status) + 2
            spot = QRectF(right - wide, top, wide, height)
            paint_status(painter, spot, line.status, right=True)
        if second:
            ink = look.color("accent.text" if line.act else "text.secondary")
            row = QRectF(area.left(), area.center().y(), area.width() - look.px(12), height)
            paint.words(painter, row, second, _second_font(line), ink, right=True, elide=False)
        return _end_width(line)


def _title_font(line: DayLine) -> QFont:
    return look.font("lead", "medium" if line.past or line.gone else "semibold")


def _second_font(line: DayLine) -> QFont:
    return look.font("body", "medium" if line.act else "regular", tabular=True)


def _end_width(line: DayLine) -> float:
    """Return how wide status and what follows from it are, the air before them included."""
    wide = status_width(line.status) + 2 if line.status is not None else 0.0
    second = paint.width_of(line.act or line.aside, _second_font(line))
    return max(wide, second) + look.px(_GAP)


def _title(line: DayLine, width: float) -> list[str]:
    """Return a session's title on a list ``width`` wide: a long name takes more lines."""
    before = look.px(8) + look.px(_TIME) + 2 * look.px(_GAP) + look.px(3)
    room = width - before - look.px(12) - _end_width(line)
    font = _title_font(line)
    return paint.broken(line.title, font, room, most=3)


def _ground(
    painter: QPainter, area: QRectF, option: QStyleOptionViewItem, *, tinted: bool = False
) -> None:
    """Paint what lies under a line: tinted next, selected, pointed at, and the ring."""
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    focused = option.widget.hasFocus()
    token = ""
    if tinted:
        token = "accent.soft"
    elif selected:
        token = "selection.row" if focused else "selection.inactive"
    elif option.state & QStyle.StateFlag.State_MouseOver:
        token = "surface.hover"
    if token:
        edge = look.color("line.strong") if tinted and look.is_high_contrast() else None
        paint.box(painter, area, look.px(10), fill=look.color(token), edge=edge, width=2)
    row_ring(painter, area, option)


class DayList(QListView):
    """Arrow keys look at a session; ↵ opens its note; the link at its end does its next act."""

    chosen = Signal(object)
    opened = Signal(object)
    acted = Signal(object)
    menu_asked = Signal(object, QPoint)

    def __init__(self) -> None:
        super().__init__()
        own_viewport(self)
        self.setAccessibleName("Sessions of the day")
        self._lines = _Lines(self)
        self.setModel(self._lines)
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        # A narrower list breaks more names.
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.doubleClicked.connect(self._open)
        self.selectionModel().currentChanged.connect(self._current_changed)

    def lines(self) -> tuple[DayLine, ...]:
        """Return the lines shown."""
        return self._lines.lines

    def set_lines(self, lines: Sequence[DayLine], selected: UUID | None) -> None:
        """Show the day, ``selected`` chosen."""
        blocked = self.selectionModel().blockSignals(True)
        self._lines.replace(lines)
        for row, line in enumerate(self._lines.lines):
            if line.kind == SESSION and line.session_id == selected:
                self.setCurrentIndex(self._lines.index(row, 0))
        self.selectionModel().blockSignals(blocked)
        self.viewport().update()

    def current(self) -> DayLine | None:
        """Return the line that is chosen."""
        index = self.currentIndex()
        return self._lines.lines[index.row()] if index.isValid() else None

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and self._lines.lines[current.row()].kind == SESSION:
            self.chosen.emit(self._lines.lines[current.row()].session_id)

    def _open(self, index: QModelIndex) -> None:
        line = self._lines.lines[index.row()] if index.isValid() else None
        if line is None:
            return
        if line.kind == FOLLOWING:
            self.acted.emit(line)
        elif line.kind == SESSION:
            self.opened.emit(line.session_id)

    def _ask_menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if index.isValid() and self._lines.lines[index.row()].kind == SESSION:
            session_id = self._lines.lines[index.row()].session_id
            self.menu_asked.emit(session_id, self.viewport().mapToGlobal(point))

    def _link_at(self, point: QPoint) -> DayLine | None:
        index = self.indexAt(point)
        if not index.isValid():
            return None
        line = self._lines.lines[index.row()]
        reach = act_rect(line, QRectF(self.visualRect(index))).adjusted(-4, -2, 4, 2)
        return line if line.act and reach.contains(point.toPointF()) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        RowKeys.note_key(self, False)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        line = self._link_at(event.position().toPoint())
        if line is not None and event.button() == Qt.MouseButton.LeftButton:
            self.acted.emit(line)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._link_at(event.position().toPoint()) is not None
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        RowKeys.note_key(self, True)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: Any) -> None:
        RowKeys.note_focus(self, event)
        super().focusInEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)
