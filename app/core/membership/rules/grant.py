"""What the account grants a practice, and what that allows at a moment.

The account signs a grant (``sync.protocol.entitlement``), the program checks it
(``sync.entitlement``) and keeps it in the practice's file. Nothing but a grant may restrict: with
none at all one computer works with Starter's limits and no end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.core.kernel.entitlement import (
    NO_ACCOUNT,
    Entitlement,
    Feature,
    SeatLimits,
    Standing,
)
from app.core.membership.rules.catalogue import CATALOGUE, CATALOGUE_VERSION
from app.core.membership.rules.moves import PracticeFacts
from app.core.membership.rules.notices import Notice, notices, notices_later
from app.core.membership.rules.seats import SeatsUsed
from app.core.membership.rules.subscription import STANDING_OF, Status

#: How long a grant is good: asked for anew after a day, run out after fourteen, then in grace.
REFRESH_AFTER = timedelta(days=1)
EXPIRES_AFTER = timedelta(days=14)
GRACE_AFTER_EXPIRY = timedelta(days=30)
#: A computer's clock may be this far behind a moment that is proven before anybody is told.
CLOCK_TOLERANCE = timedelta(minutes=10)


class Freshness(StrEnum):
    """How old a grant is."""

    FRESH = "FRESH"
    DUE = "DUE"
    """To be asked for anew: nothing is wrong."""
    EXPIRED = "EXPIRED"
    """In its thirty days' grace: everything still works."""
    STALE = "STALE"
    """Not refreshed for more than 44 days: no new growth until the account was reached."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What the account said of a practice's plan; moments are whole seconds of UTC.

    ``seq`` grows with every grant of a practice. ``plan`` may name a plan that came after this
    version of the program; ``status`` is ``None`` for one that did. ``until`` is when the status
    ends or renews by itself. ``None`` as a limit is no ceiling.
    """

    practice_id: UUID
    seq: int
    plan: str
    status: Status | None
    until: datetime | None
    active_clients: int | None
    seats: SeatLimits
    active_clients_used: int
    seats_used: SeatsUsed
    features: frozenset[Feature]
    catalogue: int
    issued: datetime
    refresh: datetime
    expires: datetime
    stale: datetime
    notices: tuple[Notice, ...] = ()

    def freshness(self, at: datetime) -> Freshness:
        """Return how old it is at ``at``."""
        if at > self.stale:
            return Freshness.STALE
        if at >= self.expires:
            return Freshness.EXPIRED
        return Freshness.DUE if at >= self.refresh else Freshness.FRESH

    def told(self, at: datetime) -> tuple[Notice, ...]:
        """Return what the practice is told of its plan at ``at``, with and without a network."""
        return notices_later(self.notices, self.status, self.until, max(at, self.issued))


@dataclass(frozen=True, slots=True)
class PlanState:
    """The plan of an open practice as its screens show it; ``grant`` is ``None`` without one.

    ``clock_turned_back`` says that the computer's clock is behind a moment that is proven. That is
    shown, and changes nothing else.
    """

    entitlement: Entitlement
    grant: Grant | None = None
    freshness: Freshness = Freshness.FRESH
    clock_turned_back: bool = False


def grant_of(practice_id: UUID, facts: PracticeFacts, seq: int, at: datetime) -> Grant:
    """Return what the account grants at ``at``: the plan's limits, and how much is used."""
    stands = facts.stands(at)
    terms = CATALOGUE[stands.plan]
    issued = _whole_seconds(at)
    return Grant(
        practice_id=practice_id,
        seq=seq,
        plan=stands.plan,
        status=stands.status,
        until=None if stands.until is None else _whole_seconds(stands.until),
        active_clients=terms.active_clients,
        seats=terms.seat_limits,
        active_clients_used=facts.active_clients,
        seats_used=facts.used(at),
        features=terms.features,
        catalogue=CATALOGUE_VERSION,
        issued=issued,
        refresh=issued + REFRESH_AFTER,
        expires=issued + EXPIRES_AFTER,
        stale=issued + EXPIRES_AFTER + GRACE_AFTER_EXPIRY,
        notices=notices(facts.subscription, stands, facts.active_clients, issued),
    )


def meanwhile_words(freshness: Freshness) -> str:
    """Return what works on a computer until the account is reached, as a sentence."""
    but = " but making clients active and inviting people" if freshness is Freshness.STALE else ""
    return f"Until then everything works on this computer{but}."


def plan_state(grant: Grant | None, wall: datetime, proven: datetime | None = None) -> PlanState:
    """Return what holds at ``wall``, the computer's clock.

    ``proven`` is the latest moment that the account signed to. The later of the two counts, so
    that turning a clock back makes no grant younger; a clock that runs ahead takes no more than an
    old grant would.
    """
    if grant is None:
        return PlanState(NO_ACCOUNT)
    proven = max(proven or grant.issued, grant.issued)
    at = max(wall, proven)
    freshness = grant.freshness(at)
    # A status that this version does not know restricts nothing.
    standing = Standing.WITHIN if grant.status is None else STANDING_OF[grant.status]
    if standing is Standing.WITHIN and freshness is Freshness.STALE:
        standing = Standing.STALE
    entitlement = Entitlement(
        grant.plan,
        standing,
        grant.active_clients,
        seats=grant.seats,
        features=grant.features,
    )
    return PlanState(entitlement, grant, freshness, wall < proven - CLOCK_TOLERANCE)


def _whole_seconds(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
