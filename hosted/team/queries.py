"""Who takes a seat of an account, and what its owner sees of each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.core.kernel.acting import Role
from app.core.membership.rules.prices import SEAT_WORDS
from app.core.membership.rules.seats import Holding, SeatHolder
from app.core.team.tables import Member
from app.sync.protocol.membership import TeamRow
from hosted.account.queries import second_factor_of
from hosted.account.rules.secrets import hashed, is_plausible
from hosted.account.tables import Acceptance, Account, Login, Membership, WebSession
from hosted.store.engine import Database, For, HostedSession
from hosted.store.tables import Device
from hosted.team.rules import reserved_id
from hosted.team.tables import Invitation, ReservedSeats

_SORTED = {role: place for place, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that can be accepted now: by whom, and to which practice in which role."""

    id: UUID
    account_id: UUID
    practice_id: UUID | None
    practice: str
    address: str
    address_hash: bytes
    name: str
    role: Role


def seat_holders(session: HostedSession, account_id: UUID) -> tuple[SeatHolder, ...]:
    """Return the members, invitations and reserved seats of an account, the owner first.

    Of invitations also those that ended and were not settled: the rules tell which still stand.
    The transaction must be for the account and, to know names, for its practice.
    """
    settled = {
        each.hex
        for each in session.scalars(
            select(Invitation.id).where(
                Invitation.account_id == account_id, Invitation.settled_at.is_not(None)
            )
        )
    }
    return tuple(
        SeatHolder(each.id, each.name, each.role, each.holding, each.invited_at, each.from_reserve)
        for each in team_rows(session, account_id)
        if each.id not in settled
    )


def team_rows(session: HostedSession, account_id: UUID) -> tuple[TeamRow, ...]:
    """Return the team of an account as far as its own rows tell; see ``with_sign_ins``."""
    return (
        *_members(session, account_id),
        *_invitations(session, account_id),
        *_reserved(session, account_id),
    )


def with_sign_ins(
    database: Database, account_id: UUID, rows: tuple[TeamRow, ...]
) -> tuple[TeamRow, ...]:
    """Return ``rows`` with the addresses by which members sign in, by what, and when last.

    Each is asked of the person's own rows, in a transaction that is for that person.
    """
    with database.read(For(account=account_id)) as session:
        logins = {
            _row_id(each): each.login_id
            for each in session.scalars(
                select(Membership).where(Membership.account_id == account_id)
            )
        }
    return tuple(
        _signed_in(database, logins[each.id], each) if each.id in logins else each for each in rows
    )


def members(session: HostedSession, account_id: UUID) -> list[Membership]:
    """Return who belongs to an account, owners first, then as they came."""
    found = session.scalars(select(Membership).where(Membership.account_id == account_id)).all()
    return sorted(found, key=lambda each: (_SORTED[each.role], each.made_at))


def member_of(session: HostedSession, account_id: UUID, member_id: UUID) -> Membership | None:
    """Return the place of a member of the practice's records in its account."""
    return session.scalars(
        select(Membership).where(
            Membership.account_id == account_id, Membership.member_id == member_id
        )
    ).one_or_none()


def owners(session: HostedSession, account_id: UUID) -> list[Membership]:
    """Return the owners of an account."""
    return [each for each in members(session, account_id) if each.role is Role.OWNER]


def standing_invitation(
    session: HostedSession, account_id: UUID, address_hash: bytes, at: datetime
) -> Invitation | None:
    """Return the invitation that an address can accept now."""
    found = session.scalars(
        select(Invitation).where(
            Invitation.account_id == account_id, Invitation.address_hash == address_hash
        )
    )
    return next((each for each in found if each.stands_at(at)), None)


def login_with(database: Database, address_hash: bytes) -> UUID | None:
    """Return whose login has an address, if anybody's has."""
    with database.read(For(token=address_hash)) as session:
        return session.scalars(
            select(Login.id).where(Login.address_hash == address_hash)
        ).one_or_none()


def address_of(database: Database, login_id: UUID) -> str | None:
    """Return the address of a login; ``None`` for one that is gone."""
    with database.read(For(login=login_id)) as session:
        return session.scalars(select(Login.address).where(Login.id == login_id)).one_or_none()


def invited(database: Database, secret: str, at: datetime) -> Invited | None:
    """Return what a letter's link opens now; ``None`` for one that was used, ended or is none."""
    found = _invitation(database, secret)
    return _named(database, found) if found is not None and found.stands_at(at) else None


