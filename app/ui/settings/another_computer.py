"""Another computer: the one-time code with which it brings the practice."""

from __future__ import annotations

from app.ui.shell.syncing import SyncPresenter
from app.ui.theme import look
from app.ui.widgets.buttons import Button
from app.ui.widgets.layout import Section, column_layout, emptied, row_layout
from app.ui.widgets.text import Text

_SENTENCE = (
    "On a computer of yours that has no practice yet, choose “Bring it from your account” at its "
    "first run and sign in there. Where it has no browser, a one-time code does."
)
_CODE = (
    "Type this on the other computer: first run, “Bring it from your account”. It "
    "works once, for 15 minutes."
)


class AnotherComputer(Section):
    """Says how another computer brings the practice, and makes it a code."""

    def __init__(self, sync: SyncPresenter) -> None:
        super().__init__("Another computer")
        self._words = Text(_SENTENCE, tone="text.secondary", wrap=True)
        self.add(self._words)
        self._room = column_layout(gap=12)
        self.body.addLayout(self._room)
        self.body.addSpacing(look.px(12))
        acts = row_layout(gap=0)
        self._ask = Button("Make a code", icon="laptop", on_click=sync.ask_code)
        acts.addWidget(self._ask)
        acts.addStretch(1)
        self.body.addLayout(acts)

    def show_state(self, sync: SyncPresenter) -> None:
        """Show the code that was made, or that one is asked for."""
        self._ask.set_busy(sync.busy == "code")
        self._words.setVisible(not sync.code)
        emptied(self._room)
        if sync.code:
            self._room.addWidget(Text(_CODE, tone="text.secondary", wrap=True))
            shown = Text(f"{sync.code[:4]} {sync.code[4:]}", "title", "semibold", tabular=True)
            shown.setAccessibleName("One-time code: " + " ".join(sync.code))
            self._room.addWidget(shown)
