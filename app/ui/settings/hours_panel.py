"""Calendar and hours: the week that the calendar shades by."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from app.core.kernel.changes import Outcome
from app.core.kernel.errors import UserError
from app.core.practice.commands import set_office_hours
from app.core.practice.queries import office_hours
from app.core.practice.rules.organization import Hours, check_hours
from app.core.practice.rules.settings import Page
from app.ui.settings.form_panel import FormPanel
from app.ui.shell.context import ScreenContext
from app.ui.shell.presenter import Presenter
from app.ui.widgets.buttons import Button
from app.ui.widgets.layout import Section, row_layout
from app.ui.widgets.office_hours import HoursEditor


class HoursPresenter(Presenter):
    """The week's hours as they are kept."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.desk, context.deliver, did=context.did)
        self.hours: tuple[Hours, ...] | None = None
        self.problem: Exception | None = None
        self.watch("practice")

    def refresh(self) -> None:
        self.read("hours", office_hours, then=self._have, failed=self.refuse)

    def _have(self, hours: list[Hours]) -> None:
        if self.hours != tuple(hours):
            self.hours, self.problem = tuple(hours), None
            self.changed()

    def save(self, hours: tuple[Hours, ...]) -> None:
        """Replace the week; raises ``UserError`` for hours that cannot be."""
        self.run(set_office_hours, check_hours(hours), then=self._saved, failed=self.refuse)

    def _saved(self, outcome: Outcome[Any]) -> None:
        self.problem = None
        self.did(outcome)
        self.changed()

    def refuse(self, problem: Exception) -> None:
        """Show what is wrong."""
        self.problem = problem
        self.changed()


class HoursPanel(FormPanel):
    """The calendar's settings from the table, then the week."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(
            context,
            Page.CALENDAR,
            "Calendar and hours",
            "The calendar shades what lies outside your hours. You can still book there.",
        )
        self._presenter = HoursPresenter(context)
        self._section = Section("Office hours")
        self.content.addWidget(self._section)
        self._shown: tuple[Hours, ...] | None = None
        self._editor: HoursEditor | None = None
        self._presenter.on_change(self._render)
        self._presenter.refresh()

    def _render(self) -> None:
        hours = self._presenter.hours
        if hours is not None and hours != self._shown:
            self._shown = hours
            self._section.clear()
            week = QWidget()
            self._editor = HoursEditor(hours)
            week.setLayout(self._editor)
            self._section.add(week)
            acts = QWidget()
            line = row_layout(acts, margin=(0, 16, 0, 0))
            line.addWidget(Button("Save hours", on_click=self._save))
            line.addStretch(1)
            self._section.add(acts)
        self.show_problem(self._presenter.problem)

    def _save(self) -> None:
        if self._editor is None:
            return
        try:
            self._presenter.save(self._editor.hours())
        except UserError as error:
            self._presenter.refuse(error)

    def closing(self) -> None:
        """Stop listening."""
        super().closing()
        self._presenter.close()
