"""What a form's view does so that it can be left half-way: its texts, and the line that says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.shell.form_presenter import FormPresenter, Texts
from app.ui.widgets.buttons import Link
from app.ui.widgets.fields import TextArea
from app.ui.widgets.layout import row_layout
from app.ui.widgets.phrases import short_day, time_words
from app.ui.widgets.text import Text


class TypedFields:
    """The fields of a form in which people type, by name.

    They tell the presenter of keystrokes, give it their texts, and take up those that were kept; a
    field that is not there yet takes its text up when it comes (``add``).
    """

    def __init__(self, presenter: FormPresenter) -> None:
        self._presenter = presenter
        self._fields: dict[str, QLineEdit | TextArea] = {}
        self._waiting: Texts = {}
        presenter.texts, presenter.put = self.texts, self.put

    def add(self, fields: Mapping[str, QLineEdit | TextArea]) -> None:
        """Take ``fields`` in, each in place of one of its name."""
        for name, field in fields.items():
            self._fields[name] = field
            if isinstance(field, QLineEdit):
                field.textEdited.connect(self._presenter.touched)
            else:
                field.edited.connect(self._presenter.touched)
            if name in self._waiting:
                self._put(field, self._waiting.pop(name))

    def drop(self, *names: str) -> None:
        """Let fields go."""
        for name in names:
            self._fields.pop(name, None)

    def texts(self) -> Texts:
        """Return what stands in the fields."""
        return {name: field.text() for name, field in self._fields.items()}

    def put(self, texts: Texts) -> None:
        """Show ``texts`` as if they were typed; a field typed in meanwhile keeps its own."""
        for name, text in texts.items():
            if name in self._fields:
                self._put(self._fields[name], text)
            else:
                self._waiting[name] = text

    @staticmethod
    def _put(field: QLineEdit | TextArea, text: str) -> None:
        if field.text() == text:
            return
        if isinstance(field, QLineEdit):
            if not field.isModified():
                field.setText(text)
                field.editingFinished.emit()
        elif not field.document().isModified():
            field.setPlainText(text)
            field.left.emit()


class Continued(QWidget):
    """*Continued from 9:14 AM*, and the way to begin anew; nothing in a fresh form."""

    def __init__(
        self, presenter: FormPresenter, today: Callable[[], date], start_over: Callable[[], object]
    ) -> None:
        super().__init__()
        self._presenter, self._today, self._start_over = presenter, today, start_over
        self._words = Text("", tone="text.secondary")
        line = row_layout(self, gap=12)
        line.addWidget(self._words)
        line.addWidget(Link("Start over", on_click=self._throw_away))
        line.addStretch(1)
        self.show_state()

    def show_state(self) -> None:
        """Show whether the form is a continued one."""
        at = self._presenter.continued
        self.setVisible(at is not None)
        if at is not None:
            self._words.set(continued_words(at, self._today()))

    def _throw_away(self) -> None:
        self._presenter.discard()
        self._start_over()


def continued_words(at: datetime, today: date) -> str:
    """Return ``Continued from 9:14 AM``, with the day where it was another one."""
    days = (today - at.date()).days
    day = {0: "", 1: "yesterday, "}.get(days, f"{short_day(at.date())}, ")
    return f"Continued from {day}{time_words(at)}"
