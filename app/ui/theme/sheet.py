"""The one style sheet, generated from tokens; only for what Qt paints by itself.

Controls that the design draws in a way QSS cannot (buttons with shortcut hints, checks, tabs, rows)
paint themselves with the same tokens.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from PySide6.QtGui import QColor


class _Lengths(Protocol):
    def __call__(self, size: float, /) -> int: ...


#: ``$token`` becomes a color, ``#n#`` a length scaled with the text; hairlines are plain ``1px``.
_SHEET = """
QToolTip { background: $surface.raised; color: $text.primary; border: 1px solid $line.strong;
  padding: #4#px #8#px; }
QScrollArea, QAbstractScrollArea { background: transparent; border: 0; }
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {
  background: $surface.raised; color: $text.primary; border: 1px solid $line.control;
  border-radius: #6#px; padding: 0 #9#px; selection-background-color: $selection.text;
  selection-color: $text.primary; }
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox { placeholder-text-color: $text.muted; }
QLineEdit, QComboBox { min-height: #30#px; max-height: #30#px; }
QLineEdit[secret="true"] { lineedit-password-character: 8226; }
QLineEdit[tall="true"], QComboBox[tall="true"] { min-height: #34#px; max-height: #34#px; }
QPlainTextEdit, QTextEdit { padding: #5#px #6#px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus {
  border: 2px solid $focus.ring; padding: 0 #8#px; }
QLineEdit:focus, QComboBox:focus { min-height: #28#px; max-height: #28#px; }
QLineEdit[tall="true"]:focus, QComboBox[tall="true"]:focus {
  min-height: #32#px; max-height: #32#px; }
QPlainTextEdit:focus, QTextEdit:focus { padding: #4#px #5#px; }
QLineEdit[wrong="true"], QComboBox[wrong="true"], QPlainTextEdit[wrong="true"] {
  border-color: $danger.text; }
QLineEdit[locked="true"], QComboBox[locked="true"], QPlainTextEdit[locked="true"],
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled {
  background: $surface.sunken; border-color: $line.hair; color: $text.secondary; }
QLineEdit[bare="true"], QTextEdit[bare="true"], QPlainTextEdit[bare="true"],
QLineEdit[bare="true"]:focus, QTextEdit[bare="true"]:focus, QPlainTextEdit[bare="true"]:focus {
  background: transparent; border: 0; padding: 0; }
QComboBox::drop-down { width: #26#px; border: 0; }
QComboBox::down-arrow { width: 0; height: 0; }
QComboBox QAbstractItemView, QListView[popup="true"] { background: $surface.raised;
  border: 1px solid $line.strong; border-radius: #6#px; padding: #4#px; outline: 0; }
QComboBox QAbstractItemView::item, QListView[popup="true"]::item {
  min-height: #28#px; padding: 0 #8#px; border-radius: #4#px; color: $text.primary; }
QComboBox QAbstractItemView::item:selected, QListView[popup="true"]::item:selected {
  background: $selection.row; color: $text.primary; }
QMenuBar { background: $surface.canvas; border-bottom: 1px solid $line.hair; padding: 0 #6#px; }
QMenuBar::item { background: transparent; color: $text.primary; padding: #4#px #9#px;
  border-radius: #4#px; }
QMenuBar::item:selected { background: $surface.pressed; }
QMenu { background: $surface.raised; border: 1px solid $line.strong; border-radius: #10#px;
  padding: #6#px; color: $text.primary; }
QMenu::item { min-height: #28#px; padding: 0 #24#px 0 #10#px; border-radius: #6#px; }
QMenu::item:selected { background: $selection.row; color: $text.primary; }
QMenu::item:disabled { color: $text.muted; }
QMenu::separator { height: 1px; background: $line.hair; margin: #5#px #10#px; }
QMenu::icon { padding-left: #10#px; }
QAbstractItemView { outline: 0; selection-background-color: $selection.row;
  selection-color: $text.primary; }
QHeaderView, QHeaderView::section { background: transparent; border: 0; }
QTableCornerButton::section { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: #12#px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: #12#px; margin: 0; }
QScrollBar::handle { background: $line.strong; border-radius: #3#px; margin: #3#px; }
QScrollBar::handle:vertical { min-height: #32#px; }
QScrollBar::handle:horizontal { min-width: #32#px; }
QScrollBar::handle:hover { background: $line.control; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $line.hair; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: $surface.raised; }
QCalendarWidget QToolButton { color: $text.primary; background: transparent; border: 0;
  padding: #4#px #6#px; border-radius: #6#px; }
QCalendarWidget QToolButton:hover { background: $surface.hover; }
QCalendarWidget QToolButton::menu-indicator { image: none; width: 0; }
QCalendarWidget QAbstractItemView { background: $surface.raised; color: $text.primary;
  selection-background-color: $accent.base; selection-color: $text.onAccent; border: 0; }
QCalendarWidget[side="true"] QWidget, QCalendarWidget[side="true"] QAbstractItemView {
  background: $surface.canvas; selection-background-color: transparent; }
QTextBrowser { background: transparent; border: 0; padding: 0; }
"""

_TOKEN = re.compile(r"\$([A-Za-z]+(?:\.[A-Za-z]+)+)")
_LENGTH = re.compile(r"#(\d+)#")


def style_sheet(color: Callable[[str], QColor], px: _Lengths, family: str) -> str:
    """Return the sheet for the colors and lengths in use; ``family`` heads it for bug reports."""
    colored = _TOKEN.sub(lambda found: color(found[1]).name(), _SHEET)
    return f"/* {family} */" + _LENGTH.sub(lambda found: str(px(float(found[1]))), colored)
