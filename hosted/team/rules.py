"""Decisions about a team, as pure functions: who may be invited, and who must stay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from app.core.kernel.acting import Role
from app.core.kernel.errors import UserError
from app.core.kernel.text import clean_line
from app.core.membership.rules.growth import last_owner
from app.core.membership.rules.moves import Blocker, Link, LinkTo, PracticeFacts, Why
from app.core.team.rules import MemberStatus, check_takes_over
from hosted.account.rules.sign_up import check_address

_NAME = 100
#: How a sentence calls somebody in a role.
ROLE_WORDS: dict[Role, str] = {
    Role.OWNER: "an owner",
    Role.PROVIDER: "a provider",
    Role.ASSOCIATE: "an associate",
    Role.ADMIN: "an admin",
}


class NotNow(Exception):
    """What was asked for may not be; each blocker is a sentence that helps."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__(" ".join(each.words for each in blockers))
        self.blockers = tuple(blockers)


def require(blockers: Sequence[Blocker]) -> None:
    """Raise ``NotNow`` if anything stands in the way."""
    if blockers:
        raise NotNow(blockers)


def stop(words: str, *links: Link) -> NotNow:
    """Return what says one sentence about the team."""
    return NotNow((Blocker(Why.TEAM, words, links),))


def check_invited(address: str, name: str) -> tuple[str, str]:
    """Return address and name of who is to be invited, cleaned; raises ``NotNow``."""
    try:
        cleaned = clean_line(name, field="name", limit=_NAME)
        checked = check_address(address)
    except UserError as error:
        raise stop(error.sentence) from None
    if not cleaned:
        raise stop("Say whom you invite.")
    return checked, cleaned


def already_invited(invitation_id: str) -> NotNow:
    """Return what is said of an address whose invitation still stands."""
    link = Link(LinkTo.INVITATION, "Open the invitation", invitation_id)
    return stop("This address is invited already: send its letter again, or withdraw it.", link)


def already_member(member_id: str) -> NotNow:
    """Return what is said of a member's address."""
    return stop("Whoever has this address is a member already.", _to(member_id))


def require_other_owner(
    owners: Iterable[str], member_id: str, facts: PracticeFacts, at: datetime
) -> None:
    """Raise ``NotNow`` if nobody else of a practice is an owner."""
    if not set(owners) - {member_id}:
        raise NotNow((last_owner(facts, at),))


def require_heir(roles: dict[UUID, Role], member_id: UUID, heir: UUID) -> None:
    """Raise ``NotNow`` unless ``heir`` can take over a leaving member's clients."""
    status = MemberStatus.ACTIVE if heir in roles else MemberStatus.INACTIVE
    try:
        check_takes_over(member_id, heir, roles.get(heir, Role.ADMIN), status)
    except UserError as error:
        raise stop(error.sentence) from None


def reserved_id(role: Role, number: int) -> str:
    """Return what a reserved seat is called: they are counted, not kept one by one."""
    return f"{role.lower()}-{number}"


def _to(member_id: str) -> Link:
    return Link(LinkTo.MEMBER, "Open the member", member_id)
