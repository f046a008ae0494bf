"""The queue of letters: left in a transaction, leased by whoever carries them.

A carrier that dies lets its lease run out, and another one carries the letter: at least once,
under the same Message-ID.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.core.kernel.clock import Clock, unix_ms
from app.core.kernel.ids import new_id
from hosted.post.tables import Job
from hosted.seal import NotSealedHere, Seal
from hosted.store.engine import Database, For

LETTER = "letter"
LEASE = timedelta(minutes=2)
#: After so many failures a letter is given up: links in it have long expired.
MOST_ATTEMPTS = 12
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail of plain text. It never holds what somebody else typed, nor health data."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Leased:
    """A letter that is ours to carry for the time of the lease; ``None``: nobody can read it."""

    job: UUID
    lease: UUID
    attempts: int
    letter: Letter | None


def leave(
    session: Session, seal: Seal, letter: Letter, now: datetime, *, carry: bool = True
) -> None:
    """Leave a letter to be carried once the transaction of ``session`` has committed.

    One that is not to be carried costs as much time, and leaves nothing to read.
    """
    job = new_id(unix_ms(now))
    content = json.dumps(asdict(letter)).encode()
    session.add(
        Job(
            id=job,
            kind=LETTER,
            sealed=seal.close(content if carry else b"", job.hex),
            due_at=now,
            done_at=None if carry else now,
        )
    )


def wait_after(attempts: int) -> timedelta:
    """Return how long a letter waits after so many failures: 30 seconds, doubled, at most 6 h."""
    return min(_FIRST_WAIT * (1 << (attempts - 1)), _LONGEST_WAIT)


class Queue:
    """Hands letters out one by one."""

    def __init__(self, database: Database, clock: Clock, seal: Seal) -> None:
        self._database = database
        self._clock = clock
        self._seal = seal

    def any_due(self) -> bool:
        """Return whether a letter is due; unlike a lease this only reads."""
        with self._database.read(For(server=True)) as session:
            found = session.scalars(
                select(Job.id)
                .where(Job.done_at.is_(None), Job.due_at <= self._clock.now())
                .limit(1)
            )
            return found.first() is not None

    def lease(self) -> Leased | None:
        """Return the letter that is due longest, now leased; ``None`` when none is due."""
        now, lease = self._clock.now(), uuid4()
        with self._database.write(For(server=True)) as session:
            job = session.scalars(
                select(Job)
                .where(
                    Job.done_at.is_(None),
                    Job.due_at <= now,
                    or_(Job.leased_until.is_(None), Job.leased_until <= now),
                )
                .order_by(Job.due_at, Job.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).one_or_none()
            if job is None:
                return None
            try:
                said = json.loads(self._seal.open(job.sealed, job.id.hex))
            except NotSealedHere as error:
                # Sealed under a key that is lost: it must not stand before all others for ever.
                job.done_at, job.sealed, job.failure = now, b"", type(error).__name__
                return Leased(job.id, lease, job.attempts, None)
            job.lease, job.leased_until = lease, now + LEASE
            return Leased(job.id, lease, job.attempts, Letter(**said))

    def carried(self, leased: Leased) -> None:
        """Note that a letter arrived; what it said is forgotten."""
        self._settle(leased, done_at=self._clock.now(), sealed=b"", failure=None)

    def failed(self, leased: Leased, failure: str) -> None:
        """Let a letter wait for its next attempt, or give it up."""
        now, attempts = self._clock.now(), leased.attempts + 1
        if attempts >= MOST_ATTEMPTS:
            self._settle(leased, attempts=attempts, done_at=now, sealed=b"", failure=failure)
        else:
            due = now + wait_after(attempts)
            self._settle(leased, attempts=attempts, due_at=due, failure=failure)

    def sweep(self) -> None:
        """Forget what was done a month ago."""
        with self._database.write(For(server=True)) as session:
            session.execute(delete(Job).where(Job.done_at < self._clock.now() - _KEPT))

    def _settle(self, leased: Leased, **said: object) -> None:
        # A lease that ran out is another carrier's by now: then this says nothing.
        with self._database.write(For(server=True)) as session:
            session.execute(
                update(Job)
                .where(Job.id == leased.job, Job.lease == leased.lease)
                .values(lease=None, leased_until=None, **said)
            )

    def all_due(self) -> Iterator[Leased]:
        """Yield letters, each leased as it is asked for, until none is due."""
        while (leased := self.lease()) is not None:
            yield leased
