"""From which version of its row an operation goes on: that of the text, not that of the row.

Under an own pending change, or in an open editor, a person sees what that one goes on from; what
was confirmed since lies hidden below, unseen. So an operation inherits the base of what covers its
columns, and one over columns with different bases is sent as several, in one change set.
Source: decision record 0022, rules 1 and 3.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from app.core.store.columns import canonical_json
from app.core.store.merging import PLAIN, Merging
from app.sync import shadows
from app.sync.forms import form_of
from app.sync.outbox import Key, Pending
from app.sync.overlay import Waiting
from app.sync.protocol.records import Earlier
from app.sync.versions import PRESENT, Version, base_of, read_earlier, write_earlier

DELETED = "deleted_at"
_PARTS = UUID("5b0c7d1e-9f43-5a27-8c1d-3e2f7a90c4d6")
_REST = "entity, pk, hlc, is_new, schema_version, state, attempts, error"


@dataclass(slots=True)
class _Stored:
    """An operation as the outbox keeps it, and what of earlier epochs belongs to it."""

    said: dict[str, Any]
    before: dict[str, Any]
    base_seq: int
    earlier: Earlier

    @property
    def base(self) -> Version:
        return base_of(self.base_seq, self.earlier)

    @property
    def replaced(self) -> Mapping[str, Any]:
        """What its columns held in the version that its writer saw, as far as that is known."""
        return self.said if self.earlier.whole else {**self.before, **self.earlier.replaced}


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
    stored = _stored(connection, added.lsn)
    hidden = {name: Waiting.seen_of(each) for name, each in waiting.items()}
    inherited = [_stored(connection, pending.lsn) for pending in earlier]
    # What is only stated again may lie hidden below one's own: its version is not what was seen.
    inherited.sort(key=lambda each: each.earlier.whole)
    bases = _bases(stored, inherited, hidden)
    parts = _parts(_merging(added.entity), stored.said, bases)
    replaced = _replaced(stored, inherited, hidden)
    if len(parts) == 1:
        (base,) = parts
        if base != stored.base:
            base_seq, said = _kept(stored, base, replaced)
            connection.execute(
                "UPDATE outbox SET base_seq = ?, earlier = ? WHERE lsn = ?",
                (base_seq, said, added.lsn),
            )
        return False
    _split(connection, added, stored, parts, replaced)
    return True


def advance(connection: Any, later: Iterable[Pending], won: Iterable[str], seq: int) -> None:
    """Let what goes on from an own operation go on from its echo, where that one won.

    The values that stood at the echo are the person's own, so nothing below them is unseen.
    """
    known = frozenset(won)
    for each in later:
        if each.is_new:
            continue
        stored = _stored(connection, each.lsn)
        if stored.said and known.issuperset(stored.said):
            kept = write_earlier(replace(stored.earlier, base="", replaced={}))
            connection.execute(
                "UPDATE outbox SET base_seq = ?, earlier = ? WHERE lsn = ?", (seq, kept, each.lsn)
            )


def _merging(entity: str) -> Merging:
    form = form_of(entity)
    return form.kind.__merging__ if form is not None else PLAIN


def _stored(connection: Any, lsn: int) -> _Stored:
    columns, before, base_seq, earlier = connection.execute(
        "SELECT columns, before, base_seq, earlier FROM outbox WHERE lsn = ?", (lsn,)
    ).fetchone()
    return _Stored(json.loads(columns), json.loads(before), base_seq, read_earlier(earlier))


def _bases(
    stored: _Stored, inherited: list[_Stored], hidden: dict[str, Version]
) -> dict[str, Version]:
    """Return by column the version that the writer saw of it."""
    said, base = stored.said, stored.base
    found: dict[str, Version] = {}
    oldest = min([base, *hidden.values()])
    for pending in inherited:
        if DELETED not in said and len(found) == len(said):
            break
        oldest = min(oldest, pending.base)
        for name in said.keys() & pending.said.keys():
            found.setdefault(name, pending.base)
    if base[0] != PRESENT:
        # Written before the account was restored: what it lies behind now was stated since.
        found = {name: min(base, each) for name, each in found.items()}
    bases = {name: min(found.get(name, base), hidden.get(name, base)) for name in said}
    if DELETED in said:
        # A delete is about the whole row, of which a part may be of an older version.
        bases[DELETED] = oldest
    return bases


def _replaced(
    stored: _Stored, inherited: list[_Stored], hidden: dict[str, Version]
) -> dict[str, Any]:
    """Return what the columns held in the versions that are inherited, as far as it is known.

    Over a row that is stated again with a value that lies hidden, that is what was shown instead.
    """
    found: dict[str, Any] = {}
    known: set[str] = set()
    for each in [*inherited, stored]:
        names = (stored.said.keys() & each.said.keys()) - known
        if each.earlier.whole:
            names -= hidden.keys()
        known |= names
        found.update((name, each.replaced[name]) for name in names if name in each.replaced)
    return found


def _kept(stored: _Stored, base: Version, replaced: Mapping[str, Any]) -> tuple[int, str | None]:
    """Return the base, and what is kept of earlier epochs, as they stand in the outbox."""
    epoch, seq = base
    if epoch == PRESENT:
        return seq, write_earlier(replace(stored.earlier, base="", replaced={}))
    return seq, write_earlier(replace(stored.earlier, base=epoch, replaced=replaced))


def _parts(
    rule: Merging, said: dict[str, Any], bases: dict[str, Version]
) -> dict[Version, list[str]]:
    """Return the columns by base; what moves as one goes on from the oldest of its bases."""
    parts: dict[Version, list[str]] = {}
    sealed = frozenset((rule.seal.column, *rule.seal.columns)) if rule.seal else frozenset()
    if rule.seal is None or said.get(rule.seal.column) != rule.seal.value:
        sealed = frozenset()
    for name in said:
        group = sealed if name in sealed else rule.group_of(name)
        oldest = min(bases[each] for each in group if each in bases)
        parts.setdefault(oldest, []).append(name)
    return parts


def _split(
    connection: Any,
    added: Pending,
    stored: _Stored,
    parts: dict[Version, list[str]],
    replaced: Mapping[str, Any],
) -> None:
    """Write an operation anew as several, and behind them again what was written after it."""
    after = connection.execute(
        "SELECT lsn FROM outbox WHERE lsn > ? ORDER BY lsn", (added.lsn,)
    ).fetchall()
    for nth, base in enumerate(sorted(parts)):
        said = {name: stored.said[name] for name in parts[base]}
        op_id = UUID(bytes=added.op_id)
        part = op_id if nth == 0 else uuid5(_PARTS, f"{op_id.hex}/{nth}")
        known = {name: each for name, each in replaced.items() if name in said}
        base_seq, earlier = _kept(stored, base, known)
        connection.execute(
            "INSERT INTO outbox (op_id, change_set_id, base_seq, earlier, columns, before, "
            f"{_REST}) SELECT ?, change_set_id, ?, ?, ?, ?, {_REST} FROM outbox WHERE lsn = ?",
            (
                part.bytes,
                base_seq,
                earlier,
                canonical_json(said),
                canonical_json({name: was for name, was in stored.before.items() if name in said}),
                added.lsn,
            ),
        )
    moved = [added.lsn]
    kept = f"op_id, change_set_id, base_seq, earlier, columns, before, {_REST}"
    for (lsn,) in after:
        connection.execute(
            f"INSERT INTO outbox ({kept}) SELECT {kept} FROM outbox WHERE lsn = ?", (lsn,)
        )
        moved.append(lsn)
    connection.executemany("DELETE FROM outbox WHERE lsn = ?", [(lsn,) for lsn in moved])
