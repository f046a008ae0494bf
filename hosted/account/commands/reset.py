"""A person chooses a new password by a link that was sent to their address."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select, update

from hosted.account import content
from hosted.account.commands import sessions
from hosted.account.commands.means import Means, Refused
from hosted.account.rules.lasting import RESET_LASTS, Purpose
from hosted.account.rules.passwords import check_password
from hosted.account.rules.secrets import address_hash, hashed, is_plausible, new_secret
from hosted.account.tables import Login, MailLink
from hosted.post import queue
from hosted.store.engine import For


def begin(means: Means, address: str, site: str) -> None:
    """Send a link to the person with this address; for any other address nothing is sent."""
    known = address_hash(address)
    with means.database.read(For(token=known)) as session:
        login = session.scalars(select(Login).where(Login.address_hash == known)).one_or_none()
    # For an address that nobody has the same is done, for nobody: time would tell it otherwise.
    whose = uuid4() if login is None else login.id
    secret, now = new_secret(), means.now()
    with means.database.write(For(login=whose)) as session:
        session.add(
            MailLink(
                token_hash=hashed(secret),
                login_id=whose,
                purpose=Purpose.RESET,
                made_at=now,
                ends_at=now + RESET_LASTS,
            )
        )
        to = address if login is None else login.address
        letter = content.reset_letter(to, f"{site}/account/new-password?key={secret}")
        queue.leave(session, means.seal, letter, now, carry=login is not None)


def waits(means: Means, secret: str) -> bool:
    """Return whether a link still works; looking at it changes nothing."""
    return _link(means, secret) is not None


def choose(means: Means, secret: str, password: str, site: str) -> str:
    """Take the new password and end every browser's session; returns the person's address.

    The second factor stays as it is. Raises ``Refused`` for a link that does not work, and
    ``UserError`` for a password that will not do, which leaves the link as it was.
    """
    link = _link(means, secret)
    if link is None:
        raise Refused
    with means.database.read(For(login=link.login_id)) as session:
        login = session.get_one(Login, link.login_id)
    check_password(password, (login.name, login.address))
    kept, now = means.hashing.hash(password), means.now()
    with means.database.write(For(login=login.id)) as session:
        # All links of the person, so that an older letter does not change it again.
        used = session.scalars(
            update(MailLink)
            .where(MailLink.login_id == login.id, MailLink.used_at.is_(None))
            .values(used_at=now)
            .returning(MailLink.token_hash)
        ).all()
        if hashed(secret) not in used:
            raise Refused
        session.execute(
            update(Login).where(Login.id == login.id).values(password=kept, password_at=now)
        )
        sessions.end_all(session, login.id, now)
        letter = content.changed_letter(login.address, f"{site}/account/reset")
        queue.leave(session, means.seal, letter, now)
    return login.address


def _link(means: Means, secret: str) -> MailLink | None:
    if not is_plausible(secret):
        return None
    with means.database.read(For(token=hashed(secret))) as session:
        found = session.get(MailLink, hashed(secret))
    if found is None or found.used_at is not None or found.ends_at <= means.now():
        return None
    return found
