"""A person signs in with a password, is seen, and signs out."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from app.core.kernel.clock import unix_ms
from app.core.kernel.ids import new_id
from hosted.account.commands.means import Means, Refused
from hosted.account.queries import Visitor
from hosted.account.rules.lasting import MOST_BROWSERS
from hosted.account.rules.passwords import LONGEST
from hosted.account.rules.secrets import address_hash, hashed, new_secret
from hosted.account.tables import Login, WebSession
from hosted.store.engine import For, HostedSession

#: How often it is written down that a browser was seen.
_SEEN_EVERY = timedelta(minutes=1)


def sign_in(means: Means, address: str, password: str, browser: str) -> str:
    """Return the secret of a new session, which still waits for the second factor.

    Raises ``Refused``, after the same work whether or not the address has an account.
    """
    known = address_hash(address)
    with means.database.read(For(token=known)) as session:
        login = session.scalars(select(Login).where(Login.address_hash == known)).one_or_none()
    kept = means.hashing.nobodys if login is None else login.password
    fits = means.hashing.fits(kept, password[: LONGEST + 1])
    if login is None or not fits:
        raise Refused
    with means.database.write(For(login=login.id)) as session:
        if means.hashing.is_outdated(kept):
            # Only if it is still the one that was checked: a reset may have come between.
            session.execute(
                update(Login)
                .where(Login.id == login.id, Login.password == kept)
                .values(password=means.hashing.hash(password))
            )
        return begin(session, login.id, browser, means.now(), proved=False)


def begin(
    session: HostedSession, login_id: UUID, browser: str, now: datetime, *, proved: bool
) -> str:
    """Return the secret of a new session, which is ``proved`` when both factors were given.

    Of many others the one longest unseen ends.
    """
    others = session.scalars(
        select(WebSession.id)
        .where(WebSession.login_id == login_id, WebSession.ended_at.is_(None))
        .order_by(WebSession.seen_at.desc())
        .offset(MOST_BROWSERS - 1)
    ).all()
    if others:
        session.execute(update(WebSession).where(WebSession.id.in_(others)).values(ended_at=now))
    secret = new_secret()
    session.add(
        WebSession(
            id=new_id(unix_ms(now)),
            token_hash=hashed(secret),
            login_id=login_id,
            browser=browser,
            made_at=now,
            seen_at=now,
            proved_at=now if proved else None,
        )
    )
    return secret


def seen(means: Means, who: Visitor) -> None:
    """Note that a session is in use, at most once a minute."""
    now = means.now()
    if now - who.seen_at < _SEEN_EVERY:
        return
    with means.database.write(For(login=who.login_id)) as session:
        session.execute(
            update(WebSession)
            .where(WebSession.id == who.session_id, WebSession.login_id == who.login_id)
            .values(seen_at=now)
        )


def proved(session: HostedSession, who: Visitor, now: datetime) -> str:
    """Let a session open everything, under a new secret: the old one may have been planted."""
    secret = new_secret()
    done = session.execute(
        update(WebSession)
        .where(
            WebSession.id == who.session_id,
            WebSession.login_id == who.login_id,
            WebSession.ended_at.is_(None),
        )
        .values(token_hash=hashed(secret), proved_at=now, seen_at=now)
        .returning(WebSession.id)
    )
    if done.first() is None:
        raise Refused
    return secret


def end(means: Means, login_id: UUID, session_id: UUID) -> None:
    """Sign a browser out; one that is no longer signed in stays so."""
    now = means.now()
    with means.database.write(For(login=login_id)) as session:
        session.execute(
            update(WebSession)
            .where(
                WebSession.id == session_id,
                WebSession.login_id == login_id,
                WebSession.ended_at.is_(None),
            )
            .values(ended_at=now)
        )


def end_all(session: HostedSession, login_id: UUID, now: datetime, but: UUID | None = None) -> None:
    """Sign a person out of every browser, perhaps but one."""
    others = update(WebSession).where(
        WebSession.login_id == login_id, WebSession.ended_at.is_(None)
    )
    if but is not None:
        others = others.where(WebSession.id != but)
    session.execute(others.values(ended_at=now))
