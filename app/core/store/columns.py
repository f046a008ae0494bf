"""Column types that hold the same value on SQLite and on PostgreSQL, and their JSON form."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Dialect, LargeBinary, String, Text, Uuid
from sqlalchemy import Date as SqlDate
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.core.kernel.money import Money

E = TypeVar("E", bound=StrEnum)
#: Reads a value as the driver gives it. The types hand theirs out directly: by way of
#: ``process_result_value`` every value of every row would pass two more calls.
_Read = Callable[[Any], Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


#: Made once: every save and every pulled row passes here.
_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical_json(value: Any) -> str:
    """Return ``value`` as JSON with sorted keys and no spare spaces: equal values, equal text."""
    return _CANONICAL.encode(value)


class Id(TypeDecorator[UUID]):
    """A UUID: 16 bytes on SQLite, ``uuid`` on PostgreSQL."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Uuid())
        return dialect.type_descriptor(LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return value.bytes

    def result_processor(self, dialect: Dialect, coltype: object) -> _Read | None:
        return None if dialect.name == "postgresql" else _uuid_of


@lru_cache(maxsize=1 << 15)
def _uuid_of(value: bytes | None) -> UUID | None:
    # Kept: a list names the same few cases, members and services on every line of it.
    return None if value is None else UUID(bytes=value)


class Moment(TypeDecorator[datetime]):
    """A moment of record: aware UTC, whole milliseconds (an integer on SQLite)."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return (value - _EPOCH) // timedelta(milliseconds=1)

    def result_processor(self, dialect: Dialect, coltype: object) -> _Read | None:
        return _in_utc if dialect.name == "postgresql" else _moment_of


def _in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def _moment_of(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(milliseconds=value)


class WallTime(TypeDecorator[datetime]):
    """A time on the practice's wall: naive, whole minutes, text ``YYYY-MM-DDTHH:MM``."""

    impl = String(16)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat(timespec="minutes")

    def result_processor(self, dialect: Dialect, coltype: object) -> _Read | None:
        return _wall_time_of


def _wall_time_of(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


class Cents(TypeDecorator[Money]):
    """An amount of money, stored as integer cents."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        return None if value is None else value.cents

    def result_processor(self, dialect: Dialect, coltype: object) -> _Read | None:
        return _money_of


def _money_of(value: int | None) -> Money | None:
    return None if value is None else Money(value)


class Json(TypeDecorator[Any]):
    """A JSON value in canonical text; assign a new value instead of changing it in place."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class Word(TypeDecorator[E], Generic[E]):
    """A member of one of our enums, stored as its text."""

    impl = String(40)
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> _Read | None:
        kind = self.kind
        known: dict[str | None, E | None] = {None: None, **{str(each): each for each in kind}}
        # What is none of them is said by the enum itself.
        return lambda value: known[value] if value in known else kind(value)


def word(kind: type[E]) -> Word[E]:
    """Return the column type for enum ``kind``."""
    return Word(kind)


Day = SqlDate


#: How a value of each Python type is said in JSON.
_SAID: dict[type, Callable[[Any], Any]] = {
    UUID: lambda value: value.hex,
    datetime: datetime.isoformat,
    date: date.isoformat,
    Money: lambda value: value.cents,
    bytes: lambda value: base64.b64encode(value).decode(),
}
#: How a column of each type reads what was said.
_READ: dict[type, Callable[[Any], Any]] = {
    Id: lambda said: UUID(hex=said),
    Moment: datetime.fromisoformat,
    WallTime: datetime.fromisoformat,
    SqlDate: date.fromisoformat,
    Cents: Money,
    LargeBinary: base64.b64decode,
}


def encode(kind: TypeEngine[Any], value: Any) -> Any:
    """Return ``value`` of a column of type ``kind`` as a JSON value, for change sets and undo."""
    if value is None or isinstance(kind, Json):
        return value
    if isinstance(value, StrEnum):
        return str(value)
    say = _SAID.get(type(value))
    return value if say is None else say(value)


def decode(kind: TypeEngine[Any], value: Any) -> Any:
    """Return what ``encode`` made of a column's value."""
    if value is None or isinstance(kind, Json):
        return value
    if isinstance(kind, Word):
        return kind.kind(value)
    read = _READ.get(type(kind))
    return value if read is None else read(value)
