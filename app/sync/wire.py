"""Reading and packing what travels: nothing that a peer sends is trusted before it passed here."""

from __future__ import annotations

import gzip
import io
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

import zstandard

LARGEST = 2**63 - 1
_NAME = 64
_TEXT = 1_000_000


class Malformed(Exception):
    """What a peer said does not have the form that was agreed; the text names the place."""


class Reader:
    """Takes values out of a JSON object or list by name or place, each checked and bounded."""

    __slots__ = ("_said",)

    def __init__(self, said: Mapping[Any, Any] | Sequence[Any]) -> None:
        self._said: Any = said

    @classmethod
    def mapping(cls, said: Any) -> Reader:
        """Return the reader of a JSON object."""
        if not isinstance(said, dict):
            raise Malformed("an object was expected")
        return cls(said)

    @classmethod
    def row(cls, said: Any, *, least: int) -> Reader:
        """Return the reader of a JSON list with ``least`` members; more are passed over."""
        if not isinstance(said, list) or len(said) < least:
            raise Malformed(f"a list of {least} was expected")
        return cls(said)

    def value(self, key: Any) -> Any:
        """Return what stands there, or ``None``."""
        return self._said.get(key) if isinstance(self._said, dict) else self._said[key]

    def whole(self, key: Any, *, least: int = 0, most: int = LARGEST) -> int:
        """Return a whole number within bounds."""
        return whole_of(self.value(key), key, least, most)

    def flag(self, key: Any) -> bool:
        """Return a yes or no; 0 and 1 count."""
        return flag_of(self.value(key), key)

    def text(self, key: Any, *, otherwise: str | None = None) -> str:
        """Return a text without NUL and lone surrogates."""
        found = self.value(key)
        if found is None and otherwise is not None:
            return otherwise
        if not isinstance(found, str) or len(found) > _TEXT or not is_text(found):
            raise Malformed(f"{key} is no text")
        return found

    def name(self, key: Any) -> str:
        """Return a short text in which nothing but letters, digits and ``_`` stand."""
        return name_of(self.value(key), key)

    def word(self, key: Any, kind: type[StrEnum], *, otherwise: str | None = None) -> str:
        """Return a member of ``kind``; an unknown one is ``otherwise`` if that is given."""
        found = self.value(key)
        if isinstance(found, str) and found in kind._value2member_map_:
            return found
        if otherwise is None:
            raise Malformed(f"{key} is none of the known words")
        return otherwise

    def uuid(self, key: Any) -> UUID:
        """Return an id of 32 hexadecimal digits."""
        return id_of(self.value(key), key)

    def items(self, key: Any, *, most: int = 100_000) -> list[Any]:
        """Return a list of at most ``most`` members."""
        found = self.value(key)
        if not isinstance(found, list) or len(found) > most:
            raise Malformed(f"{key} is no list of at most {most}")
        return found

    def records(self, key: Any) -> tuple[tuple[str, UUID], ...]:
        """Return a list of ``[entity, id]``; absent is empty."""
        if self.value(key) is None:
            return ()
        rows = [Reader.row(each, least=2) for each in self.items(key)]
        return tuple((row.name(0), row.uuid(1)) for row in rows)

    def ids(self, key: Any, *, most: int = 100_000) -> tuple[UUID, ...]:
        """Return a list of ids; absent is empty."""
        if self.value(key) is None:
            return ()
        return tuple(id_of(each, key) for each in self.items(key, most=most))

    def columns(self, key: Any) -> dict[str, Any]:
        """Return the columns of a row: an object whose values the columns' types check later."""
        return columns_of(self.value(key), key)


# The same checks for values that were taken out already: an operation has ten of them, and a push
# five hundred operations.


def whole_of(said: Any, key: Any, least: int = 0, most: int = LARGEST) -> int:
    """Return ``said`` if it is a whole number within bounds; raises ``Malformed``."""
    if type(said) is not int or not least <= said <= most:
        raise Malformed(f"{key} is no whole number from {least} to {most}")
    return said


def flag_of(said: Any, key: Any) -> bool:
    """Return ``said`` if it is a yes or no, for which 0 and 1 count; raises ``Malformed``."""
    if said is not True and said is not False and said not in (0, 1):
        raise Malformed(f"{key} is neither true nor false")
    return bool(said)


@lru_cache(maxsize=512)
def _is_name(said: str) -> bool:
    return 0 < len(said) <= _NAME and said.isascii() and said.replace("_", "a").isalnum()


def name_of(said: Any, key: Any) -> str:
    """Return ``said`` if nothing but letters, digits and ``_`` stand in it."""
    if type(said) is not str or len(said) > _NAME or not _is_name(said):
        raise Malformed(f"{key} is no name")
    return said


def id_of(said: Any, key: Any) -> UUID:
    """Return the id of 32 hexadecimal digits that ``said`` names; raises ``Malformed``."""
    if type(said) is not str or len(said) != 32:
        raise Malformed(f"{key} is no id")
    try:
        return UUID(bytes=bytes.fromhex(said))
    except ValueError:
        raise Malformed(f"{key} is no id") from None


def columns_of(said: Any, key: Any) -> dict[str, Any]:
    """Return ``said`` if it is an object of a row's columns; raises ``Malformed``."""
    if type(said) is not dict or len(said) > 400:
        raise Malformed(f"{key} is no object of columns")
    return said


def is_text(text: str) -> bool:
    """Return whether ``text`` can be stored everywhere: no NUL, no half of a surrogate pair."""
    if "\0" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def write(said: Any) -> bytes:
    """Return ``said`` as JSON in UTF-8."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def read(body: bytes) -> Any:
    """Read JSON; raises ``Malformed`` for anything else, also for endless nesting."""
    try:
        said = json.loads(body, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        raise Malformed("this is no JSON") from None
    if not isinstance(said, dict):
        raise Malformed("an object was expected")
    return said


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number beyond all bounds")
    return number


def pack(body: bytes, *, with_zstd: bool = True) -> bytes:
    """Compress ``body`` with Zstandard, or with gzip for a peer that lacks it."""
    if with_zstd:
        return zstandard.ZstdCompressor(level=3).compress(body)
    return gzip.compress(body, 6, mtime=0)


def unpack(body: bytes, encoding: str, *, most: int) -> bytes:
    """Expand ``body``, never beyond ``most`` bytes; raises ``Malformed`` for a bomb or noise."""
    try:
        if encoding == "zstd":
            reader: Any = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(body))
        elif encoding == "gzip":
            reader = gzip.GzipFile(fileobj=io.BytesIO(body))
        elif encoding in ("", "identity"):
            reader = io.BytesIO(body)
        else:
            raise Malformed("this compression is not known here")
        expanded: bytes = reader.read(most + 1)
    except (zstandard.ZstdError, zlib.error, EOFError, OSError):
        raise Malformed("the compressed body is damaged") from None
    if len(expanded) > most:
        raise Malformed(f"the body is larger than {most} bytes")
    return expanded
