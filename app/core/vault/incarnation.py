"""Which life of the file this is: a restored, copied or cloned file must know that it is new.

The mark (incarnation, last position) lies outside the data folder: in the OS keychain where an
allow-listed one answers, and in the per-user state folder. A mark that is absent, of another
incarnation, or ahead of the file means that this file is a copy, and a new incarnation begins.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from sqlalchemy import Integer, Text, column, select, table
from sqlalchemy.orm import Session

from app.core.kernel.clock import unix_ms
from app.core.kernel.ids import new_id
from app.core.vault.files import write_whole
from app.core.vault.tables import Incarnation, Outbox

_SEQUENCE = table("sqlite_sequence", column("name", Text), column("seq", Integer))
_CONSONANTS = "BCDFGHJKLMNPQRSTVWXZ"


@dataclass(frozen=True, slots=True)
class Mark:
    """What lies outside the file: its incarnation and the last position it reached."""

    incarnation: UUID
    position: int

    def to_text(self) -> str:
        """Return the mark as it is stored."""
        return json.dumps({"incarnation": self.incarnation.hex, "position": self.position})

    @classmethod
    def from_text(cls, text: str | None) -> Mark | None:
        """Read a stored mark; anything else is no mark."""
        try:
            said = json.loads(text or "")
            return cls(UUID(hex=said["incarnation"]), int(said["position"]))
        except (ValueError, KeyError, TypeError):
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
        return path.read_text("utf-8") if path.exists() else None

    def write(self, vault_id: str, text: str) -> None:
        """Store the text whole."""
        write_whole(self._folder / f"{vault_id}.mark", text.encode())


def position(session: Session) -> int:
    """Return how far this file has come: the largest position that its outbox ever had."""
    # What was sent leaves the outbox; the sequence of its keys remembers.
    found = session.execute(
        select(_SEQUENCE.c.seq).where(_SEQUENCE.c.name == Outbox.__tablename__)
    ).scalar_one_or_none()
    return found or 0


def settle(session: Session, mark: Mark | None, now: datetime) -> Incarnation:
    """Return the incarnation that opens this file now, beginning a new one where it must."""
    current = session.scalars(
        select(Incarnation).order_by(Incarnation.begun_at.desc(), Incarnation.id.desc()).limit(1)
    ).first()
    same = (
        current is not None
        and mark is not None
        and mark.incarnation == current.id
        and mark.position <= position(session)
    )
    if current is not None and same:
        return current
    fresh = Incarnation(
        id=new_id(unix_ms(now)),
        begun_at=now,
        position=position(session),
        tag="" if current is None else _draw_tag(session),
    )
    session.add(fresh)
    session.flush()
    return fresh


def _draw_tag(session: Session) -> str:
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
    return max(known, key=lambda mark: mark.position)


def read_marks(places: list[MarkPlace], vault_id: str) -> Mark | None:
    """Return what the places outside the file say of it."""
    return newest([Mark.from_text(place.read(vault_id)) for place in places])


def writer_of(places: list[MarkPlace], vault_id: str) -> Callable[[Mark], None]:
    """Return what stores a mark in every place."""

    def write(mark: Mark) -> None:
        for place in places:
            place.write(vault_id, mark.to_text())

    return write
