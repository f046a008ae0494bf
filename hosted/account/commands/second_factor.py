"""The second factor as codes: an authenticator app, and ten codes for the day when it is lost."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from hosted.account import content
from hosted.account.commands import sessions
from hosted.account.commands.means import Means, Refused
from hosted.account.queries import Visitor, count_passkeys
from hosted.account.rules import second_factor
from hosted.account.rules.secrets import new_recovery_codes, recovery_code
from hosted.account.tables import Login, RecoveryCode
from hosted.post import queue
from hosted.store.engine import For, HostedSession

_SALT = 16


@dataclass(frozen=True, slots=True)
class Offered:
    """A key that an authenticator app is to take up, as letters and as an address."""

    key: str
    address: str


@dataclass(frozen=True, slots=True)
class SetUp:
    """A second factor that holds from now on; the codes are shown this once."""

    secret: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewCodes:
    """Recovery codes as the person is shown them, and as they are kept."""

    shown: tuple[str, ...]
    salt: bytes
    hashes: tuple[bytes, ...]


def offer(means: Means, who: Visitor) -> Offered:
    """Return the key for an app; the same one until it is taken up. Raises ``Refused``."""
    may_set_up(who)
    with means.database.write(For(login=who.login_id)) as session:
        login = locked(session, who)
        if login.totp_next is None:
            login.totp_next = _sealed(means, who, second_factor.new_key())
        key = _opened(means, who, login.totp_next)
    return Offered(key, second_factor.key_address(key, who.address))


def take_up(means: Means, who: Visitor, typed: str, site: str) -> SetUp:
    """Let the app's codes count once the first was typed; raises ``Refused``."""
    may_set_up(who)
    now, codes = means.now(), new_codes(means)
    with means.database.write(For(login=who.login_id)) as session:
        login = locked(session, who)
        if login.totp_next is None:
            raise Refused
        step = second_factor.step_of(_opened(means, who, login.totp_next), typed, now, 0)
        if step is None:
            raise Refused
        first = login.totp is None and not count_passkeys(session, login.id)
        if not first:
            sessions.end_all(session, login.id, now, but=who.session_id)
            letter = content.factor_letter(login.address, f"{site}/account/reset")
            queue.leave(session, means.seal, letter, now)
        login.totp, login.totp_next, login.totp_step = login.totp_next, None, step
        keep_codes(session, login.id, codes)
        return SetUp(sessions.proved(session, who, now), codes.shown)


def prove(means: Means, who: Visitor, typed: str) -> str:
    """Return the session's new secret for a code of the app, or for a recovery code.

    Raises ``Refused``; a code that was taken once is as wrong as any other.
    """
    now, digest = means.now(), _digest(means, who.login_id, typed)
    with means.database.write(For(login=who.login_id)) as session:
        login = locked(session, who)
        step = None
        if login.totp is not None:
            key = _opened(means, who, login.totp)
            step = second_factor.step_of(key, typed, now, login.totp_step)
        if step is not None:
            login.totp_step = step
        elif not _spent(session, login.id, digest, now):
            raise Refused
        return sessions.proved(session, who, now)


def renew_codes(means: Means, who: Visitor) -> tuple[str, ...]:
    """Return ten new recovery codes; the old ones are worth nothing. Raises ``Refused``."""
    if not who.proved:
        raise Refused
    codes = new_codes(means)
    with means.database.write(For(login=who.login_id)) as session:
        locked(session, who)
        keep_codes(session, who.login_id, codes)
    return codes.shown


def may_set_up(who: Visitor) -> None:
    """Raise ``Refused`` unless a visitor has no second factor yet, or has given it."""
    # Else a password alone would do to put another app in the place of the first.
    if who.has_factor and not who.proved:
        raise Refused


def locked(session: HostedSession, who: Visitor) -> Login:
    """Return the person's row, locked: two tries at once with one code go one after the other.

    Raises ``Refused`` when a second factor was set up since the visitor was looked at.
    """
    found = session.scalars(
        select(Login).where(Login.id == who.login_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise Refused
    if not (who.has_factor or who.proved) and (
        found.totp is not None or count_passkeys(session, found.id)
    ):
        raise Refused
    return found


def _sealed(means: Means, who: Visitor, key: str) -> bytes:
    return means.seal.close(key.encode(), f"totp {who.login_id.hex}")


def _opened(means: Means, who: Visitor, sealed: bytes) -> str:
    return means.seal.open(sealed, f"totp {who.login_id.hex}").decode()


def new_codes(means: Means) -> NewCodes:
    """Return ten new recovery codes; their slow hashes are made before any row is locked."""
    shown, salt = new_recovery_codes(), secrets.token_bytes(_SALT)
    return NewCodes(shown, salt, means.hashing.hash_with(salt, shown))


def keep_codes(session: HostedSession, login_id: UUID, codes: NewCodes) -> None:
    """Put new recovery codes in the place of any there were."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.login_id == login_id))
    session.add_all(
        RecoveryCode(login_id=login_id, code_hash=each, salt=codes.salt) for each in codes.hashes
    )


def _digest(means: Means, login_id: UUID, typed: str) -> bytes:
    """Return the hash of a typed recovery code, "" when it is none or the person has none."""
    code = recovery_code(typed)
    if not code:
        return b""
    with means.database.read(For(login=login_id)) as session:
        own = select(RecoveryCode.salt).where(RecoveryCode.login_id == login_id).limit(1)
        salt = session.scalar(own)
    return means.hashing.hash_with(salt, (code,))[0] if salt else b""


def _spent(session: HostedSession, login_id: UUID, digest: bytes, now: datetime) -> bool:
    """Use a recovery code up; return whether it was there to be used."""
    done = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.login_id == login_id,
            RecoveryCode.code_hash == digest,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.code_hash)
    )
    return done.first() is not None
