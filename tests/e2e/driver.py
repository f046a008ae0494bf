"""Drives the real window as a person does: by the names that are read out, by keys, by typing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QEventLoop,
    QMimeData,
    QModelIndex,
    QPointF,
    Qt,
    QTimer,
    QUrl,
)
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QWindow,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QFileDialog,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

PATIENCE = 20.0
_FIELDS = (QLineEdit, QTextEdit, QPlainTextEdit)


class Driver:
    """Finds what is visible by its name and acts on it; waits for conditions, never for time."""

    def __init__(self, window: QWidget, out: Path | None = None) -> None:
        self.window = window
        self._out = out

    # Looking

    def visible(self) -> Iterator[QWidget]:
        """Yield every visible widget of every window, the front one first."""
        # Another window of the program is another computer's.
        others = [
            top
            for top in QApplication.topLevelWidgets()
            if top is not self.window and not isinstance(top, type(self.window))
        ]
        for top in [*reversed(others), self.window]:
            if top.isVisible():
                yield top
                yield from (child for child in top.findChildren(QWidget) if child.isVisible())

    def named(self, name: str, kind: type[QWidget] = QWidget) -> QWidget | None:
        """Return the first visible, enabled widget that is read out as ``name``."""
        for widget in self.visible():
            if isinstance(widget, kind) and widget.isEnabled() and name in _names(widget):
                return widget
        return None

    def find(self, name: str, kind: type[QWidget] = QWidget) -> Any:
        """Wait for a widget named ``name``; fails with what is there instead."""
        self.until(lambda: self.named(name, kind) is not None, f"{name!r} to be there")
        return self.named(name, kind)

    def sees(self, words: str) -> bool:
        """Return whether ``words`` stand somewhere in the window."""
        return any(words in text for widget in self.visible() for text in _names(widget))

    def read(self, words: str) -> None:
        """Wait until ``words`` stand somewhere in the window."""
        self.until(lambda: self.sees(words), f"the words {words!r}")

    def until(self, reached: Callable[[], bool], what: str) -> None:
        """Let the program work until ``reached``; fails after the patience of a person."""
        ends = time.monotonic() + PATIENCE
        while not reached():
            if time.monotonic() > ends:
                raise AssertionError(f"waited for {what}; there is: {self.inventory()}")
            breathe(10)

    def inventory(self) -> str:
        """Return the names of everything that can be acted on, for a failed wait."""
        kinds = (QAbstractButton, *_FIELDS)
        found = [
            " / ".join(_names(widget)) for widget in self.visible() if isinstance(widget, kinds)
        ]
        return "; ".join(found)

    # Acting

    def click(self, name: str, kind: type[QWidget] = QAbstractButton) -> None:
        """Click the middle of the button named ``name``."""
        QTest.mouseClick(self.find(name, kind), Qt.MouseButton.LeftButton)
        QCoreApplication.processEvents()

    def fill(self, name: str, text: str) -> None:
        """Type ``text`` instead of what stands in the field named ``name``."""
        self.until(lambda: self._field(name) is not None, f"the field {name!r}")
        field: Any = self._field(name)
        self.come_forward()
        field.setFocus()
        field.selectAll()
        self.type(field, text)
        if isinstance(field, QLineEdit):
            QTest.keyClick(field, Qt.Key.Key_Tab)

    def _field(self, name: str) -> QWidget | None:
        for widget in self.visible():
            if name in _names(widget) and widget.isEnabled():
                if isinstance(widget, _FIELDS):
                    return widget
                inside = [child for child in widget.findChildren(QWidget) if child.isVisible()]
                found = [child for child in inside if isinstance(child, _FIELDS)]
                if found:
                    return found[0]
        return None

    def type(self, widget: QWidget, text: str) -> None:
        """Send every character as a key press, whatever script it is in."""
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                QCoreApplication.sendEvent(widget, event)
        QCoreApplication.processEvents()

    def press(self, keys: str) -> None:
        """Press a key combination, written as in ``Ctrl+K``, where the focus is."""
        combination: Any = cast(Any, QKeySequence(keys))[0]  # the stubs know no item
        self.come_forward()
        # Shortcuts and mnemonics fire only on what comes through the window's handle.
        handle: Any = self.window.windowHandle()
        QTest.keyClick(handle, combination.key(), combination.keyboardModifiers())
        QCoreApplication.processEvents()

    def come_forward(self) -> None:
        """Make the window the active one; whatever lies over it and takes the keys may be too."""
        self.window.activateWindow()
        breathe(10)
        self.until(self._came_forward, "the window to come to the front")

    def _came_forward(self) -> bool:
        if self._in_front():
            return True
        # A popup that closes late takes the front with it.
        self.window.activateWindow()
        return False

    def _in_front(self) -> bool:
        # Asked of the screen's windows: a menu that closed leaves no widget the active one.
        front = cast("QWindow | None", QGuiApplication.focusWindow())
        others = [
            top.windowHandle()
            for top in QApplication.topLevelWidgets()
            if isinstance(top, type(self.window)) and top is not self.window
        ]
        return front is not None and front not in others

    def drop(self, name: str, paths: list[Path]) -> None:
        """Drop files on the place named ``name``."""
        place = self.find(name)
        files = QMimeData()
        files.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        middle, copy = place.rect().center(), Qt.DropAction.CopyAction
        button, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        entered = QDragEnterEvent(middle, copy, files, button, plain)
        QCoreApplication.sendEvent(place, entered)
        dropped = QDropEvent(QPointF(middle), copy, files, button, plain)
        QCoreApplication.sendEvent(place, dropped)
        breathe(50)

    def name_file(self, name: str) -> None:
        """Type what the dialog for files that the next act opens asks for."""

        def answer() -> None:
            # The system's own dialog on a desk; here Qt's, which begins with the file's name.
            dialog = QApplication.activeModalWidget()
            line = dialog.findChild(QLineEdit) if isinstance(dialog, QFileDialog) else None
            if line is None or not line.isVisible():
                QTimer.singleShot(20, answer)
                return
            line.setText(name)
            QTest.keyClick(line, Qt.Key.Key_Return)

        QTimer.singleShot(20, answer)

    def choose_row(self, words: str) -> None:
        """Click the row of a visible list or table that holds ``words``."""
        self.until(lambda: self._row(words) is not None, f"a row with {words!r}")
        view, rect = self._row(words) or (None, None)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())  # type: ignore[union-attr]
        QCoreApplication.processEvents()

    def lists(self, words: str) -> bool:
        """Return whether a row of a list or table holds ``words``."""
        return self._row(words) is not None

    def choose_tab(self, words: str) -> None:
        """Click the tab named ``words``."""
        self.until(lambda: self._tab(words) is not None, f"the tab {words!r}")
        found: Any = self._tab(words)
        bar, at = found
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(at).center())
        breathe(50)

    def _tab(self, words: str) -> tuple[QTabBar, int] | None:
        for bar in self.visible():
            if isinstance(bar, QTabBar):
                for at in range(bar.count()):
                    if bar.tabText(at) == words:
                        return bar, at
        return None

    def _row(self, words: str) -> tuple[Any, Any] | None:
        for widget in self.visible():
            if not isinstance(widget, QAbstractItemView) or widget.model() is None:
                continue
            model = widget.model()
            columns = 1 if isinstance(widget, QListView) else model.columnCount(QModelIndex())
            for row in range(model.rowCount(QModelIndex())):
                for column in range(columns):
                    index = model.index(row, column)
                    said = [
                        str(index.data(role) or "")
                        for role in (
                            Qt.ItemDataRole.DisplayRole,
                            Qt.ItemDataRole.AccessibleTextRole,
                        )
                    ]
                    if any(words in text for text in said):
                        widget.scrollTo(index)
                        return widget, widget.visualRect(index)
        return None

    # Keeping

    def picture(self, title: str) -> None:
        """Keep a numbered picture of the window, if a folder was given."""
        if self._out is None:
            return
        breathe(250)
        self._out.mkdir(parents=True, exist_ok=True)
        # Counted by what lies there: another window's pictures stand between.
        number = len(list(self._out.glob("*.png"))) + 1
        name = f"{number:02d}-{title.lower().replace(' ', '-')}.png"
        self.window.grab().save(str(self._out / name))
        print(f"  {name}", flush=True)


def breathe(milliseconds: int) -> None:
    """Let the program work for a moment.

    An event loop of its own, since ``QTest.qWait`` keeps other threads from running meanwhile.
    """
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _names(widget: QWidget) -> list[str]:
    found = [widget.accessibleName()]
    for attribute in ("text", "placeholderText", "windowTitle"):
        said = getattr(widget, attribute, None)
        if callable(said):
            value = said()
            if isinstance(value, str):
                found.append(value.replace("&", ""))
    return [text for text in found if text]
