"""From which version of its row an operation goes on: that of the text, not that of the row.

Under an own pending change, or in an open editor, a person sees what that one goes on from; what
was confirmed since lies hidden below, unseen. So an operation inherits the base of what covers its
columns, and one over columns with different bases is sent as several, in one change set.
Source: decision record 0022, rules 1 and 3.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from app.core.store.columns import canonical_json
from app.core.store.merging import PLAIN, Merging
from app.sync import shadows
from app.sync.forms import form_of
from app.sync.outbox import Key, Pending

DELETED = "deleted_at"
_PARTS = UUID("5b0c7d1e-9f43-5a27-8c1d-3e2f7a90c4d6")
_REST = "entity, pk, hlc, is_new, schema_version, state, attempts, error"


def look_over(
    connection: Any, added: Pending, earlier: list[Pending], shadowed: frozenset[Key]
) -> bool:
    """Give an operation the base that its writer had; return whether the outbox was rewritten.

    To be called before anything is pulled over it. ``earlier`` are the row's operations before
    it, ``shadowed`` the rows of which something confirmed is hidden.
    """
    if added.is_new or (not earlier and added.key not in shadowed):
        return False
    waiting = shadows.load(connection, added.key).columns
    said, before, base = _stored(connection, added.lsn)
    bases = _bases(connection, said, base, earlier, {n: each[1] for n, each in waiting.items()})
    parts = _parts(_merging(added.entity), said, bases)
    if len(parts) == 1:
        (inherited,) = parts
        if inherited != base:
            connection.execute(
                "UPDATE outbox SET base_seq = ? WHERE lsn = ?", (inherited, added.lsn)
            )
        return False
    _split(connection, added, before, {each: {n: said[n] for n in parts[each]} for each in parts})
    return True


def advance(connection: Any, later: Iterable[Pending], won: Iterable[str], seq: int) -> None:
    """Let what goes on from an own operation go on from its echo, where that one won.

    The values that stood at the echo are the person's own, so nothing below them is unseen.
    """
    known = frozenset(won)
    for each in later:
        if each.is_new:
            continue
        said = shadows.own(connection, each.lsn).columns
        if said and known.issuperset(said):
            connection.execute("UPDATE outbox SET base_seq = ? WHERE lsn = ?", (seq, each.lsn))


def _merging(entity: str) -> Merging:
    form = form_of(entity)
    return form.kind.__merging__ if form is not None else PLAIN


def _stored(connection: Any, lsn: int) -> tuple[dict[str, Any], dict[str, Any], int]:
    columns, before, base = connection.execute(
        "SELECT columns, before, base_seq FROM outbox WHERE lsn = ?", (lsn,)
    ).fetchone()
    return json.loads(columns), json.loads(before), base


def _bases(
    connection: Any,
    said: dict[str, Any],
    base: int,
    earlier: list[Pending],
    hidden: dict[str, int],
) -> dict[str, int]:
    """Return by column the version that the writer saw of it."""
    found: dict[str, int] = {}
    oldest = min([base, *hidden.values()])
    for pending in earlier:
        if DELETED not in said and len(found) == len(said):
            break
        columns, _, inherited = _stored(connection, pending.lsn)
        oldest = min(oldest, inherited)
        for name in said.keys() & columns.keys():
            found.setdefault(name, inherited)
    bases = {name: min(found.get(name, base), hidden.get(name, base)) for name in said}
    if DELETED in said:
        # A delete is about the whole row, of which a part may be of an older version.
        bases[DELETED] = oldest
    return bases


def _parts(rule: Merging, said: dict[str, Any], bases: dict[str, int]) -> dict[int, list[str]]:
    """Return the columns by base; what moves as one goes on from the oldest of its bases."""
    parts: dict[int, list[str]] = {}
    sealed = frozenset((rule.seal.column, *rule.seal.columns)) if rule.seal else frozenset()
    if rule.seal is None or said.get(rule.seal.column) != rule.seal.value:
        sealed = frozenset()
    for name in said:
        group = sealed if name in sealed else rule.group_of(name)
        oldest = min(bases[each] for each in group if each in bases)
        parts.setdefault(oldest, []).append(name)
    return parts


def _split(
    connection: Any, added: Pending, before: dict[str, Any], parts: dict[int, dict[str, Any]]
) -> None:
    """Write an operation anew as several, and behind them again what was written after it."""
    after = connection.execute(
        "SELECT lsn FROM outbox WHERE lsn > ? ORDER BY lsn", (added.lsn,)
    ).fetchall()
    for nth, base in enumerate(sorted(parts)):
        said = parts[base]
        op_id = UUID(bytes=added.op_id)
        part = op_id if nth == 0 else uuid5(_PARTS, f"{op_id.hex}/{nth}")
        connection.execute(
            f"INSERT INTO outbox (op_id, change_set_id, base_seq, columns, before, {_REST}) "
            f"SELECT ?, change_set_id, ?, ?, ?, {_REST} FROM outbox WHERE lsn = ?",
            (
                part.bytes,
                base,
                canonical_json(said),
                canonical_json({name: held for name, held in before.items() if name in said}),
                added.lsn,
            ),
        )
    moved = [added.lsn]
    for (lsn,) in after:
        connection.execute(
            "INSERT INTO outbox (op_id, change_set_id, base_seq, columns, before, "
            f"{_REST}) SELECT op_id, change_set_id, base_seq, columns, before, {_REST} "
            "FROM outbox WHERE lsn = ?",
            (lsn,),
        )
        moved.append(lsn)
    connection.executemany("DELETE FROM outbox WHERE lsn = ?", [(lsn,) for lsn in moved])
