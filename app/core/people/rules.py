"""Decisions about clients: who they are, where they are in their care, who may do what for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.core.kernel.errors import UserError
from app.core.kernel.text import PersonName, clean_line
from app.core.practice.rules.contact_points import check_email, format_phone
from app.core.practice.rules.places import NO_ADDRESS, Address, check_address

#: Nobody who is treated today was born before.
EARLIEST_BIRTH = date(1900, 1, 1)
AGE_OF_MAJORITY = 18


class Lifecycle(StrEnum):
    """Where a client is in their care."""

    PROSPECT = "PROSPECT"
    INTAKE_PENDING = "INTAKE_PENDING"
    ACTIVE = "ACTIVE"
    WAITLIST = "WAITLIST"
    INACTIVE = "INACTIVE"
    CONTACT = "CONTACT"
    ARCHIVED = "ARCHIVED"

    @property
    def label(self) -> str:
        """Return the word that screens use."""
        return _LIFECYCLE_LABELS[self]


_LIFECYCLE_LABELS = {
    Lifecycle.PROSPECT: "Prospect",
    Lifecycle.INTAKE_PENDING: "Intake pending",
    Lifecycle.ACTIVE: "Active",
    Lifecycle.WAITLIST: "Waitlist",
    Lifecycle.INACTIVE: "Inactive",
    Lifecycle.CONTACT: "Group participant",
    Lifecycle.ARCHIVED: "Archived",
}


class Sex(StrEnum):
    """What an insurer's form asks; empty while nobody said."""

    NOT_SAID = ""
    FEMALE = "F"
    MALE = "M"
    X = "X"

    @property
    def label(self) -> str:
        """Return the word that screens use."""
        return {"": "Not said", "F": "Female", "M": "Male", "X": "X"}[self.value]


class PhoneKind(StrEnum):
    """What kind of phone answers."""

    MOBILE = "MOBILE"
    HOME = "HOME"
    WORK = "WORK"

    @property
    def label(self) -> str:
        """Return the word that screens use."""
        return self.value.capitalize()


class InsuredRelation(StrEnum):
    """How the client stands to the person who holds the insurance."""

    SELF = "SELF"
    SPOUSE = "SPOUSE"
    CHILD = "CHILD"
    OTHER = "OTHER"

    @property
    def label(self) -> str:
        """Return the word that screens and papers use."""
        return self.value.capitalize()


class RelationshipType(StrEnum):
    """How one person stands to a client."""

    SPOUSE = "SPOUSE"
    PARTNER = "PARTNER"
    PARENT = "PARENT"
    CHILD = "CHILD"
    SIBLING = "SIBLING"
    GUARDIAN = "GUARDIAN"
    REPRESENTATIVE = "REPRESENTATIVE"
    ASSISTANT = "ASSISTANT"
    CARE_COORDINATOR = "CARE_COORDINATOR"
    SPONSOR = "SPONSOR"
    REFERRER = "REFERRER"
    OTHER = "OTHER"

    @property
    def label(self) -> str:
        """Return the word that screens use."""
        return self.value.replace("_", " ").capitalize()


class Verification(StrEnum):
    """Whether somebody checked that a relationship is what it claims to be."""

    NOT_ASKED = "NOT_ASKED"
    ASKED = "ASKED"
    VERIFIED = "VERIFIED"

    @property
    def label(self) -> str:
        """Return the word that screens use."""
        return {"NOT_ASKED": "Not verified", "ASKED": "Asked", "VERIFIED": "Verified"}[self.value]


