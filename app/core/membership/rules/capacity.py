"""How many clients the plan lets be active."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.kernel.errors import PlanRefuses


@dataclass(frozen=True, slots=True)
class Capacity:
    """Active clients used and allowed; ``allowed`` is ``None`` without a ceiling."""

    used: int
    allowed: int | None

    @property
    def free(self) -> int | None:
        """Return how many more may be activated, never below 0; ``None`` without a ceiling."""
        return None if self.allowed is None else max(self.allowed - self.used, 0)

    @property
    def over(self) -> int:
        """Return how many active clients are over the plan."""
        return 0 if self.allowed is None else max(self.used - self.allowed, 0)

    def fits(self, more: int) -> bool:
        """Return whether ``more`` people can be activated."""
        return self.allowed is None or self.used + more <= self.allowed


def require_room(capacity: Capacity, more: int) -> None:
    """Raise ``PlanRefuses`` with what to do when ``more`` people cannot be activated."""
    if more and not capacity.fits(more):
        raise PlanRefuses(
            f"Your plan has room for {capacity.allowed} active clients and {capacity.used} are "
            "active already: make somebody inactive first."
        )
