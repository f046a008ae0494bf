"""Who asks the exchange, and what it asks back about their practice's plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from hosted.store.engine import HostedSession


@dataclass(frozen=True, slots=True)
class Caller:
    """The device that asks, as its token told."""

    device_id: UUID
    practice_id: UUID
    member_id: UUID
    name: str
    revoked: bool = False


class Entitled(Protocol):
    """Gives the signed plan of a practice; empty where there is none."""

    def kept_for(self, session: HostedSession, practice_id: UUID) -> str | None:
        """Return the plan as it was signed last, read in ``session``; None if another is due."""

    def pair_for(self, practice_id: UUID) -> str:
        """Return the plan, signed anew where that is due."""

    def adjusts_roles(self, practice_id: UUID) -> bool:
        """Return whether what an owner gives to roles and takes from them counts now."""
