"""The lock under which seats are counted and the plan is changed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from hosted.account.tables import Account
from hosted.store.engine import HostedSession


def locked(session: HostedSession, account_id: UUID) -> Account | None:
    """Return the account, locked to the end of the transaction; ``None`` where there is none.

    Whoever counts what is used in order to give out more takes it before counting, so that two of
    them never give out the same room. The transaction must write, and be for the account. On
    SQLite every transaction that writes is the only one.
    """
    account = session.scalars(
        select(Account)
        .where(Account.id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if account is not None:
        account.changes += 1
    return account
