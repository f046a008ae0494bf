"""What the plan allows: the table *act by state* of the product's `Plans`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.core.kernel.acting import Role
from app.core.kernel.errors import PlanRefuses


class Plan(StrEnum):
    """What a practice can pay for. A document may name others that came later."""

    STARTER = "STARTER"
    PROFESSIONAL = "PROFESSIONAL"
    GROUP = "GROUP"
    ARCHIVE = "ARCHIVE"


class Feature(StrEnum):
    """What only some plans have besides more room."""

    OWNER_SUPERVISES = "OWNER_SUPERVISES"
    """Associates are supervised, and the owner supervises all of them."""
    FLEXIBLE_SUPERVISION = "FLEXIBLE_SUPERVISION"
    """A default supervisor for each associate, another for a case or an appointment."""
    STAFF_PERMISSIONS = "STAFF_PERMISSIONS"
    PROVIDER_PAYOUTS = "PROVIDER_PAYOUTS"
    PRACTICE_REPORTS = "PRACTICE_REPORTS"


class SeatKind(StrEnum):
    """What a plan counts seats of."""

    CLINICIAN = "CLINICIAN"
    ASSOCIATE = "ASSOCIATE"
    ADMIN = "ADMIN"


#: The seat that a member of each role takes.
SEAT_OF: dict[Role, SeatKind] = {
    Role.OWNER: SeatKind.CLINICIAN,
    Role.PROVIDER: SeatKind.CLINICIAN,
    Role.ASSOCIATE: SeatKind.ASSOCIATE,
    Role.ADMIN: SeatKind.ADMIN,
}


@dataclass(frozen=True, slots=True)
class SeatLimits:
    """How many seats of each kind may be taken; ``None`` is no ceiling."""

    clinicians: int | None
    associates: int | None
    admins: int | None

    def of(self, kind: SeatKind) -> int | None:
        """Return the ceiling of one kind."""
        match kind:
            case SeatKind.CLINICIAN:
                return self.clinicians
            case SeatKind.ASSOCIATE:
                return self.associates
            case SeatKind.ADMIN:
                return self.admins


class Act(StrEnum):
    """The rows of the table: every command names the one that it is."""

    READ = "READ"
    """Read, search, print, export, back up, restore, audit, verify."""
    CLOSE = "CLOSE"
    """Close sessions booked before and begin their notes; correct contact data."""
    FINISH = "FINISH"
    """Finish and sign a draft that is there, amend a note."""
    SETTLE = "SETTLE"
    """Record money received, void, refund, superbills for past sessions."""
    BOOK = "BOOK"
    """Book and move sessions, issue invoices, and every write that no other row names."""
    WITHDRAW = "WITHDRAW"
    """Make a client inactive, deactivate a member, take back an invitation."""
    GROW = "GROW"
    """Activate a client, invite, add a device: within limits."""


class Standing(StrEnum):
    """The columns of the table."""

    WITHIN = "WITHIN"
    """No account, trial, paid, Starter in its year, grace."""
    LAPSED = "LAPSED"
    ARCHIVE = "ARCHIVE"
    STALE = "STALE"
    """Connected once, document not refreshed for more than 44 days."""


_ALLOWED: dict[Standing, frozenset[Act]] = {
    Standing.WITHIN: frozenset(Act),
    Standing.LAPSED: frozenset({Act.READ, Act.CLOSE, Act.FINISH, Act.SETTLE, Act.WITHDRAW}),
    Standing.ARCHIVE: frozenset({Act.READ, Act.FINISH}),
    Standing.STALE: frozenset(Act) - {Act.GROW},
}

_REFUSALS: dict[Standing, str] = {
    Standing.LAPSED: "Your plan has ended: renew it under Settings, Subscription to do this.",
    Standing.ARCHIVE: "This practice is archived: return to a plan in Settings to do this.",
    Standing.STALE: "Connect to the account once, so that your plan can be checked, and try again.",
    Standing.WITHIN: "",
}

#: Active clients on Starter, and with no account at all.
STARTER_ACTIVE_CLIENTS = 10
#: One clinician who works alone: Starter, and no account at all.
ALONE = SeatLimits(clinicians=1, associates=0, admins=0)
UNLIMITED = SeatLimits(None, None, None)


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What the practice may do and how large it may be; ``None`` is no ceiling."""

    plan: str
    standing: Standing
    active_clients: int | None
    demo: bool = False
    seats: SeatLimits = ALONE
    features: frozenset[Feature] = frozenset()

    def allows(self, act: Act, role: Role = Role.OWNER) -> bool:
        """Return whether ``act`` is open in this standing (limits are checked by the command).

        In Archive only the owner writes; the other members read.
        """
        if self.standing is Standing.ARCHIVE and role is not Role.OWNER:
            return act is Act.READ
        return act in _ALLOWED[self.standing]

    def require(self, act: Act, role: Role = Role.OWNER) -> None:
        """Raise ``PlanRefuses`` with the mend if ``act`` is closed to ``role``."""
        if not self.allows(act, role):
            raise PlanRefuses(_REFUSALS[self.standing])


NO_ACCOUNT = Entitlement("none", Standing.WITHIN, STARTER_ACTIVE_CLIENTS)
DEMO = Entitlement(
    "demo",
    Standing.WITHIN,
    None,
    demo=True,
    seats=UNLIMITED,
    features=frozenset(Feature),
)
