"""Passkeys: added and removed by the person, and used to sign in with, alone or as second factor.

A challenge is kept here, by its hash, and taken with the first answer: none is answered twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.core.kernel.clock import unix_ms
from app.core.kernel.errors import UserError
from app.core.kernel.ids import new_id
from app.core.kernel.text import clean_line
from hosted.account import content
from hosted.account.commands import sessions
from hosted.account.commands.means import Means, Refused
from hosted.account.commands.second_factor import keep_codes, locked, may_set_up, new_codes
from hosted.account.queries import Visitor, count_passkeys
from hosted.account.rules import passkeys
from hosted.account.rules.passkeys import Ceremony, NotAPasskey, Used
from hosted.account.tables import Login, Passkey, PasskeyChallenge
from hosted.post import queue
from hosted.store.engine import For, HostedSession

_BYTES, _NAME = 32, 60
T = TypeVar("T")


class LastFactor(Exception):
    """Without this passkey the account would have no second factor."""


@dataclass(frozen=True, slots=True)
class AddedPasskey:
    """A passkey that opens the account from now on: the session's new secret.

    ``codes`` are recovery codes, shown this once, when it is the first second factor.
    """

    secret: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that a passkey has opened: its secret, and whose it is."""

    secret: str
    address: str


def ask_to_add(means: Means, who: Visitor, party: str) -> dict[str, Any]:
    """Return what the browser is asked, as JSON; raises ``Refused``."""
    may_set_up(who)
    challenge = _challenge(means, Ceremony.ADD, who)
    return passkeys.ask_to_add(party, challenge, who.login_id, who.address, _known(means, who))


def ask_to_sign_in(means: Means, party: str) -> dict[str, Any]:
    """Return what the browser of somebody unknown is asked, as JSON."""
    return passkeys.ask_for_one(party, _challenge(means, Ceremony.SIGN_IN, None), ())


def ask_to_prove(means: Means, who: Visitor, party: str) -> dict[str, Any]:
    """Return what the browser is asked as second factor, as JSON."""
    challenge = _challenge(means, Ceremony.PROVE, who)
    return passkeys.ask_for_one(party, challenge, _known(means, who))


def add(means: Means, who: Visitor, said: str, name: str, site: str) -> AddedPasskey:
    """Let a passkey open the account, and tell the person by letter.

    Raises ``Refused`` for what is none, and ``UserError`` for a name that will not do.
    """
    may_set_up(who)
    called = clean_line(name, field="name", limit=_NAME)
    if not called:
        raise UserError("Say what you want to call it.", field="name")
    answer = _read(passkeys.read_added, said)
    made = _believed(
        lambda: answer.checked(_spent(means, answer.challenge, Ceremony.ADD, who), site)
    )
    now, codes = means.now(), None if who.has_factor else new_codes(means)
    with means.database.write(For(login=who.login_id)) as session:
        login = locked(session, who)
        there = count_passkeys(session, login.id)
        if there >= passkeys.MOST:
            raise UserError("Remove one of your passkeys first: twenty fit here.", field="name")
        session.add(
            Passkey(
                id=new_id(unix_ms(now)),
                credential_hash=passkeys.passkey_hash(made.id),
                credential_id=made.id,
                login_id=login.id,
                name=called,
                public_key=made.public_key,
                sign_count=made.sign_count,
                made_at=now,
            )
        )
        _flush(session)
        letter = content.passkey_added_letter(login.address, f"{site}/account#second-factor")
        queue.leave(session, means.seal, letter, now)
        if codes is not None:
            keep_codes(session, login.id, codes)
        shown = codes.shown if codes else ()
        return AddedPasskey(sessions.proved(session, who, now), shown)


def sign_in(means: Means, said: str, browser: str, site: str) -> SignedIn:
    """Return a session that is open to everything, for a passkey alone; raises ``Refused``."""
    answer = _read(passkeys.read_used, said)
    challenge = _spent(means, answer.challenge, Ceremony.SIGN_IN, None)
    digest, now = passkeys.passkey_hash(answer.id), means.now()
    with means.database.read(For(token=digest)) as session:
        login_id = session.scalar(select(Passkey.login_id).where(Passkey.credential_hash == digest))
    if login_id is None or answer.whose != login_id.bytes:
        raise Refused
    with means.database.write(For(login=login_id)) as session:
        _use(session, login_id, answer, challenge, site, now)
        address = session.get_one(Login, login_id).address
        return SignedIn(sessions.begin(session, login_id, browser, now, proved=True), address)


