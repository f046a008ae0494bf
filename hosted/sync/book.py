"""The statements of the exchange: written by hand, whole batches at a time.

Every push and pull passes here, and composing these for each row would cost more than running
them. One class a database, because each has its own fastest way to write many rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from app.core.kernel.clock import unix_ms
from hosted.store.engine import HostedSession, driver
from hosted.store.kinds import Kind, kinds

#: The columns of the log in the order in which ``Line`` holds them, with PostgreSQL's types.
_LOG = {
    "seq": "bigint",
    "change_set": "uuid",
    "device_id": "uuid",
    "incarnation": "uuid",
    "operation": "uuid",
    "lsn": "bigint",
    "entity": "text",
    "pk": "uuid",
    "is_new": "boolean",
    "base_seq": "bigint",
    "hlc": "bigint",
    "schema_version": "integer",
    "at": "timestamptz",
    "verdict": "text",
    "columns": "text",
    "lost": "text",
    "earlier": "text",
}


_ZEROS = "0" * 32
#: The tables whose rows bear a number, and those in which the same paper may stand.
SAME_PAPER = {
    "invoice": ("invoice",),
    "superbill": ("superbill", "superbill_number"),
    "superbill_number": ("superbill", "superbill_number"),
}
LARGEST_PLACE = 2**63 - 1


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
#: Columns as JSON; raises ``ValueError`` for what JSON cannot say.
to_text = _ENCODER.encode


@dataclass(slots=True)
class Line:
    """A line of the log about to be written; its seq is known last."""

    change_set: UUID
    device_id: UUID | None
    incarnation: UUID
    operation: UUID | None
    lsn: int
    entity: str
    pk: UUID
    is_new: bool
    base_seq: int
    hlc: int
    schema: int
    verdict: str
    columns: str
    lost: str | None = None
    earlier: str | None = None


class Book:
    """One practice's rows and log, within one transaction."""

    def __init__(self, session: HostedSession, practice_id: UUID) -> None:
        self.session = session
        self.practice_id = practice_id
        self.dialect = session.get_bind().dialect.name
        self.kinds = kinds(self.dialect)
        self._driver = driver(session)
        self.practice = self.id(practice_id)

    # What differs between the databases.

    def id(self, value: UUID | None) -> Any:
        """Return an id as the driver takes it."""
        raise NotImplementedError

    def uuid(self, value: Any) -> UUID:
        """Return an id as the driver gave it."""
        raise NotImplementedError

    def hex(self, value: Any) -> str:
        """Return an id as it travels; none is all zeros."""
        raise NotImplementedError

    def moment(self, value: datetime) -> Any:
        """Return a moment as the driver takes it."""
        raise NotImplementedError

    def milliseconds(self, value: Any) -> int:
        """Return a moment as the driver gave it, in milliseconds since 1970."""
        raise NotImplementedError

    def run(self, statement: str, *values: Any) -> Any:
        """Run one statement, in which ``?`` stands for a value; return the driver's cursor."""
        raise NotImplementedError

    def among(self, column: str, ids: Sequence[UUID]) -> tuple[str, tuple[Any, ...]]:
        """Return the condition that ``column`` is one of ``ids``, and its values."""
        raise NotImplementedError

    def write_lines(self, first: int, lines: Sequence[Line], at: datetime) -> None:
        """Write lines of the log, numbered from ``first``."""
        raise NotImplementedError

    def insert_rows(self, kind: Kind, rows: Mapping[UUID, tuple[int, dict[str, Any]]]) -> None:
        """Insert whole rows by id, each with its version and taken values."""
        raise NotImplementedError

    def update_rows(
        self, kind: Kind, names: tuple[str, ...], rows: Mapping[UUID, tuple[int, dict[str, Any]]]
    ) -> None:
        """Set the columns ``names`` of rows by id, each with its version and taken values."""
        raise NotImplementedError

    def settle(self) -> None:
        """Check what is checked at commit, so that its failure is met here."""

    _lock = ""

    # What both do alike.

    def reserve(self, count: int) -> int:
        """Take the next ``count`` numbers of the log and return the first.

        From here to the commit every other writer of the practice waits: taken last.
        """
        found = self.run(
            "UPDATE head SET head = head + ? WHERE practice_id = ? RETURNING head",
            count,
            self.practice,
        ).fetchone()
        return int(found[0]) - count + 1

    def head(self) -> int:
        """Return where the log stands."""
        found = self.run("SELECT head FROM head WHERE practice_id = ?", self.practice).fetchone()
        return int(found[0]) if found else 0

    def locked(self, kind: Kind, ids: Iterable[UUID]) -> dict[UUID, tuple[Any, ...]]:
        """Return version and watched columns of the rows that are there, locked in their order."""
        names = "".join(f', "{name}"' for name in kind.watched)
        where, values = self.among("id", sorted(ids))
        found = self.run(
            f"SELECT id, row_seq{names} FROM {kind.name} "
            f"WHERE practice_id = ? AND {where} ORDER BY id{self._lock}",
            self.practice,
            *values,
        )
        return {self.uuid(row[0]): tuple(row[1:]) for row in found.fetchall()}

    def rows(self, kind: Kind, ids: Sequence[UUID]) -> dict[UUID, tuple[int, dict[str, Any]]]:
        """Return version and columns of whole rows by id, as JSON values."""
        where, values = self.among("id", ids)
        return dict(self.read_rows(kind, where, *values))

    def read_rows(
        self, kind: Kind, where: str, *values: Any, tail: str = ""
    ) -> Iterable[tuple[UUID, tuple[int, dict[str, Any]]]]:
        """Yield id, version and columns of the practice's rows for which ``where`` holds."""
        found = self.run(
            f"SELECT id, row_seq, {_quoted(kind.columns)} FROM {kind.name} "
            f"WHERE practice_id = ? AND {where} {tail}",
            self.practice,
            *values,
        )
        sayings = [(name, manner.say) for name, manner in kind.manners.items()]
        for row in found:
            columns = {
                name: None if value is None else say(value)
                for (name, say), value in zip(sayings, row[2:], strict=True)
            }
            yield self.uuid(row[0]), (int(row[1]), columns)

    def row_texts(
        self, kind: Kind, where: str, *values: Any, tail: str = ""
    ) -> list[tuple[UUID, int, str]]:
        """Return id, version and columns, as JSON text, of rows for which ``where`` holds."""
        return [
            (pk, seq, to_text(columns))
            for pk, (seq, columns) in self.read_rows(kind, where, *values, tail=tail)
        ]

    def surplus(self, entity: str, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
        """Return what newer programs wrote of these rows and no column here holds."""
        where, values = self.among("pk", ids)
        found = self.run(
            f"SELECT pk, columns FROM surplus WHERE practice_id = ? AND entity = ? AND {where}",
            self.practice,
            entity,
            *values,
        )
        return {self.uuid(pk): json.loads(columns) for pk, columns in found.fetchall()}

    def all_surplus(self, entity: str) -> dict[UUID, tuple[int, dict[str, Any]]]:
        """Return all that newer programs wrote of a table's rows, with its version."""
        found = self.run(
            "SELECT pk, seq, columns FROM surplus WHERE practice_id = ? AND entity = ?",
            self.practice,
            entity,
        )
        return {self.uuid(pk): (seq, json.loads(text)) for pk, seq, text in found.fetchall()}

    def write_surplus(
        self, entity: str, rows: Mapping[UUID, tuple[int, Mapping[str, Any]]]
    ) -> None:
        """Add columns that are not known here to what is kept of the rows."""
        earlier = self.surplus(entity, list(rows))
        for pk, (seq, columns) in rows.items():
            text = json.dumps({**earlier.get(pk, {}), **columns}, ensure_ascii=False)
            self.run(
                "INSERT INTO surplus (practice_id, entity, pk, seq, columns) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (practice_id, entity, pk) "
                "DO UPDATE SET seq = excluded.seq, columns = excluded.columns",
                self.practice,
                entity,
                self.id(pk),
                seq,
                text,
            )

    def answered(self, operations: Sequence[UUID]) -> dict[UUID, tuple[str, int, str]]:
        """Return verdict, seq and refusal of operations that were answered before."""
        where, values = self.among("operation", operations)
        found: dict[UUID, tuple[str, int, str]] = {}
        for statement in (
            "SELECT operation, verdict, seq, '' FROM log",
            "SELECT operation, verdict, 0, refusal FROM receipt",
        ):
            rows = self.run(
                f"{statement} WHERE practice_id = ? AND {where}", self.practice, *values
            )
            found.update({self.uuid(row[0]): (row[1], row[2], row[3]) for row in rows.fetchall()})
        return found

    def histories(self, entity: str, ids: Sequence[UUID]) -> dict[UUID, list[tuple[Any, ...]]]:
        """Return the log's lines about rows, by id, oldest first."""
        where, values = self.among("pk", ids)
        lines = self.run(
            "SELECT pk, seq, incarnation, device_id, hlc, base_seq, verdict, at, columns, lost, "
            "lsn, earlier "
            f"FROM log WHERE practice_id = ? AND entity = ? AND {where} ORDER BY seq",
            self.practice,
            entity,
            *values,
        )
        found: dict[UUID, list[tuple[Any, ...]]] = {pk: [] for pk in ids}
        for line in lines.fetchall():
            found[self.uuid(line[0])].append(tuple(line[1:]))
        return found

    def items_about(self, record: UUID) -> list[UUID]:
        """Return the inbox items about a record."""
        found = self.run(
            "SELECT id FROM inbox_item WHERE practice_id = ? AND record_id = ?",
            self.practice,
            self.id(record),
        )
        return [self.uuid(row[0]) for row in found.fetchall()]

    def accepted_after(
        self, incarnation: UUID, place: int, until: int = LARGEST_PLACE
    ) -> set[UUID]:
        """Return the operations that were taken of places of an outbox after ``place``."""
        found = self.run(
            "SELECT operation FROM log WHERE practice_id = ? AND incarnation = ? "
            "AND lsn > ? AND lsn <= ? AND operation IS NOT NULL",
            self.practice,
            self.id(incarnation),
            place,
            until,
        )
        return {self.uuid(row[0]) for row in found.fetchall()}

    def places_taken(self, incarnation: UUID, places: Sequence[int]) -> bool:
        """Return whether the log knows other operations at these places of an outbox."""
        wanted = set(places)
        found = self.run(
            "SELECT lsn FROM log WHERE practice_id = ? AND incarnation = ? AND lsn BETWEEN ? AND ?",
            self.practice,
            self.id(incarnation),
            min(wanted),
            max(wanted),
        )
        return any(lsn in wanted for (lsn,) in found.fetchall())

    def lines(self, after: int, until: int, count: int) -> list[tuple[Any, ...]]:
        """Return the next lines of the log, in order, as the driver gives them."""
        found = self.run(
            "SELECT seq, change_set, incarnation, operation, entity, pk, is_new, columns, "
            "device_id, lsn FROM log WHERE practice_id = ? AND seq > ? AND seq <= ? "
            "ORDER BY seq LIMIT ?",
            self.practice,
            after,
            until,
            count,
        )
        return list(found.fetchall())

    def purged_between(self, after: int, until: int) -> list[tuple[str, UUID]]:
        """Return the records that were purged between two places of the log."""
        found = self.run(
            "SELECT entity, pk FROM purged WHERE practice_id = ? AND seq > ? AND seq <= ?",
            self.practice,
            after,
            until,
        )
        return [(entity, self.uuid(pk)) for entity, pk in found.fetchall()]

    def points_at(self, entity: str, column: str, target: UUID) -> bool:
        """Return whether a row of ``entity`` that is not deleted points at ``target``."""
        found = self.run(
            f"SELECT 1 FROM {entity} WHERE practice_id = ? AND {column} = ? "
            "AND deleted_at IS NULL LIMIT 1",
            self.practice,
            self.id(target),
        )
        return found.fetchone() is not None

    def case_of_client(self, client: UUID) -> UUID | None:
        """Return a case in which this person takes part."""
        found = self.run(
            "SELECT case_id FROM case_participant WHERE practice_id = ? AND client_id = ? "
            "ORDER BY case_id LIMIT 1",
            self.practice,
            self.id(client),
        ).fetchone()
        return self.uuid(found[0]) if found else None

    def device_names(self) -> dict[UUID, str]:
        """Return what the practice's computers are called."""
        found = self.run("SELECT id, name FROM device WHERE practice_id = ?", self.practice)
        return {self.uuid(device): name for device, name in found.fetchall()}

    def purged(self, ids: Sequence[UUID]) -> set[tuple[str, UUID]]:
        """Return which of these records were purged."""
        if (
            self.run("SELECT 1 FROM purged WHERE practice_id = ? LIMIT 1", self.practice).fetchone()
            is None
        ):
            return set()
        where, values = self.among("pk", ids)
        found = self.run(
            f"SELECT entity, pk FROM purged WHERE practice_id = ? AND {where}",
            self.practice,
            *values,
        )
        return {(entity, self.uuid(pk)) for entity, pk in found.fetchall()}

    def numbered(self, numbers: Iterable[str]) -> dict[str, list[tuple[str, UUID]]]:
        """Return which papers bear these numbers."""
        wanted = sorted(numbers)
        found: dict[str, list[tuple[str, UUID]]] = {}
        for entity in SAME_PAPER:
            rows = self.run(
                f"SELECT number, id FROM {entity} WHERE practice_id = ? "
                f"AND number IN ({', '.join('?' * len(wanted))})",
                self.practice,
                *wanted,
            )
            for number, pk in rows.fetchall():
                found.setdefault(number, []).append((entity, self.uuid(pk)))
        return found

    def there(self, entity: str, ids: Sequence[UUID]) -> set[UUID]:
        """Return which of these rows exist."""
        where, values = self.among("id", ids)
        found = self.run(
            f"SELECT id FROM {entity} WHERE practice_id = ? AND {where}", self.practice, *values
        )
        return {self.uuid(row[0]) for row in found.fetchall()}

    def write_receipt(self, operation: UUID, verdict: str, refusal: str, at: datetime) -> None:
        """Keep the answer to an operation that left no line."""
        self.run(
            "INSERT INTO receipt (practice_id, operation, verdict, refusal, at) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            self.practice,
            self.id(operation),
            verdict,
            refusal,
            self.moment(at),
        )


@lru_cache(maxsize=256)
def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _bytes(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def _hex(value: UUID | None) -> str | None:
    return None if value is None else value.hex


def _log_row(
    seq: int, line: Line, at: Any, packed: Callable[[UUID | None], Any]
) -> tuple[Any, ...]:
    """Return a line's values in the order of ``_LOG``; ``packed`` says its ids."""
    return (
        seq,
        packed(line.change_set),
        packed(line.device_id),
        packed(line.incarnation),
        packed(line.operation),
        line.lsn,
        line.entity,
        packed(line.pk),
        line.is_new,
        line.base_seq,
        line.hlc,
        line.schema,
        at,
        line.verdict,
        line.columns,
        line.lost,
        line.earlier,
    )


class SqliteBook(Book):
    """The embedded database: prepared statements run row by row inside the process."""

    def id(self, value: UUID | None) -> Any:
        return _bytes(value)

    def uuid(self, value: Any) -> UUID:
        return UUID(bytes=value)

    def hex(self, value: Any) -> str:
        return value.hex() if value else _ZEROS

    def moment(self, value: datetime) -> Any:
        return unix_ms(value)

    def milliseconds(self, value: Any) -> int:
        return int(value)

    def run(self, statement: str, *values: Any) -> Any:
        return self._driver.execute(statement, values)

    def among(self, column: str, ids: Sequence[UUID]) -> tuple[str, tuple[Any, ...]]:
        marks = ",".join("?" * len(ids))
        return f"{column} IN ({marks})", tuple(each.bytes for each in ids)

    def write_lines(self, first: int, lines: Sequence[Line], at: datetime) -> None:
        moment = unix_ms(at)
        self._driver.executemany(
            f"INSERT INTO log (practice_id, {_quoted(tuple(_LOG))}) "
            f"VALUES ({', '.join('?' * (len(_LOG) + 1))})",
            [
                (self.practice, *_log_row(first + place, line, moment, _bytes))
                for place, line in enumerate(lines)
            ],
        )

    def insert_rows(self, kind: Kind, rows: Mapping[UUID, tuple[int, dict[str, Any]]]) -> None:
        names = kind.columns
        self._driver.executemany(
            f"INSERT INTO {kind.name} (practice_id, id, row_seq, {_quoted(names)}) "
            f"VALUES ({', '.join('?' * (len(names) + 3))})",
            [
                (self.practice, pk.bytes, seq, *map(taken.get, names))
                for pk, (seq, taken) in rows.items()
            ],
        )

    def update_rows(
        self, kind: Kind, names: tuple[str, ...], rows: Mapping[UUID, tuple[int, dict[str, Any]]]
    ) -> None:
        sets = "".join(f', "{name}" = ?' for name in names)
        self._driver.executemany(
            f"UPDATE {kind.name} SET row_seq = ?{sets} WHERE practice_id = ? AND id = ?",
            [
                (seq, *map(taken.__getitem__, names), self.practice, pk.bytes)
                for pk, (seq, taken) in rows.items()
            ],
        )


class PostgresBook(Book):
    """One statement a table: the rows travel as one JSON text that the database takes apart."""

    _lock = " FOR UPDATE"

    def id(self, value: UUID | None) -> Any:
        return value

    def uuid(self, value: Any) -> UUID:
        found: UUID = value
        return found

    def hex(self, value: Any) -> str:
        return value.hex if value else _ZEROS

    def moment(self, value: datetime) -> Any:
        return value

    def milliseconds(self, value: Any) -> int:
        return unix_ms(value)

    def run(self, statement: str, *values: Any) -> Any:
        return self._driver.execute(_with_percent(statement), values)

    def among(self, column: str, ids: Sequence[UUID]) -> tuple[str, tuple[Any, ...]]:
        return f"{column} = ANY(?)", (list(ids),)

    def write_lines(self, first: int, lines: Sequence[Line], at: datetime) -> None:
        moment = at.isoformat()
        said = [_log_row(first + place, line, moment, _hex) for place, line in enumerate(lines)]
        names = tuple(_LOG)
        self.run(
            f"INSERT INTO log (practice_id, {_quoted(names)}) "
            f"SELECT ?, {_quoted(names)} FROM json_to_recordset(?) AS given({_typed(_LOG)})",
            self.practice,
            json.dumps([dict(zip(names, row, strict=True)) for row in said], ensure_ascii=False),
        )

    def insert_rows(self, kind: Kind, rows: Mapping[UUID, tuple[int, dict[str, Any]]]) -> None:
        names = _quoted(("id", "row_seq", *kind.columns))
        self.run(
            f"INSERT INTO {kind.name} (practice_id, {names}) "
            f"SELECT ?, {names} FROM json_to_recordset(?) AS given({self._types(kind)})",
            self.practice,
            _as_json(rows),
        )

    def update_rows(
        self, kind: Kind, names: tuple[str, ...], rows: Mapping[UUID, tuple[int, dict[str, Any]]]
    ) -> None:
        sets = "".join(f', "{name}" = given."{name}"' for name in names)
        self.run(
            f"UPDATE {kind.name} AS kept SET row_seq = given.row_seq{sets} "
            f"FROM json_to_recordset(?) AS given({self._types(kind, names)}) "
            "WHERE kept.practice_id = ? AND kept.id = given.id",
            _as_json(rows),
            self.practice,
        )

    def settle(self) -> None:
        self.run("SET CONSTRAINTS ALL IMMEDIATE")

    @staticmethod
    def _types(kind: Kind, names: Iterable[str] | None = None) -> str:
        chosen = kind.columns if names is None else names
        casts = {name: kind.manners[name].cast for name in chosen}
        return _typed({"id": "uuid", "row_seq": "bigint", **casts})


def _typed(columns: Mapping[str, str]) -> str:
    return ", ".join(f'"{name}" {cast}' for name, cast in columns.items())


def _as_json(rows: Mapping[UUID, tuple[int, dict[str, Any]]]) -> str:
    return json.dumps(
        [{"id": pk.hex, "row_seq": seq, **taken} for pk, (seq, taken) in rows.items()],
        ensure_ascii=False,
    )


@lru_cache(maxsize=2048)
def _with_percent(statement: str) -> str:
    return statement.replace("?", "%s")


def open_book(session: HostedSession, practice_id: UUID) -> Book:
    """Return the book of the practice in the transaction of ``session``."""
    postgres = session.get_bind().dialect.name == "postgresql"
    return (PostgresBook if postgres else SqliteBook)(session, practice_id)
