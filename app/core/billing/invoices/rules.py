"""Where an invoice stands, when it is due, and how it words what it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO, Money
from app.core.practice.rules.catalogue import CaseKind

#: A longer term is a slip of the keys.
_LONGEST_TERM = timedelta(days=366)


class InvoiceStatus(StrEnum):
    """What is stored of an invoice; all else follows from what was paid."""

    OPEN = "OPEN"
    VOID = "VOID"


class Standing(StrEnum):
    """Where an invoice stands for whoever looks at it."""

    OPEN = "OPEN"
    PART_PAID = "PART_PAID"
    OVERDUE = "OVERDUE"
    PAID = "PAID"
    VOID = "VOID"

    @property
    def label(self) -> str:
        """Return the word that screens use."""
        return _STANDING_LABELS[self]

    @property
    def is_owing(self) -> bool:
        """Return whether money is still asked for."""
        return self in (Standing.OPEN, Standing.PART_PAID, Standing.OVERDUE)


_STANDING_LABELS = {
    Standing.OPEN: "Open",
    Standing.PART_PAID: "Part paid",
    Standing.OVERDUE: "Overdue",
    Standing.PAID: "Paid",
    Standing.VOID: "Void",
}


@dataclass(frozen=True, slots=True)
class InvoiceOrder:
    """What a person asks to be put on an invoice.

    ``invoice_id`` is made by whoever opened the form, so that a second click issues nothing
    twice. ``bill_to`` is a client or a contact; ``None`` follows the case's billing arrangement.
    ``due_on`` ``None`` follows the practice's terms.
    """

    invoice_id: UUID
    charge_ids: tuple[UUID, ...]
    bill_to: UUID | None = None
    due_on: date | None = None


def standing_of(
    status: InvoiceStatus, total: Money, owing: Money, due_on: date, today: date
) -> Standing:
    """Return where an invoice stands; overdue begins on the day after it was due."""
    if status is InvoiceStatus.VOID:
        return Standing.VOID
    if owing <= ZERO:
        return Standing.PAID
    if due_on < today:
        return Standing.OVERDUE
    return Standing.PART_PAID if owing < total else Standing.OPEN


def standing_words(standing: Standing, due_on: date, today: date) -> str:
    """Return it in words: ``Overdue 3 days``."""
    if standing is not Standing.OVERDUE:
        return standing.label
    days = (today - due_on).days
    return f"{standing.label} {days} day{'s' if days != 1 else ''}"


def due_date(issued_on: date, terms_days: int, wanted: date | None) -> date:
    """Return when an invoice is due: as wanted, else after the practice's terms.

    Raises ``UserError`` (field ``due_on``) for a day before the issue or beyond a year.
    """
    due_on = wanted or issued_on + timedelta(days=terms_days)
    if due_on < issued_on:
        raise UserError("An invoice is due on the day of issue or later.", field="due_on")
    if due_on - issued_on > _LONGEST_TERM:
        raise UserError("This invoice would be due in more than a year.", field="due_on")
    return due_on


def subject_words(kind: CaseKind, first: date, last: date) -> str:
    """Return what an invoice is for: ``Family sessions, November 2026``."""
    sessions = f"{kind.label} sessions"
    end = f"{last:%B} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{sessions}, {end}"
    start = f"{first:%B}" if first.year == last.year else f"{first:%B} {first.year}"
    return f"{sessions}, {start} to {end}"


def service_words(code: str, description: str, minutes: int, units: int) -> str:
    """Return how a line names its service: ``0005Z, family session, 80 min, 2 units``."""
    parts = [code, description]
    if minutes:
        parts.append(f"{minutes} min")
    if units > 1:
        parts.append(f"{units} units")
    return ", ".join(part for part in parts if part)
