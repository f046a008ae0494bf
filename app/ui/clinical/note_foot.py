"""The foot of the note editor: what is kept, what signing will do, and the button that does it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QSizePolicy

from app.core.clinical.queries.notes import NoteView
from app.core.clinical.rules.notes import SIGNING_SENTENCE
from app.ui.clinical.note_presenter import Keeping, NotePresenter
from app.ui.theme import look
from app.ui.widgets.buttons import Button
from app.ui.widgets.layout import Surface, row_layout
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text

SIGN_KEYS = "Ctrl+Return"
_AMENDING_SENTENCE = "Amendments stand below the signed text, which stays as it is."
_LEFT_SENTENCE = "Its author no longer writes notes here, so nobody can sign it."
_KEEPING = {
    Keeping.KEPT: Status("circle-check", "Draft · Saved on this computer", Tone.OK),
    Keeping.TYPED: Status("circle-dashed", "Draft · Saving", Tone.MUTED),
    Keeping.REFUSED: Status("circle-alert", "Draft · Not saved", Tone.DANGER),
}


class NoteFoot(Surface):
    """``act`` signs a draft, begins an amendment, or adds the one begun.

    ``discard`` is offered here for a draft that its author left: nothing else can be done with it.
    """

    def __init__(self, act: Callable[[], None], discard: Callable[[], None]) -> None:
        super().__init__("page", edges="top")
        self._status = StatusLabel()
        self._sentence = Text(
            SIGNING_SENTENCE, tone="text.muted", wrap=True, align=Qt.AlignmentFlag.AlignRight
        )
        # The status keeps its room; the sentence gives way first, on two lines.
        giving = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        giving.setHeightForWidth(True)
        self._sentence.setSizePolicy(giving)
        self.button = Button(
            "Sign and lock", kind="primary", icon="lock", keys=SIGN_KEYS, on_click=act
        )
        self._discard = Button("Discard draft", icon="x", on_click=discard)
        line = row_layout(self, gap=16, margin=(40, 8, 24, 8))
        line.addWidget(self._status)
        line.addWidget(self._sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.button)
        line.addWidget(self._discard)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._fit()

    @property
    def buttons(self) -> tuple[Button, Button]:
        """Its acts in the order of the keyboard."""
        return self.button, self._discard

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        self.setMinimumHeight(look.px(60))

    def show_note(self, presenter: NotePresenter, found: NoteView, *, amending: bool) -> None:
        """Say how the note stands and what the button does."""
        self._status.set(_status(presenter, found))
        left = presenter.discardable and not presenter.editable
        said = SIGNING_SENTENCE if found.is_draft else _AMENDING_SENTENCE
        self._sentence.set(_LEFT_SENTENCE if left else said)
        words = "Sign and lock" if found.is_draft else "Add amendment" if amending else "Amend"
        self.button.set_words(words)
        self.button.set_kind("primary" if found.is_draft or amending else "secondary")
        self.button.set_busy(presenter.signing)
        acts = presenter.editable or presenter.is_signed
        self.button.setVisible(acts)
        self._discard.setVisible(left)
        self._sentence.setVisible(acts or left)


def _status(presenter: NotePresenter, found: NoteView) -> Status:
    if presenter.refusal is not None:
        return Status("circle-alert", presenter.refusal.sentence, Tone.DANGER)
    if not found.is_draft:
        return Status("lock", "Signed", Tone.OK)
    if not presenter.editable:
        return Status("lock", "Draft of another member", Tone.QUIET)
    return _KEEPING[presenter.keeping]
