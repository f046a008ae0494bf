"""What a service costs a client: the client's own fee, else the catalogue's."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Fee:
    """What one unit of a service costs: ``usual`` in the catalogue, ``own`` for this case."""

    usual: Money
    own: Money | None = None

    @property
    def charged(self) -> Money:
        """Return what this client is charged for one unit."""
        return self.usual if self.own is None else self.own

    @property
    def reduced_by(self) -> Money:
        """Return how far below the usual fee that is; zero when it is not."""
        return max(self.usual - self.charged, ZERO)


def check_own_fee(fee: Money) -> Money:
    """Return a fee of zero or more; raises ``UserError`` for one below."""
    if fee < ZERO:
        raise UserError("A fee is zero or more.", field="fee")
    return fee
