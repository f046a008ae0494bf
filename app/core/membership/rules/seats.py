"""Who takes a seat: active members, invitations that still stand, and seats held in reserve.

An invitation takes a seat of its kind that is held in reserve, where one is free; once it has ended
the seat is held in reserve again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import SEAT_OF, SeatKind

#: How long an invitation can be accepted.
INVITATION_STANDS = timedelta(days=14)


class Holding(StrEnum):
    """How a seat is taken."""

    ACTIVE = "ACTIVE"
    INVITED = "INVITED"
    RESERVED = "RESERVED"


@dataclass(frozen=True, slots=True)
class SeatHolder:
    """Who takes a seat, and how.

    ``id`` names the member, invitation or reservation as text; ``invited_at`` is the moment at
    which an invitation was sent last; ``from_reserve`` says that it took a seat held in reserve.
    """

    id: str
    name: str
    role: Role
    holding: Holding = Holding.ACTIVE
    invited_at: datetime | None = None
    from_reserve: bool = False

    @property
    def kind(self) -> SeatKind:
        """Return the kind of seat that the role takes."""
        return SEAT_OF[self.role]

    def holds_at(self, at: datetime) -> bool:
        """Return whether the seat is taken at ``at``: an invitation ends after 14 days."""
        if self.holding is not Holding.INVITED:
            return True
        return self.invited_at is not None and at < self.invited_at + INVITATION_STANDS


@dataclass(frozen=True, slots=True)
class SeatCount:
    """Seats of one kind taken, by how they are."""

    active: int = 0
    invited: int = 0
    reserved: int = 0

    @property
    def used(self) -> int:
        """Return how many are taken in all."""
        return self.active + self.invited + self.reserved


@dataclass(frozen=True, slots=True)
class SeatsUsed:
    """Seats taken, by kind."""

    clinicians: SeatCount = SeatCount()
    associates: SeatCount = SeatCount()
    admins: SeatCount = SeatCount()

    def of(self, kind: SeatKind) -> SeatCount:
        """Return the count of one kind."""
        match kind:
            case SeatKind.CLINICIAN:
                return self.clinicians
            case SeatKind.ASSOCIATE:
                return self.associates
            case SeatKind.ADMIN:
                return self.admins


def seated(holders: Iterable[SeatHolder], at: datetime) -> tuple[SeatHolder, ...]:
    """Return who takes a seat at ``at``, one each: a reserved one is its invitation's meanwhile."""
    standing = [each for each in holders if each.holds_at(at)]
    lent = Counter(each.kind for each in standing if each.from_reserve)
    found = []
    for each in standing:
        if each.holding is Holding.RESERVED and lent[each.kind]:
            lent[each.kind] -= 1
        else:
            found.append(each)
    return tuple(found)


def seats_used(holders: Iterable[SeatHolder], at: datetime) -> SeatsUsed:
    """Count the seats that are taken at ``at``."""
    held = [(each.kind, each.holding) for each in seated(holders, at)]

    def count(kind: SeatKind) -> SeatCount:
        return SeatCount(
            active=held.count((kind, Holding.ACTIVE)),
            invited=held.count((kind, Holding.INVITED)),
            reserved=held.count((kind, Holding.RESERVED)),
        )

    return SeatsUsed(count(SeatKind.CLINICIAN), count(SeatKind.ASSOCIATE), count(SeatKind.ADMIN))
