"""A person who has signed in changes the password."""

from __future__ import annotations

from sqlalchemy import update

from hosted.account import content
from hosted.account.commands import sessions
from hosted.account.commands.means import Means, Refused
from hosted.account.queries import Visitor
from hosted.account.rules.passwords import check_password
from hosted.account.tables import Login, MailLink
from hosted.post import queue
from hosted.store.engine import For


def change(means: Means, who: Visitor, current: str, chosen: str, site: str) -> None:
    """Take another password, end the sessions of all other browsers, and tell the person by letter.

    Raises ``Refused`` when ``current`` is not the password, and ``UserError`` for one that will not
    do.
    """
    with means.database.read(For(login=who.login_id)) as session:
        login = session.get_one(Login, who.login_id)
    if not who.proved or not means.hashing.fits(login.password, current):
        raise Refused
    check_password(chosen, (login.name, login.address))
    kept, now = means.hashing.hash(chosen), means.now()
    with means.database.write(For(login=login.id)) as session:
        # Only if it is still the one that was checked: a reset may have come between.
        changed = session.execute(
            update(Login)
            .where(Login.id == login.id, Login.password == login.password)
            .values(password=kept, password_at=now)
            .returning(Login.id)
        )
        if changed.first() is None:
            raise Refused
        session.execute(
            update(MailLink)
            .where(MailLink.login_id == login.id, MailLink.used_at.is_(None))
            .values(used_at=now)
        )
        sessions.end_all(session, login.id, now, but=who.session_id)
        letter = content.changed_letter(login.address, f"{site}/account/reset")
        queue.leave(session, means.seal, letter, now)
