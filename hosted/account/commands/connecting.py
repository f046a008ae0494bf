"""A computer is connected: a one-time code, then tokens that are renewed again and again.

RFC 6749 with RFC 9700: each token for renewal works once. One that comes a second time was copied,
and nobody can tell by whom, so that the whole family of the computer ends; it signs in again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.core.kernel.clock import unix_ms
from app.core.kernel.ids import new_id
from hosted.account import content
from hosted.account.commands.means import Means, Refused
from hosted.account.queries import Place, Visitor, places
from hosted.account.rules import connecting
from hosted.account.rules.lasting import ACCESS_LASTS, CODE_LASTS, REFRESH_LASTS
from hosted.account.rules.secrets import hashed, is_plausible, new_secret
from hosted.account.tables import Account, Authorization, Membership, RefreshToken
from hosted.post import queue
from hosted.store.engine import Database, For, HostedSession
from hosted.store.tables import Device, Incarnation

Whose = tuple[UUID | None, UUID | None]
"""Practice and member of a computer."""


class Revoked(Refused):
    """The computer was taken off the account."""


class PracticeNamed(Exception):
    """Another computer has named the practice of this account before."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What a computer is given; each secret is shown this once. ``seconds``: how long access lasts.

    Practice and member are empty until the first computer of the account brought its records.
    """

    access: str
    refresh: str
    seconds: int
    device_id: UUID
    practice_id: UUID | None
    member_id: UUID | None


@dataclass(frozen=True, slots=True)
class Was:
    """What a computer says of itself: which life its file is in, and which one it was before.

    One that was never connected, or whose answer was lost, was none that it knows of.
    """

    incarnation: UUID
    device_id: UUID | None = None


def allow(means: Means, who: Visitor, account_id: UUID, asked: connecting.Asked, site: str) -> str:
    """Return the address to go back to, with a code for the computer that asked.

    ``account_id`` is the practice that it connects to. Raises ``Refused`` before the second factor
    was given, and for a practice that the person does not belong to.
    """
    if not who.proved or place_in(means.database, who.login_id, account_id) is None:
        raise Refused
    code, now = new_secret(), means.now()
    with means.database.write(For(login=who.login_id)) as session:
        session.add(
            Authorization(
                code_hash=hashed(code),
                login_id=who.login_id,
                account_id=account_id,
                challenge=asked.challenge,
                redirect=asked.redirect,
                device_name=asked.device_name,
                program=asked.program,
                ends_at=now + CODE_LASTS,
            )
        )
        letter = content.computer_letter(who.address, f"{site}/account#computers")
        queue.leave(session, means.seal, letter, now)
    return asked.back(code=code)


def exchange(
    means: Means, code: str, verifier: str, redirect: str, was: Was | None = None
) -> Granted:
    """Return the tokens of a computer for its code: a new one, or the one that it ``was``.

    Raises ``Refused``. A code that its own program brings twice was copied: what it was exchanged
    for ends.
    """
    given = _given(means, Authorization.code_hash, code)
    login_id, account_id, now = given.login_id, given.account_id, means.now()
    place = place_in(means.database, login_id, account_id)
    practice_id = None if place is None else place.practice_id
    whom = For(practice_id, login=login_id, account=account_id)
    with means.database.write(whom) as session:
        held = hold_place(session, account_id, Membership.login_id == login_id)
        found = session.get_one(Authorization, hashed(code), with_for_update=True)
        if not connecting.proves(found.challenge, verifier) or found.redirect != redirect:
            raise Refused
        if found.device_id is None and found.ends_at > now and held is not None:
            whose = (session.get_one(Account, account_id).practice_id, held.member_id)
            device = _again(session, found, whose, was, now) or _new_device(found, whose, was, now)
            session.add(device)
            found.device_id = device.id
            return _renewed(session, device, login_id, now)
        if found.device_id is not None:
            end_family(session, found.device_id, now)
    raise Refused


def renew(means: Means, token: str) -> Granted:
    """Return a computer's next tokens; raises ``Refused``, or ``Revoked`` for one taken off."""
    login_id = _given(means, RefreshToken.token_hash, token).login_id
    now = means.now()
    with means.database.write(For(login=login_id)) as session:
        found = session.get_one(RefreshToken, hashed(token), with_for_update=True)
        device = session.get(Device, found.device_id, with_for_update=True)
        if device is None or device.login_id != login_id:
            # A one-time code has connected it since.
            raise Refused
        if device.revoked_at is not None:
            raise Revoked
        if found.used_at is None and found.ends_at > now:
            found.used_at = now
            return _renewed(session, device, login_id, now)
        if found.used_at is not None:
            end_family(session, device.id, now)
    raise Refused


