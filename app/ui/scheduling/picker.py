"""Choosing the client or case that a session is with."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter

from app.core.cases.queries import CaseView
from app.core.cases.rules import case_words
from app.ui.widgets.fields import LineField


class CasePicker(LineField):
    """Who a session is with: type part of a name, choose from the list."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(placeholder="Type a name", name="With")
        self._by_words: dict[str, UUID] = {}
        self._case_id: UUID | None = None
        self._clear = self.add_trailing("x", "Choose somebody else", self._emptied)
        self.textChanged.connect(self._offer_clear)
        self._offer_clear("")
        self.textEdited.connect(self._edited)
        self.editingFinished.connect(self._finished)

    def offer(self, cases: tuple[CaseView, ...], case_id: UUID | None) -> None:
        """Offer ``cases`` and show the chosen one."""
        words = {_case_line(each): each.id for each in cases}
        if words != self._by_words:
            self._by_words = words
            finder = QCompleter(list(words), self)
            finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            finder.setFilterMode(Qt.MatchFlag.MatchContains)
            finder.activated.connect(self._take)
            self.setCompleter(finder)
        shown = next((each for each, found in words.items() if found == case_id), "")
        # A name typed but not chosen yet stays, wherever the keyboard is.
        if case_id != self._case_id or (shown and not self.hasFocus()):
            self._case_id = case_id
            if shown or not self.hasFocus():
                self.setText(shown)
                self.setCursorPosition(0)

    def _offer_clear(self, words: str) -> None:
        self._clear.setVisible(bool(words))
        self._place_trailing()

    def _emptied(self) -> None:
        self.clear()
        self._take("")
        self.setFocus()

    def _edited(self, words: str) -> None:
        if not words:
            self._take("")

    def _finished(self) -> None:
        typed = self.text().strip().casefold()
        fitting = [each for each in self._by_words if typed and typed in each.casefold()]
        if len(fitting) == 1:
            self._take(fitting[0])

    def _take(self, words: str) -> None:
        found = self._by_words.get(words)
        if found != self._case_id:
            self._case_id = found
            self.chosen.emit(found)


def _case_line(case: CaseView) -> str:
    return f"{case.title}, {case_words(case.kind, len(case.people)).lower()}"
