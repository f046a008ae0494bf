"""The plan of an open practice: what the account granted last, judged at every moment anew."""

from __future__ import annotations

from dataclasses import replace

from app.core.kernel.clock import Clock
from app.core.kernel.entitlement import Entitlement
from app.core.membership.rules.grant import Freshness, PlanState, plan_state
from app.sync.entitlement.reading import Kept


class PracticePlan:
    """What the file holds of the plan, judged by the clock; any thread may ask."""

    def __init__(self, kept: Kept, clock: Clock) -> None:
        self._kept = kept
        self._clock = clock

    @property
    def entitlement(self) -> Entitlement:
        """What the plan allows now."""
        return self.state().entitlement

    def state(self) -> PlanState:
        """Return the plan as it stands now."""
        kept = self._kept
        found = plan_state(kept.grant, self._clock.now(), kept.proven)
        if kept.dropped and found.freshness is Freshness.FRESH:
            return replace(found, freshness=Freshness.DUE)
        return found
