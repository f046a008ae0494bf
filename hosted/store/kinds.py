"""What the server knows of each synced table: its columns, links, rule, and when it is final."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from app.core import mapping
from app.core.kernel.acting import Permission
from app.core.store.base import HOUSEKEEPING, Synced, synced_tables
from app.core.store.columns import encode
from app.core.store.merging import Merging
from app.core.store.reading import BROUGHT_BY, HANGS_BY, PERSON
from hosted.store.said import Manner, manner_of

#: Never among the columns that travel: the server sets them itself.
KEYS = frozenset({"practice_id", "id"}) | HOUSEKEEPING

#: Whose cases a member sees is decided by these columns.
ASSIGNED = "care_case"
ASSIGNMENTS = ("provider_id", "supervisor_id")
#: Of people without a case by this one.
PRIMARY = "primary_member_id"
#: And by the role of the member; only owners and the account say who is one, and as what.
MEMBER, ROLE = "member", "role"
PLACE = frozenset({ROLE, "status", "deleted_at"})
#: What the owner of a Group practice decided of roles is kept among its settings, by this key.
SETTING, KEY = "setting", "key"
#: Everybody keeps their own licenses; whose one is, this column says.
LICENSE, HOLDER = "license", "member_id"

#: Tables whose rows bring people or contacts into view: by which column, and from which table.
BRINGING = {
    entity: (column, target) for target, found in BROUGHT_BY.items() for entity, column in found
}

_CONDITION = re.compile(r"(\w+) = '(\w+)'")


@dataclass(frozen=True, eq=False)
class Kind:
    """A synced table as one database keeps it.

    ``frozen`` is the column and the value with which a row becomes final. ``defaults`` are the
    values of columns that an older program does not name, ``filled`` the columns that are never
    empty. ``proves`` lists the tables, with the
    column that points at them, for whose status a row of this one is evidence. Without ``right``
    no role writes a row, unless it is a member's own.
    """

    name: str
    manners: Mapping[str, Manner]
    links: Mapping[str, str]
    merging: Merging
    append_only: bool
    frozen: tuple[str, str] | None
    defaults: Mapping[str, Any]
    filled: frozenset[str]
    proves: tuple[tuple[str, str], ...]
    right: Permission | None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that travel, in the table's order."""
        return tuple(self.manners)

    @cached_property
    def casts(self) -> Mapping[str, str]:
        """PostgreSQL's types of the columns that travel, in the table's order."""
        return {name: manner.cast for name, manner in self.manners.items()}

    @property
    def watched(self) -> tuple[str, ...]:
        """The columns without which not even a change that saw everything can be judged."""
        names = {self.frozen[0]} if self.frozen else set()
        if self.merging.standing:
            names.add(self.merging.standing.column)
        if self.name == ASSIGNED:
            names.update(ASSIGNMENTS)
        if self.name == PERSON:
            names.add(PRIMARY)
        if self.name in BRINGING:
            names.update({BRINGING[self.name][0], HANGS_BY.get(self.name, ASSIGNMENTS[0])})
        if self.name == MEMBER:
            names.add(ROLE)
        if self.name == SETTING:
            names.add(KEY)
        return tuple(sorted(names))


@cache
def kinds(dialect: str) -> dict[str, Kind]:
    """Return every synced table by its name, as the database ``dialect`` keeps it."""
    mapping.complete()
    found = synced_tables()
    proofs: dict[str, list[tuple[str, str]]] = {}
    for name, table in found.items():
        standing = table.__merging__.standing
        for evidence, column in standing.evidence if standing else ():
            proofs.setdefault(evidence, []).append((name, column))
    return {
        name: _kind(name, table, tuple(proofs.get(name, ())), dialect)
        for name, table in found.items()
    }


def _kind(
    name: str, table: type[Synced], proves: tuple[tuple[str, str], ...], dialect: str
) -> Kind:
    columns = [column for column in table.__table__.columns if column.name not in KEYS]
    defaults = {column.name: _default(column) for column in columns}
    return Kind(
        name=name,
        manners={column.name: manner_of(column.type, dialect) for column in columns},
        links={column.name: column.info["link"] for column in columns if column.info.get("link")},
        merging=table.__merging__,
        append_only=table.__append_only__,
        frozen=_frozen(table.__frozen_when__),
        defaults=defaults,
        filled=frozenset(column.name for column in columns if not column.nullable),
        proves=proves,
        right=table.__right__,
    )


def _default(column: Any) -> Any:
    default: Any = column.default
    if default is None:
        return None
    value = default.arg(None) if default.is_callable else default.arg
    return encode(column.type, value)


def _frozen(condition: str | None) -> tuple[str, str] | None:
    if condition is None:
        return None
    found = _CONDITION.fullmatch(condition)
    if found is None:
        raise ValueError(f"the server does not understand when a row is frozen: {condition}")
    return found[1], found[2]


@cache
def parents_first(dialect: str) -> tuple[str, ...]:
    """Return the tables in an order in which what is pointed at comes before what points."""
    known = kinds(dialect)
    placed: dict[str, None] = {}

    def place(name: str) -> None:
        for target in sorted(set(known[name].links.values()) - {name}):
            if target in known and target not in placed:
                place(target)
        placed[name] = None

    for name in known:
        if name not in placed:
            place(name)
    return tuple(placed)
