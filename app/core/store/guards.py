"""Triggers that stop a write which by-passes capture, and every change to what is frozen."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.store.audit import AuditEntry
from app.core.store.base import HOUSEKEEPING, Base, Synced, synced_tables

#: The function that the connection offers to triggers: who writes at this moment.
WATCHED = "capture_watches"
#: Nobody known; a unit of work, which is captured; sync, with what the server confirmed.
CLOSED, WRITTEN, CONFIRMED = 0, 1, 2

BYPASSED = "a synced table was written past the unit of work"
FROZEN = "this record is final and cannot be changed"


def guard_triggers() -> dict[str, str]:
    """Return the SQLite triggers of every mapped table: name to ``CREATE TRIGGER`` statement."""
    triggers: dict[str, str] = {}
    for kind in synced_tables().values():
        triggers.update(_captured(kind))
        triggers.update(_final(kind))
    triggers.update(_kept(AuditEntry, ""))
    return dict(sorted(triggers.items()))


def _captured(kind: type[Synced]) -> Iterator[tuple[str, str]]:
    for verb in ("INSERT", "UPDATE", "DELETE"):
        name = f"guard_{kind.__tablename__}_{verb.lower()}"
        yield (
            name,
            (
                f"CREATE TRIGGER {name} BEFORE {verb} ON {kind.__tablename__} "
                f"WHEN {WATCHED}() = {CLOSED} BEGIN SELECT RAISE(ABORT, '{BYPASSED}'); END"
            ),
        )


def _final(kind: type[Synced]) -> Iterator[tuple[str, str]]:
    # What the server confirmed replaces even a signed row: of two signatures it took the other.
    unless = f"WHEN {WATCHED}() < {CONFIRMED}"
    if kind.__append_only__:
        yield from _kept(kind, f"{unless} ")
    elif kind.__frozen_when__ is not None:
        yield from _kept(kind, f"{unless} AND OLD.{kind.__frozen_when__} ")


def _kept(kind: type[Base], condition: str) -> Iterator[tuple[str, str]]:
    table = kind.__tablename__
    columns = ", ".join(
        column.name for column in kind.__table__.columns if column.name not in HOUSEKEEPING
    )
    for verb, of in (("UPDATE", f" OF {columns}"), ("DELETE", "")):
        name = f"keep_{table}_{verb.lower()}"
        yield (
            name,
            (
                f"CREATE TRIGGER {name} BEFORE {verb}{of} ON {table} {condition}"
                f"BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
            ),
        )
