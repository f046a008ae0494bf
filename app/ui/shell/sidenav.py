"""The side bar: find, the areas with their counts, settings and help, sync words, the member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

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
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.theme import icons, look
from app.ui.widgets import paint
from app.ui.widgets.keys import shown_keys
from app.ui.widgets.layout import Hairline, Surface, column_layout
from app.ui.widgets.lists import Index, RowKeys, row_ring
from app.ui.widgets.status import Status, paint_status
from app.ui.widgets.viewport import own_viewport

_ROW = 31
_FOLDED_ROW = 36


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of the side bar; ``count`` 0 is not shown."""

    id: str
    words: str
    icon: str
    keys: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in, as the side bar names them."""

    member: str
    initials: str
    practice: str


class _Items(QAbstractListModel):
    def __init__(self, items: Sequence[NavItem], parent: QWidget) -> None:
        super().__init__(parent)
        self.items = list(items)

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.words}, {item.count}" if item.count else item.words
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{item.words}  {shown_keys(item.keys)}".strip()
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: NavList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(look.px(36), look.px(_FOLDED_ROW if self._view.folded else _ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = self._view.items()[index.row()]
        current = item.id == self._view.current_id
        painter.save()
        area = QRectF(option.rect).adjusted(0, 0, 0, -1)
        if current:
            paint.box(painter, area, look.px(6), fill=look.color("selection.row"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            paint.box(painter, area, look.px(6), fill=look.color("surface.hover"))
        row_ring(painter, area, option)
        if self._view.folded:
            self._paint_folded(painter, area, item, current)
        else:
            self._paint_full(painter, area, item, current)
        painter.restore()

    @staticmethod
    def _ink(current: bool) -> str:
        return "accent.text" if current else "text.secondary"

    def _paint_full(self, painter: QPainter, area: QRectF, item: NavItem, current: bool) -> None:
        side = look.px(16)
        inner = area.adjusted(look.px(10), 0, -look.px(8), 0)
        spot = QRectF(inner.left(), round(area.center().y() - side / 2), side, side)
        icons.paint(painter, spot, item.icon, look.color(self._ink(current)))
        words = inner.adjusted(side + look.px(10), 0, 0, 0)
        font = look.font("body", "semibold" if current else "regular")
        ink = look.color("text.primary" if current else "text.secondary")
        used = paint.words(painter, words, item.words, font, ink)
        if item.count:
            after = words.adjusted(used + look.px(10), 0, 0, 0)
            bold, dark = look.font("caption", "semibold", tabular=True), look.color("text.primary")
            paint.words(painter, after, str(item.count), bold, dark)
        muted, small = look.color("text.muted"), look.font("caption")
        paint.words(painter, inner, shown_keys(item.keys), small, muted, right=True)

    def _paint_folded(self, painter: QPainter, area: QRectF, item: NavItem, current: bool) -> None:
        side = look.px(16)
        spot = QRectF(0, 0, side, side)
        spot.moveCenter(area.center())
        icons.paint(painter, spot, item.icon, look.color(self._ink(current)))
        if item.count:
            font = look.font("caption", "semibold", tabular=True)
            # Above the icon: two digits are wider than what is free beside it.
            top = area.top() - look.px(2)
            corner = QRectF(area.center().x(), top, area.width() / 2, look.px(14))
            ink = look.color("text.primary")
            paint.words(painter, corner, str(item.count), font, ink, right=True, elide=False)


class NavList(QListView):
    """Lines of the side bar: a click or ↵ goes there."""

    asked = Signal(str)

    def __init__(self, items: Sequence[NavItem], name: str) -> None:
        super().__init__()
        own_viewport(self)
        self.current_id = ""
        self.folded = False
        self._items = _Items(items, self)
        self.setAccessibleName(name)
        self.setModel(self._items)
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._clicked)
        self._restyle()

    def items(self) -> list[NavItem]:
        """Return the lines."""
        return self._items.items

    def show_current(self, area_id: str) -> None:
        """Mark the area that is shown."""
        self.current_id = area_id
        for row, item in enumerate(self._items.items):
            if item.id == area_id:
                self.setCurrentIndex(self._items.index(row, 0))
        self.viewport().update()

    def set_count(self, area_id: str, count: int) -> None:
        """Show how many things wait in an area."""
        for row, item in enumerate(self._items.items):
            if item.id == area_id and item.count != count:
                self._items.items[row] = replace(item, count=count)
                index = self._items.index(row, 0)
                self._items.dataChanged.emit(index, index)

    def fold(self, folded: bool) -> None:
        """Show icons alone, or icons with words."""
        self.folded = folded
        self._restyle()
        self.scheduleDelayedItemsLayout()

    def _clicked(self, index: QModelIndex) -> None:
        self.asked.emit(self._items.items[index.row()].id)

    def _restyle(self) -> None:
        rows = len(self._items.items)
        self.setFixedHeight(rows * look.px(_FOLDED_ROW if self.folded else _ROW))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        RowKeys.note_key(self, True)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._clicked(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        RowKeys.note_focus(self, event)
        super().focusInEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._restyle()
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)


class _SideButton(QPushButton):
    """A control of the side bar that paints itself; folded it is an icon."""

    def __init__(self, words: str, icon: str) -> None:
        super().__init__(words)
        self.icon_name = icon
        self.folded = False
        self.setProperty("ring", True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(words)

    def sizeHint(self) -> QSize:
        return QSize(look.px(36), look.px(30))

    def paint_hover(self, painter: QPainter) -> None:
        """Paint what lies under it while it is pointed at."""
        if self.underMouse():
            fill = look.color("surface.hover")
            paint.box(painter, QRectF(self.rect()), look.px(6), fill=fill)

    def paint_icon(self, painter: QPainter, token: str) -> None:
        """Paint the icon in the middle, as a folded bar shows it."""
        side = look.px(16)
        spot = QRectF(0, 0, side, side)
        spot.moveCenter(QRectF(self.rect()).center())
        icons.paint(painter, spot, self.icon_name, look.color(token))


class _Find(_SideButton):
    """*Find anything*: looks like a field, opens the palette."""

    def __init__(self, keys: str) -> None:
        super().__init__("Find anything", "search")
        self._keys = keys
        self.setToolTip(f"Find anything  {shown_keys(keys)}".strip())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.folded:
            self.paint_hover(painter)
            self.paint_icon(painter, "text.secondary")
            return
        area = QRectF(self.rect())
        fill = look.color("surface.hover" if self.underMouse() else "surface.page")
        paint.box(painter, area, look.px(6), fill=fill, edge=look.color("line.strong"))
        side = look.px(14)
        spot = QRectF(look.px(10), (self.height() - side) / 2, side, side)
        muted = look.color("text.muted")
        icons.paint(painter, spot, self.icon_name, look.color("text.secondary"))
        words = area.adjusted(look.px(32), 0, -look.px(8), 0)
        paint.words(painter, words, self.text(), look.font("body"), muted)
        hint = shown_keys(self._keys)
        paint.words(painter, words, hint, look.font("caption"), muted, right=True)


class _SyncWords(_SideButton):
    """Where the work is saved; without an account always this computer."""

    def __init__(self) -> None:
        super().__init__("", "laptop")
        self._status = Status("laptop", "Saved on this computer")
        self.set(self._status)

    def set(self, status: Status) -> None:
        """Say how things stand."""
        self._status = status
        self.icon_name = status.icon
        self.setText(status.words)
        self.setToolTip(status.words)
        self.updateGeometry()
        self.update()

    def _lines(self) -> list[str]:
        """Return the words, in two lines at a comma where one is too short for them."""
        words = self._status.words
        room = self.width() - look.px(44)
        if ", " not in words or paint.width_of(words, look.font("body", tabular=True)) <= room:
            return [words]
        first, rest = words.rsplit(", ", 1)
        return [f"{first},", rest]

    def sizeHint(self) -> QSize:
        lines = 1 if self.folded else len(self._lines())
        return QSize(look.px(36), look.px(30 if lines == 1 else 46))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_hover(painter)
        if self.folded:
            self.paint_icon(painter, self._status.tone.value)
            return
        area = QRectF(self.rect()).adjusted(look.px(10), 0, -look.px(8), 0)
        icon, line = look.px(16), look.px(18)
        lines = self._lines()
        top = (self.height() - line * len(lines)) / 2
        spot = QRectF(area.left(), top + (line - icon) / 2, icon, icon)
        icons.paint(painter, spot, self._status.icon, look.color(self._status.tone.value))
        for number, words in enumerate(lines):
            place = QRectF(area.left() + icon + look.px(10), top + number * line, 0, line)
            place.setRight(area.right())
            paint_status(painter, place, Status("", words, self._status.tone))


class _Member(_SideButton):
    """Who is signed in, and the practice; a click opens lock and sign out."""

    def __init__(self) -> None:
        super().__init__("", "user-round")
        self._initials = self._practice = ""
        self.setAccessibleName("Signed in")

    def set(self, signed: Signed) -> None:
        """Say who is signed in."""
        self._initials, self._practice = signed.initials, signed.practice
        self.setText(signed.member)
        name = f"{signed.member}, {signed.practice}"
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look.px(36), look.px(42))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_hover(painter)
        side = look.px(24)
        left = (self.width() - side) / 2 if self.folded else look.px(8)
        spot = QRectF(left, (self.height() - side) / 2, side, side)
        paint.box(painter, spot, side / 2, fill=look.color("surface.pressed"))
        painter.setFont(look.font("caption", "semibold"))
        painter.setPen(look.color("text.secondary"))
        painter.drawText(spot, int(Qt.AlignmentFlag.AlignCenter), self._initials)
        if self.folded:
            return
        line = look.px(16)
        top = (self.height() - 2 * line) / 2
        first = QRectF(
            spot.right() + look.px(9), top, self.width() - spot.right() - look.px(14), line
        )
        paint.words(
            painter, first, self.text(), look.font("body", "medium"), look.color("text.primary")
        )
        soft, small = look.color("text.secondary"), look.font("caption")
        paint.words(painter, first.translated(0, line), self._practice, small, soft)


class SideNav(Surface):
    """The side bar; ``fold`` makes it 52 px of icons with tooltips."""

    area_asked = Signal(str)
    find_asked = Signal()
    member_asked = Signal()
    sync_asked = Signal()

    def __init__(self, items: Sequence[NavItem], foot: Sequence[NavItem], find_keys: str) -> None:
        super().__init__("canvas", edges="right")
        self.setAccessibleName("Areas")
        self._find = _Find(find_keys)
        self._main = NavList(items, "Areas")
        self._foot = NavList(foot, "Settings and help")
        self.sync = _SyncWords()
        self._member = _Member()
        self._upper, self._lower = column_layout(), column_layout()
        self._upper.addWidget(self._find)
        self._upper.addSpacing(look.px(14))
        self._upper.addWidget(self._main)
        self._upper.addStretch(1)
        self._upper.addWidget(self._foot)
        self._lower.addWidget(self.sync)
        self._lower.addWidget(self._member)
        box = column_layout(self)
        box.addLayout(self._upper, 1)
        box.addWidget(Hairline())
        box.addLayout(self._lower)
        for nav in (self._main, self._foot):
            nav.asked.connect(self.area_asked.emit)
        self._find.clicked.connect(self.find_asked.emit)
        self._member.clicked.connect(self.member_asked.emit)
        self.sync.clicked.connect(self.sync_asked.emit)
        self._folded = False
        self.fold(False)

    def show_current(self, area_id: str) -> None:
        """Mark the area that is shown."""
        self._main.show_current(area_id)
        self._foot.show_current(area_id)

    def set_count(self, area_id: str, count: int) -> None:
        """Show how many things wait in an area."""
        self._main.set_count(area_id, count)

    def set_signed(self, signed: Signed) -> None:
        """Say who is signed in, and in which practice."""
        self._member.set(signed)

    def set_sync(self, status: Status) -> None:
        """Say how this computer and the account agree."""
        self.sync.set(status)
        self.sync.setMinimumHeight(self.sync.sizeHint().height())

    def member_corner(self) -> QPoint:
        """Return where the member's menu opens, on the screen."""
        return self._member.mapToGlobal(QPoint(0, 0))

    @property
    def folded(self) -> bool:
        """Whether it is icons alone."""
        return self._folded

    def fold(self, folded: bool) -> None:
        """Become icons alone, or icons with words."""
        self._folded = folded
        self.setFixedWidth(look.token_px("layout.sidebarFolded" if folded else "layout.sidebar"))
        side = look.px(8 if folded else 10)
        self._upper.setContentsMargins(side, look.px(12), side, look.px(8))
        self._lower.setContentsMargins(side, look.px(8), side, look.px(10))
        for nav in (self._main, self._foot):
            nav.fold(folded)
        for button in (self._find, self.sync, self._member):
            button.folded = folded
            button.setMinimumHeight(button.sizeHint().height())
            button.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_folded"):
            self.fold(self._folded)
        super().changeEvent(event)
