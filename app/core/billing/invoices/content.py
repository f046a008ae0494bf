"""What an invoice prints, frozen as of its issue.

An invoice carries no diagnosis. What was paid before it was issued stands on it; what is paid
later never changes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.core.kernel.canonical import from_canonical, sha256_hex, to_canonical
from app.core.kernel.money import ZERO, Money, total
from app.core.practice.content import BillingEntity


@dataclass(frozen=True, slots=True)
class BillTo:
    """Who is asked to pay: a client, or the case's billing contact."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One charge. ``fee`` is the usual charge, ``adjustment`` zero or below.

    ``service`` is the wording with its code and minutes; ``supervisor`` names who supervised
    the provider, if anybody did. A balance brought forward has no provider.
    """

    held_on: date
    service: str
    provider: str
    fee: Money
    adjustment: Money = ZERO
    supervisor: str = ""

    @property
    def amount(self) -> Money:
        """Return what this line charges."""
        return self.fee + self.adjustment


@dataclass(frozen=True, slots=True)
class InvoicePayment:
    """What a payment received before the issue paid of the lines. ``method`` names its check."""

    received_on: date
    method: str
    amount: Money
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class WayToPay:
    """One means of paying: ``Zelle``, ``billing@alderstreet.example``."""

    means: str
    words: str


@dataclass(frozen=True, slots=True)
class InvoiceContent:
    """Everything that an invoice prints.

    ``subject`` says in a few words what it is for, ``for_case`` whom (``Rhee family``).
    ``credit`` is what earlier overpayments paid of the lines; ``footer`` is the practice's own
    text.
    """

    entity: BillingEntity
    number: str
    issued_on: date
    due_on: date
    bill_to: BillTo
    subject: str
    for_case: str
    lines: tuple[InvoiceLine, ...]
    payments: tuple[InvoicePayment, ...] = ()
    credit: Money = ZERO
    ways_to_pay: tuple[WayToPay, ...] = ()
    footer: str = ""
    form: int = 1

    @property
    def providers(self) -> tuple[str, ...]:
        """Return who held the sessions, each once, in the order of the lines."""
        return tuple(dict.fromkeys(line.provider for line in self.lines if line.provider))

    @property
    def total(self) -> Money:
        """Return the sum of the lines."""
        return total(line.amount for line in self.lines)

    @property
    def paid(self) -> Money:
        """Return what payments had paid of the lines, without the credit."""
        return total(payment.amount for payment in self.payments)

    @property
    def due(self) -> Money:
        """Return what was owed at issue."""
        return self.total - self.credit - self.paid

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


def read_invoice(text: str) -> InvoiceContent:
    """Read an invoice's canonical JSON; raises ``ValueError`` if it is not such."""
    return from_canonical(InvoiceContent, text)
