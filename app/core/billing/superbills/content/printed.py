"""What a superbill prints, frozen: names as of issue, all else as of the date of service.

The content decides the paper: equal contents give equal bytes. Nothing here is computed from
the practice once the superbill is issued.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.core.billing.superbills.rules.parties import Insurance, Provider, Providers
from app.core.kernel.canonical import from_canonical, sha256_hex, to_canonical
from app.core.kernel.money import ZERO, Money, total
from app.core.practice.content import BillingEntity

__all__ = [
    "BillingEntity",
    "Diagnosis",
    "Insurance",
    "Line",
    "Patient",
    "Place",
    "Provider",
    "Providers",
    "SuperbillContent",
    "read_superbill",
]

_CHECK_CODE_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Patient:
    """The person the services were for, by legal name."""

    legal_name: str
    birth_date: date | None
    sex: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A diagnosis of the patient, lettered as the lines point at it."""

    letter: str
    code: str
    description: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where services were held in person, when that is not the billing entity's address."""

    code: str
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """One service on one date. ``fee`` is the usual charge, ``adjustment`` zero or below.

    ``pointers`` are diagnosis letters; ``paid_by`` says when and by what means.
    """

    held_on: date
    place: str
    code: str
    modifiers: tuple[str, ...]
    description: str
    pointers: str
    minutes: int
    units: int
    fee: Money
    adjustment: Money
    paid: Money
    paid_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SuperbillContent:
    """Everything that a superbill prints. A proof has no number and no date of issue."""

    entity: BillingEntity
    patient: Patient
    insurance: Insurance | None
    providers: Providers
    first_on: date
    last_on: date
    diagnoses: tuple[Diagnosis, ...]
    lines: tuple[Line, ...]
    places: tuple[Place, ...] = ()
    number: str = ""
    issued_on: date | None = None
    supersedes: str = ""
    form: int = 1

    @property
    def is_proof(self) -> bool:
        """Return whether this has not been issued."""
        return not self.number

    @property
    def charged(self) -> Money:
        """Return the sum of the usual charges."""
        return total(line.fee for line in self.lines)

    @property
    def adjusted(self) -> Money:
        """Return the sum of the adjustments, zero or below."""
        return total(line.adjustment for line in self.lines)

    @property
    def paid(self) -> Money:
        """Return what the client paid."""
        return total(line.paid for line in self.lines)

    @property
    def balance(self) -> Money:
        """Return what the client still owes."""
        return self.charged + self.adjusted - self.paid

    @property
    def has_adjustments(self) -> bool:
        """Return whether any line was charged below the usual fee."""
        return any(line.adjustment != ZERO for line in self.lines)

    def canonical(self) -> str:
        """Return the content as canonical JSON."""
        return to_canonical(self)

    def sha256(self) -> str:
        """Return the SHA-256 of the canonical JSON, in hexadecimal."""
        return sha256_hex(self.canonical())

    def check_code(self) -> str:
        """Return the short code at the foot: the hash's first 16 digits in groups of four."""
        digits = self.sha256()[:_CHECK_CODE_DIGITS].upper()
        return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def read_superbill(text: str) -> SuperbillContent:
    """Read a superbill's canonical JSON; raises ``ValueError`` if it is not such."""
    return from_canonical(SuperbillContent, text)
