"""Fields in which people type or choose: text, search, several lines, one of many."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QTextOption
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from app.ui.theme import icons, look
from app.ui.widgets import paint
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.keys import shown_keys

#: Side of an icon at the end of a field, the air around it included.
_TRAILING = 26


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
        self._lock: IconButton | None = None
        self._trailing: list[IconButton] = []
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
            self._lock = self.add_trailing("lock", "Locked")
            # It only shows: a click on it is a click on the field.
            self._lock.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if self._lock is not None:
            self._lock.setVisible(locked)
            self._place_trailing()

    def add_trailing(
        self, icon: str, words: str, on_click: Callable[[], object] | None = None
    ) -> IconButton:
        """Put an icon at the end of the field, which grows with the text; Tab passes it by."""
        made = IconButton(icon, words, on_click=on_click, parent=self)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._trailing.append(made)
        self._place_trailing()
        return made

    def room_for(self, words: str) -> QSize:
        """Return the smallest size at which all of ``words`` can be read."""
        wide = paint.width_of(words, self.font()) + self.textMargins().right() + look.px(26)
        return QSize(math.ceil(wide), super().minimumSizeHint().height())

    def _place_trailing(self) -> None:
        """Line the icons up from the end, and keep the text away from them."""
        side, right = look.px(_TRAILING), self.width() - look.px(4)
        shown = [each for each in self._trailing if not each.isHidden()]
        for each in shown:
            each.setGeometry(right - side, (self.height() - side) // 2, side, side)
            right -= side
        margins = self.textMargins()
        room = look.px(_TRAILING - 2) * len(shown)
        if margins.right() != room and self._trailing:
            self.setTextMargins(margins.left(), margins.top(), room, margins.bottom())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_trailing()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.setFont(look.font("body", tabular=True))
            if hasattr(self, "_trailing"):
                self._place_trailing()
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
    """Several lines of text, ``lines`` high; Tab leaves it, and ``left`` says so.

    ``edited`` is said of every keystroke, and not when the text is set.
    """

    left = Signal()
    edited = Signal()

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
        self._lines, self._is_set = lines, False
        self.textChanged.connect(self._changed)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """Return what stands in it."""
        return self.toPlainText()

    def setPlainText(self, text: str) -> None:
        self._is_set = True
        super().setPlainText(text)
        self._is_set = False

    def _changed(self) -> None:
        if not self._is_set:
            self.edited.emit()

    def set_error(self, wrong: bool) -> None:
        """Show that what stands here cannot stay."""
        mark(self, "wrong", wrong)

    def set_locked(self, locked: bool) -> None:
        """Make it read-only and sunken; its text stays selectable."""
        self.setReadOnly(locked)
        mark(self, "locked", locked)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

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
        self._has_lines = False
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

    def showPopup(self) -> None:
        if not self._has_lines:
            # The default delegate ignores the sheet's height and padding of a line. Only now: the
            # list that it is given to takes longer to make than all the rest of the field.
            self.setItemDelegate(QStyledItemDelegate(self))
            self._has_lines = True
        super().showPopup()

    def wheelEvent(self, event: Any) -> None:
        # A wheel over a form scrolls the form; it never changes a value by accident.
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def _is_placeholder(self) -> bool:
        return self.currentIndex() < 0

    def paintEvent(self, event: QPaintEvent) -> None:
        # The sheet's box without words: Qt would cut a long option in the middle of a letter.
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        side, pad = look.px(14), look.px(11)
        words = self.placeholderText() if self._is_placeholder() else self.currentText()
        quiet = self._is_placeholder() or not self.isEnabled()
        area = QRectF(self.rect()).adjusted(pad + 1, 0, -(pad + side + look.px(6)), 0)
        ink = look.color("text.muted" if quiet else "text.primary")
        font = look.font("body", tabular=True)
        paint.words(painter, area, words, font, ink)
        cut = paint.width_of(words, font) > area.width()
        self.setToolTip(words if cut else "")
        spot = QRectF(self.width() - pad - side, (self.height() - side) / 2, side, side)
        token = "text.secondary" if self.isEnabled() else "text.muted"
        icons.paint(painter, spot, "chevrons-up-down", look.color(token))
