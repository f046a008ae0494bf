"""What a person changed in a part of a form, put over what is stored by now."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from app.core.practice.rules.places import Address

V = TypeVar("V")
R = TypeVar("R")

#: Written as a whole: half of one address and half of another is nobody's address.
_WHOLE = (Address,)


def merged(shown: V, typed: V, stored: V) -> V:
    """Return ``stored`` with what differs between ``shown`` and ``typed``, field by field.

    Whatever is no record of fields, and an address, is taken as a whole.
    """
    if typed == shown:
        return stored
    if not is_dataclass(typed) or isinstance(typed, _WHOLE):
        return typed
    parts: dict[str, Any] = {
        each.name: merged(*(getattr(one, each.name) for one in (shown, typed, stored)))
        for each in fields(typed)
    }
    return replace(typed, **parts)  # type: ignore[type-var]


def merged_rows(
    shown: tuple[R, ...], typed: tuple[R, ...], stored: tuple[R, ...], key: Callable[[R], Hashable]
) -> tuple[R, ...]:
    """Return rows that are told apart by ``key``: the person's changes over what is stored.

    A row that only the other side added, changed or removed is as it left it; a consent never
    goes over from one number to another, since a row with another key is another row.
    """
    if typed == shown:
        return stored
    was, now = {key(each): each for each in shown}, {key(each): each for each in stored}
    rows = []
    for each in typed:
        before, there = was.get(key(each)), now.get(key(each))
        if before is None or (there is None and each != before):
            rows.append(each)
        elif there is not None:
            rows.append(merged(before, each, there))
    known = {*was, *map(key, typed)}
    return (*rows, *(each for name, each in now.items() if name not in known))
