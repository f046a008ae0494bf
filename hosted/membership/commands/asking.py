"""The owner asks whoever runs the server about the Archive, where something stands in its way."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.core.kernel.entitlement import Plan
from app.core.membership.rules.moves import blockers
from hosted.account.tables import Account, Membership
from hosted.membership import content
from hosted.membership.facts import facts
from hosted.post import queue
from hosted.seal import Seal
from hosted.store.engine import Database, For
from hosted.team.queries import address_of


def ask_support(
    database: Database, seal: Seal, whose: For, member_id: UUID, support: str, at: datetime
) -> None:
    """Leave a letter to ``support`` that says who asks and what is open still."""
    with database.read(whose) as session:
        account = session.get_one(Account, whose.account)
        open_still = [each.words for each in blockers(facts(session, account), Plan.ARCHIVE, at)]
        login_id = session.scalars(
            select(Membership.login_id).where(
                Membership.account_id == account.id, Membership.member_id == member_id
            )
        ).one()
        practice_id = account.practice_id
    owner = address_of(database, login_id)
    if owner is None or practice_id is None:
        return
    letter = content.archive_letter(support, owner, practice_id, open_still)
    with database.write(For()) as session:
        queue.leave(session, seal, letter, at)
