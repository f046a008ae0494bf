"""The plans as data: what each costs, how much room it has, and what only it can do.

One catalogue for the account, which charges by it, and for the program, which shows it. Prices
are cents a month of one practice. A document names the version under which it was signed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.core.kernel.entitlement import (
    STARTER_ACTIVE_CLIENTS,
    Feature,
    Plan,
    SeatKind,
    SeatLimits,
)
from app.core.kernel.money import ZERO, Money

#: Raised with every change of a price, a limit or a feature.
CATALOGUE_VERSION = 1


@dataclass(frozen=True, slots=True)
class SeatTerms:
    """Seats of one kind in a plan.

    ``included`` is in the base price, ``None`` any number; ``extra`` is the price a month of each
    further one, ``None`` where there is none to be had.
    """

    included: int | None
    extra: Money | None = None

    @property
    def most(self) -> int | None:
        """Return how many may be taken; ``None`` is no ceiling."""
        return self.included if self.extra is None else None


NO_SEATS = SeatTerms(0)
FREE_SEATS = SeatTerms(None)


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What a plan is.

    ``term_months`` and ``trial_days`` are 0 where the plan has none; ``active_clients`` is
    ``None`` without a ceiling.
    """

    plan: Plan
    name: str
    best_for: str
    monthly: Money
    active_clients: int | None
    clinicians: SeatTerms
    associates: SeatTerms = NO_SEATS
    admins: SeatTerms = NO_SEATS
    term_months: int = 0
    trial_days: int = 0
    features: frozenset[Feature] = field(default_factory=frozenset)

    def seats(self, kind: SeatKind) -> SeatTerms:
        """Return the terms of one kind of seat."""
        match kind:
            case SeatKind.CLINICIAN:
                return self.clinicians
            case SeatKind.ASSOCIATE:
                return self.associates
            case SeatKind.ADMIN:
                return self.admins

    @property
    def seat_limits(self) -> SeatLimits:
        """Return how many seats of each kind may be taken."""
        return SeatLimits(self.clinicians.most, self.associates.most, self.admins.most)


_ASSOCIATES = SeatTerms(0, extra=Money(11_00))

CATALOGUE: dict[Plan, PlanTerms] = {
    Plan.STARTER: PlanTerms(
        Plan.STARTER,
        name="Starter",
        best_for="Solo clinicians running a small caseload",
        monthly=ZERO,
        active_clients=STARTER_ACTIVE_CLIENTS,
        clinicians=SeatTerms(1),
        term_months=12,
    ),
    Plan.PROFESSIONAL: PlanTerms(
        Plan.PROFESSIONAL,
        name="Professional",
        best_for="Solo practices that need more active clients, admins or associates",
        monthly=Money(39_00),
        active_clients=None,
        clinicians=SeatTerms(1),
        associates=_ASSOCIATES,
        admins=FREE_SEATS,
        trial_days=14,
        features=frozenset({Feature.OWNER_SUPERVISES}),
    ),
    Plan.GROUP: PlanTerms(
        Plan.GROUP,
        name="Group",
        best_for="Practices with several clinicians",
        monthly=Money(59_00),
        active_clients=None,
        clinicians=SeatTerms(2, extra=Money(29_00)),
        associates=_ASSOCIATES,
        admins=FREE_SEATS,
        features=frozenset(Feature),
    ),
    # Its records may hold any number of active clients, none can be added: the table of acts
    # refuses that. The one seat is the owner's own; a plan without it would lock its reader out.
    Plan.ARCHIVE: PlanTerms(
        Plan.ARCHIVE,
        name="Archive",
        best_for="Practices that pause and keep their records at hand",
        monthly=Money(9_00),
        active_clients=None,
        clinicians=SeatTerms(1),
    ),
}
