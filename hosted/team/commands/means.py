"""What every command of the team stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.kernel.money import Money
from app.core.membership.rules.moves import PracticeFacts, dearer, unpaid
from hosted.account.commands.means import Means as AccountMeans
from hosted.account.tables import Account
from hosted.membership.charging import Charging, NotPaid
from hosted.membership.facts import counted
from hosted.membership.locking import locked
from hosted.membership.settling import Dearer, settle_ended_within, settle_seats
from hosted.store.engine import Database, For, HostedSession
from hosted.sync.serving import Author
from hosted.team.rules import NotNow


class Gone(Exception):
    """What was named is not of this practice, or not there any more."""


@dataclass(frozen=True, slots=True)
class Means:
    """The account's means, who writes into practices' logs, and who takes what seats cost.

    ``told`` hears of every change of a log: the practice, and where the log stands now.
    """

    account: AccountMeans
    author: Author
    charging: Charging
    told: Callable[[UUID, int], None]

    @property
    def database(self) -> Database:
        """The server's database."""
        return self.account.database

    def now(self) -> datetime:
        """Return the moment of record."""
        return self.account.now()


@dataclass(frozen=True, slots=True)
class Counted:
    """An account, locked, and what its plan is judged by."""

    session: HostedSession
    account: Account
    facts: PracticeFacts
    at: datetime


@contextmanager
def counting(means: Means, whose: For, shown: Money | None = None) -> Iterator[Counted]:
    """Open a transaction in which seats are counted: no other one counts them meanwhile.

    At its end what seats cost for the rest of the paid month is taken; raises ``NotNow`` when it
    cannot be, or is more than the owner was ``shown``, and ``Gone`` for a practice without an
    account.
    """
    with means.database.write(whose) as session:
        account = None if whose.account is None else locked(session, whose.account)
        if account is None:
            raise Gone
        # Who waited for the lock is judged by what was settled meanwhile, and by that moment.
        at = means.now()
        settle_ended_within(session, account, means.charging, at)
        before = counted(session, account)
        yield Counted(session, account, before, at)
        session.flush()
        try:
            after = counted(session, account)
            settle_seats(session, account, before, after, means.charging, at, shown)
        except NotPaid as reason:
            card = before.subscription.card
            raise NotNow((unpaid("This seat", reason.amount, card=card),)) from None
        except Dearer as reason:
            raise NotNow((dearer("This seat", reason.amount),)) from None
