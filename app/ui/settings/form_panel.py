"""A page of Settings made from the table of settings: one editor each, kept when it is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QGridLayout, QWidget

from app.core.practice.rules.settings import Kind, Page, Setting, Value
from app.ui.settings.form_presenter import FormPresenter, as_typed
from app.ui.settings.panel import SettingsPanel
from app.ui.shell.context import ScreenContext
from app.ui.widgets.choices import Check
from app.ui.widgets.fields import Choice, LineField, TextArea
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import emptied, two_columns


@dataclass(frozen=True, slots=True)
class Editor:
    """The editor of a setting: how it shows a value, and how it says what was typed."""

    widget: QWidget
    show: Callable[[Value], object]
    typed: Callable[[], str]


def editor_of(spec: Setting, left: Callable[[], object]) -> Editor:
    """Return the editor of a setting; ``left`` is called when it is done with."""
    if spec.kind is Kind.YES_NO:
        check = Check(spec.label)
        check.toggled.connect(lambda _on: left())
        return Editor(
            check,
            lambda value: check.setChecked(bool(value)),
            lambda: as_typed(check.isChecked()),
        )
    if spec.choices:
        blank = [("", "")] if spec.kind is not Kind.CHOICE else []
        choice = Choice([*blank, *spec.choices], name=spec.label)
        choice.changed.connect(lambda _value: left())
        return Editor(choice, choice.set_value, lambda: str(choice.value() or ""))
    if spec.kind is Kind.TEXT:
        area = _LeftArea(left, name=spec.label)
        return Editor(area, lambda value: area.setPlainText(str(value)), area.text)
    line = LineField(name=spec.label)
    line.editingFinished.connect(left)
    return Editor(line, lambda value: line.setText(as_typed(value)), line.text)


class _LeftArea(TextArea):
    """Several lines that say when they are left."""

    def __init__(self, left: Callable[[], object], *, name: str) -> None:
        super().__init__(name=name)
        self._left = left

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self._left()


class SettingsForm(QWidget):
    """The editors of one page of the table."""

    def __init__(self, context: ScreenContext, page: Page, panel: SettingsPanel) -> None:
        super().__init__()
        self.presenter = FormPresenter(context, page)
        self._panel = panel
        self._editors: dict[str, Editor] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._filling = False
        self.presenter.on_change(self._render)
        self.presenter.refresh()

    def _render(self) -> None:
        if not self._editors and self.presenter.values:
            self._build()
        self._filling = True
        for key, (_spec, value) in self.presenter.values.items():
            editor = self._editors[key]
            if not editor.widget.hasFocus() and key not in self.presenter.problems:
                editor.show(value)
        self._filling = False
        self._panel.show_problem(self.presenter.failure)
        for key, problem in self.presenter.problems.items():
            self._panel.form[_field(key)].show_error(problem.sentence)
        self._panel.go_where_wanted()

    def is_read(self) -> bool:
        """Return whether the editors stand there."""
        return bool(self._editors)

    def _build(self) -> None:
        emptied(self._grid)
        fields: list[QWidget | None] = []
        for key, (spec, _value) in self.presenter.values.items():
            editor = editor_of(spec, self._leaving(key))
            self._editors[key] = editor
            label = "" if spec.kind is Kind.YES_NO else spec.label
            field = self._panel.form.add(
                _field(key), FormField(label, editor.widget, hint=spec.words)
            )
            self._panel.form.add(spec.column or key, field)
            fields.append(field)
        self._grid.addLayout(two_columns(fields), 0, 0)

    def _leaving(self, key: str) -> Callable[[], None]:
        def left() -> None:
            if not self._filling and not self.presenter.closed:
                self.presenter.change(key, self._editors[key].typed())

        return left


def _field(key: str) -> str:
    """Return the name of a setting's field in the form."""
    return f"setting {key}"


class FormPanel(SettingsPanel):
    """A page of Settings that is nothing but its part of the table."""

    def __init__(self, context: ScreenContext, page: Page, title: str, sentence: str = "") -> None:
        super().__init__(title, sentence)
        self.settings = SettingsForm(context, page, self)
        self.content.addWidget(self.settings)

    def is_read(self) -> bool:
        """Return whether the editors stand there."""
        return self.settings.is_read()

    def closing(self) -> None:
        """Stop listening."""
        self.settings.presenter.close()
