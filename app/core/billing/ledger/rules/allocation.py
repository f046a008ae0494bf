"""Which cent of which payment pays which charge.

A payment goes to charges as the person says, else to the oldest date of service first; what is
left is the payer's credit. Money taken out of a payment comes from its credit, then from its
newest allocation. No function here makes or loses a cent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO, Money, total


@dataclass(frozen=True, slots=True)
class Owed:
    """A charge with what is still owed of it, more than zero."""

    charge_id: UUID
    held_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Part:
    """What a charge gets of a payment."""

    charge_id: UUID
    amount: Money


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a payment goes: to charges, and the rest to the payer's credit."""

    parts: tuple[Part, ...]
    credit: Money

    @property
    def allocated(self) -> Money:
        """Return what goes to charges."""
        return total(part.amount for part in self.parts)


@dataclass(frozen=True, slots=True)
class Credit:
    """A payment with what is left of it, more than zero."""

    payment_id: UUID
    received_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Piece:
    """What a payment pays of a charge, net; below zero where it is taken back."""

    payment_id: UUID
    charge_id: UUID
    amount: Money


def oldest_first(amount: Money, owed: Iterable[Owed]) -> Plan:
    """Return where ``amount`` goes when nobody says: the oldest date of service first."""
    left = amount
    parts: list[Part] = []
    for charge in in_order(owed):
        given = min(left, charge.amount)
        if given > ZERO:
            parts.append(Part(charge.charge_id, given))
            left -= given
    return Plan(tuple(parts), left)


def as_said(amount: Money, owed: Iterable[Owed], said: Mapping[UUID, Money]) -> Plan:
    """Return where ``amount`` goes as the person says, charge by charge.

    Raises ``UserError`` for a charge that owes nothing, for more than it owes, for less than
    zero, and for more than was received altogether.
    """
    charges = in_order(owed)
    unknown = said.keys() - {charge.charge_id for charge in charges}
    if any(said[charge_id] for charge_id in unknown):
        raise UserError("One of these charges is already paid; look again.", field="parts")
    parts: list[Part] = []
    for charge in charges:
        given = said.get(charge.charge_id, ZERO)
        if given < ZERO:
            raise UserError("A charge gets zero or more of a payment.", field="parts")
        if given > charge.amount:
            raise UserError(
                f"Only {charge.amount} is owed there, so {given} is too much.", field="parts"
            )
        if given:
            parts.append(Part(charge.charge_id, given))
    left = amount - total(part.amount for part in parts)
    if left < ZERO:
        raise UserError(
            f"This gives out {-left} more than was received; lower one of the parts.",
            field="parts",
        )
    return Plan(tuple(parts), left)


def in_order(owed: Iterable[Owed]) -> list[Owed]:
    """Return charges in the order in which payments reach them."""
    return sorted(owed, key=lambda charge: (charge.held_on, charge.charge_id))


def spend_credit(held: Iterable[Credit], owed: Iterable[Owed]) -> tuple[Piece, ...]:
    """Return how credit pays charges: the oldest money goes to the oldest date of service."""
    purse = sorted(held, key=lambda credit: (credit.received_on, credit.payment_id))
    left = {credit.payment_id: credit.amount for credit in purse}
    pieces: list[Piece] = []
    for charge in in_order(owed):
        wanted = charge.amount
        for payment_id, rest in left.items():
            given = min(wanted, rest)
            if given > ZERO:
                pieces.append(Piece(payment_id, charge.charge_id, given))
                left[payment_id] = rest - given
                wanted -= given
    return tuple(pieces)


def take_out(amount: Money, credit: Money, newest_first: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return what is taken back from charges when ``amount`` leaves a payment.

    ``credit`` is what of the payment no charge has; it goes first, then the newest allocation.
    Raises ``UserError`` when the payment holds less than ``amount``.
    """
    held = credit + total(piece.amount for piece in newest_first)
    if amount > held:
        raise UserError(f"Only {held} of this payment is left to give back.", field="amount")
    wanted = max(amount - credit, ZERO)
    pieces: list[Piece] = []
    for piece in newest_first:
        taken = min(wanted, piece.amount)
        if taken > ZERO:
            pieces.append(Piece(piece.payment_id, piece.charge_id, -taken))
            wanted -= taken
    return tuple(pieces)


def set_free(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return the allocations that take every piece back, as when a charge is voided."""
    return tuple(
        Piece(piece.payment_id, piece.charge_id, -piece.amount) for piece in pieces if piece.amount
    )
