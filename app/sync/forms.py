"""What a synced table looks like to sync: its columns, and their values between JSON and the file.

Rows go into the file straight on the driver, without ORM objects: a pulled page is thousands of
rows. The JSON form is that of ``store.columns.encode``; the file's form is what the column types
bind on SQLite.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from operator import itemgetter
from typing import Any

from sqlalchemy import Boolean, Integer, LargeBinary, Text

from app.core.store.base import HOUSEKEEPING, Synced, synced_tables
from app.core.store.columns import (
    Cents,
    Day,
    Id,
    Json,
    Moment,
    WallTime,
    Word,
    canonical_json,
    encode,
)

Convert = Callable[[Any], Any]
#: Converts the values of one column, none of them null: by the column, what is the same for all
#: is asked once.
ConvertAll = Callable[[list[Any]], list[Any]]

_KEYS = ("practice_id", "id")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_MOST = 2**63


def moment_of(milliseconds: int) -> datetime:
    """Return the moment that the file holds as milliseconds since 1970."""
    return _EPOCH + milliseconds * _MS


def _ids(said: list[str]) -> list[bytes]:
    if not {32}.issuperset(map(len, said)):
        raise ValueError
    return list(map(bytes.fromhex, said))


def _moments(said: list[str]) -> list[int]:
    # Naive moments fail here: the subtraction refuses them.
    read = datetime.fromisoformat
    return [(read(each) - _EPOCH) // _MS for each in said]


def _walls(said: list[str]) -> list[str]:
    moments = list(map(datetime.fromisoformat, said))
    if any(moment.tzinfo is not None for moment in moments):
        raise ValueError
    return [moment.isoformat(timespec="minutes") for moment in moments]


def _days(said: list[str]) -> list[str]:
    return [day.isoformat() for day in map(date.fromisoformat, said)]


def _texts(said: list[str]) -> list[str]:
    joined = "".join(said)
    if "\0" in joined:
        raise ValueError
    if not joined.isascii():
        # One by one: two halves of a surrogate pair would join to a whole.
        for each in said:
            each.encode()
    return said


def _jsons(said: list[Any]) -> list[str]:
    texts = list(map(canonical_json, said))
    for text in texts:
        if not text.isascii():
            # Half of a surrogate pair is JSON, but no file holds it.
            text.encode()
    return texts


def _wholes(said: list[int]) -> list[int]:
    if not {int}.issuperset(map(type, said)) or min(said) < -_MOST or max(said) >= _MOST:
        raise ValueError
    return said


def _flags(said: list[bool]) -> list[int]:
    if not {bool}.issuperset(map(type, said)):
        raise ValueError
    return list(map(int, said))


def _words(kind: Word[Any]) -> ConvertAll:
    members = {str(member): str(member) for member in kind.kind}
    return lambda said: [members[each] for each in said]


#: From JSON to what the driver stores.
_INTO: dict[type, ConvertAll] = {
    Id: _ids,
    Moment: _moments,
    WallTime: _walls,
    Day: _days,
    Cents: _wholes,
    Json: _jsons,
    Boolean: _flags,
    Integer: _wholes,
    Text: _texts,
    LargeBinary: lambda said: [base64.b64decode(each, validate=True) for each in said],
}
#: From what the driver stores to JSON; others are the same in both.
_OUT: dict[type, Convert] = {
    Id: lambda held: held.hex(),
    Moment: lambda held: moment_of(held).isoformat(),
    WallTime: lambda held: datetime.fromisoformat(held).isoformat(),
    Json: json.loads,
    Boolean: bool,
    LargeBinary: lambda held: base64.b64encode(held).decode(),
}
#: Whatever a peer can send that is no value of a column.
BAD_VALUES = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True)
class Form:
    """One synced table as sync reads and writes it."""

    kind: type[Synced]

    @property
    def entity(self) -> str:
        """The table's name, which is also what travels."""
        name: str = self.kind.__tablename__
        return name

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns that travel, ``deleted_at`` among them, in the table's order."""
        return tuple(
            column.name
            for column in self.kind.__table__.columns
            if column.name not in HOUSEKEEPING and column.name not in _KEYS
        )

    @cached_property
    def known(self) -> frozenset[str]:
        """The same as a set."""
        return frozenset(self.names)

    @cached_property
    def links(self) -> dict[str, str]:
        """Columns that point at another table: name to table."""
        return {
            column.name: column.info["link"]
            for column in self.kind.__table__.columns
            if "link" in column.info and column.info["link"] in synced_tables()
        }

    @cached_property
    def draft(self) -> frozenset[str]:
        """Columns that an open editor holds."""
        return frozenset(self.kind.__merging__.draft)

    @cached_property
    def required(self) -> frozenset[str]:
        """Columns that may not be null."""
        columns = self.kind.__table__.columns
        return frozenset(name for name in self.names if not columns[name].nullable)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """What a column holds, as a JSON value, in a row whose writer did not know it."""
        columns = self.kind.__table__.columns
        return {name: encode(columns[name].type, _default(columns[name])) for name in self.names}

    @cached_property
    def _into(self) -> dict[str, ConvertAll]:
        columns = self.kind.__table__.columns
        return {name: _converter(columns[name].type) for name in self.names}

    @cached_property
    def _out(self) -> tuple[Convert | None, ...]:
        columns = self.kind.__table__.columns
        return tuple(_OUT.get(type(columns[name].type)) for name in self.names)

    def stored(self, name: str, said: Any) -> Any:
        """Return a JSON value as the file holds it; raises one of ``BAD_VALUES`` for a bad one."""
        return self._column(name, [said])[0]

    def stored_rows(
        self, names: Sequence[str], rows: Sequence[Mapping[str, Any]]
    ) -> list[list[Any]]:
        """Return the named columns of rows as the file holds them, column by column.

        Raises one of ``BAD_VALUES`` if a value of any row is bad.
        """
        return [self._column(name, list(map(itemgetter(name), rows))) for name in names]

    def _column(self, name: str, said: list[Any]) -> list[Any]:
        into = self._into[name]
        nulls = said.count(None)
        if not nulls:
            return into(said)
        if name in self.required:
            raise ValueError
        if nulls == len(said):
            return said
        held = iter(into([each for each in said if each is not None]))
        return [None if each is None else next(held) for each in said]

    def said(self, held: Sequence[Any]) -> dict[str, Any]:
        """Return a row of ``names`` as the file holds it as JSON values."""
        return {
            name: value if value is None or out is None else out(value)
            for name, out, value in zip(self.names, self._out, held, strict=True)
        }