def prove(means: Means, who: Visitor, said: str, site: str) -> str:
    """Return the session's new secret for one of the person's passkeys; raises ``Refused``."""
    answer = _read(passkeys.read_used, said)
    challenge = _spent(means, answer.challenge, Ceremony.PROVE, who)
    if answer.whose not in {None, who.login_id.bytes}:
        raise Refused
    now = means.now()
    with means.database.write(For(login=who.login_id)) as session:
        _use(session, who.login_id, answer, challenge, site, now)
        return sessions.proved(session, who, now)


def remove(means: Means, who: Visitor, passkey_id: UUID, site: str) -> bool:
    """Let a passkey open nothing any more, end every other session, and tell the person by letter.

    Returns whether there was one. Raises ``LastFactor``, and ``Refused`` before the second factor.
    """
    if not who.proved:
        raise Refused
    now = means.now()
    with means.database.write(For(login=who.login_id)) as session:
        login = locked(session, who)
        if login.totp is None and count_passkeys(session, login.id) < 2:
            raise LastFactor
        gone = session.execute(
            delete(Passkey)
            .where(Passkey.id == passkey_id, Passkey.login_id == login.id)
            .returning(Passkey.id)
        )
        if gone.first() is None:
            return False
        # Whoever holds the thing that kept it may be signed in with it.
        sessions.end_all(session, login.id, now, but=who.session_id)
        letter = content.passkey_removed_letter(login.address, f"{site}/account/reset")
        queue.leave(session, means.seal, letter, now)
    return True


def _challenge(means: Means, ceremony: Ceremony, who: Visitor | None) -> bytes:
    made = secrets.token_bytes(_BYTES)
    digest = passkeys.challenge_hash(made)
    with means.database.write(For(token=digest)) as session:
        session.add(
            PasskeyChallenge(
                token_hash=digest,
                ceremony=ceremony,
                session_id=who.session_id if who else None,
                ends_at=means.now() + passkeys.CHALLENGE_LASTS,
            )
        )
    return made


def _spent(means: Means, challenge: bytes, ceremony: Ceremony, who: Visitor | None) -> bytes:
    """Take a challenge away and return it if it was made for this; raises ``Refused``."""
    digest = passkeys.challenge_hash(challenge)
    with means.database.write(For(token=digest)) as session:
        found = session.execute(
            delete(PasskeyChallenge)
            .where(PasskeyChallenge.token_hash == digest)
            .returning(
                PasskeyChallenge.ceremony, PasskeyChallenge.session_id, PasskeyChallenge.ends_at
            )
        ).one_or_none()
    if (
        found is None
        or found.ceremony is not ceremony
        or found.session_id != (who.session_id if who else None)
        or found.ends_at <= means.now()
    ):
        raise Refused
    return challenge


def _use(
    session: HostedSession,
    login_id: UUID,
    answer: Used,
    challenge: bytes,
    site: str,
    now: datetime,
) -> None:
    """Check an answer by the person's own key, and write down that it was used."""
    found = session.scalars(
        select(Passkey)
        .where(
            Passkey.credential_hash == passkeys.passkey_hash(answer.id),
            Passkey.login_id == login_id,
        )
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise Refused
    key, counted = found.public_key, found.sign_count
    found.sign_count = _believed(lambda: answer.checked(challenge, site, key, counted))
    found.used_at = now


def _known(means: Means, who: Visitor) -> tuple[bytes, ...]:
    with means.database.read(For(login=who.login_id)) as session:
        return tuple(
            session.scalars(select(Passkey.credential_id).where(Passkey.login_id == who.login_id))
        )


def _read(read: Callable[[str], T], said: str) -> T:
    return _believed(lambda: read(said))


def _believed(check: Callable[[], T]) -> T:
    try:
        return check()
    except NotAPasskey:
        raise Refused from None


def _flush(session: HostedSession) -> None:
    try:
        session.flush()
    except IntegrityError:
        # It is there already, perhaps of somebody else.
        raise Refused from None
