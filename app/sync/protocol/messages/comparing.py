"""Whether both sides hold the same, and the rows to mend it with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.sync.protocol.terms import PULL_ROWS
from app.sync.wire import Reader


@dataclass(frozen=True, slots=True)
class Digest:
    """Asks whether both sides hold the same, entity by entity.

    ``columns`` names the columns to compare (those this version knows). With ``bucket`` empty the
    answer gives 256 sums by the first byte of the id's SHA-256; else the rows of that bucket.
    """

    epoch: str
    entity: str
    columns: tuple[str, ...]
    bucket: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "epoch": self.epoch,
            "entity": self.entity,
            "columns": list(self.columns),
            "bucket": self.bucket,
        }

    @classmethod
    def read(cls, said: Any) -> Digest:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        bucket = None if of.value("bucket") is None else of.whole("bucket", most=255)
        names = tuple(Reader.row([each], least=1).name(0) for each in of.items("columns", most=400))
        return cls(of.text("epoch"), of.name("entity"), names, bucket)


@dataclass(frozen=True, slots=True)
class Digested:
    """Sums of all 256 buckets, or ``(id, version, hash)`` of the rows of one; as of ``head``."""

    head: int
    sums: tuple[str, ...] = ()
    rows: tuple[tuple[UUID, int, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "head": self.head,
            "sums": list(self.sums),
            "rows": [[pk.hex, seq, hashed] for pk, seq, hashed in self.rows],
        }

    @classmethod
    def read(cls, said: Any) -> Digested:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        rows = [Reader.row(each, least=3) for each in of.items("rows")]
        sums = tuple(Reader.row([each], least=1).text(0) for each in of.items("sums", most=256))
        return cls(
            of.whole("head"), sums, tuple((row.uuid(0), row.whole(1), row.text(2)) for row in rows)
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Asks for whole rows by id, to repair them; the answer is a ``SnapshotPart``."""

    epoch: str
    entity: str
    ids: tuple[UUID, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "epoch": self.epoch,
            "entity": self.entity,
            "ids": [each.hex for each in self.ids],
        }

    @classmethod
    def read(cls, said: Any) -> Wanted:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(of.text("epoch"), of.name("entity"), of.ids("ids", most=PULL_ROWS))
