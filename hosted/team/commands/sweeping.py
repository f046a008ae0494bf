"""The server forgets invitations that ended a month ago; those that were accepted stay."""

from __future__ import annotations

from sqlalchemy import delete, select

from hosted.account.commands.sweeping import KEPT
from hosted.account.tables import Account
from hosted.membership.settling import settle_ended
from hosted.store.engine import For
from hosted.team.commands.means import Means
from hosted.team.tables import Invitation


def sweep(means: Means) -> None:
    """Remove what ended a month ago, once what it had paid is given back."""
    now = means.now()
    ended = Invitation.ends_at < now - KEPT
    unsettled = Invitation.withdrawn_at.is_(None) & Invitation.settled_at.is_(None)
    with means.database.read(For(server=True)) as session:
        accounts = session.scalars(
            select(Invitation.account_id).where(ended, unsettled).distinct()
        ).all()
    for account_id in accounts:
        with means.database.read(For(account=account_id)) as session:
            practice_id = session.scalar(
                select(Account.practice_id).where(Account.id == account_id)
            )
        settle_ended(means.database, For(practice_id, account=account_id), means.charging, now)
    with means.database.write(For(server=True)) as session:
        session.execute(delete(Invitation).where(ended, ~unsettled))
