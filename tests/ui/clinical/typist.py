"""A process of its own that types into the note editor until it is killed.

``python -m tests.ui.clinical.typist FOLDER APPOINTMENT`` prints each word after its keystroke.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from uuid import UUID

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer

from app import bootstrap
from app.ui.clinical.note_page import NotePage
from app.ui.clinical.section_editor import NoteText
from app.ui.shell.bridge import Bridge
from app.ui.shell.places import Place
from app.ui.theme import look
from tests.support.clock import StillClock
from tests.support.pictures import application
from tests.support.practice import PASSPHRASE
from tests.support.screens import bare_context

KEYSTROKE_MS = 20


def main(folder: Path, appointment_id: UUID) -> None:
    """Type numbered words into the first section for ever."""
    app = application()
    look.use(app, theme="light")
    keys = bootstrap.unlock(folder, passphrase=PASSPHRASE)
    practice = bootstrap.open_practice(folder, keys, StillClock())
    bridge = Bridge()
    context, _heard = bare_context(practice.desk, bridge)
    page = NotePage(context)
    page.resize(1224, 872)
    page.show()
    page.show_place(Place("clinical", ask={"appointment": str(appointment_id)}))
    count = 0

    def strike() -> None:
        nonlocal count
        for field in page.findChildren(NoteText):
            if field.accessibleName() == "Subjective":
                count += 1
                field.insertPlainText(f"w{count} ")
                print(count, flush=True)

    timer = QTimer()
    timer.timeout.connect(strike)
    timer.start(KEYSTROKE_MS)
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), UUID(sys.argv[2]))
