"""What a person enters in the ledger, and when an entry is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.billing.ledger.rules.allocation import Part
from app.core.billing.ledger.rules.words import OFFERED_METHODS, ChargeKind, Method
from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO, Money
from app.core.kernel.text import clean_line

#: No practice begins before the last century ended; an earlier year is a slip of the keys.
_EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class PaymentEntry:
    """Money received, as a person enters it.

    ``payment_id`` is made by whoever opened the form, so that a second click enters nothing
    twice. ``charge_ids`` limits the payment to these charges; ``parts`` says what each gets,
    and where it is ``None`` the oldest date of service comes first.
    """

    payment_id: UUID
    client_id: UUID
    amount: Money
    method: Method
    received_on: date
    reference: str = ""
    note: str = ""
    case_id: UUID | None = None
    charge_ids: tuple[UUID, ...] | None = None
    parts: tuple[Part, ...] | None = None


@dataclass(frozen=True, slots=True)
class RefundEntry:
    """Money given back of one payment."""

    refund_id: UUID
    payment_id: UUID
    amount: Money
    method: Method
    refunded_on: date
    reference: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OpeningEntry:
    """What a client owed (a balance) or had paid ahead (a credit) when the practice began here."""

    entry_id: UUID
    client_id: UUID
    case_id: UUID
    amount: Money
    as_of: date


@dataclass(frozen=True, slots=True)
class NewCharge:
    """One line of a session to be charged, or what was owed before.

    ``amount`` is what this client is charged and ``usual_fee`` the catalogue's fee, both for
    all ``units``.
    """

    case_id: UUID
    client_id: UUID
    kind: ChargeKind
    held_on: date
    description: str
    amount: Money
    usual_fee: Money
    code: str = ""
    modifiers: tuple[str, ...] = ()
    units: int = 1
    minutes: int = 0
    member_id: UUID | None = None
    appointment_id: UUID | None = None
    service_line_id: UUID | None = None


def check_amount(amount: Money, *, field: str = "amount") -> Money:
    """Return an amount above zero; raises ``UserError`` otherwise."""
    if amount <= ZERO:
        raise UserError("Type an amount above zero.", field=field)
    return amount


def check_day(day: date, today: date, *, field: str) -> date:
    """Return a day on which money can have moved; raises ``UserError`` for one still to come."""
    if day > today:
        raise UserError("This day is still to come: money is entered once it is here.", field=field)
    if day < _EARLIEST:
        raise UserError("This year is too long ago; check its digits.", field=field)
    return day


def check_payment(entry: PaymentEntry, today: date) -> PaymentEntry:
    """Return the payment as it is kept; raises ``UserError`` naming the field to mend."""
    return PaymentEntry(
        payment_id=entry.payment_id,
        client_id=entry.client_id,
        amount=check_amount(entry.amount),
        method=_check_method(entry.method),
        received_on=check_day(entry.received_on, today, field="received_on"),
        reference=clean_line(entry.reference, field="reference"),
        note=clean_line(entry.note, field="note"),
        case_id=entry.case_id,
        charge_ids=entry.charge_ids,
        parts=entry.parts,
    )


def check_refund(entry: RefundEntry, received_on: date, today: date) -> RefundEntry:
    """Return the refund as it is kept; raises ``UserError`` naming the field to mend."""
    if entry.refunded_on < received_on:
        raise UserError(
            "A refund cannot be dated before the payment that it gives back.", field="refunded_on"
        )
    return RefundEntry(
        refund_id=entry.refund_id,
        payment_id=entry.payment_id,
        amount=check_amount(entry.amount),
        method=_check_method(entry.method),
        refunded_on=check_day(entry.refunded_on, today, field="refunded_on"),
        reference=clean_line(entry.reference, field="reference"),
        note=clean_line(entry.note, field="note"),
    )


def check_opening(entry: OpeningEntry, today: date) -> OpeningEntry:
    """Return the opening entry; raises ``UserError`` naming the field to mend."""
    check_amount(entry.amount)
    check_day(entry.as_of, today, field="as_of")
    return entry


def _check_method(method: Method) -> Method:
    if method not in OFFERED_METHODS:
        raise UserError("Choose cash, check, Zelle, card or other.", field="method")
    return method