@dataclass(frozen=True, slots=True)
class EmailFields:
    """An e-mail address as typed."""

    address: str
    consent_email: bool = False
    is_main: bool = False
    is_shared: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class PhoneFields:
    """A phone number as typed."""

    number: str
    kind: PhoneKind = PhoneKind.MOBILE
    consent_text: bool = False
    consent_voicemail: bool = False
    is_main: bool = False
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class AddressFields:
    """A client's postal address as typed."""

    address: Address
    is_main: bool = False
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class InsuranceFields:
    """An insurance as typed; the first of a client's is the primary one."""

    payer: str
    member_number: str = ""
    group_number: str = ""
    relation: InsuredRelation = InsuredRelation.SELF
    insured_name: str = ""
    insured_birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class ContactFields:
    """A contact as typed."""

    name: str
    is_organization: bool = False
    email: str = ""
    phone: str = ""
    address: Address = NO_ADDRESS
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Grants:
    """What a helper may do for a client. None implies another."""

    signs: bool = False
    billing: bool = False
    scheduling: bool = False
    messages: bool = False

    def words(self) -> list[str]:
        """Return the names of the grants given, as screens list them."""
        named = {
            "Representative": self.signs,
            "Billing contact": self.billing,
            "Scheduling helper": self.scheduling,
            "Message recipient": self.messages,
        }
        return [name for name, given in named.items() if given]


@dataclass(frozen=True, slots=True)
class RelationshipFields:
    """A tie to a contact or to another client, as typed; exactly one of both ids is set."""

    type: RelationshipType
    contact_id: UUID | None = None
    other_client_id: UUID | None = None
    grants: Grants = Grants()
    is_emergency: bool = False


@dataclass(frozen=True, slots=True)
class DetailFields:
    """What else is known of a person, as typed."""

    pronouns: str = ""
    birth_date: date | None = None
    sex: Sex = Sex.NOT_SAID
    first_seen: date | None = None
    primary_member_id: UUID | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client as added: a name is enough, the rest can wait for intake."""

    name: PersonName
    lifecycle: Lifecycle = Lifecycle.PROSPECT
    details: DetailFields = DetailFields()
    emails: tuple[EmailFields, ...] = ()
    phones: tuple[PhoneFields, ...] = ()
    addresses: tuple[AddressFields, ...] = ()
    insurances: tuple[InsuranceFields, ...] = ()


def check_name(name: PersonName) -> PersonName:
    """Return the name cleaned; raises ``UserError`` when no part of it can call a person.

    A lone family or chosen name is enough: a superbill asks for the rest in time.
    """
    clean = PersonName(
        given=clean_line(name.given, field="legal_given"),
        middle=clean_line(name.middle, field="legal_middle"),
        family=clean_line(name.family, field="legal_family"),
        suffix=clean_line(name.suffix, field="legal_suffix"),
        chosen=clean_line(name.chosen, field="chosen_name"),
    )
    if not clean.display:
        raise UserError("Type at least a first or a last name.", field="legal_given")
    return clean


def check_birth_date(birth: date | None, today: date, *, field: str = "birth_date") -> date | None:
    """Return the date of birth; raises ``UserError`` if it is ahead of ``today`` or before 1900."""
    if birth is not None and birth > today:
        raise UserError("The date of birth lies in the future.", field=field)
    if birth is not None and birth < EARLIEST_BIRTH:
        raise UserError("The date of birth is before 1900: check the year.", field=field)
    return birth


def age_on(birth: date, day: date) -> int:
    """Return completed years of life on ``day``."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def waits_for_a_look(imported_at: datetime | None, reviewed_at: datetime | None) -> bool:
    """Return whether a record came from a file and nobody has looked at it yet."""
    return imported_at is not None and reviewed_at is None


def is_minor(birth: date | None, day: date) -> bool:
    """Return whether a person is known to be under 18 on ``day``."""
    return birth is not None and age_on(birth, day) < AGE_OF_MAJORITY


def check_emails(emails: tuple[EmailFields, ...]) -> tuple[EmailFields, ...]:
    """Return the addresses as stored: no empty or repeated ones, exactly one the main one."""
    kept: dict[str, EmailFields] = {}
    for email in emails:
        address = check_email(email.address, field="emails")
        if address and address.casefold() not in kept:
            kept[address.casefold()] = EmailFields(
                address,
                email.consent_email,
                email.is_main,
                email.is_shared,
                clean_line(email.label, field="emails"),
            )
    rows = list(kept.values())
    main = _main_of([row.is_main for row in rows])
    return tuple(
        EmailFields(row.address, row.consent_email, index == main, row.is_shared, row.label)
        for index, row in enumerate(rows)
    )


