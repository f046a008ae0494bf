"""What the practice knows of the sessions of some dates, as the decisions need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.billing.superbills.rules.parties import Insurance
from app.core.clinical.rules.codes import Verdict
from app.core.clinical.rules.diagnoses import Diagnosis
from app.core.kernel.money import ZERO, Money
from app.core.kernel.text import PersonName
from app.core.practice.rules.catalogue import CaseKind
from app.core.practice.rules.organization import PracticeFields
from app.core.practice.rules.places import Address, SessionFormat
from app.core.team.rules import LicenseFields


@dataclass(frozen=True, slots=True)
class Person:
    """A client, as insurers' papers name them."""

    client_id: UUID
    name: PersonName
    birth_date: date | None
    sex: str
    phone: str
    address: str
    insurance: Insurance | None


@dataclass(frozen=True, slots=True)
class HeldLicense:
    """A license as typed, with the record in which it is mended."""

    id: UUID
    fields: LicenseFields

    @property
    def valid_from(self) -> date | None:
        """Return the first day; ``None`` is open."""
        return self.fields.valid_from

    @property
    def valid_to(self) -> date | None:
        """Return the last day; ``None`` is open."""
        return self.fields.valid_to


@dataclass(frozen=True, slots=True)
class Clinician:
    """A member who holds or supervises sessions; ``name`` with credentials."""

    member_id: UUID
    name: str
    npi: str
    taxonomy: str
    licenses: tuple[HeldLicense, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """A live superbill, one that no other supersedes."""

    id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Session:
    """One charged service of one session, with what was paid of it so far.

    ``attended`` is false for sessions missed or canceled late. ``place`` is the code of the place
    of service, ``place_address`` where that is when it is not the practice's own address.
    ``participants`` are the people of the case now.
    ``live_on`` are the live superbills that hold it.
    """

    charge_id: UUID
    case_id: UUID
    case_kind: CaseKind
    case_title: str
    client_id: UUID | None
    """The patient; ``None`` while a couple or family names none."""
    held_on: date
    attended: bool
    code: str
    description: str
    modifiers: tuple[str, ...]
    minutes: int
    units: int
    amount: Money
    usual_fee: Money
    paid: Money
    paid_by: tuple[str, ...]
    rendering_id: UUID
    supervisor_id: UUID | None = None
    place: str = ""
    place_address: str = ""
    format: SessionFormat | None = None
    appointment_id: UUID | None = None
    service_line_id: UUID | None = None
    service_id: UUID | None = None
    location_id: UUID | None = None
    note_signed: bool = False
    live_on: tuple[Holder, ...] = ()
    participants: tuple[UUID, ...] = ()

    def concerns(self, client_id: UUID) -> bool:
        """Return whether a superbill for this client has to do with it.

        A session of a couple or family that names no patient concerns everybody in it.
        """
        if self.client_id is None:
            return client_id in self.participants
        return self.client_id == client_id

    @property
    def owed(self) -> Money:
        """Return what is still owed."""
        return self.amount - self.paid

    @property
    def reduced_by(self) -> Money:
        """Return how far the charge is below the usual fee; zero when it is not."""
        return max(self.usual_fee - self.amount, ZERO)


@dataclass(frozen=True, slots=True)
class Judges:
    """What only the outside knows: the ICD-10-CM table, and which letters our fonts have."""

    icd: Callable[[str, date], Verdict]
    missing_glyphs: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that superbills of a range of dates are made of."""

    practice: PracticeFields
    practice_id: UUID
    is_demo: bool
    people: Mapping[UUID, Person]
    clinicians: Mapping[UUID, Clinician]
    diagnoses: Mapping[UUID, tuple[Diagnosis, ...]]
    sessions: tuple[Session, ...]
    judges: Judges
    elsewhere: tuple[Session, ...] = ()
    """Sessions these clients took part in, which go on the superbill of the case's patient."""

    @property
    def address(self) -> Address:
        """Return the practice's own address."""
        own = self.practice
        return Address(own.address1, own.address2, own.city, own.state, own.zip)
