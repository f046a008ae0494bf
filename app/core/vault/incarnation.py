"""Which life of the file this is: a restored, copied or cloned file must know that it is new.

The mark (incarnation, openings, last position) lies outside the data folder: in the OS keychain
where an allow-listed one answers, and in the per-user state folder. A mark that is absent, of
another incarnation, or ahead of the file means that this file is a copy, and a new incarnation
begins. The mark is written at opening, when a number was given, and at closing; the openings are
counted so that a copy which was opened and killed leaves the other one behind.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.kernel.clock import unix_ms
from app.core.kernel.errors import MachineError
from app.core.kernel.ids import new_id
from app.core.vault.engine import driver
from app.core.vault.files import said_plainly, write_whole
from app.core.vault.tables import Incarnation, Outbox

_POSITION = "SELECT seq FROM sqlite_sequence WHERE name = ?"
#: Moments are kept to the millisecond.
_NEXT = timedelta(milliseconds=1)
_CONSONANTS = "BCDFGHJKLMNPQRSTVWXZ"

# Composed once: every step of sync asks.
_LATEST = (
    select(Incarnation)
    .order_by(Incarnation.begun_at.desc(), Incarnation.id.desc())
    .limit(1)
    .execution_options(include_deleted=True)
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What lies outside the file: its incarnation, how often that opened, how far it came."""

    incarnation: UUID
    opened: int
    position: int

    def to_text(self) -> str:
        """Return the mark as it is stored."""
        return json.dumps(
            {
                "incarnation": self.incarnation.hex,
                "opened": self.opened,
                "position": self.position,
            }
        )

    @classmethod
    def from_text(cls, text: str | None) -> Mark | None:
        """Read a stored mark; anything else is no mark."""
        try:
            said = json.loads(text or "")
            return cls(UUID(hex=said["incarnation"]), int(said["opened"]), int(said["position"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


class MarkPlace(Protocol):
    """Somewhere outside the data folder that keeps one mark per practice file."""

    def read(self, vault_id: str) -> str | None:
        """Return the stored text, or ``None``."""
        ...

    def write(self, vault_id: str, text: str) -> None:
        """Store the text."""
        ...


class StateFolder:
    """The per-user state folder as a place for marks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, vault_id: str) -> str | None:
        """Return the stored text, or ``None``."""
        path = self._folder / f"{vault_id}.mark"
        try:
            return path.read_text("utf-8", errors="replace")
        except OSError:
            # Whatever keeps it from being read, the file cannot show that it is the same one.
            return None

    def write(self, vault_id: str, text: str) -> None:
        """Store the text whole."""
        if self.read(vault_id) == text:
            return
        with said_plainly(self._folder):
            write_whole(self._folder / f"{vault_id}.mark", text.encode())


def position(session: Session) -> int:
    """Return how far this file has come: the largest position its outbox ever gave.

    It holds also when the rows themselves have been sent and removed.
    """
    return position_in(driver(session))


def position_in(connection: Any) -> int:
    """Return ``position`` of the file that the driver's own ``connection`` is open on."""
    found = connection.execute(_POSITION, (Outbox.__tablename__,)).fetchone()
    return found[0] if found else 0


def settle(session: Session, mark: Mark | None, now: datetime) -> Incarnation:
    """Return the incarnation that opens this file now, beginning a new one where it must.

    The opening is counted, and written with the transaction.
    """
    current = latest(session)
    same = (
        current is not None
        and mark is not None
        and mark.incarnation == current.id
        and mark.opened <= current.opened
        and mark.position <= position(session)
    )
    if current is not None and same:
        current.opened += 1
        return current
    return begin(session, now)


def latest(session: Session) -> Incarnation | None:
    """Return the life that the file is in, as far as it knows."""
    return session.scalars(_LATEST).first()


def begin(session: Session, now: datetime) -> Incarnation:
    """Begin a new life of the file; only a file's very first has no tag.

    It counts as begun after the life before it, whatever a clock that went back says: the latest
    to begin is the one that the file is in.
    """
    begun = position(session)
    before = latest(session)
    begun_at = now if before is None else max(now, before.begun_at + _NEXT)
    fresh = Incarnation(
        id=new_id(unix_ms(begun_at)),
        begun_at=begun_at,
        opened=1,
        position=begun,
        # What waits up to here was queued by an earlier life, which may have sent it.
        confirmed=begun,
        tag="" if before is None else draw_tag(session),
    )
    session.add(fresh)
    session.flush()
    return fresh


def draw_tag(session: Session) -> str:
    """Return three consonants that no life of this file had."""
    taken = set(session.scalars(select(Incarnation.tag)))
    while True:
        tag = "".join(secrets.choice(_CONSONANTS) for _ in range(3))
        if tag not in taken:
            return tag


def newest(marks: list[Mark | None]) -> Mark | None:
    """Return the mark that came furthest; two places that name different lives name none."""
    known = [mark for mark in marks if mark is not None]
    if len({mark.incarnation for mark in known}) != 1:
        return None
    return Mark(
        known[0].incarnation,
        max(mark.opened for mark in known),
        max(mark.position for mark in known),
    )


def read_marks(places: list[MarkPlace], vault_id: str) -> Mark | None:
    """Return what the places outside the file say of it."""
    return newest([Mark.from_text(place.read(vault_id)) for place in places])


def writer_of(places: list[MarkPlace], vault_id: str) -> Callable[[Mark], None]:
    """Return what stores a mark in every place; it raises ``MachineError`` where none takes it.

    One place is enough: the mark that came furthest counts, and two that name different lives
    make a new one.
    """

    def write(mark: Mark) -> None:
        refused: list[MachineError] = []
        for place in places:
            try:
                place.write(vault_id, mark.to_text())
            except MachineError as error:
                refused.append(error)
        if refused and len(refused) == len(places):
            raise refused[0]

    return write


def begin_another_life(places: list[MarkPlace], vault_id: str) -> None:
    """Let whatever file of ``vault_id`` opens next be a new incarnation, as after a restore."""
    writer_of(places, vault_id)(Mark(uuid4(), 0, 0))
