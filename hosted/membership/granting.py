"""What a practice is granted, signed: kept as it was issued, and issued anew when it is due.

A greeting reads one row. Another document is issued when what it says may have changed (the plan
or the seats, which change under the account's lock; the number of active clients; a moment that
was waited for), after a day, and with another key.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.core.kernel.clock import Clock
from app.core.kernel.entitlement import NO_ACCOUNT, Entitlement, Feature
from app.core.membership.rules.grant import REFRESH_AFTER, Grant, grant_of, plan_state
from app.core.membership.rules.moves import PracticeFacts
from app.core.membership.rules.seats import INVITATION_STANDS, Holding
from app.core.membership.rules.subscription import as_it_became
from app.sync.protocol.signing import pair, sign_grant
from hosted.account.tables import Account
from hosted.membership.facts import active_clients, counted, keep_subscription
from hosted.membership.keys import Ring
from hosted.membership.tables import IssuedGrant
from hosted.store.engine import Database, For, HostedSession


class Granting:
    """Issues one server's documents."""

    def __init__(self, database: Database, clock: Clock, ring: Ring) -> None:
        self._database = database
        self._clock = clock
        self._listed = ring.listed
        self._key = ring.signing

    def kept_for(self, session: HostedSession, practice_id: UUID) -> str | None:
        """Return the signed pair of a practice, read in its transaction; None if one is due."""
        row = session.execute(
            select(Account.changes, active_clients(practice_id), IssuedGrant)
            .outerjoin(IssuedGrant, IssuedGrant.practice_id == Account.practice_id)
            .where(Account.practice_id == practice_id)
        ).one_or_none()
        if row is None:
            return ""
        changes, active = row[:2]
        issued: IssuedGrant | None = row[2]
        if issued is None or self._is_due(issued, changes, active, self._clock.now()):
            return None
        return pair(self._listed, issued.document)

    def pair_for(self, practice_id: UUID) -> str:
        """Return the signed pair of a practice; empty for one that has no account."""
        with self._database.read(For(practice_id)) as session:
            kept = self.kept_for(session, practice_id)
            if kept is not None:
                return kept
            account_id = session.scalars(
                select(Account.id).where(Account.practice_id == practice_id)
            ).one()
        return self._issued(practice_id, account_id, self._clock.now())

    def entitlement(self, account_id: UUID, practice_id: UUID | None) -> Entitlement:
        """Return what an account's plan allows now."""
        now = self._clock.now()
        with self._database.read(For(practice_id, account=account_id)) as session:
            found = counted(session, session.get_one(Account, account_id))
        return plan_state(grant_of(practice_id or account_id, found, 0, now), now).entitlement

    def entitlement_of(self, practice_id: UUID) -> Entitlement:
        """Return what a practice's plan allows now; without an account what one computer may."""
        with self._database.read(For(practice_id)) as session:
            account_id = session.scalar(
                select(Account.id).where(Account.practice_id == practice_id)
            )
        return NO_ACCOUNT if account_id is None else self.entitlement(account_id, practice_id)

    def adjusts_roles(self, practice_id: UUID) -> bool:
        """Return whether what the owner gave to roles, or took from them, counts now."""
        return Feature.STAFF_PERMISSIONS in self.entitlement_of(practice_id).features

    def _is_due(self, issued: IssuedGrant, changes: int, active: int, now: datetime) -> bool:
        as_it_was = (issued.changes, issued.active_clients, issued.kid)
        # Earlier than a day before its end it was not issued: the clock was set back since.
        fresh = issued.look_again - REFRESH_AFTER <= now < issued.look_again
        return as_it_was != (changes, active, self._key.kid) or not fresh

    def _issued(self, practice_id: UUID, account_id: UUID, now: datetime) -> str:
        with self._database.write(For(practice_id, account=account_id)) as session:
            # Locked, so that no two documents have one number; nothing is changed by it.
            account = session.get_one(Account, account_id, with_for_update=True)
            issued = session.get(IssuedGrant, practice_id)
            found = counted(session, account)
            if issued is not None and not self._is_due(
                issued, account.changes, found.active_clients, now
            ):
                return pair(self._listed, issued.document)
            found = _kept_as_it_became(session, account, found, now)
            # By the clock, too: a restored database must not fall behind what was given out.
            seq = max(int(now.timestamp()), issued.seq + 1 if issued is not None else 1)
            grant = grant_of(practice_id, found, seq, now)
            document = sign_grant(grant, self._key)
            session.merge(
                IssuedGrant(
                    practice_id=practice_id,
                    seq=seq,
                    changes=account.changes,
                    active_clients=found.active_clients,
                    look_again=_look_again(grant, found, now),
                    kid=self._key.kid,
                    document=document,
                )
            )
        return pair(self._listed, document)


def _kept_as_it_became(
    session: HostedSession, account: Account, found: PracticeFacts, now: datetime
) -> PracticeFacts:
    """Return the facts once a trial that has ended on Starter is written down as Starter."""
    became = as_it_became(found.subscription, found.stands(now))
    if became != found.subscription:
        keep_subscription(session, account, became)
    return replace(found, subscription=became)


def account_of(session: HostedSession, practice_id: UUID) -> Account | None:
    """Return the account of a practice, if it has one."""
    return session.scalars(select(Account).where(Account.practice_id == practice_id)).one_or_none()


def _look_again(grant: Grant, found: PracticeFacts, now: datetime) -> datetime:
    """Return when time alone makes the grant say something else, a day from now at the latest."""
    ends = [grant.refresh] if grant.until is None else [grant.refresh, grant.until]
    ends += [
        each.invited_at + INVITATION_STANDS
        for each in found.staff
        if each.holding is Holding.INVITED and each.invited_at is not None
    ]
    return min(each for each in ends if each > now)
