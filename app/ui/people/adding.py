"""The sheet in which a client or a couple is added: a name is enough."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.core.kernel.errors import UserError
from app.core.people.rules import (
    EmailFields,
    Lifecycle,
    check_birth_date,
    check_emails,
    check_name,
)
from app.ui.people.adding_presenter import AddPresenter, TypedPerson
from app.ui.shell.context import ScreenContext
from app.ui.shell.continuing import Continued
from app.ui.shell.places import Place
from app.ui.widgets.bars import ActsBar
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.choices import Segmented
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import Form, FormField
from app.ui.widgets.layout import column_layout, emptied, row, row_layout
from app.ui.widgets.message import Message
from app.ui.widgets.panes import Inspector
from app.ui.widgets.status import Tone
from app.ui.widgets.text import Text
from app.ui.widgets.typed import DateField

_RELATIONSHIPS = ("", "Married", "Partners", "Engaged", "Separated", "Divorced", "Co-parents")


class AddPane(Inspector):
    """Fields of one or two people, their status, and the one act. Esc keeps what was typed."""

    def __init__(self, presenter: AddPresenter, context: ScreenContext) -> None:
        super().__init__("New client or case", width=460)
        self._presenter, self._context = presenter, context
        self._continued = Continued(presenter, context.today, self._start_over)
        self._kind = Segmented(
            [(False, "Client"), (True, "Couple")], presenter.typed.couple, name="Kind of case"
        )
        self._people = [_PersonFields(presenter, position, self._open) for position in (0, 1)]
        self._case = _CoupleFields(presenter)
        self._status = Choice(name="Status")
        self._room = column_layout()
        self._problem = column_layout()
        self._add = Button("Add", kind="primary", keys="Ctrl+Return", on_click=self._submit)
        self._build()
        self.render_typed()

    def focus_first(self) -> None:
        """Give the keyboard to the first field."""
        self._people[0].given.setFocus(Qt.FocusReason.TabFocusReason)

    # Building

    def _build(self) -> None:
        self.body.setSpacing(16)
        self._kind.chosen.connect(self._choose_kind)
        self.body.addWidget(self._continued)
        self.body.addWidget(self._kind)
        for person in self._people:
            self.body.addWidget(person)
        self.body.addWidget(self._case)
        self.body.addWidget(FormField("Status", self._status))
        self._status.changed.connect(self._choose_status)
        self.body.addLayout(self._room)
        self.body.addLayout(self._problem)
        self.body.addStretch(1)
        self.foot(
            ActsBar("The rest can wait for intake.", acts=(self._add,), surface="canvas", margin=24)
        )
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._submit)

    def _choose_kind(self, couple: object) -> None:
        self._presenter.typed.couple = bool(couple)
        self._presenter.touched()
        self.render_typed()

    def _choose_status(self, lifecycle: Lifecycle) -> None:
        self._presenter.typed.lifecycle = lifecycle
        self._presenter.touched()

    # Rendering

    def render_typed(self) -> None:
        """Show what the presenter has; the page calls it while the sheet is open."""
        presenter = self._presenter
        couple = presenter.typed.couple
        self._continued.show_state()
        if self._kind.value() != couple:
            self._kind.set_value(couple)
        self._people[0].set_title("First person" if couple else "")
        self._people[1].set_title("Second person")
        self._people[1].setVisible(couple)
        self._case.setVisible(couple)
        for person in self._people:
            person.render_texts()
            person.render_match()
        self._case.render_names()
        offered = [
            (Lifecycle.PROSPECT, "Prospect"),
            (Lifecycle.INTAKE_PENDING, "Intake pending"),
            (Lifecycle.WAITLIST, "Waitlist"),
        ]
        if presenter.has_room:
            offered.insert(0, (Lifecycle.ACTIVE, "Active"))
        self._status.set_options(offered, presenter.lifecycle)
        self._render_room()
        self._add.set_busy(presenter.busy)
        self._add.set_words("Add couple" if couple else "Add client")
        self._render_problem()

    def _render_room(self) -> None:
        emptied(self._room)
        capacity = self._presenter.capacity
        if capacity is None or self._presenter.has_room:
            return
        self._room.addWidget(
            Message(
                Tone.WARN,
                f"{capacity.used} of {capacity.allowed} places for active clients are taken.",
                "Add them as a prospect, or make somebody inactive first.",
            )
        )

    def _render_problem(self) -> None:
        problem = self._presenter.problem
        emptied(self._problem)
        if isinstance(problem, UserError) and not self._people[0].form.show(problem):
            self._problem.addWidget(Message(Tone.DANGER, problem.sentence))
        elif problem is not None and not isinstance(problem, UserError):
            self._context.fail(problem)

    # Acts

    def _start_over(self) -> None:
        self._presenter.start_over()
        self.focus_first()

    def _submit(self) -> None:
        typed = self._people if self._presenter.typed.couple else self._people[:1]
        if all(person.is_right() for person in typed):
            self._presenter.add()

    def _open(self, client_id: UUID) -> None:
        self.closed.emit()
        self._context.go(Place("people", ("client", client_id)))


class _PersonFields(QWidget):
    """One person: name first, then what one may have at hand."""

    def __init__(
        self,
        presenter: AddPresenter,
        position: int,
        on_open: Callable[[UUID], object],
    ) -> None:
        super().__init__()
        self._presenter, self._position, self._on_open = presenter, position, on_open
        typed = self._typed()
        self._title = Text(weight="semibold")
        self.given = LineField(typed.given)
        self._family = LineField(typed.family)
        self._phone = LineField(typed.phone)
        self._email = LineField(typed.email)
        self._birth = DateField(field="birth_date", today=presenter.today())
        self._birth.setText(typed.born)
        self._match = column_layout()
        self._rest = QWidget()
        self.form = Form()
        self._build()
        for editor in (self.given, self._family, self._phone, self._email, self._birth):
            editor.textChanged.connect(self._keep)

    def set_title(self, title: str) -> None:
        """Say whose fields they are."""
        self._title.set(title)
        self._title.setVisible(bool(title))

    def is_right(self) -> bool:
        """Say at its field what cannot be added; return whether nothing stands in the way."""
        typed = self._typed()
        self.form.clear()
        if typed.here_already is not None:
            return True
        try:
            typed.birth_date = check_birth_date(self._birth.day(), self._presenter.today())
            check_name(typed.name)
            check_emails((EmailFields(typed.email),))
        except UserError as error:
            self.form.show(error)
            return False
        return True

    def render_texts(self) -> None:
        """Show what is typed, where it came from elsewhere than these fields."""
        typed = self._typed()
        for editor, text in (
            (self.given, typed.given),
            (self._family, typed.family),
            (self._phone, typed.phone),
            (self._email, typed.email),
            (self._birth, typed.born),
        ):
            if editor.text() != text:
                blocked = editor.blockSignals(True)
                editor.setText(text)
                editor.blockSignals(blocked)

    def render_match(self) -> None:
        """Say who of that name is here already, and offer to take them."""
        emptied(self._match)
        chosen = self._typed().here_already
        self._rest.setVisible(chosen is None)
        if chosen is not None:
            name = self._presenter.name_of(chosen)
            line = row(
                Text(f"{name}, who is here already", elide=True),
                Link("Type a new person", on_click=lambda: self._use(None)),
                None,
            )
            self._match.addWidget(line)
            return
        for found in self._presenter.like(self._position)[:1]:
            message = Message(
                Tone.INFO,
                f"{found.name.display} is a client already.",
                mend="Use this record" if self._presenter.typed.couple else "Open record",
                on_mend=lambda found=found: self._take(found.id),  # type: ignore[misc]
            )
            self._match.addWidget(message)

    def _take(self, client_id: UUID) -> None:
        if self._presenter.typed.couple:
            self._use(client_id)
        else:
            self._on_open(client_id)

    def _use(self, client_id: UUID | None) -> None:
        self._presenter.use(self._position, client_id)

    def _typed(self) -> TypedPerson:
        return self._presenter.typed.people[self._position]

    def _keep(self) -> None:
        typed = self._typed()
        typed.given, typed.family = self.given.text(), self._family.text()
        typed.phone, typed.email = self._phone.text(), self._email.text()
        typed.born = self._birth.text()
        self._presenter.touched()
        self.render_match()

    def _build(self) -> None:
        box = column_layout(self, gap=10)
        box.addWidget(self._title)
        rest = column_layout(self._rest, gap=12)
        fields = {
            "legal_given": FormField("First name", self.given),
            "legal_family": FormField("Last name", self._family),
            "phones": FormField("Phone", self._phone, optional=True),
            "emails": FormField("Email", self._email, optional=True),
            "birth_date": FormField("Date of birth", self._birth, optional=True),
        }
        for name, made in fields.items():
            self.form.add(name, made)
        for pair in (("legal_given", "legal_family"), ("phones", "birth_date"), ("emails",)):
            line = row_layout(gap=12)
            for name in pair:
                line.addWidget(fields[name], 1)
            rest.addLayout(line)
        box.addWidget(self._rest)
        box.addLayout(self._match)


class _CoupleFields(QWidget):
    """What a couple's case needs besides its two people."""

    def __init__(self, presenter: AddPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._identified = Choice(name="Identified patient")
        self._label = Choice([(each, each or "Not said") for each in _RELATIONSHIPS], "")
        box = row_layout(self, gap=12)
        hint = "Whose diagnosis and insurance the superbills carry."
        field = FormField("Identified patient", self._identified, hint=hint)
        box.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        box.addWidget(FormField("They are", self._label), 1, Qt.AlignmentFlag.AlignTop)
        self._identified.changed.connect(self._keep)
        self._label.changed.connect(self._keep)

    def render_names(self) -> None:
        """Offer the two people by the names that stand in their fields."""
        names = []
        for position, person in enumerate(self._presenter.typed.people):
            chosen = person.here_already
            name = self._presenter.name_of(chosen) if chosen else person.name.display
            names.append((position, name or ("First person", "Second person")[position]))
        options = [(None, "Say it later"), *names]
        self._identified.set_options(options, self._presenter.typed.identified)
        blocked = self._label.blockSignals(True)
        self._label.set_value(self._presenter.typed.relationship)
        self._label.blockSignals(blocked)

    def _keep(self, _value: object) -> None:
        self._presenter.typed.identified = self._identified.value()
        self._presenter.typed.relationship = self._label.value() or ""
        self._presenter.touched()
