"""Which life of the server's data this is: one that was restored from a backup begins another.

A practice's own epochs are kept in order, so that a device that was away over several of them
still learns the earliest point at which its log and ours parted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from hosted.store.engine import Database, For, HostedSession
from hosted.store.migrate import name_of_epoch
from hosted.store.tables import Epoch, Head, Server
from hosted.sync.register import Begun, Register

_CONSONANTS, _TAG = "BCDFGHJKLMNPQRSTVWXZ", 4


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a practice's log stands, and in which epoch."""

    head: int
    epoch: str


class Ancestry:
    """Up to where the logs of other epochs are the log of the present one.

    ``parents`` names, of every epoch but the first, the one that it went on from and the head of
    that one. Epochs of restores that were restored over are among them.
    """

    def __init__(self, present: str, parents: Mapping[str, tuple[str, int]]) -> None:
        self.present = present
        self._parents = parents
        self._limits: dict[str, int | None] = {present: None}
        epoch, limit = present, None
        while epoch in parents and parents[epoch][0] not in self._limits:
            epoch, head = parents[epoch]
            limit = _smaller(limit, head)
            self._limits[epoch] = limit

    @property
    def restored(self) -> bool:
        """Return whether the log ever went on from a backup, so that something can be lost."""
        return self.present in self._parents

    def common(self, epoch: str) -> int | None:
        """Return the last seq that the log of ``epoch`` shares with ours; ``None`` for all.

        An epoch that was never ours shares nothing.
        """
        limit: int | None = None
        passed: set[str] = set()
        while epoch not in self._limits:
            if epoch not in self._parents or epoch in passed:
                return 0
            passed.add(epoch)
            epoch, head = self._parents[epoch]
            limit = _smaller(limit, head)
        return _smaller(limit, self._limits[epoch])


def _smaller(one: int | None, other: int | None) -> int | None:
    known = [each for each in (one, other) if each is not None]
    return min(known, default=None)


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


def begin_anew(database: Database, now: datetime) -> str:
    """Begin a new epoch for every practice, after the data were restored; return its name.

    Names of later epochs are greater: they begin with the time.
    """
    epoch = name_of_epoch(now)
    with database.write(For()) as session:
        session.execute(update(Server).values(epoch=epoch))
    return epoch


def begin_practice(session: HostedSession, epoch: str, now: datetime) -> None:
    """Begin the log of a practice that is new here."""
    practice_id = session.info["whom"].practice_id
    session.execute(insert(Head).values(practice_id=practice_id, head=0, epoch=epoch))
    session.execute(
        insert(Epoch).values(
            practice_id=practice_id,
            ordinal=0,
            epoch=epoch,
            parent="",
            restored_head=0,
            begun_at=now,
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


def enter(session: Session, epoch: str, now: datetime, register: Register) -> bool:
    """Bring a practice into the server's epoch: its log goes on from where it was restored.

    Returns whether it came from another one.
    """
    practice_id = session.info["whom"].practice_id
    head = session.execute(
        select(Head).where(Head.practice_id == practice_id).with_for_update()
    ).scalar_one()
    if head.epoch == epoch:
        return False
    begun = Begun(epoch, head.epoch, head.head)
    register.began(practice_id, begun)
    head.epoch = epoch
    known = set(session.scalars(select(Epoch.epoch).where(Epoch.practice_id == practice_id)))
    last = session.execute(
        select(func.max(Epoch.ordinal)).where(Epoch.practice_id == practice_id)
    ).scalar_one()
    forgotten = [each for each in register.epochs(practice_id) if each.epoch not in known]
    # The present one is the newest.
    listed = [*(each for each in forgotten if each.epoch != epoch), begun]
    for ordinal, each in enumerate(listed, last + 1):
        session.add(
            Epoch(
                practice_id=practice_id,
                ordinal=ordinal,
                epoch=each.epoch,
                parent=each.parent,
                restored_head=each.head,
                begun_at=now,
            )
        )
    session.flush()
    return True


def ancestry(session: Session) -> Ancestry:
    """Return how the epochs of the practice's log hang together."""
    practice_id = session.info["whom"].practice_id
    found = session.execute(
        select(Epoch.epoch, Epoch.parent, Epoch.restored_head)
        .where(Epoch.practice_id == practice_id)
        .order_by(Epoch.ordinal)
    ).all()
    parents = {epoch: (parent, head) for epoch, parent, head in found if parent}
    return Ancestry(found[-1][0], parents)


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
