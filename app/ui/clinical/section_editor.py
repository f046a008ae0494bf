"""One section of a note: its title hanging at the left, its text growing with what is typed."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QTextBlockFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QSizePolicy, QTextEdit, QWidget

from app.ui.theme import look
from app.ui.widgets.layout import row_layout
from app.ui.widgets.text import Text

#: Measures of the design: title column, gap, air below a paragraph, the longest line of text.
TITLE_WIDTH, TITLE_GAP, PARAGRAPH_GAP, MEASURE = 96, 24, 8, 620


class NoteText(QTextEdit):
    """Plain paragraphs as high as their text: the page scrolls, never the field. Tab leaves it."""

    typed = Signal()
    focused = Signal(bool)

    def __init__(self, name: str, hint: str = "") -> None:
        super().__init__()
        self._hint = hint
        self.setProperty("bare", True)
        self.setAccessibleName(name)
        self.setAccessibleDescription(hint)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.textChanged.connect(self.typed.emit)
        self._restyle()

    def text(self) -> str:
        """Return what stands in it."""
        return self.toPlainText()

    def set_text(self, text: str) -> None:
        """Show another text; this is no typing, and *Undo* does not lead behind it."""
        blocked = self.blockSignals(True)
        self.setPlainText(text)
        self._restyle()
        self.moveCursor(QTextCursor.MoveOperation.End)
        self.blockSignals(blocked)

    def replace_text(self, text: str) -> None:
        """Write another text as the person could have typed it: *Undo* takes it back."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def set_locked(self, locked: bool) -> None:
        """Keep the text from being changed; it stays selectable, by keyboard too."""
        flags = Qt.TextInteractionFlag
        readable = flags.TextSelectableByMouse | flags.TextSelectableByKeyboard
        self.setTextInteractionFlags(readable if locked else flags.TextEditorInteraction)

    def insertFromMimeData(self, source: QMimeData) -> None:
        # A table or a web page pastes as its words: nothing of it but text is part of the record.
        self.textCursor().insertText(source.text())
        self.ensureCursorVisible()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._restyle()
        super().changeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)

    def sizeHint(self) -> QSize:
        return QSize(look.px(MEASURE), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(200), look.line_height("lead"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._hint and self.document().isEmpty() and not self.isReadOnly():
            painter = QPainter(self.viewport())
            painter.setFont(self.font())
            painter.setPen(look.color("text.muted"))
            area = QRectF(0, 0, self.viewport().width(), look.line_height("lead"))
            words = QFontMetricsF(self.font()).elidedText(
                self._hint, Qt.TextElideMode.ElideRight, area.width()
            )
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), words)

    def _restyle(self) -> None:
        """Set font and line height without leaving a step for *Undo*."""
        self.setFont(look.font("lead"))
        document = self.document()
        document.setUndoRedoEnabled(False)
        shape = QTextBlockFormat()
        fixed = QTextBlockFormat.LineHeightTypes.FixedHeight
        shape.setLineHeight(look.line_height("lead"), fixed.value)
        shape.setBottomMargin(look.px(PARAGRAPH_GAP))
        cursor = QTextCursor(document)
        cursor.select(QTextCursor.SelectionType.Document)
        blocked = self.blockSignals(True)
        cursor.mergeBlockFormat(shape)
        self.blockSignals(blocked)
        document.setUndoRedoEnabled(True)
        self._fit()

    def _height(self) -> int:
        return max(look.line_height("lead"), math.ceil(self.document().size().height()))

    def _fit(self) -> None:
        height = self._height()
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(height)

    def caret(self) -> QPointF:
        """Return where the text cursor is, in this widget."""
        return QPointF(self.cursorRect().center())


class SectionEditor(QWidget):
    """A section's title and its text; the title takes the accent while one types in it."""

    def __init__(self, key: str, title: str, hint: str) -> None:
        super().__init__()
        self.key = key
        self.field = NoteText(title, hint)
        self._title = Text(title, weight="semibold", tone="text.secondary")
        self._title.setBuddy(self.field)
        line = row_layout(self, gap=TITLE_GAP)
        # The title is 13 px on a line of 20, the text 15 px on a line of 24: one baseline.
        side = row_layout(gap=0, margin=(0, 3, 0, 0))
        side.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(side)
        line.addWidget(self.field, 1, Qt.AlignmentFlag.AlignTop)
        self.field.focused.connect(self._focused)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        self._title.setFixedWidth(look.px(TITLE_WIDTH))

    def _focused(self, inside: bool) -> None:
        self._title.set_tone("accent.text" if inside else "text.secondary")
