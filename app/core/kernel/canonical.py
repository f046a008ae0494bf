"""Frozen dataclasses as canonical JSON and back, and the hash that papers are known by.

Equal contents give equal bytes: keys sorted, no spare spaces, UTF-8, amounts as integer cents,
dates in ISO form. What a paper says is kept in this form, so it must never depend on the
version of a library.
"""

from __future__ import annotations

import hashlib
import json
import types
import typing
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from app.core.kernel.money import Money

T = TypeVar("T")


def to_canonical(content: Any) -> str:
    """Return a frozen dataclass as canonical JSON."""
    return json.dumps(to_plain(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def from_canonical(kind: type[T], text: str) -> T:
    """Read what ``to_canonical`` wrote of a ``kind``.

    Raises ``ValueError`` when ``text`` is not such JSON or lacks a field that has no default.
    """
    return from_plain(kind, json.loads(text))


def from_plain(kind: type[T], plain: Any) -> T:
    """Read what ``to_plain`` made of a ``kind``.

    Raises ``ValueError`` when ``plain`` is not such a value or lacks a field without a default.
    """
    try:
        return typing.cast(T, _typed(kind, plain))
    except (KeyError, TypeError) as error:
        raise ValueError(f"not the canonical form of {kind.__name__}") from error


def sha256_hex(text: str) -> str:
    """Return the SHA-256 of ``text`` in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def to_plain(value: Any) -> Any:
    """Return a dataclass, or what may stand in one, as JSON values."""
    if isinstance(value, Money):
        return value.cents
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _typed(kind: Any, value: Any) -> Any:
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        (inner,) = (arm for arm in typing.get_args(kind) if arm is not type(None))
        return None if value is None else _typed(inner, value)
    if typing.get_origin(kind) is tuple:
        item = typing.get_args(kind)[0]
        return tuple(_typed(item, part) for part in value)
    if is_dataclass(kind) and kind is not Money:
        parts = {
            name: _typed(part, value[name])
            for name, part in _field_kinds(typing.cast(Any, kind))
            if name in value
        }
        return typing.cast(Any, kind)(**parts)
    return _simple(kind, value)


def _simple(kind: Any, value: Any) -> Any:
    if kind in (date, datetime, time):
        return kind.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, Money | StrEnum | UUID):
        return kind(value)
    return value


@lru_cache(maxsize=128)
def _field_kinds(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind))
