"""You and your identifiers: what the table of settings has, and your licenses."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.core.kernel.errors import UserError
from app.core.practice.rules.places import STATES
from app.core.practice.rules.settings import Page
from app.core.team.queries import LicenseView
from app.core.team.rules import LICENSE_KINDS, LicenseFields, check_license
from app.ui.settings.form_panel import FormPanel
from app.ui.settings.identifiers_presenter import LicensesPresenter, days_words
from app.ui.shell.context import ScreenContext
from app.ui.theme import look
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import Form, FormField
from app.ui.widgets.layout import (
    Hairline,
    Section,
    column_layout,
    row_layout,
    two_columns,
)
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text
from app.ui.widgets.typed import DateField


class LicenseEditor(QWidget):
    """One license, edited where it stands."""

    def __init__(self, presenter: LicensesPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        row = presenter.edited
        self.form = Form()
        kinds = list(LICENSE_KINDS.items())
        if row and row.kind not in LICENSE_KINDS:
            kinds.insert(0, (row.kind, row.kind))
        self._kind = Choice(kinds, row.kind if row else None)
        self._state = Choice([("", ""), *STATES.items()], row.state if row else "")
        self._number = LineField(row.number if row else "")
        self._from = DateField(row.valid_from if row else None, field="valid_from")
        self._to = DateField(row.valid_to if row else None, field="valid_to")
        self._problem = StatusLabel()
        self._problem.hide()
        add = self.form.add
        box = column_layout(self, gap=16, margin=(0, 8, 0, 16))
        box.addLayout(
            two_columns(
                [
                    add("license_kind", FormField("License", self._kind)),
                    add("license_state", FormField("State", self._state)),
                    add("license_number", FormField("License number", self._number)),
                    None,
                    add("valid_from", FormField("Valid from", self._from, optional=True)),
                    add("valid_to", FormField("Valid until", self._to, optional=True)),
                ]
            )
        )
        box.addWidget(self._problem)
        acts = row_layout(gap=8)
        acts.addWidget(Button("Save", kind="primary", on_click=self._save))
        acts.addWidget(Button("Cancel", on_click=lambda: presenter.edit(None)))
        acts.addStretch(1)
        if row is not None:
            acts.addWidget(Button("Remove", kind="plain", on_click=presenter.remove))
        box.addLayout(acts)

    def _save(self) -> None:
        try:
            fields = check_license(
                LicenseFields(
                    self._number.text(),
                    self._state.value() or "",
                    self._kind.value() or "",
                    self._from.day(),
                    self._to.day(),
                )
            )
        except UserError as error:
            self.show_problem(error)
        else:
            self._presenter.save(fields)

    def show_problem(self, problem: Exception) -> None:
        """Say what refused it."""
        self.form.clear()
        self._problem.hide()
        if isinstance(problem, UserError) and self.form.show(problem):
            return
        words = getattr(problem, "sentence", str(problem))
        self._problem.set(Status("circle-alert", words, Tone.DANGER))
        self._problem.show()


class IdentifiersPanel(FormPanel):
    """Identifiers from the table, then the licenses of the member who is signed in."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(
            context,
            Page.IDENTIFIERS,
            "You and your identifiers",
            "Insurers look for these on a superbill. Papers already issued keep what they say.",
        )
        self._licenses = LicensesPresenter(context)
        new = Link("Add a license", on_click=lambda: self._licenses.edit("new"))
        self._section = Section("Licenses", aside=new)
        self.content.addSpacing(look.px(8))
        self.content.addWidget(self._section)
        self._editor: LicenseEditor | None = None
        self._license_field = ""
        self._licenses.on_change(self._render)
        self._licenses.refresh()

    def _render(self) -> None:
        state = self._licenses
        if self._editor is not None and state.editing is not None and state.problem is not None:
            self._editor.show_problem(state.problem)
            return
        self._section.clear()
        self._editor = None
        for row in state.rows or []:
            if row.id == state.editing:
                self._edit()
            else:
                self._section.add(self._line(row))
            self._section.add(Hairline())
        if state.editing == "new":
            self._edit()
        elif state.rows == []:
            words = "No license yet. A superbill needs one that holds on the day of the session."
            self._section.add(Text(words, tone="text.secondary", wrap=True))
        self.go_where_wanted()

    def _edit(self) -> None:
        self._editor = LicenseEditor(self._licenses)
        self._section.add(self._editor)
        # Only what stands in the window can take the cursor.
        wanted, self._license_field = self._license_field, ""
        self._editor.form.focus(wanted if wanted in self._editor.form else "license_number")

    def _line(self, row: LicenseView) -> QWidget:
        made = QWidget()
        line = row_layout(made, gap=12, margin=(0, 8, 0, 8))
        line.addWidget(Text(row.words, weight="semibold"))
        line.addWidget(Text(days_words(row), tone="text.secondary"))
        line.addStretch(1)
        change = Link("Change", on_click=lambda: self._licenses.edit(row.id))
        change.setAccessibleName(f"Change {row.words}")
        line.addWidget(change)
        return made

    def is_read(self) -> bool:
        """Return whether identifiers and licenses stand there."""
        return super().is_read() and self._licenses.rows is not None

    def mend(self, field: str, record: str) -> None:
        """Go to an identifier, or open the license that ``record`` names."""
        if field.startswith(("license", "valid")):
            ids = [str(row.id) for row in self._licenses.rows or []]
            self._license_field = field
            self._licenses.edit(UUID(record if record in ids else ids[0]) if ids else "new")
        else:
            super().mend(field, record)

    def closing(self) -> None:
        """Stop listening."""
        super().closing()
        self._licenses.close()
