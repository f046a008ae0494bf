"""Menus of commands: words, shortcut, and what they do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.theme import icons, look
from app.ui.widgets.buttons import Button


@dataclass(frozen=True, slots=True)
class Entry:
    """A command of a menu. ``keys`` is only shown: the shortcut itself is an action's."""

    words: str
    on_click: Callable[[], object]
    keys: str = ""
    icon: str = ""
    enabled: bool = True
    checked: bool | None = None


def menu(parent: QWidget, entries: Sequence[Entry | None]) -> QMenu:
    """Return a menu of ``entries``; ``None`` is a line between groups."""
    made = QMenu(parent)
    made.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    made.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
    made.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
    made.setFont(look.font("body"))
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