def disconnect(means: Means, token: str) -> None:
    """Part a computer from the account, by any token that it was given; raises ``Refused``.

    Nothing that it was given opens anything any more (RFC 7009). It stays listed, with the day,
    for it keeps its copy. One that was taken off before stays so, and may hand over its work.
    """
    now = means.now()
    device_id, whom = _speaks_for(means, token)
    with means.database.write(whom) as session:
        device = session.get(Device, device_id, with_for_update=True)
        if device is None:
            raise Refused
        if device.revoked_at is not None:
            return
        device.disconnected_at = now
        if device.login_id is not None:
            end_family(session, device.id, now)


def revoke(means: Means, who: Visitor, device_id: UUID) -> bool:
    """Take a computer off a person's account; returns whether it was theirs to take off."""
    now = means.now()
    with means.database.write(For(login=who.login_id)) as session:
        done = session.execute(
            update(Device)
            .where(
                Device.id == device_id,
                Device.login_id == who.login_id,
                Device.revoked_at.is_(None),
            )
            .values(revoked_at=now)
            .returning(Device.id)
        )
        return done.first() is not None


def place_in(database: Database, login_id: UUID, account_id: UUID) -> Place | None:
    """Return a person's place in a practice; ``None`` for one that they do not belong to."""
    mine = places(database, login_id)
    return next((each for each in mine if each.account_id == account_id), None)


def hold_place(
    session: HostedSession, account_id: UUID, whose: ColumnElement[bool]
) -> Membership | None:
    """Return a place in a practice, which does not end before the transaction; ``None`` for none.

    Whoever connects a computer takes it in the same transaction, so that an end which comes
    meanwhile finds the computer and takes it off. On SQLite every transaction that writes is the
    only one.
    """
    return session.scalars(
        select(Membership)
        .where(Membership.account_id == account_id, whose)
        .with_for_update(read=True)
    ).one_or_none()


def name_practice(
    session: HostedSession, place: Place, login_id: UUID, practice_id: UUID, member_id: UUID
) -> None:
    """Tie an account to the records that its first computer brings; raises ``PracticeNamed``.

    The transaction must be for the account and the person.
    """
    account = session.get_one(Account, place.account_id, with_for_update=True)
    if account.practice_id is not None:
        raise PracticeNamed
    account.practice_id = practice_id
    session.execute(
        update(Membership)
        .where(Membership.account_id == place.account_id, Membership.login_id == login_id)
        .values(member_id=member_id)
    )


def known_as(session: HostedSession, was: Was | None, own: ColumnElement[bool]) -> Device | None:
    """Return the computer among ``own`` that asks once more, held; ``None`` for another one.

    It is in the life in which it was here last; or it was connected in the life that it says and
    has brought nothing since, so that an answer was lost on the way. A copy of its file is another
    computer, or the two would end each other's tokens in turn. What was taken off stays off.
    """
    if was is None:
        return None
    brought = exists().where(
        Incarnation.practice_id == Device.practice_id,
        Incarnation.id == Device.greeted_as,
        Incarnation.accepted > 0,
    )
    same = and_(Device.asked_as == was.incarnation, ~brought)
    if was.device_id is not None:
        same = or_(same, and_(Device.id == was.device_id, Device.greeted_as == was.incarnation))
    return session.scalars(
        select(Device)
        .where(own, Device.revoked_at.is_(None), same)
        .order_by(Device.paired_at.desc(), Device.id.desc())
        .limit(1)
        .with_for_update()
    ).first()


