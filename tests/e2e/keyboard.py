"""Drives the real window as somebody who has no mouse: nothing but key presses."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.e2e.driver import Driver, _names, breathe

#: More stops than any page has: a walk with Tab that has not arrived by then never will.
_STOPS = 160


class Keyboard:
    """Presses keys where the keyboard is; looks with the eyes of a ``Driver``."""

    def __init__(self, eyes: Driver) -> None:
        self.eyes = eyes
        self.passed: list[str] = []
        """What the last walk led past."""

    @property
    def at(self) -> QWidget | None:
        """Return what has the keyboard."""
        return QApplication.activePopupWidget() or QApplication.focusWidget()

    def press(self, *combinations: str) -> None:
        """Press key combinations one after the other, written as in ``Ctrl+K``."""
        for keys in combinations:
            combination: Any = cast(Any, QKeySequence(keys))[0]  # the stubs know no item
            pressed = combination.key(), combination.keyboardModifiers()
            # Let go where the press left the keyboard: a list that it closed is no more.
            QTest.keyPress(self._window(), *pressed)
            QTest.keyRelease(self._window(), *pressed)
            breathe(5)

    def type(self, text: str) -> None:
        """Type ``text`` where the keyboard is, whatever script it is in."""
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                QCoreApplication.sendEvent(self._focus(), event)
        breathe(5)

    def walk_to(self, name: str, *, part: bool = False) -> None:
        """Press Tab until what is read out as ``name``, or with it, has the keyboard."""
        self.passed = []
        for _stop in range(_STOPS):
            said = self._said()
            if name in said or (part and any(name in each for each in said)):
                return
            self.press("Tab")
            self.passed.append(" / ".join(self._said()[:1]))
        raise AssertionError(f"Tab never reaches {name!r}; it walks {self.passed[:60]}")

    def push(self, name: str) -> None:
        """Walk to the button ``name`` and press it."""
        self.eyes.read(name)
        self.walk_to(name)
        self.press("Space")

    def write(self, name: str, text: str) -> None:
        """Walk to the field ``name`` and type instead of what stands there."""
        self.eyes.until(lambda: self.eyes.named(name) is not None, f"the field {name!r}")
        self.walk_to(name)
        self.press("Ctrl+A")
        self.type(text)

    def choose_files(self, *paths: str) -> None:
        """Name files in the dialog that the next key opens."""
        self.eyes.name_file(" ".join(f'"{path}"' for path in paths))

    def _said(self) -> list[str]:
        return [] if self.at is None else _names(self.at)

    @staticmethod
    def _focus() -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None, "nothing has the keyboard"
        return found

    def _window(self) -> Any:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            inner: QWidget | None = popup.focusWidget()
            return popup if inner is None else inner
        if QApplication.activeWindow() is not self.eyes.window:
            self.eyes.come_forward()
        # Shortcuts fire only on what comes through the window's handle.
        front: QWindow | None = QGuiApplication.focusWindow()
        return self.eyes.window.windowHandle() if front is None else front
