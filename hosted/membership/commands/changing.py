"""The owner chooses another plan: judged by the rules under the account's lock, then paid for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.core.kernel.entitlement import Plan
from app.core.kernel.money import ZERO, Money
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.moves import (
    OPEN_STILL,
    Blocker,
    Option,
    dearer,
    moved,
    options,
    unpaid,
)
from hosted.account.tables import Account
from hosted.membership.charging import Charging, Due, NotPaid
from hosted.membership.facts import facts, keep_subscription
from hosted.membership.locking import locked
from hosted.membership.settling import settle_ended_within
from hosted.store.engine import Database, For, HostedSession


class NotAllowed(Exception):
    """The change may not be; the blockers say what stands in its way."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__(" ".join(each.words for each in blockers))
        self.blockers = tuple(blockers)


class NoAccount(Exception):
    """The practice has no account, and so no plan that could be changed."""


def change_plan(
    database: Database,
    whose: For,
    wanted: Plan,
    charging: Charging,
    at: datetime,
    *,
    shown: Money | None = None,
    reviewed: bool = False,
) -> None:
    """Change the plan of the account and practice that ``whose`` names, or pay for the present one.

    Going to Professional from Starter begins the one trial. ``shown`` is what the owner was told to
    be due at once: no more than that is taken. Once support has ``reviewed`` what is open still, it
    keeps nobody from the Archive. Raises ``NotAllowed``, with sentences and links, and leaves
    everything as it was.
    """
    with database.write(whose) as session:
        account = _the_account(session, whose.account)
        settle_ended_within(session, account, charging, at)
        known = facts(session, account)
        chosen = next(each for each in options(known, at) if each.plan is wanted)
        stands = [each for each in chosen.blockers if not (reviewed and each.why in OPEN_STILL)]
        if stands:
            raise NotAllowed(stands)
        if shown is not None and chosen.now > max(shown, ZERO):
            raise NotAllowed([dearer(CATALOGUE[wanted].name, chosen.now)])
        if chosen.now != ZERO:
            _pay(session, account, chosen, charging, at)
        after = moved(known.subscription, known.stands(at), wanted, at, chosen.month)
        keep_subscription(session, account, after)


def _the_account(session: HostedSession, account_id: UUID | None) -> Account:
    account = None if account_id is None else locked(session, account_id)
    if account is None:
        raise NoAccount
    return account


def _pay(
    session: HostedSession, account: Account, chosen: Option, charging: Charging, at: datetime
) -> None:
    name = CATALOGUE[chosen.plan].name
    words = f"Pay for {name}" if chosen.renews else f"Change to {name}"
    try:
        charging.take(session, account, Due(chosen.now, words), at)
    except NotPaid:
        # Without a card on file the rules have said so before.
        raise NotAllowed([unpaid(name, chosen.now, card=True)]) from None
