"""Menus of commands: words, shortcut, and what they do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QAction, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.theme import icons, look
from app.ui.widgets import paint
from app.ui.widgets.buttons import Button
from app.ui.widgets.keys import shown_keys


@dataclass(frozen=True, slots=True)
class Entry:
    """A command of a menu. ``keys`` is only shown: the shortcut itself is an action's."""

    words: str
    on_click: Callable[[], object]
    keys: str = ""
    icon: str = ""
    enabled: bool = True
    checked: bool | None = None


class Menu(QMenu):
    """A menu as the design draws it: shortcuts muted at the right, the current line tinted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setFont(look.font("body"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        edge, fill = look.color("line.strong"), look.color("surface.raised")
        width = 2 if look.is_high_contrast() else 1
        paint.box(painter, QRectF(self.rect()), look.px(10), fill=fill, edge=edge, width=width)
        marked = any(each.isChecked() or not each.icon().isNull() for each in self.actions())
        for each in self.actions():
            if each.isVisible():
                self._paint_line(painter, QRectF(self.actionGeometry(each)), each, marked=marked)

    def _paint_line(
        self, painter: QPainter, area: QRectF, action: QAction, *, marked: bool
    ) -> None:
        if action.isSeparator():
            left, right = area.left() + look.px(10), area.right() - look.px(10)
            paint.hairline(painter, left, right, round(area.center().y()))
            return
        if action is self.activeAction() and action.isEnabled():
            paint.box(painter, area, look.px(6), fill=look.color("selection.row"))
        inner = area.adjusted(look.px(10), 0, -look.px(10), 0)
        side = look.px(16)
        spot = QRectF(inner.left(), area.center().y() - side / 2, side, side)
        if action.isChecked():
            icons.paint(painter, spot, "check", look.color("text.secondary"))
        elif not action.icon().isNull() and action.isIconVisibleInMenu():
            action.icon().paint(painter, spot.toRect())
        if marked:
            inner.setLeft(inner.left() + side + look.px(10))
        ink = look.color("text.primary" if action.isEnabled() else "text.muted")
        words = action.text().split("\t")[0].replace("&", "")
        paint.words(painter, inner, words, look.font("body"), ink)
        keys = shown_keys(action.shortcut().toString(QKeySequence.SequenceFormat.PortableText))
        small, muted = look.font("caption"), look.color("text.muted")
        paint.words(painter, inner, keys, small, muted, right=True)


def menu(parent: QWidget, entries: Sequence[Entry | None]) -> Menu:
    """Return a menu of ``entries``; ``None`` is a line between groups."""
    made = Menu(parent)
    for entry in entries:
        if entry is None:
            made.addSeparator()
            continue
        action = made.addAction(entry.words)
        if entry.icon:
            action.setIcon(icons.icon(entry.icon, "text.secondary"))
        if entry.keys:
            action.setShortcut(QKeySequence(entry.keys))
            action.setShortcutVisibleInContextMenu(True)
            # The window's own action of the same keys does the work: this one only shows them.
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        if entry.checked is not None:
            action.setCheckable(True)
            action.setChecked(entry.checked)
        action.setEnabled(entry.enabled)
        action.triggered.connect(lambda _checked=False, act=entry.on_click: act())
    return made


class MenuButton(Button):
    """A button that opens a menu made anew each time."""

    def __init__(
        self,
        words: str,
        entries: Callable[[], Sequence[Entry | None]],
        *,
        kind: str = "plain",
        icon: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, kind=kind, icon=icon, parent=parent)
        self._entries = entries
        if name:
            self.setAccessibleName(name)
            self.setToolTip(name)
        self.clicked.connect(self.open_menu)

    def open_menu(self) -> None:
        """Open the menu under the button."""
        made = menu(self, self._entries())
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.popup(self.mapToGlobal(QPoint(0, self.height() + look.px(4))))