def _speaks_for(means: Means, token: str) -> tuple[UUID, For]:
    """Return the computer that was given a token, and whom a change of it is for.

    Raises ``Refused`` for a token that nobody was given.
    """
    try:
        found = _given(means, RefreshToken.token_hash, token)
    except Refused:
        device = _given(means, Device.token_hash, token)
        return device.id, For(device.practice_id, login=device.login_id, token=hashed(token))
    return found.device_id, For(login=found.login_id)


def _given(means: Means, key: InstrumentedAttribute[bytes], secret: str) -> Any:
    """Return the row of a code or token, by the column of its hash; raises ``Refused``."""
    if not is_plausible(secret):
        raise Refused
    with means.database.read(For(token=hashed(secret))) as session:
        found = session.scalars(select(key.class_).where(key == hashed(secret))).one_or_none()
    if found is None:
        raise Refused
    return found


def _again(
    session: HostedSession, found: Authorization, whose: Whose, was: Was | None, now: datetime
) -> Device | None:
    """Return the person's own computer that signs in again, its earlier tokens ended."""
    # One that a one-time code connected belongs to nobody who signs in, until its member does.
    theirs = or_(
        and_(Device.login_id == found.login_id, Device.account_id == found.account_id),
        and_(Device.login_id.is_(None), Device.account_id.is_(None)),
    )
    # Its first try may have been answered before another computer brought the records.
    practice_id, member_id = _named(whose)
    here = and_(Device.practice_id == practice_id, Device.member_id == member_id)
    device = known_as(session, was, and_(theirs, or_(here, Device.practice_id.is_(None))))
    if device is None:
        return None
    end_family(session, device.id, now)
    device.practice_id, device.member_id = practice_id, member_id
    device.login_id, device.account_id = found.login_id, found.account_id
    device.name, device.program = found.device_name, found.program
    device.disconnected_at = None
    return device


def _named(whose: Whose) -> Whose:
    """Return practice and member of a computer: both, or none before the first one named them."""
    return whose if None not in whose else (None, None)


def _new_device(found: Authorization, whose: Whose, was: Was | None, now: datetime) -> Device:
    practice_id, member_id = _named(whose)
    return Device(
        id=new_id(unix_ms(now)),
        practice_id=practice_id,
        member_id=member_id,
        asked_as=None if was is None else was.incarnation,
        login_id=found.login_id,
        account_id=found.account_id,
        name=found.device_name,
        program=found.program,
        token_hash=secrets.token_bytes(32),
        paired_at=now,
        seen_at=now,
    )


def _renewed(session: HostedSession, device: Device, login_id: UUID, now: datetime) -> Granted:
    """Give a computer its next tokens; the access it had ends at once."""
    access, refresh = f"pr_{new_secret()}", f"rt_{new_secret()}"
    device.token_hash, device.token_ends, device.seen_at = hashed(access), now + ACCESS_LASTS, now
    session.add(
        RefreshToken(
            token_hash=hashed(refresh),
            login_id=login_id,
            device_id=device.id,
            made_at=now,
            ends_at=now + REFRESH_LASTS,
        )
    )
    seconds = int(ACCESS_LASTS.total_seconds())
    return Granted(access, refresh, seconds, device.id, device.practice_id, device.member_id)


def end_family(session: HostedSession, device_id: UUID, now: datetime) -> None:
    """Let nothing that a computer was given open anything; the computer itself stays listed."""
    session.execute(
        update(RefreshToken)
        .where(RefreshToken.device_id == device_id, RefreshToken.used_at.is_(None))
        .values(used_at=now)
    )
    session.execute(
        update(Device).where(Device.id == device_id).values(token_hash=secrets.token_bytes(32))
    )
