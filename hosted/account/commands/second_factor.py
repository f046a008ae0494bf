"""The second factor: an authenticator app, and ten codes for the day when it is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from hosted.account import content
from hosted.account.commands import sessions
from hosted.account.commands.means import Means, Refused
from hosted.account.queries import Visitor
from hosted.account.rules import second_factor
from hosted.account.rules.secrets import hashed, new_recovery_codes, recovery_code
from hosted.account.tables import Login, RecoveryCode
from hosted.post import queue
from hosted.store.engine import For, HostedSession


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


def offer(means: Means, who: Visitor) -> Offered:
    """Return the key for an app; the same one until it is taken up. Raises ``Refused``."""
    _may_set_up(who)
    with means.database.write(For(login=who.login_id)) as session:
        login = _locked(session, who)
        if login.totp_next is None:
            login.totp_next = _sealed(means, who, second_factor.new_key())
        key = _opened(means, who, login.totp_next)
    return Offered(key, second_factor.key_address(key, who.address))


def take_up(means: Means, who: Visitor, typed: str, site: str) -> SetUp:
    """Let the app's codes count once the first was typed; raises ``Refused``."""
    _may_set_up(who)
    now = means.now()
    with means.database.write(For(login=who.login_id)) as session:
        login = _locked(session, who)
        if login.totp_next is None:
            raise Refused
        step = second_factor.step_of(_opened(means, who, login.totp_next), typed, now, 0)
        if step is None:
            raise Refused
        if login.totp is not None:
            sessions.end_all(session, login.id, now, but=who.session_id)
            letter = content.factor_letter(login.address, f"{site}/account/reset")
            queue.leave(session, means.seal, letter, now)
        login.totp, login.totp_next, login.totp_step = login.totp_next, None, step
        codes = _new_codes(session, login.id)
        return SetUp(sessions.proved(session, who, now), codes)


def prove(means: Means, who: Visitor, typed: str) -> str:
    """Return the session's new secret for a code of the app, or for a recovery code.

    Raises ``Refused``; a code that was taken once is as wrong as any other.
    """
    now = means.now()
    with means.database.write(For(login=who.login_id)) as session:
        login = _locked(session, who)
        if login.totp is None:
            raise Refused
        key = _opened(means, who, login.totp)
        step = second_factor.step_of(key, typed, now, login.totp_step)
        if step is not None:
            login.totp_step = step
        elif not _spent(session, login.id, recovery_code(typed), now):
            raise Refused
        return sessions.proved(session, who, now)


def renew_codes(means: Means, who: Visitor) -> tuple[str, ...]:
    """Return ten new recovery codes; the old ones are worth nothing. Raises ``Refused``."""
    if not who.proved:
        raise Refused
    with means.database.write(For(login=who.login_id)) as session:
        _locked(session, who)
        return _new_codes(session, who.login_id)


def _may_set_up(who: Visitor) -> None:
    # Else a password alone would do to put another app in the place of the first.
    if who.has_factor and not who.proved:
        raise Refused


def _locked(session: HostedSession, who: Visitor) -> Login:
    """Return the person's row, locked: two tries at once with one code go one after the other."""
    found = session.scalars(
        select(Login).where(Login.id == who.login_id).with_for_update()
    ).one_or_none()
    if found is None or (found.totp is not None and not (who.has_factor or who.proved)):
        raise Refused
    return found


def _sealed(means: Means, who: Visitor, key: str) -> bytes:
    return means.seal.close(key.encode(), f"totp {who.login_id.hex}")


def _opened(means: Means, who: Visitor, sealed: bytes) -> str:
    return means.seal.open(sealed, f"totp {who.login_id.hex}").decode()


def _new_codes(session: HostedSession, login_id: UUID) -> tuple[str, ...]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.login_id == login_id))
    codes = new_recovery_codes()
    session.add_all(RecoveryCode(login_id=login_id, code_hash=hashed(code)) for code in codes)
    return codes


def _spent(session: HostedSession, login_id: UUID, code: str, now: datetime) -> bool:
    """Use a recovery code up; return whether it was there to be used."""
    if not code:
        return False
    done = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.login_id == login_id,
            RecoveryCode.code_hash == hashed(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.code_hash)
    )
    return done.first() is not None
