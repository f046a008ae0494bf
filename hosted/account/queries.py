"""What pages show of a person, their browsers and their computers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.core.kernel.acting import Role
from hosted.account.rules.lasting import session_lives
from hosted.account.rules.secrets import hashed, is_plausible
from hosted.account.tables import (
    Account,
    Login,
    Membership,
    Passkey,
    RecoveryCode,
    WebSession,
)
from hosted.store.engine import Database, For, HostedSession
from hosted.store.tables import Device, Head


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks for a page: a browser's session, and the person it belongs to.

    Before the second factor was given nothing else opens; ``has_app`` and ``has_passkey`` say what
    there is to ask for.
    """

    session_id: UUID
    login_id: UUID
    name: str
    address: str
    proved_at: datetime | None
    has_app: bool
    has_passkey: bool
    seen_at: datetime

    @property
    def has_factor(self) -> bool:
        """Return whether there is a second factor to ask for."""
        return self.has_app or self.has_passkey

    @property
    def proved(self) -> bool:
        """Return whether the second factor was given."""
        return self.proved_at is not None


@dataclass(frozen=True, slots=True)
class Place:
    """A practice that a person belongs to; no practice id until a computer brought the records."""

    account_id: UUID
    name: str
    zone: str
    role: Role
    practice_id: UUID | None
    member_id: UUID | None


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser that is signed in."""

    id: UUID
    name: str
    made_at: datetime
    seen_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """A passkey of a person, as the page lists it; ``used_at`` is empty before its first use."""

    id: UUID
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Computer:
    """A computer that a person connected, or that belongs to the practice they own."""

    id: UUID
    name: str
    program: str
    paired_at: datetime
    seen_at: datetime
    revoked_at: datetime | None
    disconnected_at: datetime | None


def visitor(database: Database, secret: str, now: datetime) -> Visitor | None:
    """Return who bears a session's secret; ``None`` when it opens nothing any more."""
    if not is_plausible(secret):
        return None
    with database.read(For(token=hashed(secret))) as session:
        found = session.scalars(
            select(WebSession).where(WebSession.token_hash == hashed(secret))
        ).one_or_none()
    if found is None or not _lives(found, now):
        return None
    with database.read(For(login=found.login_id)) as session:
        login = session.get(Login, found.login_id)
        if login is None:
            return None
        has_passkey = bool(count_passkeys(session, login.id))
    return Visitor(
        session_id=found.id,
        login_id=login.id,
        name=login.name,
        address=login.address,
        proved_at=found.proved_at,
        has_app=login.totp is not None,
        has_passkey=has_passkey,
        seen_at=found.seen_at,
    )


def places(database: Database, login_id: UUID) -> tuple[Place, ...]:
    """Return the practices of a person, the oldest first."""
    with database.read(For(login=login_id)) as session:
        mine = session.scalars(
            select(Membership).where(Membership.login_id == login_id).order_by(Membership.made_at)
        ).all()
    found = []
    for each in mine:
        with database.read(For(account=each.account_id)) as session:
            account = session.get_one(Account, each.account_id)
            found.append(
                Place(
                    account.id,
                    account.name,
                    account.zone,
                    each.role,
                    account.practice_id,
                    each.member_id,
                )
            )
    return tuple(found)


def browsers(database: Database, who: Visitor, now: datetime) -> tuple[Browser, ...]:
    """Return the browsers in which a person is signed in, the newest first."""
    with database.read(For(login=who.login_id)) as session:
        found = session.scalars(
            select(WebSession)
            .where(WebSession.login_id == who.login_id, WebSession.ended_at.is_(None))
            .order_by(WebSession.made_at.desc())
        ).all()
    return tuple(
        Browser(each.id, each.browser, each.made_at, each.seen_at, each.id == who.session_id)
        for each in found
        if _lives(each, now) and each.proved_at is not None
    )


def computers(database: Database, login_id: UUID) -> tuple[Computer, ...]:
    """Return a person's computers; an owner's are all of the practice."""
    found = {}
    with database.read(For(login=login_id)) as session:
        for device in session.scalars(select(Device).where(Device.login_id == login_id)):
            found[device.id] = _computer(device)
    for place in places(database, login_id):
        if place.member_id is not None and place.practice_id is not None:
            with database.read(For(place.practice_id)) as session:
                own = select(Device).where(Device.practice_id == place.practice_id)
                if place.role is not Role.OWNER:
                    # Among them those that a one-time code connected.
                    own = own.where(Device.member_id == place.member_id)
                found |= {device.id: _computer(device) for device in session.scalars(own)}
    return tuple(sorted(found.values(), key=lambda each: each.paired_at))


def own_computers(
    database: Database, login_id: UUID, account_id: UUID
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of a person's own computers of a practice: connected, and disconnected."""
    with database.read(For(login=login_id)) as session:
        rows = session.execute(
            select(Device.name, Device.disconnected_at).where(
                Device.login_id == login_id,
                Device.account_id == account_id,
                Device.revoked_at.is_(None),
            )
        ).all()
    return (
        frozenset(name for name, disconnected in rows if disconnected is None),
        frozenset(name for name, disconnected in rows if disconnected is not None),
    )


def passkeys(database: Database, login_id: UUID) -> tuple[OwnPasskey, ...]:
    """Return a person's passkeys, the oldest first."""
    with database.read(For(login=login_id)) as session:
        found = session.scalars(
            select(Passkey).where(Passkey.login_id == login_id).order_by(Passkey.made_at)
        )
        return tuple(OwnPasskey(each.id, each.name, each.made_at, each.used_at) for each in found)


def count_passkeys(session: HostedSession, login_id: UUID) -> int:
    """Return how many passkeys a person has; the transaction must be for the person."""
    own = select(func.count()).select_from(Passkey).where(Passkey.login_id == login_id)
    return session.scalar(own) or 0


def second_factor_of(session: HostedSession, login_id: UUID) -> str:
    """Return what a person signs in with besides the password, as the team's list says it.

    ``passkey``, ``code app``, or "" before one was set up. The transaction must be for the person.
    """
    if count_passkeys(session, login_id):
        return "passkey"
    login = session.get(Login, login_id)
    return "code app" if login is not None and login.totp is not None else ""


def codes_left(database: Database, login_id: UUID) -> int:
    """Return how many recovery codes are unused."""
    with database.read(For(login=login_id)) as session:
        unused = select(func.count()).where(
            RecoveryCode.login_id == login_id, RecoveryCode.used_at.is_(None)
        )
        return session.scalar(unused) or 0


def is_taken(session: HostedSession, dialect: str) -> bool:
    """Return whether this server keeps the one practice that its SQLite file has room for."""
    if dialect != "sqlite":
        return False
    return any(session.scalar(select(func.count()).select_from(each)) for each in (Account, Head))


def _lives(session: WebSession, now: datetime) -> bool:
    return session.ended_at is None and session_lives(
        now,
        made_at=session.made_at,
        seen_at=session.seen_at,
        proved=session.proved_at is not None,
    )


def _computer(device: Device) -> Computer:
    return Computer(
        device.id,
        device.name,
        device.program,
        device.paired_at,
        device.seen_at,
        device.revoked_at,
        device.disconnected_at,
    )
