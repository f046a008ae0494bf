"""The foot of Settings, Sync: the way off the account, and what would stay here alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from app.core.kernel.errors import NotWhole
from app.ui.theme import look
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.layout import Section, column_layout, emptied, reveal, row_layout
from app.ui.widgets.message import Message
from app.ui.widgets.problem import Problem
from app.ui.widgets.status import Tone
from app.ui.widgets.text import Text

_WORDS = (
    "Everything stays on this computer, and works on as before. Nothing syncs any more, until you "
    "connect it again. The account lists this computer as disconnected."
)


class DisconnectSection(Section):
    """Offers to part at once; where something is not uploaded, to sync first or to part anyway."""

    def __init__(
        self,
        disconnect: Callable[[], object],
        sync_first: Callable[[], object],
        anyway: Callable[[], object],
    ) -> None:
        super().__init__("Disconnect")
        self.add(Text(_WORDS, tone="text.secondary", wrap=True))
        self.body.addSpacing(look.px(12))
        self._would_stay = column_layout()
        self.body.addLayout(self._would_stay)
        acts = row_layout(gap=16)
        self._end = Button("Disconnect", on_click=disconnect)
        self._first = Button("Sync now", icon="refresh-cw", on_click=sync_first)
        self._anyway = Link("Disconnect anyway", tone="danger.text", on_click=anyway)
        for act in (self._end, self._first, self._anyway):
            acts.addWidget(act)
        acts.addStretch(1)
        self.body.addLayout(acts)
        self.problem = Problem(above=10)
        self.body.addWidget(self.problem)

    def take_keyboard(self) -> None:
        """Give the keyboard to the act."""
        self._end.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_state(self, not_whole: NotWhole | None, *, busy: bool) -> None:
        """Show what would stay here alone, with the mend and the way to do it all the same."""
        self._end.set_busy(busy)
        first: tuple[QAbstractButton, ...] = (self._first, self._anyway)
        shown, gone = (first, (self._end,)) if not_whole else ((self._end,), first)
        for act in shown:
            reveal(act, True)
        if any(act.hasFocus() for act in gone):
            # Qt would give the keyboard to what stands next.
            shown[0].setFocus(Qt.FocusReason.OtherFocusReason)
        for act in gone:
            reveal(act, False)
        emptied(self._would_stay)
        if not_whole is not None:
            self._would_stay.addWidget(begun_with_its_cause(Tone.WARN, not_whole.sentence))
            self._would_stay.addSpacing(look.px(12))


def begun_with_its_cause(tone: Tone, words: str) -> Message:
    """Return a message that begins with its cause, the first of the sentences."""
    cause, stop, rest = words.partition(". ")
    return Message(tone, f"{cause}." if stop else words, rest)
