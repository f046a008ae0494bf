"""Amendments below a signed note: those that stand there, and the one being written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.core.clinical.queries.notes import AmendmentView
from app.core.kernel.clock import wall_time
from app.core.kernel.phrases import date_words, time_words
from app.ui.clinical.note_presenter import KEEP_AFTER_MS
from app.ui.clinical.section_editor import NoteText, SectionEditor
from app.ui.theme import look
from app.ui.widgets.layout import column_layout, emptied
from app.ui.widgets.text import Text


class Amendments(QWidget):
    """What was added later. ``keep`` gets what is typed, a second after a keystroke."""

    def __init__(self, zone: str, keep: Callable[[str], None]) -> None:
        super().__init__()
        self._zone, self._keep = zone, keep
        self._shown: Sequence[AmendmentView] = ()
        self._list = column_layout(gap=22)
        self._composer = SectionEditor("text", "Amendment", "What is to be added or put right.")
        self._composer.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_AFTER_MS)
        self._timer.timeout.connect(lambda: self._keep(self.text()))
        self._composer.field.typed.connect(self._typed)
        box = column_layout(self, gap=22)
        box.addLayout(self._list)
        box.addWidget(self._composer)

    @property
    def writing(self) -> bool:
        """Whether an amendment is being written."""
        return self._composer.isVisibleTo(self)

    @property
    def waits(self) -> bool:
        """Whether something was typed that is to be kept next."""
        return self._timer.isActive()

    @property
    def field(self) -> NoteText:
        """The text of the one being written."""
        return self._composer.field

    def text(self) -> str:
        """Return what is being written."""
        return self._composer.field.text()

    def show_all(self, amendments: Sequence[AmendmentView], begun: str) -> None:
        """Show the amendments, and the one begun before if there is one."""
        if begun and not self.writing:
            self._composer.field.set_text(begun)
            self._composer.show()
        if tuple(amendments) == tuple(self._shown):
            return
        self._shown = tuple(amendments)
        emptied(self._list)
        for amendment in amendments:
            self._list.addWidget(self._one(amendment))

    def begin(self) -> None:
        """Open the field for a new one and go there."""
        self._composer.show()
        self._composer.field.setFocus()

    def added(self) -> None:
        """Close the field after its text was added."""
        self._timer.stop()
        self._composer.field.set_text("")
        self._composer.hide()

    def keep_now(self) -> None:
        """Keep what was typed and not kept yet."""
        if self._timer.isActive():
            self._timer.stop()
            self._keep(self.text())

    def forget(self) -> None:
        """Show none, for another note."""
        self.added()
        self._shown = ()
        emptied(self._list)

    def _typed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _one(self, amendment: AmendmentView) -> QWidget:
        one = QWidget()
        at = wall_time(amendment.written_at, self._zone)
        when = f"{date_words(at.date())}, {time_words(at)}"
        box = column_layout(one, gap=3)
        box.addWidget(
            Text(
                f"Amended {when} by {amendment.author_name}",
                weight="semibold",
                tone="text.secondary",
            )
        )
        words = Text(amendment.text, "lead", wrap=True)
        words.setMaximumWidth(look.px(740))
        box.addWidget(words)
        return one
