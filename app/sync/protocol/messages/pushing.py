"""What a computer wrote, and what became of it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.sync.protocol.records import Answer, Operation
from app.sync.protocol.terms import CHUNK_BYTES, PUSH_OPERATIONS
from app.sync.wire import Malformed, Reader

#: Pieces of files in one message that is left in quarantine.
_MOST_PIECES = 8


def _pieces(of: Reader) -> list[Any]:
    return [] if of.value("pieces") is None else of.items("pieces", most=_MOST_PIECES)


@dataclass(frozen=True, slots=True)
class FilePiece:
    """An encrypted piece of a file or paper that only this computer holds."""

    address: str
    place: int
    count: int
    sealed: bytes

    def to_json(self) -> list[Any]:
        """Return it as it travels."""
        return [self.address, self.place, self.count, base64.b64encode(self.sealed).decode()]

    @classmethod
    def read(cls, said: Any) -> FilePiece:
        """Read what travels; raises ``Malformed``."""
        of = Reader.row(said, least=4)
        text = of.value(3)
        if not isinstance(text, str) or len(text) > 2 * CHUNK_BYTES:
            raise Malformed("a piece is no text of its size")
        try:
            sealed = base64.b64decode(text, validate=True)
        except ValueError:
            raise Malformed("a piece is not in base64") from None
        return cls(of.name(0), of.whole(1), of.whole(2), sealed)


@dataclass(frozen=True, slots=True)
class Push:
    """Whole change sets in the order in which they were written."""

    epoch: str
    incarnation: UUID
    operations: tuple[Operation, ...]
    confirmed: int | None = None
    """The largest place of the outbox that is known to have arrived."""

    more: bool = False
    """Of work that is left in quarantine: whether this may not be the last of it."""

    pieces: tuple[FilePiece, ...] = ()
    """Of work that is left in quarantine: bytes whose rows alone would be worth little."""

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        said: dict[str, Any] = {
            "epoch": self.epoch,
            "incarnation": self.incarnation.hex,
            "operations": [each.to_json() for each in self.operations],
            "confirmed": self.confirmed,
        }
        if self.more:
            said["more"] = True
        if self.pieces:
            said["pieces"] = [each.to_json() for each in self.pieces]
        return said

    @classmethod
    def read(cls, said: Any) -> Push:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        listed = of.items("operations", most=PUSH_OPERATIONS * 20)
        return cls(
            of.text("epoch"),
            of.uuid("incarnation"),
            tuple(Operation.read(each) for each in listed),
            None if of.value("confirmed") is None else of.whole("confirmed"),
            of.value("more") is not None and of.flag("more"),
            tuple(FilePiece.read(each) for each in _pieces(of)),
        )


@dataclass(frozen=True, slots=True)
class Pushed:
    """An answer for every operation of a push, and where the log stands now."""

    answers: tuple[Answer, ...]
    head: int

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {"answers": [each.to_json() for each in self.answers], "head": self.head}

    @classmethod
    def read(cls, said: Any) -> Pushed:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        listed = of.items("answers", most=PUSH_OPERATIONS * 20)
        return cls(tuple(Answer.read(each) for each in listed), of.whole("head"))
