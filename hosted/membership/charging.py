"""Who takes the money: one interface, so that a payment processor can stand behind it later.

Until then the operator does: what is due is written down, and the operator says what was paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.core.kernel.clock import unix_ms
from app.core.kernel.ids import new_id
from app.core.kernel.money import ZERO, Money
from hosted.account.tables import Account
from hosted.membership.facts import subscription
from hosted.membership.tables import PlanCharge
from hosted.store.engine import HostedSession


class NotPaid(Exception):
    """An amount that is due at once could not be taken."""

    def __init__(self, amount: Money) -> None:
        super().__init__(str(amount))
        self.amount = amount


@dataclass(frozen=True, slots=True)
class Due:
    """What is due at once, and what for; below zero it is credit on the next invoice."""

    amount: Money
    words: str


class Charging(Protocol):
    """Takes what is due."""

    def take(self, session: HostedSession, account: Account, due: Due, at: datetime) -> None:
        """Take an amount, or keep a credit, within the transaction of the change that it is for.

        Raises ``NotPaid``.
        """
        ...


class ByHand:
    """Writes down what is due, where the operator reads it (``hosted admin plan show``)."""

    def take(self, session: HostedSession, account: Account, due: Due, at: datetime) -> None:
        """Write an amount down; without a card on file nothing is given out for it."""
        if due.amount > ZERO and not subscription(session, account).card:
            raise NotPaid(due.amount)
        session.add(
            PlanCharge(
                id=new_id(unix_ms(at)),
                account_id=account.id,
                at=at,
                cents=due.amount.cents,
                words=due.words,
            )
        )
