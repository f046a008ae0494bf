"""Editing a record without a window: every section's value, and the command that keeps it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from app.core.cases.commands import (
    add_billing_contact,
    change_case,
    set_identified_patient,
    set_payers,
)
from app.core.kernel.changes import Outcome
from app.core.kernel.errors import UserError
from app.core.kernel.text import PersonName
from app.core.people.commands import (
    change_contact,
    change_details,
    change_name,
    set_addresses,
    set_emails,
    set_insurances,
    set_phones,
)
from app.core.people.queries import ContactView, contacts
from app.core.people.rules import (
    AddressFields,
    ContactFields,
    DetailFields,
    EmailFields,
    InsuranceFields,
    PhoneFields,
)
from app.core.practice.queries import LocationView, ServiceView, locations, services
from app.core.team.queries import MemberView, providers
from app.ui.people.record_presenter import RecordPresenter
from app.ui.people.sections.case import CaseValue, case_value
from app.ui.shell.form_presenter import FormPresenter, Later
from app.ui.shell.presenter import Deliver

Refused = Callable[[UserError], None]
Option = tuple[UUID | None, str]


class DetailsPresenter(RecordPresenter):
    """The record, what a case may be given, and a save for each section."""

    members: tuple[Option, ...] = ()
    services: tuple[Option, ...] = ()
    locations: tuple[Option, ...] = ()
    contacts: tuple[ContactView, ...] = ()

    def refresh(self) -> None:
        """Read the record and what can be chosen for its case."""
        super().refresh()
        self.read("members", providers, then=self._have_members)
        self.read("services", services, then=self._have_services)
        self.read("locations", locations, then=self._have_locations)
        self.read("contacts", contacts, then=self._have_contacts)

    @property
    def billed(self) -> ContactView | None:
        """Return the contact who is billed for the case, if it is one."""
        case = self.found.case if self.found is not None else None
        ids = [each.contact_id for each in case.payers] if case is not None else []
        return next((each for each in self.contacts if each.id in ids), None)

    def save_name(self, client_id: UUID, name: PersonName, refused: Refused) -> None:
        """Keep a client's names."""
        self._keep(refused, change_name, client_id, name)

    def save_details(self, client_id: UUID, details: DetailFields, refused: Refused) -> None:
        """Keep what else is known of a client."""
        self._keep(refused, change_details, client_id, details)

    def save_phones(
        self, client_id: UUID, phones: tuple[PhoneFields, ...], refused: Refused
    ) -> None:
        """Keep a client's phone numbers."""
        self._keep(refused, set_phones, client_id, phones)

    def save_emails(
        self, client_id: UUID, emails: tuple[EmailFields, ...], refused: Refused
    ) -> None:
        """Keep a client's e-mail addresses."""
        self._keep(refused, set_emails, client_id, emails)

    def save_addresses(
        self, client_id: UUID, addresses: tuple[AddressFields, ...], refused: Refused
    ) -> None:
        """Keep a client's postal addresses."""
        self._keep(refused, set_addresses, client_id, addresses)

    def save_insurances(
        self, client_id: UUID, insurances: tuple[InsuranceFields, ...], refused: Refused
    ) -> None:
        """Keep a client's insurances."""
        self._keep(refused, set_insurances, client_id, insurances)

    def save_case(self, value: CaseValue, refused: Refused) -> None:
        """Keep what changed of the case, each by its own command."""
        case = self.found.case if self.found is not None else None
        if case is None:
            return
        before = case_value(case)
        if value.identified_client_id != before.identified_client_id:
            self._keep(refused, set_identified_patient, case.id, value.identified_client_id)
        if value.payers != before.payers:
            self._keep(refused, set_payers, case.id, value.payers)
        settled = (before.provider_id, before.relationship_label, before.defaults)
        if (value.provider_id, value.relationship_label, value.defaults) != settled:
            self._keep(
                refused,
                change_case,
                case.id,
                provider_id=value.provider_id,
                relationship_label=value.relationship_label,
                defaults=value.defaults,
            )

    def save_contact(self, fields: ContactFields, refused: Refused) -> None:
        """Keep the contact who is billed."""
        if self.billed is not None:
            self._keep(refused, change_contact, self.billed.id, fields)

    def contact_form(self, case_id: UUID, later: Later) -> BillingContactForm:
        """Return the form of somebody else who is billed for a case from now on."""
        return BillingContactForm(self, self._deliver, case_id, later)

    def refuse(self, problem: Exception) -> None:
        """Say why something could not be done."""
        self._fail(problem)

    def _keep(
        self, refused: Refused, command: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> None:
        def failed(problem: Exception) -> None:
            if isinstance(problem, UserError) and problem.field is not None:
                refused(problem)
            else:
                self._fail(problem)

        self.run(command, *args, failed=failed, **kwargs)

    def _have_members(self, found: list[MemberView]) -> None:
        self.members = tuple((each.id, each.titled) for each in found)
        self.changed()

    def _have_services(self, found: list[ServiceView]) -> None:
        self.services = tuple((each.id, each.name) for each in found)
        self.changed()

    def _have_contacts(self, found: list[ContactView]) -> None:
        self.contacts = tuple(found)
        self.changed()

    def _have_locations(self, found: list[LocationView]) -> None:
        self.locations = tuple((each.id, each.name) for each in found)
        self.changed()


class BillingContactForm(FormPresenter):
    """A contact who is added to be billed for a case; all but its kind stands in the fields."""

    def __init__(
        self, record: DetailsPresenter, deliver: Deliver, case_id: UUID, later: Later
    ) -> None:
        super().__init__(
            record.desk,
            deliver,
            f"billing_contact/{case_id}",
            did=record.did,
            later=later,
            unkept=record.refuse,
        )
        self._record, self._case_id = record, case_id
        self.is_organization = False

    def content(self) -> dict[str, Any]:
        """Return what kind of contact it is."""
        return {"is_organization": self.is_organization}

    def take_up(self, content: dict[str, Any]) -> None:
        """Go on with the contact that was left."""
        self.is_organization = bool(content["is_organization"])

    def choose(self, is_organization: bool) -> None:
        """Take whether it is an organization."""
        if is_organization != self.is_organization:
            self.is_organization = is_organization
            self.touched()

    def add(self, contact: ContactFields, added: Callable[[], None], refused: Refused) -> None:
        """Add the contact and bill the case to it from now on."""

        def failed(problem: Exception) -> None:
            if isinstance(problem, UserError) and problem.field is not None:
                refused(problem)
            else:
                self._record.refuse(problem)

        def done(outcome: Outcome[UUID]) -> None:
            self.did(outcome)
            added()

        self.submit(add_billing_contact, self._case_id, contact, then=done, failed=failed)
