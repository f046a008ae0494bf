"""Panes beside and over a page: the inspector, and the sheet it becomes where there is no room."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import look
from app.ui.widgets.bars import ActsBar
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.layout import ScrollPage, Surface, column_layout, reveal, row_layout
from app.ui.widgets.shadow import REACH, paint_floating
from app.ui.widgets.text import Text


class Inspector(Surface):
    """One thing's details and acts, on canvas at the right of a page."""

    closed = Signal()

    def __init__(
        self,
        title: str = "",
        detail: str = "",
        *,
        width: int = 412,
        closable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("canvas", edges="left", parent=parent)
        self.setFixedWidth(look.px(width))
        self._title = Text(title, "lead", "semibold", elide=True)
        self._detail = Text(detail, tone="text.secondary", wrap=True)
        reveal(self._detail, bool(detail))
        head = row_layout(gap=8)
        head.addWidget(self._title, 1)
        self._close = IconButton("x", "Close", on_click=self.closed.emit)
        reveal(self._close, closable)
        head.addWidget(self._close)
        scroll = ScrollPage(margin=(24, 0, 24, 24), name=title)
        self.body = scroll.body
        self._box = column_layout(self)
        top = column_layout(gap=0, margin=(24, 22, 16, 12))
        top.addLayout(head)
        top.addWidget(self._detail)
        self._box.addLayout(top)
        self._box.addWidget(scroll, 1)

    def say(self, title: str, detail: str = "") -> None:
        """Show another title and detail."""
        self._title.set(title)
        self._detail.set(detail)
        reveal(self._detail, bool(detail))

    def show_close(self, shown: bool) -> None:
        """Offer to close the pane, or do not."""
        reveal(self._close, shown)

    def foot(self, bar: ActsBar) -> None:
        """Put the bar of acts at the foot."""
        self._box.addWidget(bar)


class _Scrim(QWidget):
    """Dims what lies under a sheet or the palette; a click on it closes what lies over it."""

    clicked = Signal()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), look.color("scrim"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()


class Sheet(QWidget):
    """Holds a pane over the right edge of ``host``; Esc and a click beside it close it."""

    closed = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._scrim = _Scrim(self)
        self._scrim.clicked.connect(self.close_sheet)
        self._content: QWidget | None = None
        self._came_from: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setProperty("keepsFocus", True)
        host.installEventFilter(self)
        self.hide()

    def open(self, content: QWidget) -> None:
        """Show ``content`` (it keeps its own width); the sheet owns it until it is closed."""
        if self._content is not None and self._content is not content:
            self._content.deleteLater()
        self._came_from = self._host.window().focusWidget()
        self._content = content
        content.setParent(self)
        content.show()
        self.show()
        self.raise_()
        self._settle()
        first_stop(content, self).setFocus(Qt.FocusReason.OtherFocusReason)

    def is_open(self) -> bool:
        """Return whether something is shown."""
        return self._content is not None

    def close_sheet(self) -> None:
        """Close it, drop the content and give the keyboard back."""
        if self._content is not None:
            self._content.hide()
            self._content.deleteLater()
        self._content = None
        self.hide()
        give_back(self._came_from)
        self.closed.emit()

    def _settle(self) -> None:
        self.setGeometry(self._host.rect())
        self._scrim.setGeometry(self.rect())
        if self._content is not None:
            # A content of a fixed width may hint at more than it can take.
            wanted = min(self._content.sizeHint().width(), self._content.maximumWidth())
            width = max(min(wanted, self._host.width()), self._content.minimumWidth())
            self._content.setGeometry(self.width() - width, 0, width, self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and not self.isHidden():
            self._settle()
        return False

    def event(self, event: QEvent) -> bool:
        if takes_escape(event):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        else:
            super().keyPressEvent(event)


def give_back(control: QWidget | None) -> None:
    """Give the keyboard back to ``control``, unless the page below has taken it away meanwhile."""
    if control is not None and shiboken6.isValid(control) and control.isVisible():
        control.setFocus()


def takes_escape(event: QEvent) -> bool:
    """Keep Esc for what is in front: otherwise a shortcut of the page below would have it."""
    override = event.type() == QEvent.Type.ShortcutOverride
    if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
        event.accept()
        return True
    return False


def first_stop(content: QWidget, otherwise: QWidget) -> QWidget:
    """Return where the keyboard begins in ``content``: its proxy, itself, or ``otherwise``."""
    if content.focusProxy() is not None or content.focusPolicy() != Qt.FocusPolicy.NoFocus:
        return content
    return otherwise


class Floating(QWidget):
    """A raised surface with its shadow; ``inner`` is the column for its content."""

    def __init__(
        self, parent: QWidget, *, margin: tuple[int, int, int, int] = (16, 14, 16, 14)
    ) -> None:
        super().__init__(parent)
        self._reach = look.px(REACH)
        outer = column_layout(self)
        outer.setContentsMargins(self._reach, self._reach, self._reach, self._reach)
        self.inner = column_layout(gap=0, margin=margin)
        outer.addLayout(self.inner)

    def surface(self) -> QRectF:
        """Return the raised surface without the room for its shadow."""
        reach = self._reach
        return QRectF(self.rect()).adjusted(reach, reach, -reach, -reach)

    def reach(self) -> int:
        """Return the room around the surface, in pixels."""
        return self._reach

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_floating(QPainter(self), self.surface())
