"""The case itself: whose papers, what its people are to each other, its usual session, who pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.cases.queries import CaseView
from app.core.cases.rules import NEEDS_IDENTIFIED_PATIENT, CaseDefaults, PayerFields
from app.core.people.queries import ContactView
from app.ui.people.sections.section import Save, SectionForm, set_quietly, show_words
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import FormField

Option = tuple[UUID | None, str]
Payers = tuple[PayerFields, ...]


@dataclass(frozen=True, slots=True)
class CaseValue:
    """What can be changed of a case on its page."""

    identified_client_id: UUID | None
    relationship_label: str
    provider_id: UUID | None
    defaults: CaseDefaults
    payers: tuple[PayerFields, ...]
    """Who is billed; nobody in particular means the clients."""


def case_value(case: CaseView) -> CaseValue:
    """Return what the section edits of ``case``."""
    return CaseValue(
        case.identified_client_id,
        case.relationship_label,
        case.provider_id,
        CaseDefaults(case.default_service_id, case.default_location_id),
        tuple(
            PayerFields(each.share_percent, each.client_id, each.contact_id) for each in case.payers
        ),
    )


def payer_options(case: CaseView, contacts: Sequence[ContactView]) -> list[tuple[Payers, str]]:
    """Return who can be billed: the clients, one of them, a contact, or as it is arranged."""
    several = len(case.people) > 1
    options: list[tuple[Payers, str]] = [((), "The clients together" if several else "The client")]
    if several:
        options += [((PayerFields(client_id=each.id),), each.name.display) for each in case.people]
    options += [((PayerFields(contact_id=each.id),), each.fields.name) for each in contacts]
    now = case_value(case).payers
    if now not in [payers for payers, _words in options]:
        options.append((now, case.billing_words))
    return options


class CaseSection(SectionForm[CaseValue]):
    """The fields of one case."""

    def __init__(self, case: CaseView, save: Save[CaseValue]) -> None:
        super().__init__("Case", save)
        people: list[Option] = [(each.id, each.name.display) for each in case.people]
        self._identified = Choice([(None, "Not said yet"), *people])
        self._label = LineField(placeholder="Married, partners, co-parents")
        self._provider, self._service, self._location = Choice(), Choice(), Choice()
        self._payer = Choice(payer_options(case, ()))
        add = self.form.add
        identified = add(
            "patient",
            FormField(
                "Identified patient",
                self._identified,
                hint="Whose diagnosis and insurance the superbills carry.",
            ),
        )
        label = add("relationship_label", FormField("They are", self._label))
        self._first = add("provider_id", FormField("With", self._provider))
        service = add("default_service_id", FormField("Usual service", self._service))
        location = add("default_location_id", FormField("Usual location", self._location))
        payer = add("payers", FormField("Who is billed", self._payer))
        if case.kind in NEEDS_IDENTIFIED_PATIENT:
            self.line((identified, 1), (label, 1))
            self.line((payer, 1), (self._first, 1))
        else:
            self.line((payer, 1), (self._first, 1))
        self.line((service, 1), (location, 1))
        self.watch(
            self._identified,
            self._label,
            self._provider,
            self._service,
            self._location,
            self._payer,
        )

    def offer(
        self,
        members: Sequence[Option],
        services: Sequence[Option],
        locations: Sequence[Option],
        payers: Sequence[tuple[Payers, str]],
    ) -> None:
        """Offer whom and what the practice has; what is chosen stays chosen."""
        offered: tuple[tuple[Choice, Sequence[tuple[object, str]]], ...] = (
            (self._payer, payers),
            (self._provider, members),
            (self._service, [(None, "As booked"), *services]),
            (self._location, [(None, "As booked"), *locations]),
        )
        for choice, options in offered:
            choice.set_options(options, choice.value())
        self.show_again()

    def typed(self) -> CaseValue:
        """Return what stands in the fields."""
        return CaseValue(
            self._identified.value(),
            self._label.text().strip(),
            self._provider.value(),
            CaseDefaults(self._service.value(), self._location.value()),
            self._payer.value() or (),
        )

    def fill(self, value: CaseValue) -> None:
        """Show ``value`` in the fields."""
        chosen = (
            (self._identified, value.identified_client_id),
            (self._provider, value.provider_id),
            (self._service, value.defaults.service_id),
            (self._location, value.defaults.location_id),
            (self._payer, value.payers),
        )
        for choice, each in chosen:
            set_quietly(choice, each)
        show_words(self._label, value.relationship_label)

    def first_field(self) -> FormField:
        """Return the field that says what belongs to no other one."""
        return self._first
