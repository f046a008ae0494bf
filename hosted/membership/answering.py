"""The one answer about plan and team, whatever was asked or changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.core.kernel.acting import GRANTS, Permission
from app.sync.protocol.membership import MembershipAnswer
from hosted.account.tables import Account, Membership
from hosted.membership.facts import facts
from hosted.membership.granting import Granting, account_of
from hosted.store.engine import Database, For
from hosted.team.queries import team_rows, with_sign_ins


class NotTheirs(Exception):
    """The member may not manage plan and team, or is none of the account any more."""


@dataclass(frozen=True, slots=True)
class Managed:
    """A practice whose plan and team a member may manage."""

    account_id: UUID
    practice_id: UUID

    @property
    def whose(self) -> For:
        """Return whom a transaction that manages it is for."""
        return For(self.practice_id, account=self.account_id)


def managed_by(database: Database, practice_id: UUID, member_id: UUID) -> Managed | None:
    """Return the practice that a member manages; ``None`` where it has no account.

    What the member is goes by the account, not by what the practice's records say. Raises
    ``NotTheirs``.
    """
    with database.read(For(practice_id)) as session:
        account = account_of(session, practice_id)
    if account is None:
        return None
    with database.read(For(practice_id, account=account.id)) as session:
        role = session.scalar(
            select(Membership.role).where(
                Membership.account_id == account.id, Membership.member_id == member_id
            )
        )
    if role is None or Permission.MANAGE_TEAM not in GRANTS[role]:
        raise NotTheirs
    return Managed(account.id, practice_id)


def answer(
    database: Database, granting: Granting, managed: Managed, at: datetime
) -> MembershipAnswer:
    """Return plan and team as they are now, with a signed plan that says so."""
    # First: what it was issued for is then no newer than what the rest says.
    entitlement = granting.pair_for(managed.practice_id)
    with database.read(managed.whose) as session:
        account = session.get_one(Account, managed.account_id)
        found, team = facts(session, account), team_rows(session, account.id)
    team = with_sign_ins(database, managed.account_id, team)
    return MembershipAnswer(at, found, team, entitlement)
