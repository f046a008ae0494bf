"""The palette: find anything, do anything, from the keyboard. It floats over the dimmed window."""

from __future__ import annotations

import unicodedata
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.core.kernel.text import fold
from app.ui.shell.context import ScreenContext
from app.ui.shell.finding import Finding, Line
from app.ui.shell.tabbing import TRAP
from app.ui.theme import icons, look
from app.ui.widgets import paint
from app.ui.widgets.keys import shown_keys
from app.ui.widgets.layout import Hairline, row_layout
from app.ui.widgets.lists import Index
from app.ui.widgets.message import IconMark
from app.ui.widgets.motion import rise
from app.ui.widgets.panes import Floating, takes_escape
from app.ui.widgets.text import Text

_WIDTH = 640
_TOP = 88
_HEAD = 30
_MOST_ROWS = 11


class _Lines(QAbstractListModel):
    """The lines, with a head before each group. Heads cannot be chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[Line | str] = []

    def replace(self, lines: tuple[Line, ...]) -> None:
        self.beginResetModel()
        self.rows = []
        group = ""
        for line in lines:
            if line.group != group:
                group = line.group
                self.rows.append(group)
            self.rows.append(line)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        return row if isinstance(row, str) else f"{row.title} {row.detail}".strip()

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    def __init__(self, palette: Palette) -> None:
        super().__init__(palette)
        self._palette = palette

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        head = isinstance(self._palette.rows()[index.row()], str)
        return QSize(look.px(100), look.px(_HEAD) if head else look.row("table"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._palette.rows()[index.row()]
        area = QRectF(option.rect)
        painter.save()
        if isinstance(row, str):
            inner = area.adjusted(look.px(20), look.px(6), 0, 0)
            paint.words(painter, inner, row, look.font("body"), look.color("text.secondary"))
        else:
            current = bool(option.state & QStyle.StateFlag.State_Selected)
            self._paint_line(painter, area, row, current)
        painter.restore()

    def _paint_line(self, painter: QPainter, area: QRectF, line: Line, current: bool) -> None:
        if current:
            fill = area.adjusted(look.px(8), 0, -look.px(8), 0)
            paint.box(painter, fill, look.px(6), fill=look.color("selection.row"))
        side = look.px(16)
        spot = QRectF(look.px(20), area.center().y() - side / 2, side, side)
        icons.paint(
            painter, spot, line.icon, look.color("accent.text" if current else "text.secondary")
        )
        inner = area.adjusted(look.px(48), 0, -look.px(20), 0)
        hint = (
            f"{shown_keys('Return')} open" if current and not line.keys else shown_keys(line.keys)
        )
        if hint:
            muted, small = look.color("text.muted"), look.font("caption")
            used = paint.words(painter, inner, hint, small, muted, right=True)
            inner.setRight(inner.right() - used - look.px(12))
        left = self._paint_title(painter, inner, line.title)
        rest = inner.adjusted(left + look.px(12), 0, 0, 0)
        if line.detail and rest.width() > look.px(24):
            soft, font = look.color("text.secondary"), look.font("body", tabular=True)
            paint.words(painter, rest, line.detail, font, soft)

    def _paint_title(self, painter: QPainter, inner: QRectF, title: str) -> float:
        """Write the title with what was typed in bold; return its width."""
        at = bold_part(title, self._palette.typed())
        ink = look.color("text.primary")
        plain, bold = look.font("body", "medium"), look.font("body", "semibold")
        if at is None:
            return paint.words(painter, inner, title, plain, ink)
        runs = ((title[: at[0]], plain), (title[at[0] : at[1]], bold), (title[at[1] :], plain))
        left = 0.0
        for words, font in runs:
            left += paint.words(painter, inner.adjusted(left, 0, 0, 0), words, font, ink)
        return left


def bold_part(title: str, typed: str) -> tuple[int, int] | None:
    """Return which letters of ``title`` are written in bold, since they were typed.

    None where it holds right-to-left script: its parts, written one after the other, would stand
    in the wrong order, and letters that join would be torn apart.
    """
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in title):
        return None
    return fold_find(title, typed)


def fold_find(title: str, typed: str) -> tuple[int, int] | None:
    """Return where ``typed`` begins a word of ``title``, accents and case aside."""
    wanted = fold(typed)
    if not wanted:
        return None
    for start in range(len(title)):
        begins = start == 0 or not title[start - 1].isalnum()
        if begins and fold(title[start : start + len(typed.strip())]) == wanted:
            return start, start + len(typed.strip())
    return None


class Palette(QWidget):
    """Opens over ``host`` with Ctrl/⌘ K; ↑↓ choose, ↵ opens, ⌘↵ acts, Esc closes."""

    closed = Signal()

    def __init__(self, host: QWidget, finding: Finding) -> None:
        super().__init__(host)
        self._host = host
        self.finding = finding
        self._came_from: QWidget | None = None
        self._opens_when_found = False
        self._card = Floating(self, margin=(0, 0, 0, 0))
        self._field = QLineEdit()
        self._field.setProperty("bare", True)
        self._field.setPlaceholderText("Find a client, a paper, or something to do")
        self._field.setAccessibleName("Find anything")
        self._field.textEdited.connect(self._type)
        self._field.installEventFilter(self)
        self._lines = _Lines(self)
        self._list = QListView()
        self._list.setAccessibleName("Found")
        self._list.setModel(self._lines)
        self._list.setItemDelegate(_Delegate(self))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setMouseTracking(True)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.clicked.connect(self._clicked)
        self._none = Text("", tone="text.secondary", elide=True)
        self._none.setFixedHeight(look.row("table"))
        self._build()
        self.setProperty(TRAP, True)
        finding.on_change(self._render)
        host.installEventFilter(self)
        self.hide()

    def _build(self) -> None:
        head = row_layout(gap=12, margin=(20, 15, 20, 13))
        head.addWidget(IconMark("search", "text.secondary"))
        head.addWidget(self._field, 1)
        foot = row_layout(gap=16, margin=(20, 10, 20, 10))
        hints = ("↑↓ choose", f"{shown_keys('Return')} open", f"{shown_keys('Ctrl+Return')} act")
        for words in hints:
            foot.addWidget(Text(words, "caption", tone="text.muted"))
        foot.addStretch(1)
        foot.addWidget(Text("> commands", "caption", tone="text.muted"))
        none = row_layout(margin=(20, 0, 20, 0))
        none.addWidget(self._none)
        inner = self._card.inner
        inner.addLayout(head)
        inner.addWidget(Hairline())
        inner.addSpacing(look.px(4))
        inner.addWidget(self._list, 1)
        inner.addLayout(none)
        inner.addSpacing(look.px(4))
        inner.addWidget(Hairline())
        inner.addLayout(foot)

    def rows(self) -> list[Line | str]:
        """Return what is shown, heads and lines."""
        return self._lines.rows

    def typed(self) -> str:
        """Return what is typed."""
        return self.finding.text

    def open(self, context: ScreenContext, area: str) -> None:
        """Open over the screen of ``area``."""
        self._came_from = self._host.window().focusWidget()
        self._field.setFont(look.font("lead"))
        self._field.clear()
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()
        self._field.setFocus()
        self.finding.begin(context, area)
        rise(self._card)

    def close_palette(self) -> None:
        """Close it and give the keyboard back."""
        self.hide()
        if self._came_from is not None and self._came_from.isVisible():
            self._came_from.setFocus()
        self.closed.emit()

    def _type(self, text: str) -> None:
        self._opens_when_found = False
        self.finding.type(text)

    def _render(self) -> None:
        self._lines.replace(self.finding.lines)
        found = bool(self.finding.lines)
        self._none.set("" if found else f"Nothing begins with “{self.finding.text.strip()}”.")
        self._none.setVisible(not found)
        self._list.setVisible(found)
        self._move(1, start=-1)
        self._settle()
        if self._opens_when_found:
            self._opens_when_found = False
            self._open()

    def _settle(self) -> None:
        reach = self._card.reach()
        height = 0
        for row in self._lines.rows:
            height += look.px(_HEAD) if isinstance(row, str) else look.row("table")
        self._list.setFixedHeight(min(height, look.row("table") * _MOST_ROWS + 3 * look.px(_HEAD)))
        width = min(look.px(_WIDTH), self.width() - look.px(32)) + 2 * reach
        self._card.setFixedWidth(width)
        self._card.inner.activate()
        self._card.setGeometry(
            (self.width() - width) // 2,
            look.px(_TOP) - reach,
            width,
            self._card.sizeHint().height(),
        )

    def _move(self, step: int, *, start: int | None = None) -> None:
        rows = self._lines.rows
        at = self._list.currentIndex().row() if start is None else start
        at += step
        while 0 <= at < len(rows) and isinstance(rows[at], str):
            at += step
        if 0 <= at < len(rows):
            self._list.setCurrentIndex(self._lines.index(at, 0))

    def _current(self) -> Line | None:
        index = self._list.currentIndex()
        row = self._lines.rows[index.row()] if index.isValid() else None
        return row if isinstance(row, Line) else None

    def _open(self, *, second: bool = False) -> None:
        if self.finding.busy:
            # What is shown answers an earlier letter: a quick hand means what is being found.
            self._opens_when_found = True
            return
        line = self._current()
        if line is None:
            return
        self.close_palette()
        act = line.second if second and line.second is not None else line.open
        act()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._host.rect())
            self._settle()
        if watched is self._field and isinstance(event, QKeyEvent):
            if takes_escape(event):
                return True
            return event.type() == QEvent.Type.KeyPress and self._key(event)
        return False

    def _clicked(self) -> None:
        self._open()

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._open(second=held)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_palette()
        else:
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card.geometry().contains(event.position().toPoint()):
            self.close_palette()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), look.color("scrim"))
