"""How long money has been owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.core.billing.ledger.rules.allocation import Owed
from app.core.kernel.money import ZERO, Money, total

#: Days since the session at which a bucket ends, both included; the last one is open.
_ENDS = (30, 60, 90)


@dataclass(frozen=True, slots=True)
class Aging:
    """What is owed, by days since the date of service."""

    to_30: Money = ZERO
    to_60: Money = ZERO
    to_90: Money = ZERO
    older: Money = ZERO

    @property
    def owing(self) -> Money:
        """Return all that is owed."""
        return total((self.to_30, self.to_60, self.to_90, self.older))


def aging(owed: Iterable[Owed], today: date) -> Aging:
    """Return what is owed in the four buckets of accountants: 30, 60, 90 days, and older."""
    sums = [ZERO] * (len(_ENDS) + 1)
    for charge in owed:
        days = (today - charge.held_on).days
        bucket = sum(days > end for end in _ENDS)
        sums[bucket] += charge.amount
    return Aging(*sums)
