"""The tab of the people around a client: emergency contacts, helpers, and what each may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.core.kernel.acting import Permission
from app.core.kernel.errors import UserError
from app.core.people.queries import ClientRecord, RelationshipView
from app.core.people.rules import (
    ContactFields,
    RelationshipType,
    Verification,
    may_sign,
)
from app.core.tasks.queries import When
from app.core.tasks.queries.roster import RecordOverview
from app.ui.people.relationships_presenter import (
    RelationshipForm,
    RelationshipsPresenter,
    TypedTie,
)
from app.ui.people.sections.section import check_quietly, set_quietly
from app.ui.shell.context import ScreenContext
from app.ui.shell.continuing import Continued, TypedFields
from app.ui.shell.places import Record
from app.ui.widgets.buttons import Button, IconButton, Link
from app.ui.widgets.choices import Check
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import Form, FormField
from app.ui.widgets.layout import (
    Hairline,
    ScrollPage,
    Section,
    column,
    column_layout,
    emptied,
    row,
    row_layout,
)
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text

WIDTH = 740
#: The four grants: column, words.
_GRANTS = (
    ("signs", "Representative"),
    ("billing", "Billing contact"),
    ("scheduling", "Scheduling helper"),
    ("messages", "Message recipient"),
)


class RelationshipsPanel(QWidget):
    """Everybody tied to the people of a record, and the form that ties somebody new."""

    def __init__(self, context: ScreenContext, record: Record) -> None:
        super().__init__()
        self._context = context
        self._presenter = RelationshipsPresenter(
            context.desk,
            context.deliver,
            lambda: When(context.desk.clock.now(), context.today()),
            record,
            did=context.did,
            failed=context.fail,
        )
        self._adding: dict[object, AddRelationship] = {}
        page = ScrollPage(margin=(40, 24, 40, 40), width=WIDTH, gap=28, name="Relationships")
        self._body = column_layout(gap=28)
        page.body.addWidget(
            Text(
                "Each helper may do exactly what is ticked: none of these implies another.",
                tone="text.secondary",
                wrap=True,
            )
        )
        page.body.addLayout(self._body)
        column_layout(self).addWidget(page)
        self._presenter.on_change(self._render)
        self._presenter.refresh()

    def give(self, found: RecordOverview) -> None:
        """Show what the page read already."""
        self._presenter.give(found)

    def closing(self) -> None:
        """Keep what was typed and let go of what was read."""
        self._close_forms()
        self._presenter.close()

    def left(self) -> None:
        """Keep what was typed."""
        for form in self._adding.values():
            form.presenter.keep_now()

    def _close_forms(self) -> None:
        for form in self._adding.values():
            form.presenter.close()
        self._adding.clear()

    def _render(self) -> None:
        found = self._presenter.found
        if found is None or any(form.is_open() for form in self._adding.values()):
            return
        self._close_forms()
        emptied(self._body)
        for person in found.people:
            self._body.addWidget(self._person(person, several=len(found.people) > 1))

    def _person(self, person: ClientRecord, *, several: bool) -> QWidget:
        title = f"Around {person.name.called}" if several else "People around the client"
        section = Section(title, gap=10)
        may_change = self._context.desk.actor.may(Permission.EDIT_CLIENTS)
        for tie in person.relationships:
            made = Tie(tie, self._presenter)
            made.setEnabled(may_change)
            section.add(made)
            section.add(Hairline())
        if not person.relationships:
            section.add(Text("Nobody yet.", tone="text.secondary"))
        if not may_change:
            return section
        form = AddRelationship(
            self._presenter.form(person.id, self._context.later),
            self._context,
            self._presenter.refresh,
        )
        self._adding[person.id] = form
        section.add(column(form, margin=(0, 12, 0, 0)))
        return section


class Tie(QWidget):
    """One helper: name, what they are, how to reach them, the four grants, how far verified."""

    def __init__(self, tie: RelationshipView, presenter: RelationshipsPresenter) -> None:
        super().__init__()
        self._tie, self._presenter = tie, presenter
        self.setAccessibleName(f"{tie.name}, {tie.type.label}")
        box = column_layout(self, gap=8, margin=(0, 8, 0, 10))
        reach = " · ".join(part for part in (tie.type.label, tie.phone, tie.email) if part)
        head = row_layout(gap=10)
        head.addWidget(Text(tie.name, weight="semibold"))
        head.addWidget(Text(reach, tone="text.secondary", elide=True), 1)
        head.addWidget(self._verification())
        head.addWidget(
            IconButton("x", f"Remove {tie.name}", on_click=lambda: presenter.remove(tie))
        )
        box.addLayout(head)
        checks = row_layout(gap=18)
        for name, words in _GRANTS:
            on = bool(getattr(tie.grants, name))
            made = Check(words, checked=on, on_change=partial(self._grant, name))
            checks.addWidget(made)
        emergency = partial(presenter.set_emergency, tie)
        checks.addWidget(Check("Emergency", checked=tie.is_emergency, on_change=emergency))
        checks.addStretch(1)
        box.addLayout(checks)
        if tie.grants.signs and not may_sign(tie.grants, tie.verification):
            waits = "Signs only once the relationship is verified."
            box.addWidget(StatusLabel(Status("triangle-alert", waits, Tone.WARN)))

    def _grant(self, name: str, on: bool) -> None:
        self._presenter.grant(self._tie, replace(self._tie.grants, **{name: on}))

    def _verification(self) -> QWidget:
        tie, verified = self._tie, self._tie.verification is Verification.VERIFIED
        if verified:
            return StatusLabel(Status("badge-check", "Verified", Tone.OK))
        return Link(
            "Mark as verified",
            on_click=lambda: self._presenter.verify(tie, Verification.VERIFIED),
        )


class AddRelationship(QWidget):
    """A link that opens into a form for somebody new. Canceling keeps what was typed."""

    def __init__(
        self, presenter: RelationshipForm, context: ScreenContext, added: Callable[[], object]
    ) -> None:
        super().__init__()
        self.presenter, self._added = presenter, added
        self._form = Form()
        self._name, self._phone, self._email = LineField(), LineField(), LineField()
        types = [(each, each.label) for each in RelationshipType]
        self._type = Choice(types, RelationshipType.PARENT)
        self._emergency = Check("Call in an emergency", checked=True)
        self._continued = Continued(presenter, context.today, self._start_over)
        self._fields = self._build()
        self._fields.hide()
        TypedFields(presenter).add({"name": self._name, "phone": self._phone, "email": self._email})
        for choice in (self._type.changed, self._emergency.toggled):
            choice.connect(self._choose)
        presenter.on_change(self._render)
        self._open = Link("Add relationship", on_click=self.open)
        box = column_layout(self)
        box.addWidget(row(self._open, None))
        box.addWidget(self._fields)

    def is_open(self) -> bool:
        """Return whether somebody is being typed, who must not be lost."""
        return self._fields.isVisibleTo(self)

    def open(self) -> None:
        """Show the fields."""
        self._open.hide()
        self._fields.show()
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.presenter.continue_typed()
        self.presenter.begin()
        self._render()

    def close_form(self) -> None:
        """Hide the fields; what was typed comes up again with them."""
        self.presenter.keep_now()
        self._form.clear()
        self._fields.hide()
        self._open.show()

    def _empty(self) -> None:
        for field in (self._name, self._phone, self._email):
            field.clear()
        self._render()

    def _start_over(self) -> None:
        self.presenter.start_over()
        self._empty()
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _render(self) -> None:
        self._continued.show_state()
        set_quietly(self._type, self.presenter.typed.kind)
        check_quietly(self._emergency, self.presenter.typed.emergency)

    def _choose(self, _value: object) -> None:
        self.presenter.choose(TypedTie(self._type.value(), self._emergency.isChecked()))

    def _build(self) -> QWidget:
        add = self._form.add
        name = add("contact_name", FormField("Name", self._name))
        kind = add("relationship", FormField("They are the client’s", self._type))
        phone = add("contact_phone", FormField("Phone", self._phone, optional=True))
        email = add("contact_email", FormField("Email", self._email, optional=True))
        made = QWidget()
        box = column_layout(made, gap=12)
        box.addWidget(self._continued)
        for pair in ((name, kind), (phone, email)):
            line = row_layout(gap=12)
            for field in pair:
                line.addWidget(field, 1)
            box.addLayout(line)
        keep = Button("Add", kind="primary", on_click=self._submit)
        drop = Button("Cancel", kind="quiet", on_click=self.close_form)
        box.addWidget(row(self._emergency, None, drop, keep))
        self._name.returnPressed.connect(self._submit)
        return made

    def _submit(self) -> None:
        self._form.clear()
        contact = ContactFields(
            self._name.text(), email=self._email.text(), phone=self._phone.text()
        )
        self.presenter.add(contact, self._kept, self._refused)

    def _kept(self) -> None:
        self._empty()
        self.close_form()
        self._added()

    def _refused(self, problem: UserError) -> None:
        self._form.show(problem)