def check_phones(phones: tuple[PhoneFields, ...]) -> tuple[PhoneFields, ...]:
    """Return the numbers as stored, in US form: no empty or repeated ones, one the main one.

    A number that no network gives out is kept as typed.
    """
    kept: dict[str, PhoneFields] = {}
    for phone in phones:
        number = format_phone(clean_line(phone.number, field="phones", limit=60))
        if number:
            kept.setdefault(number, phone)
    main = _main_of([phone.is_main for phone in kept.values()])
    return tuple(
        PhoneFields(
            number,
            phone.kind,
            phone.consent_text,
            phone.consent_voicemail,
            index == main,
            phone.is_shared,
        )
        for index, (number, phone) in enumerate(kept.items())
    )


def check_addresses(addresses: tuple[AddressFields, ...]) -> tuple[AddressFields, ...]:
    """Return the addresses as stored: no empty or repeated ones, one the main one."""
    kept: dict[Address, AddressFields] = {}
    for row in addresses:
        address = check_address(row.address)
        if not address.is_empty:
            kept.setdefault(address, row)
    main = _main_of([row.is_main for row in kept.values()])
    return tuple(
        AddressFields(address, index == main, row.is_shared)
        for index, (address, row) in enumerate(kept.items())
    )


def check_insurances(
    insurances: tuple[InsuranceFields, ...], today: date
) -> tuple[InsuranceFields, ...]:
    """Return the insurances as stored, empty ones left out.

    Raises ``UserError`` for one without its insurer, or where another person is insured and
    that person has no name.
    """
    kept: list[InsuranceFields] = []
    for row in insurances:
        checked = _checked_insurance(row, today)
        if checked is not None:
            kept.append(checked)
    return tuple(kept)


def _checked_insurance(row: InsuranceFields, today: date) -> InsuranceFields | None:
    payer = clean_line(row.payer, field="payer")
    member = clean_line(row.member_number, field="member_number")
    group = clean_line(row.group_number, field="group_number")
    if not (payer or member or group):
        return None
    if not payer:
        raise UserError("Type the name of the insurer.", field="payer")
    if row.relation is InsuredRelation.SELF:
        return InsuranceFields(payer, member, group)
    insured = clean_line(row.insured_name, field="insured_name")
    if not insured:
        raise UserError("Type the name of the person who is insured.", field="insured_name")
    birth = check_birth_date(row.insured_birth_date, today, field="insured_birth_date")
    return InsuranceFields(payer, member, group, row.relation, insured, birth)


def check_contact(fields: ContactFields) -> ContactFields:
    """Return the contact as stored; raises ``UserError`` naming the field to mend."""
    name = clean_line(fields.name, field="contact_name")
    if not name:
        raise UserError("Type the contact's name.", field="contact_name")
    return ContactFields(
        name=name,
        is_organization=fields.is_organization,
        email=check_email(fields.email, field="contact_email"),
        phone=format_phone(clean_line(fields.phone, field="contact_phone", limit=60)),
        address=check_address(fields.address, prefix="contact_"),
        notes=clean_line(fields.notes, field="contact_notes", limit=2_000),
    )


def check_relationship(fields: RelationshipFields) -> RelationshipFields:
    """Return the tie; raises ``UserError`` unless it is to one contact or one other client."""
    if (fields.contact_id is None) == (fields.other_client_id is None):
        raise UserError("Choose one contact or one other client.", field="relationship")
    return fields


def may_sign(grants: Grants, verification: Verification) -> bool:
    """Return whether a representative may sign now: only once the relationship is verified."""
    return grants.signs and verification is Verification.VERIFIED


def _main_of(marks: list[bool]) -> int:
    return marks.index(True) if True in marks else 0
