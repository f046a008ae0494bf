"""What seats cost between two invoices: given out, given back, or held by an invitation that ends.

An invitation ends by the clock, in no transaction of anybody's. Its credit is settled before the
account is counted, changed or shown the next time, dated to the moment at which it ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from app.core.kernel.money import ZERO, Money
from app.core.membership.rules.moves import PracticeFacts
from app.core.membership.rules.prices import due_now, monthly_price
from app.core.membership.rules.seats import SeatsUsed
from app.core.membership.rules.subscription import Status
from hosted.account.tables import Account
from hosted.membership.charging import Charging, Due
from hosted.membership.facts import counted
from hosted.membership.locking import locked
from hosted.store.engine import Database, For, HostedSession
from hosted.team.tables import Invitation

#: The finest step of a moment of record.
_JUST_BEFORE = timedelta(milliseconds=1)


class Dearer(Exception):
    """More is due for seats than the owner was shown; nothing was taken."""

    def __init__(self, amount: Money) -> None:
        super().__init__(str(amount))
        self.amount = amount


def settle_seats(
    session: HostedSession,
    account: Account,
    before: PracticeFacts,
    after: PracticeFacts,
    charging: Charging,
    at: datetime,
    shown: Money | None = None,
) -> Money:
    """Take what seats that were given out or given back cost for the rest of the paid month.

    Returns it; below zero it is credit. Nothing is due where no month is paid: in a trial, say.
    Raises ``NotPaid``, and ``Dearer`` for more than the owner was ``shown``. The account must be
    locked.
    """
    due = _due(before, before.used(at), after.used(at), at)
    if shown is not None and due > max(shown, ZERO):
        raise Dearer(due)
    if due != ZERO:
        charging.take(session, account, Due(due, "Seats for the rest of the month"), at)
    return due


def settle_ended(database: Database, whose: For, charging: Charging, at: datetime) -> None:
    """Give back what invitations that ended by ``at`` had paid, once; at rest it only looks."""
    if whose.account is None:
        return
    with database.read(whose) as session:
        if session.scalars(_ended(whose, at).limit(1)).first() is None:
            return
    with database.write(whose) as session:
        account = locked(session, whose.account)
        if account is not None:
            settle_ended_within(session, account, charging, at)


def settle_ended_within(
    session: HostedSession, account: Account, charging: Charging, at: datetime
) -> None:
    """Do so within a transaction in which the account is locked."""
    ended = session.scalars(_ended(For(account=account.id), at)).all()
    if not ended:
        return
    known = counted(session, account)
    for moment in sorted({each.ends_at for each in ended if each.ends_at is not None}):
        before, after = known.used(moment - _JUST_BEFORE), known.used(moment)
        due = _due(known, before, after, moment)
        if due != ZERO:
            words = _words([each for each in ended if each.ends_at == moment])
            charging.take(session, account, Due(due, words), moment)
    for each in ended:
        each.settled_at = at
    session.flush()


def _ended(whose: For, at: datetime) -> Select[Invitation]:
    """Return the invitations that ended by themselves, and whose credit nobody has given yet."""
    return (
        select(Invitation)
        .where(
            Invitation.account_id == whose.account,
            Invitation.ends_at <= at,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.settled_at.is_(None),
        )
        .order_by(Invitation.ends_at)
    )


def _due(known: PracticeFacts, before: SeatsUsed, after: SeatsUsed, at: datetime) -> Money:
    stands, paid = known.stands(at), known.subscription.paid
    if stands.status is not Status.PAID or paid is None:
        return ZERO
    was, will_be = (monthly_price(stands.plan, each) for each in (before, after))
    return due_now(was, will_be, paid, at)


def _words(ended: Sequence[Invitation]) -> str:
    return (
        "Seat of an invitation that ended" if len(ended) == 1 else "Seats of invitations that ended"
    )
