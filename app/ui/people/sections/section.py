"""What the parts of a record's form have in common: they show, read, compare and save a value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.kernel.errors import UserError
from app.ui.people.sections.merging import merged
from app.ui.widgets.choices import Check
from app.ui.widgets.fields import Choice, TextArea
from app.ui.widgets.forms import Form, FormField
from app.ui.widgets.layout import Section, column_layout, row_layout
from app.ui.widgets.typed import DateField

V = TypeVar("V")
Save = Callable[[V, Callable[[UserError], None]], None]
"""Saves a value; the second argument hears why it was refused."""


def set_quietly(choice: Choice, value: object) -> None:
    """Choose ``value`` without telling anybody: it is what is stored already."""
    blocked = choice.blockSignals(True)
    choice.set_value(value)
    choice.blockSignals(blocked)


def check_quietly(check: Check, on: bool) -> None:
    """Tick or untick without telling anybody: it is what is stored already."""
    blocked = check.blockSignals(True)
    check.setChecked(on)
    check.blockSignals(blocked)


def show_words(editor: QLineEdit | TextArea, words: str) -> None:
    """Show ``words``, unless somebody types there and says the same: the cursor stays."""
    if editor.hasFocus() and editor.text().strip() == words:
        return
    if isinstance(editor, QLineEdit):
        editor.setText(words)
    else:
        editor.setPlainText(words)


def show_day(editor: DateField, day: date | None) -> None:
    """Show ``day``, unless somebody types there and says the same: the cursor stays."""
    if not editor.hasFocus() or editor.problem() or editor.day() != day:
        editor.set_day(day)


class SectionForm(QWidget, Generic[V]):
    """A titled part of a form over one value of the core.

    What a person is typing is never overwritten by what arrives meanwhile; what arrives for the
    other fields is shown there, and is what they save. What was refused stays in its field with
    the sentence that says what to do.
    """

    def __init__(self, title: str, save: Save[V]) -> None:
        super().__init__()
        self._save = save
        self._stored: V | None = None
        # What the fields said before a person typed: what differs from it is the person's.
        self._shown: V | None = None
        # What the fields said when they were last sent to be saved, and what that was to store;
        # until it is stored or refused.
        self._sent: tuple[V, V] | None = None
        self.form = Form()
        self.section = Section(title, gap=12)
        self.section.body.setSpacing(12)
        column_layout(self).addWidget(self.section)

    # For the parts

    def typed(self) -> V:
        """Return what stands in the fields; raises ``UserError`` at a field that cannot be read."""
        raise NotImplementedError

    def fill(self, value: V) -> None:
        """Show ``value`` in the fields."""
        raise NotImplementedError

    def merge(self, shown: V, typed: V, stored: V) -> V:
        """Return ``stored`` with what a person made of ``shown`` by typing ``typed``."""
        return merged(shown, typed, stored)

    def line(self, *fields: tuple[FormField | QWidget, int]) -> None:
        """Put fields side by side, each with its share of the width."""
        made = row_layout(gap=12)
        for field, share in fields:
            made.addWidget(field, share)
        self.section.body.addLayout(made)

    def watch(self, *editors: QWidget) -> None:
        """Save when one of ``editors`` is left, or chosen in."""
        for editor in editors:
            if isinstance(editor, QLineEdit):
                editor.editingFinished.connect(self.commit)
            elif isinstance(editor, Choice):
                editor.changed.connect(self._chosen)
            elif isinstance(editor, Check):
                editor.toggled.connect(self._chosen)
            else:
                editor.installEventFilter(self)

    # For the panel

    def show_value(self, value: V) -> None:
        """Show what is stored, but for what a person typed since."""
        if value == self._stored:
            return
        self._stored = value
        self.show_again()

    def show_again(self) -> None:
        """Show what is stored now, and what a person typed; wait while that cannot be read."""
        if self._stored is None:
            return
        if self._shown is None:
            self._show(self._stored, self._stored)
            return
        typed, before = self._read(), self._sent[0] if self._sent else self._shown
        if typed is not None:
            self._show(self.merge(before, typed, self._stored), self._stored)
        else:
            self._shown, self._sent = before, None

    def commit(self) -> None:
        """Save what was typed, if it differs and can be read, over what is stored by now."""
        self.form.clear()
        try:
            typed = self.typed()
        except UserError as error:
            self._say(error)
            return
        if self._stored is None or self._shown is None:
            return
        before, over = self._sent or (self._shown, self._stored)
        if typed == before:
            return
        value = self.merge(before, typed, over)
        self._sent = typed, value
        self._save(value, self.refuse)

    def refuse(self, error: UserError) -> None:
        """Say at its field why something cannot stay; the keyboard stays where it is."""
        self._sent = None
        self._say(error)

    def _say(self, error: UserError) -> None:
        if error.field is not None and error.field in self.form:
            self.form[error.field].show_error(error.sentence)
        else:
            self.first_field().show_error(error.sentence)

    def first_field(self) -> FormField:
        """Return the field that says what belongs to no other one."""
        raise NotImplementedError

    def _show(self, value: V, stored: V) -> None:
        self._sent = None
        self.fill(value)
        said = self._read()
        # A choice that does not offer what is stored says something else, which nobody typed.
        self._shown = stored if said is None else self.merge(value, stored, said)

    def _read(self) -> V | None:
        try:
            return self.typed()
        except UserError:
            return None

    def _chosen(self, _value: object) -> None:
        self.commit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and isinstance(watched, TextArea):
            self.commit()
        return False
