"""Which life of the server's data this is: one that was restored from a backup begins another.

A practice's own epochs are kept in order, so that a device that was away over several of them
still learns the earliest point at which its log and ours parted.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from hosted.store.engine import Database, For, HostedSession
from hosted.store.tables import Epoch, Head, Server

_CONSONANTS, _TAG = "BCDFGHJKLMNPQRSTVWXZ", 4


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a practice's log stands, and in which epoch."""

    head: int
    epoch: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the server knows of itself: its epoch, and the secret that signs cursors."""

    epoch: str
    secret: bytes


def facts(database: Database) -> Facts:
    """Read the server's own row."""
    with database.read(For()) as session:
        found = session.execute(select(Server.epoch, Server.secret)).one()
    return Facts(found.epoch, found.secret)


def begin_anew(database: Database) -> str:
    """Begin a new epoch for every practice, after the data were restored; return its name."""
    epoch = secrets.token_hex(16)
    with database.write(For()) as session:
        session.execute(update(Server).values(epoch=epoch))
    return epoch


def begin_practice(session: HostedSession, epoch: str, now: datetime) -> None:
    """Begin the log of a practice that is new here."""
    practice_id = session.info["whom"].practice_id
    session.execute(insert(Head).values(practice_id=practice_id, head=0, epoch=epoch))
    session.execute(
        insert(Epoch).values(
            practice_id=practice_id, ordinal=0, epoch=epoch, restored_head=0, begun_at=now
        )
    )


def standing(session: Session) -> Standing | None:
    """Return where the practice's log stands; ``None`` for a practice that is not here."""
    found = session.execute(
        select(Head.head, Head.epoch).where(Head.practice_id == session.info["whom"].practice_id)
    ).one_or_none()
    return Standing(found.head, found.epoch) if found else None


def here(session: Session) -> Standing:
    """Return where the log stands of a practice that has devices, and so has a log."""
    found = standing(session)
    if found is None:
        raise LookupError("a practice without a log")
    return found


def enter(session: Session, epoch: str, now: datetime) -> None:
    """Bring a practice into the server's epoch: its log goes on from where it was restored."""
    practice_id = session.info["whom"].practice_id
    head = session.execute(
        select(Head).where(Head.practice_id == practice_id).with_for_update()
    ).scalar_one()
    if head.epoch == epoch:
        return
    head.epoch = epoch
    last = session.execute(
        select(func.max(Epoch.ordinal)).where(Epoch.practice_id == practice_id)
    ).scalar_one()
    session.add(
        Epoch(
            practice_id=practice_id,
            ordinal=last + 1,
            epoch=epoch,
            restored_head=head.head,
            begun_at=now,
        )
    )


def parted_at(session: Session, epoch: str) -> int | None:
    """Return up to where a log of ``epoch`` is still ours; ``None`` for all of it.

    An epoch that was never ours shares nothing.
    """
    practice_id = session.info["whom"].practice_id
    known = session.execute(
        select(Epoch.ordinal).where(Epoch.practice_id == practice_id, Epoch.epoch == epoch)
    ).scalar_one_or_none()
    if known is None:
        return 0
    found: int | None = session.execute(
        select(func.min(Epoch.restored_head)).where(
            Epoch.practice_id == practice_id, Epoch.ordinal > known
        )
    ).scalar_one()
    return found


def series_tag(session: Session) -> str:
    """Return the tag of the numbers that are leased in the present epoch; none in the first.

    A server that was restored has forgotten what it leased since its backup, so it goes on in a
    series of its own: four consonants made from the epoch's name, one more than any device has.
    """
    practice_id = session.info["whom"].practice_id
    epoch, ordinal = session.execute(
        select(Epoch.epoch, Epoch.ordinal)
        .where(Epoch.practice_id == practice_id)
        .order_by(Epoch.ordinal.desc())
        .limit(1)
    ).one()
    if not ordinal:
        return ""
    drawn = int(epoch, 16)
    tag = ""
    for _ in range(_TAG):
        drawn, at = divmod(drawn, len(_CONSONANTS))
        tag += _CONSONANTS[at]
    return tag
