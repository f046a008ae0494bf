"""Money is integer cents in US dollars; every rounding of the program happens here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.core.kernel.errors import UserError

MINUS = "\N{MINUS SIGN}"
_AMOUNT = re.compile(
    r"^(?P<sign>[-\u2212]?)\$?(?P<dollars>\d{1,3}(?:,\d{3})+|\d+)?(?:\.(?P<cents>\d{1,2}))?$"
)
#: More than any practice books in one entry; keeps typed nonsense out of the ledger.
LARGEST = 100_000_000_00


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in cents; may be negative."""

    cents: int = 0

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents)

    def __neg__(self) -> Money:
        return Money(-self.cents)

    def __mul__(self, times: int) -> Money:
        return Money(self.cents * times)

    def __bool__(self) -> bool:
        return self.cents != 0

    def __str__(self) -> str:
        """Return the amount as people read it: ``$1,234.50``, with a true minus sign."""
        sign = MINUS if self.cents < 0 else ""
        return f"{sign}${abs(self.cents) // 100:,}.{abs(self.cents) % 100:02d}"

    def plain(self) -> str:
        """Return the amount as papers and tables print it: ``1,234.50``."""
        return str(self).replace("$", "")


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    """Return the sum of an iterable of ``Money``."""
    cents = 0
    for amount in amounts:
        cents += amount.cents
    return Money(cents)


def parse_money(text: str, *, field: str = "amount") -> Money:
    """Read what a person typed: ``165``, ``$1,234.5``, ``-20.00``.

    Raises ``UserError`` naming ``field`` when it is no amount of dollars and cents.
    """
    match = _AMOUNT.match(text.strip().replace(" ", ""))
    if match is None or (match["dollars"] is None and match["cents"] is None):
        raise UserError("Type an amount in dollars and cents, like 165.00.", field=field)
    cents = int((match["dollars"] or "0").replace(",", "")) * 100
    cents += int((match["cents"] or "").ljust(2, "0"))
    if cents > LARGEST:
        raise UserError(
            "That amount is larger than one entry can hold; check the digits.", field=field
        )
    return Money(-cents if match["sign"] else cents)


def share(amount: Money, weights: list[int]) -> list[Money]:
    """Split ``amount`` by integer ``weights`` so that the parts add up to the cent.

    The first parts take the odd cents. Raises ``ValueError`` for weights that sum to 0 or less.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative and sum to more than 0")
    sign = -1 if amount.cents < 0 else 1
    size = abs(amount.cents)
    parts = [size * weight // whole for weight in weights]
    left = size - sum(parts)
    for index, weight in enumerate(weights):
        if left and weight:
            parts[index] += 1
            left -= 1
    return [Money(sign * part) for part in parts]


def percent_of(amount: Money, percent: Decimal) -> Money:
    """Return ``percent`` of ``amount``, half a cent away from zero."""
    cents = (Decimal(amount.cents) * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return Money(int(cents))


def prorated(amount: Money, left: int, whole: int) -> Money:
    """Return the part of a period's ``amount`` that its ``left`` days of ``whole`` owe.

    Half a cent goes away from zero, so that a seat taken and given back on the same day costs
    nothing. Raises ``ValueError`` unless 0 <= ``left`` <= ``whole`` and ``whole`` is positive.
    """
    if not 0 <= left <= whole or whole <= 0:
        raise ValueError("the days left lie within the period")
    cents = (Decimal(amount.cents * left) / whole).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return Money(int(cents))
