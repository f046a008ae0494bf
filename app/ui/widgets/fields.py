"""Fields in which people type or choose: text, search, several lines, one of many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyledItemDelegate,
    QWidget,
)

from app.ui.theme import icons, look
from app.ui.widgets import paint
from app.ui.widgets.keys import shown_keys


def mark(widget: QWidget, name: str, value: bool) -> None:
    """Set a property that the style sheet looks at, and have the sheet look again."""
    if bool(widget.property(name)) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class LineField(QLineEdit):
    """One line of text. ``name`` is its name for a screen reader where no label is its buddy."""

    def __init__(
        self,
        text: str = "",
        *,
        placeholder: str = "",
        name: str = "",
        tall: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self._lock: QAction | None = None
        if tall:
            self.setProperty("tall", True)
        self.setFont(look.font("body", tabular=True))

    def set_error(self, wrong: bool) -> None:
        """Show that what stands here cannot stay."""
        mark(self, "wrong", wrong)

    def set_locked(self, locked: bool) -> None:
        """Make it read-only, sunken, with a lock; its text stays selectable."""
        self.setReadOnly(locked)
        mark(self, "locked", locked)
        if locked and self._lock is None:
            place = QLineEdit.ActionPosition.TrailingPosition
            self._lock = self.addAction(icons.icon("lock", "text.muted", 14), place)
        elif not locked and self._lock is not None:
            self.removeAction(self._lock)
            self._lock = None

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.setFont(look.font("body", tabular=True))
        super().changeEvent(event)


class SearchField(LineField):
    """A field that finds as one types; Esc empties it. ``keys`` is the hint at its end."""

    searched = Signal(str)

    def __init__(
        self, placeholder: str, *, keys: str = "/", name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(placeholder=placeholder, name=name or placeholder, parent=parent)
        self._keys = keys
        self.setTextMargins(look.px(24), 0, look.px(16), 0)
        self.textChanged.connect(self.searched.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = look.px(14)
        spot = QRectF(look.px(11), (self.height() - side) / 2, side, side)
        icons.paint(painter, spot, "search", look.color("text.muted"))
        if look.current().hints and not self.text() and not self.hasFocus():
            area = QRectF(0, 0, self.width() - look.px(10), self.height())
            ink, font = look.color("text.muted"), look.font("caption")
            paint.words(painter, area, shown_keys(self._keys), font, ink, right=True)

    def sizeHint(self) -> QSize:
        return QSize(look.px(264), super().sizeHint().height())


class TextArea(QPlainTextEdit):
    """Several lines of text, ``lines`` high; Tab leaves it."""

    def __init__(
        self,
        text: str = "",
        *,
        placeholder: str = "",
        lines: int = 3,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._lines = lines
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """Return what stands in it."""
        return self.toPlainText()

    def set_error(self, wrong: bool) -> None:
        """Show that what stands here cannot stay."""
        mark(self, "wrong", wrong)

    def set_locked(self, locked: bool) -> None:
        """Make it read-only and sunken; its text stays selectable."""
        self.setReadOnly(locked)
        mark(self, "locked", locked)

    def sizeHint(self) -> QSize:
        return QSize(look.px(240), self._lines * look.line_height("body") + look.px(16))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(80), self.sizeHint().height())


class Choice(QComboBox):
    """One of many, as a list that opens. Values are any objects; the words are what is read."""

    changed = Signal(object)

    def __init__(
        self,
        options: Sequence[tuple[Any, str]] = (),
        value: Any = None,
        *,
        name: str = "",
        placeholder: str = "",
        tall: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._values: list[Any] = []
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # The default delegate ignores the sheet's height and padding of a line.
        self.setItemDelegate(QStyledItemDelegate(self))
        # As wide as its column, not as its longest option.
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.setSizeAdjustPolicy(policy)
        self.setMinimumContentsLength(6)
        if tall:
            self.setProperty("tall", True)
        self.set_options(options, value)
        self.currentIndexChanged.connect(self._index_changed)

    def _index_changed(self, _index: int) -> None:
        self.changed.emit(self.value())

    def set_options(self, options: Sequence[tuple[Any, str]], value: Any = None) -> None:
        """Offer other options; ``value`` is chosen, else the first, or none with a placeholder."""
        blocked = self.blockSignals(True)
        self.clear()
        self._values = [option for option, _ in options]
        self.addItems([words for _, words in options])
        self.set_value(value)
        self.blockSignals(blocked)

    def value(self) -> Any:
        """Return the chosen value, or None where nothing is chosen."""
        index = self.currentIndex()
        return self._values[index] if 0 <= index < len(self._values) else None

    def set_value(self, value: Any) -> None:
        """Choose ``value``; one that is not offered leaves nothing (or the first) chosen."""
        first = 0 if self._values and not self.placeholderText() else -1
        self.setCurrentIndex(self._values.index(value) if value in self._values else first)

    def set_error(self, wrong: bool) -> None:
        """Show that what is chosen cannot stay."""
        mark(self, "wrong", wrong)

    def set_locked(self, locked: bool) -> None:
        """Show the value without letting anybody change it."""
        self.setEnabled(not locked)
        mark(self, "locked", locked)

    def wheelEvent(self, event: Any) -> None:
        # A wheel over a form scrolls the form; it never changes a value by accident.
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = look.px(14)
        spot = QRectF(self.width() - look.px(10) - side, (self.height() - side) / 2, side, side)
        token = "text.secondary" if self.isEnabled() else "text.muted"
        icons.paint(QPainter(self), spot, "chevron-down", look.color(token))
