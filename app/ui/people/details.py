"""The tab on which a record is edited in place: every person's sections, then the case."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QDeadlineTimer, Qt, QTimer
from PySide6.QtWidgets import QWidget

from app.core.cases.queries import CaseView
from app.core.kernel.acting import Permission
from app.core.people.queries import ClientRecord
from app.core.tasks.queries import When
from app.core.tasks.queries.roster import RecordOverview
from app.ui.people.details_presenter import DetailsPresenter
from app.ui.people.sections.case import CaseSection, case_value, payer_options
from app.ui.people.sections.contact import AddContact, ContactSection
from app.ui.people.sections.insurance import InsuranceSection
from app.ui.people.sections.person import AboutSection, NameSection
from app.ui.people.sections.reach import AddressSection, EmailsSection, PhonesSection
from app.ui.people.sections.section import SectionForm
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place, Record
from app.ui.theme import look
from app.ui.widgets.layout import Hairline, ScrollPage, column_layout, row_layout
from app.ui.widgets.papers import Avatar
from app.ui.widgets.text import Text

WIDTH = 740
#: As long as this after a mend link was followed, its field stays in view while the form grows.
ARRIVING_MS = 600
#: How long sections are built before the window gets its turn; one of them takes some 10 ms.
SLICE_MS = 8


class DetailsPanel(QWidget):
    """Builds its sections when the people are known, and afterwards only shows what changed."""

    def __init__(self, context: ScreenContext, record: Record) -> None:
        super().__init__()
        self._context = context
        self._people: dict[UUID, PersonForm] = {}
        self._case: CaseSection | None = None
        self._billed: ContactSection | None = None
        self._adding: AddContact | None = None
        self._steps: deque[Callable[[], None]] = deque()
        self._wanted: Place | None = None
        self._presenter = DetailsPresenter(
            context.desk,
            context.deliver,
            lambda: When(context.desk.clock.now(), context.today()),
            record,
            did=context.did,
            failed=context.fail,
        )
        self._page = ScrollPage(margin=(40, 24, 40, 40), width=WIDTH, name="Details")
        self._found: QWidget | None = None
        self._builder = QTimer(self)
        self._builder.setSingleShot(True)
        self._builder.timeout.connect(self._build_on)
        # The field is brought into view as the form around it finds its place.
        self._reveal = QTimer(self)
        self._reveal.setSingleShot(True)
        self._reveal.setInterval(ARRIVING_MS)
        self._reveal.timeout.connect(self._arrived)
        self._page.verticalScrollBar().rangeChanged.connect(self._bring_into_view)
        column_layout(self).addWidget(self._page)
        self._presenter.on_change(self._render)
        self._presenter.refresh()

    def show_place(self, place: Place) -> None:
        """Go to the very field that ``place`` asks for, now or when it is there."""
        self._wanted = place
        self._arrive()

    def left(self) -> None:
        """Keep what was typed."""
        for section in self._sections():
            section.commit()
        if self._adding is not None:
            self._adding.presenter.keep_now()

    def give(self, found: RecordOverview) -> None:
        """Show what the page read already."""
        self._presenter.give(found)

    def closing(self) -> None:
        """Keep what was typed and let go of what was read."""
        if self._adding is not None:
            self._adding.presenter.close()
        self._presenter.close()

    def _render(self) -> None:
        found = self._presenter.found
        if found is None:
            return
        if list(self._people) != [each.id for each in found.people]:
            self._plan(found)
        for person in found.people:
            self._people[person.id].show_record(person)
        self._show_case(found)
        self._arrive()
        if self._steps:
            self._builder.start(0)

    def _show_case(self, found: RecordOverview) -> None:
        presenter = self._presenter
        if self._case is None or found.case is None:
            return
        self._case.show_value(case_value(found.case))
        payers = payer_options(found.case, presenter.contacts)
        self._case.offer(presenter.members, presenter.services, presenter.locations, payers)
        if self._billed is not None:
            billed = presenter.billed
            self._billed.setVisible(billed is not None)
            if billed is not None:
                self._billed.show_value(billed.fields)

    # Building: in slices, since all the fields of a couple at once would hold up the keyboard

    def _plan(self, found: RecordOverview) -> None:
        may = self._context.desk.actor.may(Permission.EDIT_CLIENTS)
        for person in found.people:
            if person.id in self._people:
                continue
            if self._people:
                self._page.body.addWidget(Hairline())
            form = PersonForm(person, self._presenter, self._context)
            form.setEnabled(may)
            self._people[person.id] = form
            self._page.body.addWidget(form)
            self._steps.extend([form.grow] * form.missing)
        if found.case is not None and self._case is None:
            self._steps.append(partial(self._build_case, found.case, may))
            self._steps.append(partial(self._build_billing, found.case.id, may))

    def _build_case(self, case: CaseView, may: bool) -> None:
        self._page.body.addWidget(Hairline())
        self._case = CaseSection(case, self._presenter.save_case)
        self._add_last(self._case, may)

    def _build_billing(self, case_id: UUID, may: bool) -> None:
        self._billed = ContactSection(self._presenter.save_contact)
        self._billed.hide()
        form = self._presenter.contact_form(case_id, self._context.later)
        self._adding = AddContact(form, self._context.today)
        self._add_last(self._billed, may)
        self._add_last(self._adding, may)

    def _add_last(self, part: QWidget, may: bool) -> None:
        part.setEnabled(may)
        part.setContentsMargins(0, look.px(24), 0, 0)
        self._page.body.addWidget(part)

    def _build_on(self) -> None:
        ends = QDeadlineTimer(SLICE_MS)
        while self._steps and not ends.hasExpired():
            self._steps.popleft()()
            found = self._presenter.found
            if found is not None:
                self._show_case(found)
        self._arrive()
        if self._steps:
            self._builder.start(0)

    def _sections(self) -> list[SectionForm[Any]]:
        sections = [one for each in self._people.values() for one in each.sections]
        return [*sections, *(each for each in (self._case, self._billed) if each is not None)]

    def _arrive(self) -> None:
        place = self._wanted
        field = place.ask.get("field", "") if place is not None else ""
        if place is None or not field or not self._people:
            return
        client = place.record[1] if place.record and place.record[0] == "client" else None
        for section in self._sections_of(client):
            if section.form.focus(field):
                self._wanted = None
                self._found = section.form[field]
                self._bring_into_view()
                self._reveal.start()
                return
        if not self._steps:
            self._wanted = None

    def _bring_into_view(self, *_range: int) -> None:
        if self._found is not None:
            self._page.ensureWidgetVisible(self._found, 0, look.px(80))

    def _arrived(self) -> None:
        self._bring_into_view()
        self._found = None

    def _sections_of(self, client_id: UUID | None) -> list[SectionForm[Any]]:
        if client_id in self._people:
            return self._people[client_id].sections
        return self._sections()


class PersonForm(QWidget):
    """The sections of one person; ``grow`` builds the next one."""

    def __init__(
        self, person: ClientRecord, presenter: DetailsPresenter, context: ScreenContext
    ) -> None:
        super().__init__()
        self._person = person
        self._title = Text(size="lead", weight="semibold", elide=True)
        self.sections: list[SectionForm[Any]] = []
        self._parts = _parts(person.id, presenter, context.today())
        self._box = column_layout(self, gap=24, margin=(0, 8, 0, 28))
        head = row_layout(gap=12)
        head.addWidget(Avatar(person.name.initials), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        self._box.addLayout(head)

    @property
    def missing(self) -> int:
        """Return how many sections are still to be built."""
        return len(self._parts) - len(self.sections)

    def grow(self) -> None:
        """Build the next section and show in it what is stored."""
        make, value = self._parts[len(self.sections)]
        section = make()
        section.show_value(value(self._person))
        self.sections.append(section)
        self._box.addWidget(section)

    def show_record(self, person: ClientRecord) -> None:
        """Show what is stored of the person."""
        self._person = person
        self.setAccessibleName(person.name.display)
        self._title.set(person.name.display)
        for section, (_make, value) in zip(self.sections, self._parts, strict=False):
            section.show_value(value(person))


Part = tuple[Callable[[], SectionForm[Any]], Callable[[ClientRecord], Any]]
"""How a section is made, and what of a record it shows."""


def _parts(client_id: UUID, presenter: DetailsPresenter, today: date) -> list[Part]:
    save = presenter
    return [
        (lambda: NameSection(partial(save.save_name, client_id)), lambda one: one.name),
        (
            lambda: AboutSection(partial(save.save_details, client_id), today),
            lambda one: one.details,
        ),
        (lambda: PhonesSection(partial(save.save_phones, client_id)), lambda one: one.phones),
        (lambda: EmailsSection(partial(save.save_emails, client_id)), lambda one: one.emails),
        (
            lambda: AddressSection(partial(save.save_addresses, client_id)),
            lambda one: one.addresses,
        ),
        (
            lambda: InsuranceSection(partial(save.save_insurances, client_id), today),
            lambda one: one.insurances,
        ),
    ]
