"""The owner invites somebody, sends the letter again, takes an invitation back, reserves seats."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from app.core.kernel.acting import Role
from app.core.kernel.clock import unix_ms
from app.core.kernel.entitlement import Act
from app.core.kernel.ids import new_id
from app.core.kernel.money import Money
from app.core.membership.rules.growth import (
    act_blockers,
    from_reserve,
    invitation_blockers,
    reserve_blockers,
    seat_blockers,
)
from app.core.membership.rules.seats import INVITATION_STANDS
from app.sync.protocol.membership import Invite
from hosted.account.rules.secrets import address_hash, hashed, new_secret
from hosted.account.tables import Membership
from hosted.post import queue
from hosted.store.engine import For, HostedSession
from hosted.team import content, queries, rules
from hosted.team.commands.means import Gone, Means, counting
from hosted.team.tables import Invitation, ReservedSeats


def invite(means: Means, whose: For, asked: Invite, site: str) -> None:
    """Invite somebody by e-mail; the seat is taken from now on, one held in reserve first.

    No more than was shown is taken for it. Raises ``rules.NotNow``.
    """
    address, name = rules.check_invited(asked.address, asked.name)
    known = address_hash(address)
    login_id = queries.login_with(means.database, known)
    secret = new_secret()
    with counting(means, whose, asked.shown) as counted:
        session, account_id, at = counted.session, counted.account.id, counted.at
        _require_new(session, account_id, known, login_id, at)
        rules.require(invitation_blockers(counted.facts, asked.role, at))
        _forget_ended(session, account_id, known, at)
        session.add(
            Invitation(
                id=new_id(unix_ms(at)),
                account_id=account_id,
                address=address,
                address_hash=known,
                name=name,
                role=asked.role,
                from_reserve=from_reserve(counted.facts, asked.role, at),
                token_hash=hashed(secret),
                sent_at=at,
                ends_at=at + INVITATION_STANDS,
            )
        )
        _send(means, session, address, asked.role, secret, site, at)


def send_again(means: Means, whose: For, invitation_id: UUID, site: str) -> None:
    """Send the letter again with another link; the one before opens nothing any more.

    An invitation that had ended takes its seat anew. Raises ``rules.NotNow`` or ``Gone``.
    """
    secret = new_secret()
    with counting(means, whose) as counted:
        session, at = counted.session, counted.at
        found = _open_one(session, counted.account.id, invitation_id)
        if found.stands_at(at):
            rules.require(act_blockers(counted.facts, Act.GROW, at))
        else:
            rules.require(invitation_blockers(counted.facts, found.role, at))
            found.from_reserve = from_reserve(counted.facts, found.role, at)
        found.token_hash = hashed(secret)
        found.sent_at, found.ends_at, found.settled_at = at, at + INVITATION_STANDS, None
        _send(means, session, found.address, found.role, secret, site, at)


def withdraw(means: Means, whose: For, invitation_id: UUID) -> None:
    """Take an invitation back, and with it its seat. Raises ``rules.NotNow`` or ``Gone``."""
    with counting(means, whose) as counted:
        rules.require(act_blockers(counted.facts, Act.WITHDRAW, counted.at))
        found = _open_one(counted.session, counted.account.id, invitation_id)
        found.ends_at = found.withdrawn_at = counted.at


def reserve(means: Means, whose: For, role: Role, count: int, shown: Money | None = None) -> None:
    """Hold so many seats of a role in reserve, more or fewer than now; raises ``rules.NotNow``.

    ``count`` includes those that invitations took. No more than was ``shown`` is taken: whoever
    joined meanwhile has made the count smaller, and so what is added to it greater.
    """
    with counting(means, whose, shown) as counted:
        session, account_id, at = counted.session, counted.account.id, counted.at
        row = session.get(ReservedSeats, (account_id, role))
        more = count - (row.count if row is not None else 0)
        if more > 0:
            rules.require(seat_blockers(counted.facts, role, at, more))
        elif more < 0:
            rules.require(reserve_blockers(counted.facts, role, -more, at))
        if row is None:
            session.add(ReservedSeats(account_id=account_id, role=role, count=count))
        else:
            row.count = count


def address_of_invitation(means: Means, whose: For, invitation_id: UUID) -> str:
    """Return where the letter of an open invitation goes; raises ``Gone``."""
    if whose.account is None:
        raise Gone
    with means.database.read(whose) as session:
        return _open_one(session, whose.account, invitation_id).address


def _require_new(
    session: HostedSession, account_id: UUID, known: bytes, login_id: UUID | None, at: datetime
) -> None:
    """Raise ``rules.NotNow`` for the address of a member, or of an invitation that stands."""
    if login_id is not None:
        there = session.get(Membership, (account_id, login_id))
        if there is not None:
            raise rules.already_member((there.member_id or there.login_id).hex)
    standing = queries.standing_invitation(session, account_id, known, at)
    if standing is not None:
        raise rules.already_invited(standing.id.hex)


def _forget_ended(session: HostedSession, account_id: UUID, known: bytes, at: datetime) -> None:
    """Let a new invitation stand in the place of one that ended."""
    session.execute(
        update(Invitation)
        .where(
            Invitation.account_id == account_id,
            Invitation.address_hash == known,
            Invitation.ends_at <= at,
            Invitation.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=at)
    )


def _open_one(session: HostedSession, account_id: UUID, invitation_id: UUID) -> Invitation:
    found = session.scalars(
        select(Invitation).where(
            Invitation.id == invitation_id,
            Invitation.account_id == account_id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise Gone
    return found


def _send(
    means: Means,
    session: HostedSession,
    address: str,
    role: Role,
    secret: str,
    site: str,
    at: datetime,
) -> None:
    link = f"{site}/account/invitation?key={secret}"
    letter = content.invitation_letter(address, role, link)
    queue.leave(session, means.account.seal, letter, at)
