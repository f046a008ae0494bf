"""What a session charges: one charge for each service line, for each person who owes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.billing.fees.rules import Fee
from app.core.billing.ledger.rules.entries import NewCharge
from app.core.billing.ledger.rules.words import SHARED_CASES, ChargeKind
from app.core.kernel.money import Money, total
from app.core.practice.rules.catalogue import CaseKind

MISSED_WORDS = "Missed session"
LATE_WORDS = "Late cancellation"


@dataclass(frozen=True, slots=True)
class ChargedSession:
    """A session that is to be charged, and the people of its case in their order."""

    appointment_id: UUID
    case_id: UUID
    case_kind: CaseKind
    people: tuple[UUID, ...]
    identified_client_id: UUID | None
    held_on: date
    minutes: int
    member_id: UUID | None


@dataclass(frozen=True, slots=True)
class ChargedLine:
    """A service line. ``said`` is the fee of one unit that the person set for this session."""

    id: UUID
    service: str
    code: str
    modifiers: tuple[str, ...]
    units: int
    minutes: int
    fee: Fee
    said: Money | None = None

    @property
    def amount(self) -> Money:
        """Return what this client is charged for all units."""
        return (self.fee.charged if self.said is None else self.said) * self.units

    @property
    def usual_fee(self) -> Money:
        """Return what the catalogue asks for all units."""
        return self.fee.usual * self.units


def who_is_charged(
    kind: CaseKind, people: tuple[UUID, ...], identified: UUID | None
) -> tuple[UUID, ...]:
    """Return for whom a session is charged.

    A couple's or family's is charged once, for the identified patient if one is named; in groups
    every participant is charged.
    """
    if kind in SHARED_CASES:
        return (identified or people[0],)
    return people


def charges_for_attended(
    session: ChargedSession, lines: tuple[ChargedLine, ...]
) -> tuple[NewCharge, ...]:
    """Return the charges of a session that was held: one for each line."""
    return tuple(
        NewCharge(
            case_id=session.case_id,
            client_id=client_id,
            kind=ChargeKind.SESSION,
            held_on=session.held_on,
            description=line.service,
            amount=line.amount,
            usual_fee=line.usual_fee,
            code=line.code,
            modifiers=line.modifiers,
            units=line.units,
            minutes=line.minutes,
            member_id=session.member_id,
            appointment_id=session.appointment_id,
            service_line_id=line.id,
        )
        for client_id in _charged(session)
        for line in lines
    )


def charges_for_missed(
    session: ChargedSession, lines: tuple[ChargedLine, ...], fee: Money | None, *, late: bool
) -> tuple[NewCharge, ...]:
    """Return the one charge of a session missed or canceled late; no service was given.

    ``fee`` is what the person asks for it; ``None`` is what the session would have cost.
    """
    amount = total(line.amount for line in lines) if fee is None else fee
    return tuple(
        NewCharge(
            case_id=session.case_id,
            client_id=client_id,
            kind=ChargeKind.MISSED,
            held_on=session.held_on,
            description=LATE_WORDS if late else MISSED_WORDS,
            amount=amount,
            usual_fee=amount,
            member_id=session.member_id,
            appointment_id=session.appointment_id,
        )
        for client_id in _charged(session)
    )


def _charged(session: ChargedSession) -> tuple[UUID, ...]:
    return who_is_charged(session.case_kind, session.people, session.identified_client_id)
