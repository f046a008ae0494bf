"""Column values between what travels (JSON), and what each database's driver gives and takes.

Every value that a client sends passes a ``take`` here before it comes near a statement, so that
none of them can make a statement fail.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, Text
from sqlalchemy import Date as SqlDate
from sqlalchemy.types import TypeEngine

from app.core.store.columns import Cents, Id, Json, Moment, WallTime, Word, canonical_json
from app.sync.wire import LARGEST, is_text

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LONGEST = 1_000_000
_LONGEST_JSON = 8 * _LONGEST
_WORD = 40
_INTEGER = 2**31 - 1
_TO_THE_MINUTE = len("2026-11-27T09:00")

Convert = Callable[[Any], Any]

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
#: Columns as JSON; raises ``ValueError`` for what JSON cannot say.
to_text = _ENCODER.encode


@dataclass(frozen=True, slots=True)
class Manner:
    """How one database takes and gives values of one column type.

    ``take`` raises ``ValueError`` for what the column cannot hold; ``say`` returns JSON values.
    Both let ``None`` alone: they are not asked about it. ``cast`` is PostgreSQL's type.
    """

    take: Convert
    say: Convert
    cast: str


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    if type(value) is not str or len(value) > _LONGEST or not is_text(value):
        raise ValueError("no text")
    return value


def _word(value: Any) -> str:
    # A newer program's word is kept as it is: only programs that know it act on it.
    if type(value) is not str or len(value) > _WORD or not value.isascii() or "\0" in value:
        raise ValueError("no word")
    return value


def _whole(largest: int) -> Convert:
    def take(value: Any) -> int:
        if type(value) is not int or not -largest <= value <= largest:
            raise ValueError("no whole number")
        return value

    return take


def _flag(value: Any) -> bool:
    if value is not True and value is not False:
        raise ValueError("neither true nor false")
    return bool(value)


def _json(value: Any) -> str:
    text = canonical_json(value)
    if len(text) > _LONGEST_JSON or not is_text(text):
        raise ValueError("no JSON that can be kept")
    return text


def _day(value: Any) -> str:
    return date.fromisoformat(_text(value)).isoformat()


def _wall(value: Any) -> str:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is not None:
        raise ValueError("a time on the wall has no zone")
    return moment.isoformat()[:_TO_THE_MINUTE]


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("a moment has a zone")
    if moment.tzinfo is UTC:
        return moment
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a moment beyond all calendars") from None


def _moment_number(value: Any) -> int:
    return (_moment(value) - _EPOCH) // _MILLISECOND


def _moment_text(value: Any) -> str:
    moment = _moment(value)
    if moment.microsecond:
        moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    return moment.isoformat()


def _id_bytes(value: Any) -> bytes:
    if type(value) is not str or len(value) != 32:
        raise ValueError("no id")
    return bytes.fromhex(value)


def _id_text(value: Any) -> str:
    return _id_bytes(value).hex()


def _bytes(value: Any) -> bytes:
    # Small ones, such as the key of an attached file: its content travels as a blob.
    held = base64.b64decode(_text(value), validate=True)
    if _say_bytes(held) != value:
        raise ValueError("no bytes as both sides write them")
    return held


def _bytes_text(value: Any) -> str:
    return rf"\x{_bytes(value).hex()}"


def _say_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _say_wall(value: str) -> str:
    return f"{value}:00"


def _say_milliseconds(value: int) -> str:
    return (_EPOCH + timedelta(milliseconds=value)).isoformat()


def _say_moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


_ALIKE: dict[type, Manner] = {
    Text: Manner(_text, _same, "text"),
    Word: Manner(_word, _same, "text"),
    Json: Manner(_json, json.loads, "text"),
    WallTime: Manner(_wall, _say_wall, "text"),
    Integer: Manner(_whole(_INTEGER), _same, "integer"),
    BigInteger: Manner(_whole(LARGEST), _same, "bigint"),
    Cents: Manner(_whole(LARGEST), _same, "bigint"),
}
_SQLITE: dict[type, Manner] = {
    **_ALIKE,
    Id: Manner(_id_bytes, bytes.hex, "blob"),
    LargeBinary: Manner(_bytes, _say_bytes, "blob"),
    Boolean: Manner(_flag, bool, "boolean"),
    Moment: Manner(_moment_number, _say_milliseconds, "bigint"),
    SqlDate: Manner(_day, _same, "date"),
}
_POSTGRESQL: dict[type, Manner] = {
    **_ALIKE,
    Id: Manner(_id_text, lambda value: value.hex, "uuid"),
    LargeBinary: Manner(_bytes_text, _say_bytes, "bytea"),
    Boolean: Manner(_flag, _same, "boolean"),
    Moment: Manner(_moment_text, _say_moment, "timestamptz"),
    SqlDate: Manner(_day, date.isoformat, "date"),
}


def manner_of(kind: TypeEngine[Any], dialect: str) -> Manner:
    """Return how the database ``dialect`` takes and gives a column of type ``kind``."""
    table = _POSTGRESQL if dialect == "postgresql" else _SQLITE
    return table[type(kind)]
