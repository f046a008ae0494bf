"""Billing and numbers: terms and footer of invoices, and where numbers begin."""

from __future__ import annotations

from typing import Any

from app.core.kernel.changes import Outcome
from app.core.kernel.errors import UserError
from app.core.practice.commands import start_numbers_at
from app.core.practice.rules.settings import Page
from app.ui.settings.form_panel import FormPanel
from app.ui.shell.context import ScreenContext
from app.ui.shell.presenter import Presenter
from app.ui.theme import look
from app.ui.widgets.buttons import Button
from app.ui.widgets.fields import LineField
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import Section, column_layout, row_layout
from app.ui.widgets.text import Text

_SERIES = (("INV", "First invoice number"), ("SB", "First superbill number"))


class NumbersPresenter(Presenter):
    """Sets where a series begins; ``said`` and ``problems`` by its prefix."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.desk, context.deliver, did=context.did)
        self.said: dict[str, str] = {}
        self.problems: dict[str, UserError] = {}

    def begin(self, prefix: str, typed: str) -> None:
        """Begin a series with the number typed."""
        self.said.pop(prefix, None)
        self.problems.pop(prefix, None)
        if not typed.strip().isdecimal():
            self._refused(prefix, UserError("Type a number, like 1.", field=prefix))
            return
        first = int(typed.strip()[:9])
        self.run(
            start_numbers_at,
            prefix,
            first,
            then=lambda outcome: self._begun(prefix, first, outcome),
            failed=lambda error: self._refused(prefix, error),
        )

    def _begun(self, prefix: str, first: int, outcome: Outcome[Any]) -> None:
        self.said[prefix] = f"The next one is number {first:,}."
        self.did(outcome)
        self.changed()

    def _refused(self, prefix: str, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error
        self.problems[prefix] = error
        self.changed()


class NumbersPanel(FormPanel):
    """Billing's settings from the table, then the series."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(
            context,
            Page.BILLING,
            "Billing and numbers",
            "What invoices and superbills say at their foot, and how they are numbered.",
        )
        self._presenter = NumbersPresenter(context)
        section = Section("Numbers")
        words = (
            "Numbers are used once and never again. Where a series begins can be said until its"
            " first paper of the year is issued."
        )
        section.add(Text(words, tone="text.secondary", wrap=True))
        section.body.addSpacing(look.px(12))
        self._fields: dict[str, FormField] = {}
        for prefix, label in _SERIES:
            line = LineField(placeholder="1")
            line.setFixedWidth(look.px(140))
            self._fields[prefix] = self.form.add(prefix, FormField(label, line))
            act = row_layout(gap=8)
            act.addWidget(self._fields[prefix])
            aligned = column_layout(margin=(0, 25, 0, 0))
            aligned.addWidget(self._button(prefix, label, line))
            aligned.addStretch(1)
            act.addLayout(aligned)
            act.addStretch(1)
            section.body.addLayout(act)
            section.body.addSpacing(look.px(12))
        self.content.addWidget(section)
        self._presenter.on_change(self._render)

    def _button(self, prefix: str, label: str, line: LineField) -> Button:
        button = Button("Set", on_click=lambda: self._presenter.begin(prefix, line.text()))
        button.setAccessibleName(f"Set {label.lower()}")
        return button

    def _render(self) -> None:
        for prefix, field in self._fields.items():
            field.clear_error()
            field.set_hint(self._presenter.said.get(prefix, ""))
            problem = self._presenter.problems.get(prefix)
            if problem is not None:
                field.show_error(problem.sentence)

    def closing(self) -> None:
        """Stop listening."""
        super().closing()
        self._presenter.close()
