"""Statements that every save runs: composed once for a dialect, then handed to the driver."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert
from sqlalchemy.exc import DBAPIError


@dataclass(frozen=True, slots=True)
class _Composed:
    text: str
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    by_position: bool

    def said(self, row: Mapping[str, Any]) -> Any:
        """Return ``row`` as the driver takes it."""
        if self.by_position:
            return [row[name] if say is None else say(row[name]) for name, say in self.columns]
        return {name: row[name] if say is None else say(row[name]) for name, say in self.columns}


class PreparedInsert:
    """An ``INSERT`` of whole rows into a table of the store's own.

    SQLAlchemy composes it and says what each column is to the driver; only looking both up anew
    for every row is spared, which costs more than the row itself.
    """

    def __init__(self, table: Any, *, without: frozenset[str] = frozenset()) -> None:
        self._table: Table = table
        self._names = [each.name for each in self._table.columns if each.name not in without]
        self._composed: dict[str, _Composed] = {}

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert ``rows``, each with a value for every column, in the open transaction."""
        if not rows:
            return
        dialect = connection.dialect
        composed = self._composed.get(dialect.name) or self._compose(dialect)
        cursor = connection.connection.cursor()
        try:
            if len(rows) == 1:
                cursor.execute(composed.text, composed.said(rows[0]))
            else:
                cursor.executemany(composed.text, [composed.said(row) for row in rows])
        except dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(
                composed.text, None, error, dialect.loaded_dbapi.Error, hide_parameters=True
            ) from error
        finally:
            cursor.close()

    def _compose(self, dialect: Dialect) -> _Composed:
        compiled = insert(self._table).compile(dialect=dialect, column_keys=self._names)
        columns = tuple(
            (name, self._table.c[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup or self._names
        )
        composed = _Composed(str(compiled), columns, bool(compiled.positional))
        self._composed[dialect.name] = composed
        return composed
