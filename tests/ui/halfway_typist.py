"""A process of its own that types into a form until it is killed.

``python -m tests.ui.halfway_typist FOLDER (appointment|payment)`` prints each word after its
keystroke.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app import bootstrap
from app.ui.billing.payment_pane import PaymentPane
from app.ui.billing.payments_panel import PaymentsPanel
from app.ui.scheduling.editor import EditorPage
from app.ui.scheduling.page import CalendarPage
from app.ui.shell.bridge import Bridge
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.theme import look
from tests.support.clock import StillClock
from tests.support.pictures import application
from tests.support.practice import PASSPHRASE
from tests.support.screens import bare_context

KEYSTROKE_MS = 20


def page_of(form: str, context: ScreenContext) -> QWidget:
    """Return the page with the form open in it."""
    if form == "payment":
        payments = PaymentsPanel(context)
        payments.resize(1224, 872)
        payments.show()
        payments.show_place(Place("billing", part="payments", ask={"new": "payment"}))
        return payments
    calendar = CalendarPage(context)
    calendar.resize(1224, 872)
    calendar.show()
    calendar.new_appointment()
    return calendar


def field_of(page: QWidget) -> QWidget | None:
    """Return the field for a note of one's own, once the form is there."""
    for kind, name in ((EditorPage, "_memo"), (PaymentPane, "_note")):
        for form in page.findChildren(kind):
            field: QWidget = getattr(form, name)
            return field
    return None


def main(folder: Path, form: str) -> None:
    """Type numbered words into the form's note for ever."""
    app = application()
    look.use(app, theme="light")
    keys = bootstrap.unlock(folder, passphrase=PASSPHRASE)
    practice = bootstrap.open_practice(folder, keys, StillClock())
    bridge = Bridge()
    context, _heard = bare_context(practice.desk, bridge)
    page = page_of(form, context)
    count = 0

    def strike() -> None:
        nonlocal count
        field = field_of(page)
        if field is not None:
            field.setFocus()
            count += 1
            QTest.keyClicks(field, f"w{count} ")
            print(count, flush=True)

    timer = QTimer()
    timer.timeout.connect(strike)
    timer.start(KEYSTROKE_MS)
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
