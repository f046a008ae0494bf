"""The tab on which a record is edited in place: every person's sections, then the case."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from app.core.kernel.acting import Permission
from app.core.people.queries import ClientRecord
from app.core.tasks.queries import When
from app.core.tasks.queries.roster import RecordOverview
from app.ui.people.details_presenter import DetailsPresenter
from app.ui.people.sections.case import CaseSection, case_value
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


class DetailsPanel(QWidget):
    """Builds its sections when the people are known, and afterwards only shows what changed."""

    def __init__(self, context: ScreenContext, record: Record) -> None:
        super().__init__()
        self._context = context
        self._people: dict[UUID, PersonForm] = {}
        self._case: CaseSection | None = None
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

    def give(self, found: RecordOverview) -> None:
        """Show what the page read already."""
        self._presenter.give(found)

    def closing(self) -> None:
        """Let go of what was read."""
        self._presenter.close()

    def _render(self) -> None:
        found = self._presenter.found
        if found is None:
            return
        if list(self._people) != [each.id for each in found.people]:
            self._build(found)
        for person in found.people:
            self._people[person.id].show_record(person)
        if self._case is not None and found.case is not None:
            presenter = self._presenter
            self._case.show_value(case_value(found.case))
            self._case.offer(presenter.members, presenter.services, presenter.locations)
        self._arrive()

    def _build(self, found: RecordOverview) -> None:
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
        if found.case is not None:
            self._page.body.addWidget(Hairline())
            self._case = CaseSection(found.case, self._presenter.save_case)
            self._case.setEnabled(may)
            self._case.setContentsMargins(0, look.px(24), 0, 0)
            self._page.body.addWidget(self._case)

    def _sections(self) -> list[SectionForm[Any]]:
        sections = [one for each in self._people.values() for one in each.sections]
        return [*sections, self._case] if self._case is not None else sections

    def _arrive(self) -> None:
        place = self._wanted
        field = place.ask.get("field", "") if place is not None else ""
        if place is None or not field or not self._people:
            return
        self._wanted = None
        client = place.record[1] if place.record and place.record[0] == "client" else None
        for section in self._sections_of(client):
            if section.form.focus(field):
                self._found = section.form[field]
                self._bring_into_view()
                self._reveal.start()
                return

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
    """The sections of one person."""

    def __init__(
        self, person: ClientRecord, presenter: DetailsPresenter, context: ScreenContext
    ) -> None:
        super().__init__()
        self._title = Text(size="lead", weight="semibold", elide=True)
        today = context.today()
        self._name = NameSection(partial(presenter.save_name, person.id))
        self._about = AboutSection(partial(presenter.save_details, person.id), today)
        self._phones = PhonesSection(partial(presenter.save_phones, person.id))
        self._emails = EmailsSection(partial(presenter.save_emails, person.id))
        self._address = AddressSection(partial(presenter.save_addresses, person.id))
        self._insurance = InsuranceSection(partial(presenter.save_insurances, person.id), today)
        self.sections: list[SectionForm[Any]] = [
            self._name,
            self._about,
            self._phones,
            self._emails,
            self._address,
            self._insurance,
        ]
        box = column_layout(self, gap=24, margin=(0, 8, 0, 28))
        head = row_layout(gap=12)
        head.addWidget(Avatar(person.name.initials), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        box.addLayout(head)
        for section in self.sections:
            box.addWidget(section)

    def show_record(self, person: ClientRecord) -> None:
        """Show what is stored of the person."""
        self.setAccessibleName(person.name.display)
        self._title.set(person.name.display)
        self._name.show_value(person.name)
        self._about.show_value(person.details)
        self._phones.show_value(person.phones)
        self._emails.show_value(person.emails)
        self._address.show_value(person.addresses)
        self._insurance.show_value(person.insurances)
