"""A popover: details of what is selected, beside it, inside the window."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.theme import look
from app.ui.widgets.motion import rise
from app.ui.widgets.panes import Floating, first_stop, give_back, takes_escape


class Popover(Floating):
    """One at a time over ``host``. It stands right of its anchor, or left where there is no room.

    Esc, or a press outside, closes it; the keyboard goes back to where it was.
    """

    closed = Signal()

    def __init__(self, host: QWidget, *, width: int = 364) -> None:
        super().__init__(host, margin=(0, 0, 0, 0))
        self._host = host
        self._width = width
        self._anchor = QRect()
        self._content: QWidget | None = None
        self._came_from: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.hide()

    def open_at(self, anchor: QRect, content: QWidget, *, renewed: bool = False) -> None:
        """Show ``content`` beside ``anchor`` (in coordinates of the host).

        What is ``renewed`` says the same thing anew: the keyboard stays where it is, unless it was
        in what is replaced.
        """
        focused = cast("QWidget | None", self.window().focusWidget())
        inside = focused is not None and self.isAncestorOf(focused)
        if self._content is not None:
            self._content.hide()
            self._content.deleteLater()
        if not self.isVisible():
            self._came_from = QApplication.focusWidget()
        self._content = content
        self.inner.addWidget(content)
        content.show()
        self.show()
        self._anchor = anchor
        self._place(anchor)
        self.raise_()
        if not renewed:
            rise(self)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        if inside or not renewed:
            first_stop(content, self).setFocus(Qt.FocusReason.OtherFocusReason)

    def refit(self) -> None:
        """Take the size of its content again, after that grew or shrank."""
        if self.isVisible():
            self.layout().activate()  # type: ignore[union-attr]
            self._place(self._anchor)

    def dismiss(self) -> None:
        """Close it and give the keyboard back."""
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        if self._content is not None:
            self._content.hide()
            self._content.deleteLater()
            self._content = None
        self.hide()
        give_back(self._came_from)
        self.closed.emit()

    def _place(self, anchor: QRect) -> None:
        reach, gap = self.reach(), look.px(10)
        width = look.px(self._width) + 2 * reach
        self.setFixedWidth(width)
        self.inner.activate()
        # A hint does not know how many lines its paragraphs take in this width.
        needed = max(self.sizeHint().height(), self.layout().totalHeightForWidth(width))  # type: ignore[union-attr]
        height = min(needed, self._host.height() + 2 * reach)
        left = anchor.right() + gap - reach
        if left + width - reach > self._host.width():
            left = anchor.left() - gap - width + reach
        if left + reach < 0:
            left = min(max(anchor.left(), gap), self._host.width() - width + reach) - reach
        top = min(anchor.top() - reach, self._host.height() - height + reach - gap)
        self.setGeometry(left, max(gap - reach, top), width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            spot = self.mapFromGlobal(event.globalPosition().toPoint())
            over_popup = QApplication.activePopupWidget() is not None
            if (
                isinstance(watched, QWidget)
                and not over_popup
                and not self.surface().contains(spot.toPointF())
            ):
                self.dismiss()
        return False

    def event(self, event: QEvent) -> bool:
        if takes_escape(event):
            return True
        done = super().event(event)
        # Whatever it holds has grown, or shrunk, by a line.
        if event.type() is QEvent.Type.LayoutRequest and self._content is not None:
            self.refit()
        return done

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)
