"""A contact's fields: a person or an organization, how to reach it, where its bills go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.core.kernel.errors import UserError
from app.core.people.rules import ContactFields
from app.core.practice.rules.places import Address
from app.ui.people.sections.section import Save, SectionForm, set_quietly, show_words
from app.ui.shell.continuing import Continued, TypedFields
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import Form, FormField
from app.ui.widgets.layout import column_layout, row, row_layout
from app.ui.widgets.text import Text

if TYPE_CHECKING:
    from app.ui.people.details_presenter import BillingContactForm

_EMPTY = ContactFields("")


class ContactEditors(QWidget):
    """The fields of one contact, laid out; ``form`` has them by the names of the commands."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._was = _EMPTY
        self.kind = Choice([(False, "Person"), (True, "Organization")], False)
        self.lines = {name: LineField() for name, *_ in _FIELDS}
        box = column_layout(self, gap=12)
        for names in _ROWS:
            line = row_layout(gap=12)
            for name, words, share in names:
                field = FormField(words, self.kind if name == "kind" else self.lines[name])
                line.addWidget(form.add(f"contact_{name}", field), share)
            box.addLayout(line)

    @property
    def all(self) -> Sequence[QWidget]:
        """Return the editors, the first one first."""
        return (self.kind, *self.lines.values())

    @property
    def name(self) -> LineField:
        """Return the field of the name, without which there is no contact."""
        return self.lines["name"]

    def read(self) -> ContactFields:
        """Return what stands in the fields."""
        said = {name: line.text().strip() for name, line in self.lines.items()}
        parts = (said[name] for name in ("line1", "line2", "city", "state", "zip"))
        return ContactFields(
            said["name"],
            bool(self.kind.value()),
            said["email"],
            said["phone"],
            Address(*parts),
            self._was.notes,
        )

    def show_value(self, value: ContactFields) -> None:
        """Show ``value`` in the fields."""
        self._was = value
        set_quietly(self.kind, value.is_organization)
        for name in ("name", "email", "phone"):
            show_words(self.lines[name], getattr(value, name))
        for name in ("line1", "line2", "city", "state", "zip"):
            show_words(self.lines[name], getattr(value.address, name))


#: Field, label, share of the line.
_ROWS = (
    (("name", "Name", 3), ("kind", "This is a", 2)),
    (("email", "Email", 1), ("phone", "Phone", 1)),
    (("line1", "Street", 3), ("line2", "Apartment, suite", 2)),
    (("city", "City", 4), ("state", "State", 1), ("zip", "ZIP", 2)),
)
_FIELDS = [each for line in _ROWS for each in line if each[0] != "kind"]


class ContactSection(SectionForm[ContactFields]):
    """The contact who is billed, edited in place like every part of the record."""

    def __init__(self, save: Save[ContactFields]) -> None:
        super().__init__("Billing contact", save)
        self._editors = ContactEditors(self.form)
        self.section.add(self._editors)
        self.watch(*self._editors.all)

    def typed(self) -> ContactFields:
        """Return what stands in the fields."""
        return self._editors.read()

    def fill(self, value: ContactFields) -> None:
        """Show ``value`` in the fields."""
        self._editors.show_value(value)

    def first_field(self) -> FormField:
        """Return the field that says what belongs to no other one."""
        return self.form["contact_name"]


class AddContact(QWidget):
    """A link that opens into the fields of a new billing contact; Cancel keeps what was typed."""

    def __init__(self, presenter: BillingContactForm, today: Callable[[], date]) -> None:
        super().__init__()
        self.presenter = presenter
        self._form = Form()
        self._editors = ContactEditors(self._form)
        self._open = Link("Bill somebody else", on_click=self.open)
        self._open.setToolTip("A parent, an employer, a trust: anybody who is no client")
        keep = Button("Bill this contact", kind="primary", on_click=self._submit)
        drop = Button("Cancel", kind="quiet", on_click=self._close)
        self._fields = QWidget()
        inside = column_layout(self._fields, gap=12)
        inside.addWidget(Text("New billing contact", weight="semibold"))
        self._continued = Continued(presenter, today, self._start_over)
        inside.addWidget(self._continued)
        inside.addWidget(self._editors)
        inside.addWidget(row(None, drop, keep))
        self._fields.hide()
        box = column_layout(self)
        box.addWidget(row(self._open, None))
        box.addWidget(self._fields)
        self._editors.name.returnPressed.connect(self._submit)
        TypedFields(presenter).add(self._editors.lines)
        self._editors.kind.changed.connect(presenter.choose)
        presenter.on_change(self._render)

    def open(self) -> None:
        """Show the fields."""
        self._open.hide()
        self._fields.show()
        self._editors.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.presenter.continue_typed()
        self.presenter.begin()
        self._render()

    def _submit(self) -> None:
        self._form.clear()
        self.presenter.add(self._editors.read(), self._added, self._refused)

    def _added(self) -> None:
        self._empty()
        self._close()

    def _refused(self, problem: UserError) -> None:
        self._form.show(problem)

    def _render(self) -> None:
        self._continued.show_state()
        set_quietly(self._editors.kind, self.presenter.is_organization)

    def _empty(self) -> None:
        self.presenter.is_organization = False
        self._editors.show_value(_EMPTY)
        self._render()

    def _start_over(self) -> None:
        self._empty()
        self._editors.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self) -> None:
        self.presenter.keep_now()
        self._form.clear()
        self._fields.hide()
        self._open.show()
