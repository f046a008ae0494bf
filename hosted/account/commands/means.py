"""What every command of the account stands on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from app.core.kernel.clock import Clock, whole_milliseconds
from hosted.account.rules.passwords import Hashing
from hosted.seal import Seal
from hosted.store.engine import Database


class Refused(Exception):
    """What was brought does not open anything; why is not told."""


@dataclass(frozen=True, slots=True)
class Means:
    """The database, the clock, the seal, and what a password's hash costs."""

    database: Database
    clock: Clock
    seal: Seal = field(default_factory=Seal)
    hashing: Hashing = field(default_factory=Hashing)

    def now(self) -> datetime:
        """Return the moment of record."""
        return whole_milliseconds(self.clock.now())
