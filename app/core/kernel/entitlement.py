"""What the plan allows: the table *act by state* of the product's `Plans`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.core.kernel.errors import PlanRefuses


class Act(StrEnum):
    """The rows of the table: every command names the one that it is."""

    READ = "READ"
    """Read, search, print, export, back up, restore, audit, verify."""
    CLOSE = "CLOSE"
    """Close sessions booked before; finish, sign, amend notes; correct contact data."""
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
    Standing.LAPSED: frozenset({Act.READ, Act.CLOSE, Act.SETTLE, Act.WITHDRAW}),
    Standing.ARCHIVE: frozenset({Act.READ, Act.CLOSE}),
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


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What the practice may do and how large it may be; ``None`` is no ceiling."""

    plan: str
    standing: Standing
    active_clients: int | None
    demo: bool = False

    def allows(self, act: Act) -> bool:
        """Return whether ``act`` is open in this standing (limits are checked by the command)."""
        return act in _ALLOWED[self.standing]

    def require(self, act: Act) -> None:
        """Raise ``PlanRefuses`` with the mend if ``act`` is closed."""
        if not self.allows(act):
            raise PlanRefuses(_REFUSALS[self.standing])


NO_ACCOUNT = Entitlement("none", Standing.WITHIN, STARTER_ACTIVE_CLIENTS)
DEMO = Entitlement("demo", Standing.WITHIN, None, demo=True)