def _default(column: Any) -> Any:
    default = column.default
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def _converter(kind: Any) -> ConvertAll:
    return _words(kind) if isinstance(kind, Word) else _INTO[type(kind)]


@cache
def form_of(entity: str) -> Form | None:
    """Return the form of a table, or ``None`` for one that this version does not know."""
    kind = synced_tables().get(entity)
    return None if kind is None else Form(kind)


def forms() -> tuple[Form, ...]:
    """Return the forms of all synced tables, parents before what hangs on them."""
    placed: dict[str, Form] = {}

    def place(entity: str, above: frozenset[str]) -> None:
        form = form_of(entity)
        if form is None or entity in placed or entity in above:
            return
        for parent in sorted(set(form.links.values())):
            place(parent, above | {entity})
        placed[entity] = form

    for entity in sorted(synced_tables()):
        place(entity, frozenset())
    return tuple(placed.values())


def full_rows(connection: Any, form: Form, where: str, values: Iterable[Any]) -> list[Any]:
    """Return ``(id bytes, row_seq, JSON columns)`` of the rows for which ``where`` holds."""
    listed = ", ".join(form.names)
    found = connection.execute(
        f"SELECT id, row_seq, {listed} FROM {form.entity} WHERE {where}", tuple(values)
    )
    return [(row[0], row[1], form.said(row[2:])) for row in found]
