"""A practice's database as sync speaks to it: how each of the two takes values, and many rows.

One class a database, because each has its own fastest way to write many rows. The statements
themselves stand where their subject does: ``log``, ``records``, ``numbers``, ``scope``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import psycopg

from app.core.kernel.clock import unix_ms
from hosted.store.engine import HostedSession, driver
from hosted.store.kinds import kinds

Casts = Mapping[str, str]
"""Columns in order, each with PostgreSQL's type."""
_ZEROS = "0" * 32
#: Types whose values need no quotes in an array.
_UNQUOTED = frozenset({"integer", "bigint", "boolean", "date"})


class Book:
    """One practice's database, within one transaction."""

    lock = ""
    """What a SELECT ends with to lock the rows that it finds."""

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

    def insert_many(self, table: str, columns: Casts, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows of the practice, each with its values in the order of ``columns``."""
        raise NotImplementedError

    def update_many(self, table: str, columns: Casts, rows: Sequence[tuple[Any, ...]]) -> None:
        """Set the columns of rows of the practice; the first column is the ``id`` of each."""
        raise NotImplementedError

    def settle(self) -> None:
        """Check what is checked at commit, so that its failure is met here."""

    def streamed(self) -> AbstractContextManager[Any]:
        """Return a context in which statements need not wait for each other's results.

        What the database refuses may be raised by a later statement, or at the end.
        """
        return nullcontext()


@lru_cache(maxsize=256)
def quoted(names: tuple[str, ...]) -> str:
    """Return names of columns as a statement lists them."""
    return ", ".join(f'"{name}"' for name in names)


class SqliteBook(Book):
    """The embedded database: prepared statements run row by row inside the process."""

    def id(self, value: UUID | None) -> Any:
        return None if value is None else value.bytes

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

    def insert_many(self, table: str, columns: Casts, rows: Sequence[tuple[Any, ...]]) -> None:
        # The practice stands in the statement: the file holds one, and each row less to bind.
        self._driver.executemany(
            f"INSERT INTO {table} (practice_id, {quoted(tuple(columns))}) "
            f"VALUES (x'{self.practice.hex()}', {', '.join('?' * len(columns))})",
            rows,
        )

    def update_many(self, table: str, columns: Casts, rows: Sequence[tuple[Any, ...]]) -> None:
        sets = ", ".join(f'"{name}" = ?{place}' for place, name in enumerate([*columns][1:], 2))
        self._driver.executemany(
            f"UPDATE {table} SET {sets} WHERE practice_id = x'{self.practice.hex()}' AND id = ?1",
            rows,
        )


class PostgresBook(Book):
    """One statement a table: each column of all rows travels as one array."""

    lock = " FOR UPDATE"

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
        return f"{column} = ANY(?::uuid[])", (_array("uuid", ids),)

    def insert_many(self, table: str, columns: Casts, rows: Sequence[tuple[Any, ...]]) -> None:
        names = quoted(tuple(columns))
        self.run(
            f"INSERT INTO {table} (practice_id, {names}) "
            f"SELECT ?, given.* FROM unnest({_arrays(columns)}) AS given",
            self.practice,
            *map(_array, columns.values(), zip(*rows, strict=True)),
        )

    def update_many(self, table: str, columns: Casts, rows: Sequence[tuple[Any, ...]]) -> None:
        sets = ", ".join(f'"{name}" = given."{name}"' for name in list(columns)[1:])
        self.run(
            f"UPDATE {table} AS kept SET {sets} "
            f"FROM unnest({_arrays(columns)}) AS given({quoted(tuple(columns))}) "
            "WHERE kept.practice_id = ? AND kept.id = given.id",
            *map(_array, columns.values(), zip(*rows, strict=True)),
            self.practice,
        )

    def streamed(self) -> AbstractContextManager[Any]:
        pipeline: AbstractContextManager[Any] = self._driver.pipeline()
        return pipeline

    def settle(self) -> None:
        self.run("SET CONSTRAINTS ALL IMMEDIATE")


def _arrays(columns: Casts) -> str:
    return ", ".join(f"?::{cast}[]" for cast in columns.values())


def _array(cast: str, values: Sequence[Any]) -> str:
    """Return a column's values as PostgreSQL writes an array down."""
    if cast == "uuid":
        said = [each.hex if isinstance(each, UUID) else each or "NULL" for each in values]
    elif cast in _UNQUOTED:
        said = ["NULL" if each is None else str(each) for each in values]
    elif None in values:
        said = ["NULL" if each is None else f'"{_escaped(each)}"' for each in values]
    else:
        # NUL stands in no text that was taken, so that one pass does for the whole column.
        listed = _escaped("\0".join(map(str, values)))
        if listed.count("\0") != len(values) - 1:
            raise psycopg.DataError("a text with NUL")
        listed = listed.replace("\0", '","')
        return f'{{"{listed}"}}'
    return f"{{{','.join(said)}}}"


def _escaped(value: Any) -> str:
    return str(value).replace("\\", "\\\\").replace('"', '\\"')


@lru_cache(maxsize=2048)
def _with_percent(statement: str) -> str:
    return statement.replace("?", "%s")


def open_book(session: HostedSession, practice_id: UUID) -> Book:
    """Return the book of the practice in the transaction of ``session``."""
    postgres = session.get_bind().dialect.name == "postgresql"
    return (PostgresBook if postgres else SqliteBook)(session, practice_id)
