"""What a client pushes, checked against the tables before it comes near a statement."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from app.core.store.merging import Merging
from app.sync.protocol.records import Operation
from app.sync.protocol.terms import Refusal
from hosted.store.kinds import KEYS, Kind
from hosted.store.said import Convert, to_text
from hosted.sync.merge import Refused


@dataclass(slots=True)
class Decoded:
    """An operation with its values as the database takes them.

    ``kind`` is ``None`` for a table that only a newer program knows; ``unknown`` are columns that
    only a newer program knows. ``text`` is all of the columns as JSON.
    """

    operation: Operation
    kind: Kind | None
    taken: dict[str, Any]
    unknown: dict[str, Any]
    text: str


@dataclass(slots=True)
class ChangeSet:
    """Operations that hold all or none, and why they were refused."""

    id: UUID
    operations: list[Operation]
    decoded: list[Decoded]
    refusal: Refused | None = None
    offender: Operation | None = None

    def refuse(self, offender: Operation, reason: Refused) -> None:
        """Mark the whole set as refused."""
        self.offender, self.refusal = offender, reason

    def without(self, known: Mapping[UUID, Any]) -> ChangeSet | None:
        """Return the set without operations that were answered before; ``None`` if all were."""
        if not known:
            return self
        left = [each for each in self.operations if each.id not in known]
        if len(left) == len(self.operations):
            return self
        decoded = [each for each in self.decoded if each.operation.id not in known]
        offender = self.offender if self.offender in left else None
        refusal = self.refusal if offender else None
        return ChangeSet(self.id, left, decoded, refusal, offender) if left else None


def change_sets(
    operations: Iterable[Operation], kinds: Mapping[str, Kind], rules: Mapping[str, Merging]
) -> list[ChangeSet]:
    """Return the change sets in the order in which each begins; malformed ones are refused."""
    found: dict[UUID, ChangeSet] = {}
    for operation in operations:
        of = found.get(operation.change_set)
        if of is None:
            of = found[operation.change_set] = ChangeSet(operation.change_set, [], [])
        of.operations.append(operation)
        try:
            of.decoded.append(decode(operation, kinds.get(operation.entity), rules))
        except Refused as reason:
            of.refuse(operation, reason)
    return list(found.values())


def decode(operation: Operation, kind: Kind | None, rules: Mapping[str, Merging]) -> Decoded:
    """Check every value against its column; raises ``Refused``."""
    columns = operation.columns
    try:
        text = to_text(columns)
        if kind is None:
            _require_names(columns)
            return Decoded(operation, None, {}, dict(columns), _stored(text))
        takes, unknown = _shape(kind, tuple(columns))
        if unknown:
            _require_names(unknown)
            _stored(text)
        values = columns.values() if not unknown else [columns[name] for name, _ in takes]
        taken = {
            name: None if value is None else take(value)
            for (name, take), value in zip(takes, values, strict=True)
        }
    except (ValueError, RecursionError, TypeError) as error:
        raise Refused(Refusal.MALFORMED, type(error).__name__) from None
    if not kind.filled.isdisjoint([name for name, value in taken.items() if value is None]):
        raise Refused(Refusal.MALFORMED, "a column that is never empty")
    owned = rules[kind.name].server_owned
    if owned and not columns.keys().isdisjoint(owned):
        raise Refused(Refusal.SERVER_OWNED)
    return Decoded(operation, kind, taken, {name: columns[name] for name in unknown}, text)


@lru_cache(maxsize=2048)
def _shape(
    kind: Kind, names: tuple[str, ...]
) -> tuple[tuple[tuple[str, Convert], ...], tuple[str, ...]]:
    """Return how each known column of ``names`` is taken, and which columns are not known.

    A batch names the same few sets of columns over and over.
    """
    manners = kind.manners
    known = tuple((name, manners[name].take) for name in names if name in manners)
    return known, tuple(name for name in names if name not in manners)


def _stored(text: str) -> str:
    # What no column checked must still be storable as UTF-8.
    text.encode()
    return text


def _require_names(columns: Iterable[str]) -> None:
    for name in columns:
        if name in KEYS or len(name) > 64 or not (name.isascii() and name.isidentifier()):
            raise ValueError("no name of a column")


def whole(decoded: Decoded, kind: Kind) -> dict[str, Any]:
    """Return the values of a new row, with the defaults of columns that its writer did not know.

    Raises ``Refused`` when a column that is never empty has neither.
    """
    taken = decoded.taken
    if len(taken) == len(kind.manners):
        return taken
    full = dict(taken)
    for name, default in kind.defaults.items():
        if name in full:
            continue
        if default is not None:
            full[name] = kind.manners[name].take(default)
        elif name in kind.filled:
            raise Refused(Refusal.MALFORMED, f"{name} is missing")
        else:
            full[name] = None
    return full


def storable(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return refused columns in a form that can be kept for a person, whatever was in them."""
    try:
        clean: dict[str, Any] = _clean(dict(columns))
    except RecursionError:
        return {}
    return clean


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "")
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {_clean(name): _clean(each) for name, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, list) else value
