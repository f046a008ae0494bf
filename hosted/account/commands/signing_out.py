"""Whoever runs the server signs people out: one person, or everybody after a break-in."""

from __future__ import annotations

from sqlalchemy import select, text

from hosted.account.commands import connecting, sessions
from hosted.account.commands.means import Means
from hosted.account.rules.secrets import address_hash
from hosted.account.tables import Login, RefreshToken, WebSession
from hosted.store.engine import For
from hosted.store.tables import Device


def sign_out(means: Means, address: str) -> bool:
    """Sign a person out of every browser and computer; returns whether there is such a person.

    The computers stay listed, and sign in again.
    """
    known, now = address_hash(address), means.now()
    with means.database.read(For(token=known)) as session:
        login_id = session.scalar(select(Login.id).where(Login.address_hash == known))
    if login_id is None:
        return False
    with means.database.write(For(login=login_id)) as session:
        sessions.end_all(session, login_id, now)
        for device in session.scalars(select(Device.id).where(Device.login_id == login_id)).all():
            connecting.end_family(session, device, now)
    return True


def sign_everybody_out(means: Means) -> None:
    """Sign all people out: of browsers at once, of computers when their access is to be renewed.

    No transaction sees the rows of all people; the tables are emptied whole, which the database
    allows their owner.
    """
    with means.database.write(For(server=True)) as session:
        for table in (WebSession.__tablename__, RefreshToken.__tablename__):
            emptied = "TRUNCATE" if means.database.dialect == "postgresql" else "DELETE FROM"
            session.execute(text(f"{emptied} {table}"))
