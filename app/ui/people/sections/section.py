"""What the parts of a record's form have in common: they show, read, compare and save a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.kernel.errors import UserError
from app.ui.widgets.choices import Check
from app.ui.widgets.fields import Choice, TextArea
from app.ui.widgets.forms import Form, FormField
from app.ui.widgets.layout import Section, column_layout, row_layout

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


class SectionForm(QWidget, Generic[V]):
    """A titled part of a form over one value of the core.

    What a person is typing is never overwritten by what arrives meanwhile; what was refused stays
    in its field with the sentence that says what to do.
    """

    def __init__(self, title: str, save: Save[V]) -> None:
        super().__init__()
        self._save = save
        self._saved: V | None = None
        self._pending: V | None = None
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
        """Show what is stored, unless a person typed something else since."""
        if value == self._saved:
            return
        untouched = self._saved is None or self._read() in (self._saved, self._pending)
        self._saved, self._pending = value, None
        if untouched:
            self.fill(value)

    def commit(self) -> None:
        """Save what was typed, if it differs and can be read."""
        self.form.clear()
        try:
            typed = self.typed()
        except UserError as error:
            self.refuse(error)
            return
        if self._saved is None or typed in (self._saved, self._pending):
            return
        self._pending = typed
        self._save(typed, self.refuse)

    def refuse(self, error: UserError) -> None:
        """Say at its field why something cannot stay; the keyboard stays where it is."""
        self._pending = None
        if error.field is not None and error.field in self.form:
            self.form[error.field].show_error(error.sentence)
        else:
            self.first_field().show_error(error.sentence)

    def first_field(self) -> FormField:
        """Return the field that says what belongs to no other one."""
        raise NotImplementedError

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