def joined(database: Database, secret: str, login_id: UUID) -> Invited | None:
    """Return the invitation by which a person has joined a practice to which they still belong."""
    found = _invitation(database, secret)
    if found is None or found.login_id != login_id:
        return None
    with database.read(For(account=found.account_id)) as session:
        still = session.get(Membership, (found.account_id, login_id))
    return None if still is None else _named(database, found)


def _invitation(database: Database, secret: str) -> Invitation | None:
    if not is_plausible(secret):
        return None
    with database.read(For(token=hashed(secret))) as session:
        return session.scalars(
            select(Invitation).where(Invitation.token_hash == hashed(secret))
        ).one_or_none()


def _named(database: Database, found: Invitation) -> Invited:
    with database.read(For(account=found.account_id)) as session:
        account = session.get_one(Account, found.account_id)
    return Invited(
        id=found.id,
        account_id=account.id,
        practice_id=account.practice_id,
        practice=account.name,
        address=found.address,
        address_hash=found.address_hash,
        name=found.name,
        role=found.role,
    )


def _row_id(of: Membership) -> str:
    # Before its first computer brought the practice a member is known by the login alone.
    return (of.member_id or of.login_id).hex


def _members(session: HostedSession, account_id: UUID) -> list[TeamRow]:
    account = session.get_one(Account, account_id)
    mine = members(session, account_id)
    known = {
        row.id: row
        for row in session.execute(
            select(Member.id, Member.given, Member.family, Member.credentials, Member.email).where(
                Member.practice_id == account.practice_id,
                Member.id.in_([each.member_id for each in mine if each.member_id]),
            )
        )
    }
    said = {
        row.login_id: row.name
        for row in session.execute(
            select(Acceptance.login_id, Acceptance.name).where(Acceptance.account_id == account_id)
        )
    }
    computers, seen = _computers(session, account.practice_id)
    rows = []
    for each in mine:
        record = known.get(each.member_id) if each.member_id else None
        named = f"{record.given} {record.family}".strip() if record else ""
        rows.append(
            TeamRow(
                _row_id(each),
                named or said.get(each.login_id, account.name),
                record.email if record else "",
                each.role,
                credentials=record.credentials if record else "",
                last_seen=seen.get(each.member_id),
                computers=tuple(computers[each.member_id]),
            )
        )
    return rows


def _computers(
    session: HostedSession, practice_id: UUID | None
) -> tuple[dict[UUID | None, list[str]], dict[UUID | None, datetime]]:
    """Return by member the names of the computers, and when one of them was here last."""
    names: dict[UUID | None, list[str]] = defaultdict(list)
    seen: dict[UUID | None, datetime] = {}
    for row in session.execute(
        select(Device.member_id, Device.name, Device.seen_at)
        .where(
            Device.practice_id == practice_id,
            Device.revoked_at.is_(None),
            Device.disconnected_at.is_(None),
        )
        .order_by(Device.paired_at)
    ):
        names[row.member_id].append(row.name)
        seen[row.member_id] = max(row.seen_at, seen.get(row.member_id, row.seen_at))
    return names, seen


def _invitations(session: HostedSession, account_id: UUID) -> list[TeamRow]:
    found = session.scalars(
        select(Invitation)
        .where(
            Invitation.account_id == account_id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .order_by(Invitation.sent_at, Invitation.id)
    )
    return [
        TeamRow(
            each.id.hex,
            each.name,
            each.address,
            each.role,
            Holding.INVITED,
            invited_at=each.sent_at,
            ends_at=each.ends_at,
            from_reserve=each.from_reserve,
        )
        for each in found
    ]


def _reserved(session: HostedSession, account_id: UUID) -> list[TeamRow]:
    found = session.scalars(select(ReservedSeats).where(ReservedSeats.account_id == account_id))
    counts = {each.role: each.count for each in found}
    return [
        TeamRow(reserved_id(role, number), _reserved_words(role), "", role, Holding.RESERVED)
        for role in Role
        for number in range(1, counts.get(role, 0) + 1)
    ]


def _reserved_words(role: Role) -> str:
    one, _ = SEAT_WORDS[SeatHolder("", "", role).kind]
    return f"Reserved {one} seat"


def _signed_in(database: Database, login_id: UUID, row: TeamRow) -> TeamRow:
    with database.read(For(login=login_id)) as session:
        login = session.get(Login, login_id)
        factor = second_factor_of(session, login_id)
        there = session.scalar(
            select(func.max(WebSession.seen_at)).where(WebSession.login_id == login_id)
        )
    if login is None:
        return row
    moments = [each for each in (row.last_seen, there) if each is not None]
    return replace(
        row,
        address=login.address,
        sign_in=factor,
        last_seen=max(moments, default=None),
    )
