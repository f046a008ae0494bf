"""A field with its label, hint and error sentence; and a form that shows an error at its field."""

from __future__ import annotations

from typing import Protocol, cast

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.core.kernel.errors import UserError
from app.ui.theme import look
from app.ui.widgets.layout import reveal, row_layout
from app.ui.widgets.status import Status, Tone, paint_status
from app.ui.widgets.text import Text
from app.ui.widgets.typed import TypedField


class _Markable(Protocol):
    def set_error(self, wrong: bool) -> None: ...


class FieldProblem(Text):
    """The sentence at a field that says what to do, with its icon; hidden while there is none."""

    def __init__(self) -> None:
        super().__init__(wrap=True, tone=Tone.DANGER.value)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show another sentence, or none."""
        self.set(sentence)
        self.setVisible(bool(sentence))

    def heightForWidth(self, width: int) -> int:
        return super().heightForWidth(max(1, width - look.px(20)))

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + look.px(20), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        line = QRectF(0, 0, look.px(14), look.line_height("body"))
        paint_status(painter, line, Status("circle-alert", "", Tone.DANGER))
        painter.setPen(self.ink())
        left = look.px(20)
        painter.translate(left, 0)
        self._flow(self.width() - left).draw(painter, self.rect().topLeft().toPointF())


class FormField(QWidget):
    """A labelled editor. The label is its name; an error is a sentence under it.

    ``aside`` stands softly after the label: that it is optional, or who sees it.
    """

    def __init__(
        self,
        label: str,
        editor: QWidget,
        *,
        hint: str = "",
        optional: bool = False,
        aside: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self._aside = aside = "optional" if optional else aside
        self._hint = Text(hint, "caption", tone="text.muted", wrap=True)
        reveal(self._hint, bool(hint))
        self._problem = FieldProblem()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(look.px(5))
        self._label = Text(label, weight="medium")
        if not label:
            # In no layout, so that nothing else would be its owner.
            self._label.setParent(self)
            self._label.hide()
        else:
            self._label.setBuddy(editor)
            if not editor.accessibleName():
                editor.setAccessibleName(label)
            editor.setAccessibleDescription(aside)
            line = row_layout(gap=5)
            line.addWidget(self._label)
            if aside:
                line.addWidget(Text(aside, tone="text.secondary"))
            line.addStretch(1)
            box.addLayout(line)
        box.addWidget(editor)
        box.addWidget(self._hint)
        box.addWidget(self._problem)
        # Beside a taller field, label and editor stay at the top, on one line with its.
        box.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        own = [editor] if isinstance(editor, TypedField) else []
        self._typed = [*own, *editor.findChildren(TypedField)]
        for field in self._typed:
            field.judged.connect(self._judge)

    def set_label(self, label: str) -> None:
        """Call the field something else."""
        self._label.set(label)
        self.editor.setAccessibleName(label)

    def set_hint(self, hint: str) -> None:
        """Say something else under the field."""
        self._hint.set(hint)
        reveal(self._hint, bool(hint))

    def show_error(self, sentence: str) -> None:
        """Mark the field and say what to do."""
        self._problem.say(sentence)
        self._hint.hide()
        self.editor.setAccessibleDescription(sentence)
        if hasattr(self.editor, "set_error"):
            cast(_Markable, self.editor).set_error(True)

    def clear_error(self) -> None:
        """Take the mark and the sentence away, unless what stands here still cannot be read."""
        if unread := next(filter(None, (field.unread() for field in self._typed)), ""):
            self.show_error(unread)
            return
        self._problem.hide()
        reveal(self._hint, bool(self._hint.text()))
        self.editor.setAccessibleDescription(self._aside)
        if hasattr(self.editor, "set_error"):
            cast(_Markable, self.editor).set_error(False)

    def _judge(self, sentence: str) -> None:
        for field in self._typed:
            field.set_error(bool(field.unread()))
            if field is not self.editor:
                field.setAccessibleDescription(field.unread())
        if sentence:
            self.show_error(sentence)
        else:
            self.clear_error()

    def error(self) -> str:
        """Return the sentence that stands under the field, empty where none does."""
        return self._problem.text() if self._problem.isVisibleTo(self) else ""


class Form:
    """The fields of one form by the names that commands use, so that errors find them."""

    def __init__(self) -> None:
        self._fields: dict[str, FormField] = {}
        self._said: UserError | None = None

    def add(self, name: str, field: FormField) -> FormField:
        """Register ``field`` under the name that ``UserError.field`` will carry."""
        self._fields[name] = field
        return field

    def __getitem__(self, name: str) -> FormField:
        return self._fields[name]

    def __contains__(self, name: object) -> bool:
        return name in self._fields

    def clear(self) -> None:
        """Take every error away."""
        self._said = None
        for field in self._fields.values():
            field.clear_error()

    def show(self, error: UserError) -> bool:
        """Show ``error`` at its field and go there; return whether this form has that field."""
        field = self._fields.get(error.field or "")
        if field is None:
            return False
        field.show_error(error.sentence)
        field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def say(self, error: UserError | None) -> bool:
        """Show what a presenter was refused: once, going there; its mark goes when it is mended.

        Returns whether this form has its field.
        """
        before, self._said = self._said, error
        if before is not None and before is not error and (before.field or "") in self:
            self[before.field or ""].clear_error()
        if error is None or error is before:
            return error is not None and error.field in self
        return self.show(error)

    def focus(self, name: str) -> bool:
        """Go to the field ``name`` if this form has it (where mend links lead)."""
        field = self._fields.get(name)
        if field is not None:
            field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return field is not None
