"""What stands in place of a form while the browser is waited for."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.ui.widgets.buttons import Link
from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.message import Message
from app.ui.widgets.status import Tone

_CAUSE = "Your browser is open."
_SENTENCE = "Sign in there and allow this computer; it goes on here by itself."


def open_in_browser(address: str) -> None:
    """Open an address in the system's browser."""
    QDesktopServices.openUrl(QUrl(address, QUrl.ParsingMode.StrictMode))


class BrowserWait(QWidget):
    """Says what to do in the browser; opens it again, or waits no longer."""

    def __init__(self, *, open_again: Callable[[], object], cancel: Callable[[], object]) -> None:
        super().__init__()
        self.setAccessibleName("Waiting for your browser")
        box = column_layout(self, gap=12)
        box.addWidget(Message(Tone.INFO, _CAUSE, _SENTENCE, icon="arrow-up-right"))
        acts = row_layout(gap=20)
        self.again = Link("Open the browser again", on_click=open_again)
        self.cancel = Link("Cancel", on_click=cancel)
        acts.addWidget(self.again)
        acts.addWidget(self.cancel)
        acts.addStretch(1)
        box.addLayout(acts)

    def take_turns(self, began: QWidget, button: QWidget, *, waits: bool) -> None:
        """Show this in place of ``began``, or that again; the keyboard goes along.

        ``button`` is the one in it that began the wait.
        """
        come, gone, first = (self, began, self.again) if waits else (began, self, button)
        at = cast("QWidget | None", self.window().focusWidget())
        held = at is not None and gone.isAncestorOf(at)
        come.show()
        if held:
            # Before the other hides, which would send the keyboard elsewhere.
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        gone.hide()
