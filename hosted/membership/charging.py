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
from app.core.membership.rules.moves import PracticeFacts
from app.core.membership.rules.prices import due_now, monthly_price
from app.core.membership.rules.subscription import Status
from hosted.account.tables import Account
from hosted.membership.facts import subscription
from hosted.membership.tables import PlanCharge
from hosted.store.engine import HostedSession


class NotPaid(Exception):
    """What is due at once could not be taken."""


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
            raise NotPaid
        session.add(
            PlanCharge(
                id=new_id(unix_ms(at)),
                account_id=account.id,
                at=at,
                cents=due.amount.cents,
                words=due.words,
            )
        )


def settle_seats(
    session: HostedSession,
    account: Account,
    before: PracticeFacts,
    after: PracticeFacts,
    charging: Charging,
    at: datetime,
) -> Money:
    """Take what seats that were given out or given back cost for the rest of the paid month.

    Returns it; below zero it is credit. Nothing is due where no month is paid: in a trial, say.
    Raises ``NotPaid``. The account must be locked.
    """
    stands, paid = before.stands(at), before.subscription.paid
    if stands.status is not Status.PAID or paid is None:
        return ZERO
    was, will_be = (monthly_price(stands.plan, each.used(at)) for each in (before, after))
    due = due_now(was, will_be, paid, at)
    if due != ZERO:
        charging.take(session, account, Due(due, "Seats for the rest of the month"), at)
    return due
