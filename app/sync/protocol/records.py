"""What travels inside the messages: operations, answers, log entries, whole rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.sync.protocol.terms import Verdict
from app.sync.wire import Malformed, Reader, columns_of, flag_of, id_of, name_of, whole_of


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an operation says of the server's epochs before the one that it is sent to.

    ``base`` is the epoch of its ``base_seq``, empty for the present one, and ``replaced`` what the
    changed columns held there. ``was`` is the version (epoch, seq) under which an earlier epoch
    had taken it already, and ``whole`` marks the restatement of a whole row of that version.
    What is ``in_doubt`` may have been taken by one, of which no answer came.
    Source: decision record 0022, rules 15 to 19 and 32.
    """

    base: str = ""
    was: tuple[str, int] | None = None
    whole: bool = False
    replaced: Mapping[str, Any] = field(default_factory=dict)
    in_doubt: bool = False

    def to_json(self) -> list[Any]:
        """Return it as it travels."""
        epoch, seq = self.was or ("", 0)
        said = [self.base, epoch, seq, int(self.whole), dict(self.replaced)]
        return [*said, 1] if self.in_doubt else said

    @classmethod
    def read(cls, said: Any) -> Earlier:
        """Read what travels; raises ``Malformed``."""
        row = Reader.row(said, least=5)
        epoch = row.text(1)
        was = (epoch, row.whole(2)) if epoch else None
        in_doubt = len(said) > 5 and row.flag(5)
        return cls(row.text(0), was, row.flag(3) and was is not None, row.columns(4), in_doubt)


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of one change set, as its writer saw it.

    ``columns`` hold the changed columns with those that travel with them; ``base_seq`` is the
    row's version that the writer saw, 0 for none; ``hlc`` 48 bits of milliseconds and 16 of
    counter; ``lsn`` the place in the outbox of ``incarnation``, which only grows.
    """

    id: UUID
    change_set: UUID
    lsn: int
    entity: str
    pk: UUID
    is_new: bool
    base_seq: int
    hlc: int
    schema: int
    columns: Mapping[str, Any] = field(default_factory=dict)
    earlier: Earlier | None = None

    def to_json(self) -> list[Any]:
        """Return it as it travels: a list, since the names would be most of the bytes."""
        said = [
            self.id.hex,
            self.change_set.hex,
            self.lsn,
            self.entity,
            self.pk.hex,
            int(self.is_new),
            self.base_seq,
            self.hlc,
            self.schema,
            dict(self.columns),
        ]
        return said if self.earlier is None else [*said, self.earlier.to_json()]

    @classmethod
    def read(cls, said: Any) -> Operation:
        """Read what travels; raises ``Malformed``."""
        if type(said) is not list or len(said) < 10:
            raise Malformed("a list of 10 was expected")
        own, change_set, lsn, entity, pk, is_new, base_seq, hlc, schema, columns = said[:10]
        return cls(
            id_of(own, 0),
            id_of(change_set, 1),
            whole_of(lsn, 2, 1),
            name_of(entity, 3),
            id_of(pk, 4),
            flag_of(is_new, 5),
            whole_of(base_seq, 6),
            whole_of(hlc, 7),
            whole_of(schema, 8),
            columns_of(columns, 9),
            Earlier.read(said[10]) if len(said) > 10 and said[10] is not None else None,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one operation: its verdict, the seq of its echo, a code if it was refused."""

    id: UUID
    verdict: Verdict
    seq: int = 0
    refusal: str = ""
    first: str = ""

    def to_json(self) -> list[Any]:
        """Return it as it travels."""
        return [self.id.hex, str(self.verdict), self.seq, self.refusal, self.first]

    @classmethod
    def read(cls, said: Any) -> Answer:
        """Read what travels; raises ``Malformed``."""
        row = Reader.row(said, least=5)
        return cls(
            row.uuid(0), Verdict(row.word(1, Verdict)), row.whole(2), row.text(3), row.text(4)
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the server's log, as a pull brings it.

    ``columns`` are those that hold from now on; they may be none where all lost, since every
    operation has its echo. ``incarnation`` and ``operation`` name whose it was; both are zero
    for what the server wrote itself.
    """

    seq: int
    change_set: UUID
    incarnation: UUID
    operation: UUID
    entity: str
    pk: UUID
    is_new: bool
    columns: Mapping[str, Any] = field(default_factory=dict)
    lsn: int = 0
    """The place of the operation in the outbox of its incarnation."""
    end: int = 0
    """The last seq of its change set: the version that its row has from here on."""

    @property
    def version(self) -> int:
        """The version of the row that it brings."""
        return max(self.seq, self.end)

    def to_json(self) -> list[Any]:
        """Return it as it travels."""
        return [
            self.seq,
            self.change_set.hex,
            self.incarnation.hex,
            self.operation.hex,
            self.entity,
            self.pk.hex,
            int(self.is_new),
            dict(self.columns),
            self.lsn,
            self.end,
        ]

    @classmethod
    def read(cls, said: Any) -> Entry:
        """Read what travels; raises ``Malformed``."""
        row = Reader.row(said, least=8)
        return cls(
            row.whole(0),
            row.uuid(1),
            row.uuid(2),
            row.uuid(3),
            row.name(4),
            row.uuid(5),
            row.flag(6),
            row.columns(7),
            row.whole(8) if len(said) > 8 else 0,
            row.whole(9) if len(said) > 9 else 0,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A whole record with its version, as a snapshot or a repair brings it."""

    entity: str
    pk: UUID
    seq: int
    columns: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> list[Any]:
        """Return it as it travels."""
        return [self.entity, self.pk.hex, self.seq, dict(self.columns)]

    @classmethod
    def read(cls, said: Any) -> Row:
        """Read what travels; raises ``Malformed``."""
        row = Reader.row(said, least=4)
        return cls(row.name(0), row.uuid(1), row.whole(2), row.columns(3))
