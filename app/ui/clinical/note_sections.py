"""The text of a note: its sections to write, or the signed text sunken into the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.clinical.rules.notes import Section
from app.ui.clinical.section_editor import NoteText, SectionEditor
from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.layout import ScrollPage, column_layout, emptied
from app.ui.widgets.status import Status, StatusLabel, Tone

SECTION_GAP = 30


class LockedPaper(QWidget):
    """A text that can no longer be changed, sunken into the page; it stays selectable."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.sections = column_layout(gap=SECTION_GAP)
        box = column_layout(self, gap=16, margin=(16, 14, 16, 16))
        box.addWidget(StatusLabel(Status("lock", words, Tone.QUIET)))
        box.addLayout(self.sections)

    def paintEvent(self, event: QPaintEvent) -> None:
        edge = look.color("line.strong") if look.is_high_contrast() else None
        fill = look.color("surface.sunken")
        paint.box(QPainter(self), QRectF(self.rect()), look.px(6), fill=fill, edge=edge)


class NoteSections(QWidget):
    """Stands in ``page``, which scrolls along with the text cursor."""

    typed = Signal()

    def __init__(self, page: ScrollPage) -> None:
        super().__init__()
        self._page = page
        self._editors: list[SectionEditor] = []
        self._built: tuple[object, ...] = ()
        self._box = column_layout(self)

    @property
    def fields(self) -> Sequence[NoteText]:
        """Return the fields in the order of the page."""
        return [editor.field for editor in self._editors]

    def texts(self) -> dict[str, str]:
        """Return what stands in each section."""
        return {editor.key: editor.field.text() for editor in self._editors}

    def forget(self) -> None:
        """Show nothing, for another note."""
        self._built = ()
        self._editors = []
        emptied(self._box)

    def show_note(
        self, note_id: UUID, sections: Sequence[Section], texts: Mapping[str, str], locked: str
    ) -> bool:
        """Show these sections unless they stand there; return whether they are new.

        ``locked`` says why the text cannot be changed; empty where it can. In a note that arrives
        one goes on behind its last words, in another format where one was writing.
        """
        built = (note_id, tuple(section.key for section in sections), locked)
        if built == self._built:
            return False
        arrived = self._built[:1] != built[:1]
        first = _where_to_go_on(sections, texts) if arrived else ""
        typing_in = next((each.key for each in self._editors if each.field.hasFocus()), first)
        self._built = built
        emptied(self._box)
        box = self._paper(locked)
        self._editors = [SectionEditor(each.key, each.title, each.hint) for each in sections]
        for editor in self._editors:
            editor.field.set_text(texts.get(editor.key, ""))
            editor.field.set_locked(bool(locked))
            editor.field.typed.connect(self.typed.emit)
            editor.field.cursorPositionChanged.connect(self._follow_caret)
            box.addWidget(editor)
            # Now, not with the next event: only what is shown can take the keyboard.
            editor.show()
        if not locked:
            self.focus(typing_in)
        return True

    def focus(self, key: str) -> None:
        """Go to a section."""
        for editor in self._editors:
            if editor.key == key:
                editor.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def replace(self, key: str, text: str) -> bool:
        """Write another text into a section and go there; return whether it stands there."""
        for editor in self._editors:
            if editor.key == key:
                editor.field.replace_text(text)
                editor.field.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False

    def _paper(self, locked: str) -> QVBoxLayout:
        if not locked:
            box = column_layout(gap=SECTION_GAP, margin=(0, 0, 0, 22))
            self._box.addLayout(box)
            return box
        paper = LockedPaper(locked)
        self._box.addWidget(paper)
        return paper.sections

    def _follow_caret(self) -> None:
        content = self._page.widget()
        for editor in self._editors:
            if content is not None and editor.field.hasFocus():
                spot = editor.field.mapTo(content, editor.field.caret().toPoint())
                self._page.ensureVisible(spot.x(), spot.y(), 0, look.px(40))


def _where_to_go_on(sections: Sequence[Section], texts: Mapping[str, str]) -> str:
    keys = [section.key for section in sections]
    written = [key for key in keys if texts.get(key)]
    return written[-1] if written else next(iter(keys), "")
