"""Column types that hold the same value on SQLite and on PostgreSQL, and their JSON form."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Dialect, LargeBinary, String, Text, Uuid
from sqlalchemy import Date as SqlDate
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.core.kernel.money import Money

E = TypeVar("E", bound=StrEnum)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def canonical_json(value: Any) -> str:
    """Return ``value`` as JSON with sorted keys and no spare spaces: equal values, equal text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


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

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        if value is None or isinstance(value, UUID):
            return value
        return UUID(bytes=bytes(value))


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

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return _EPOCH + timedelta(milliseconds=value)


class WallTime(TypeDecorator[datetime]):
    """A time on the practice's wall: naive, whole minutes, text ``YYYY-MM-DDTHH:MM``."""

    impl = String(16)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat(timespec="minutes")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Cents(TypeDecorator[Money]):
    """An amount of money, stored as integer cents."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        return None if value is None else value.cents

    def process_result_value(self, value: int | None, dialect: Dialect) -> Money | None:
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

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return None if value is None else self.kind(value)


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
