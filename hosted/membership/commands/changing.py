"""The owner chooses another plan: judged by the rules under the account's lock, then paid for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.core.kernel.entitlement import Plan
from app.core.kernel.money import ZERO
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.moves import (
    Blocker,
    Link,
    LinkTo,
    Option,
    PracticeFacts,
    Why,
    moved,
    options,
)
from app.core.membership.rules.prices import BillingPeriod, months_after
from hosted.account.tables import Account
from hosted.membership.charging import Charging, Due, NotPaid
from hosted.membership.facts import facts, keep_subscription
from hosted.membership.locking import locked
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
) -> None:
    """Change the plan of the account and practice that ``whose`` names.

    Going to Professional from Starter begins the one trial. Raises ``NotAllowed``, with sentences
    and links, and leaves everything as it was.
    """
    with database.write(whose) as session:
        account = _the_account(session, whose.account)
        known = facts(session, account)
        chosen = next(each for each in options(known, at) if each.plan is wanted)
        if chosen.blockers:
            raise NotAllowed(chosen.blockers)
        if chosen.now != ZERO:
            _pay(session, account, chosen, charging, at)
        after = moved(known.subscription, known.stands(at), wanted, at, _month(known, chosen, at))
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
    try:
        charging.take(session, account, Due(chosen.now, f"Change to {name}"), at)
    except NotPaid:
        words = f"{name} costs {chosen.now} now, and there is no card for it: add one first."
        links = (Link(LinkTo.SUBSCRIPTION, "Add a card"),)
        raise NotAllowed([Blocker(Why.UNPAID, words, links)]) from None


def _month(known: PracticeFacts, chosen: Option, at: datetime) -> BillingPeriod | None:
    """Return the month that begins with the change, where none runs already and one is needed."""
    paid = known.subscription.paid
    runs = paid is not None and at < paid.ends
    if runs or chosen.trial or chosen.plan is Plan.STARTER:
        return None
    return BillingPeriod(at, months_after(at, 1))
