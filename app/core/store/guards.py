"""Triggers that stop a write which by-passes capture, and every change to what is frozen."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.store.audit import AuditEntry
from app.core.store.base import HOUSEKEEPING, Base, Synced, synced_tables

#: The function that the connection offers to triggers: 1 while capture is watching.
WATCHED = "capture_watches"

BYPASSED = "a synced table was written past the unit of work"
FROZEN = "this record is final and cannot be changed"


def guard_triggers() -> dict[str, str]:
    """Return the SQLite triggers of every mapped table: name to ``CREATE TRIGGER`` statement."""
    triggers: dict[str, str] = {}
    for kind in synced_tables().values():
        triggers.update(_captured(kind))
        triggers.update(_kept(kind, kind.__append_only__, kind.__frozen_when__))
    triggers.update(_kept(AuditEntry, True, None))
    return dict(sorted(triggers.items()))


def _captured(kind: type[Synced]) -> Iterator[tuple[str, str]]:
    for verb in ("INSERT", "UPDATE", "DELETE"):
        name = f"guard_{kind.__tablename__}_{verb.lower()}"
        yield (
            name,
            (
                f"CREATE TRIGGER {name} BEFORE {verb} ON {kind.__tablename__} "
                f"WHEN {WATCHED}() = 0 BEGIN SELECT RAISE(ABORT, '{BYPASSED}'); END"
            ),
        )


def _kept(
    kind: type[Base], append_only: bool, frozen_when: str | None
) -> Iterator[tuple[str, str]]:
    if not append_only and frozen_when is None:
        return
    table = kind.__tablename__
    columns = ", ".join(
        column.name for column in kind.__table__.columns if column.name not in HOUSEKEEPING
    )
    condition = "" if append_only else f"WHEN OLD.{frozen_when} "
    for verb, of in (("UPDATE", f" OF {columns}"), ("DELETE", "")):
        name = f"keep_{table}_{verb.lower()}"
        yield (
            name,
            (
                f"CREATE TRIGGER {name} BEFORE {verb}{of} ON {table} {condition}"
                f"BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
            ),
        )
