"""Which rows a restored account has lost, and in which order they are stated to it again.

Read in slices: between two of them a person may write, but only sync confirms, so what was read
stays true. Source: decision record 0022, rule 21.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from app.sync import shadows
from app.sync.file import Slice
from app.sync.forms import Form, forms, full_rows
from app.sync.outbox import Key

#: A slice looks at so many rows: of notes, those are two megabytes.
LOOKED = 1_000


@dataclass(slots=True)
class _Set:
    """Rows that were written together, and the rows that they point at."""

    rows: list[Key] = field(default_factory=list)
    links: set[Key] = field(default_factory=set)


class Lost:
    """The rows of a version beyond ``common``, the last seq that both histories share."""

    def __init__(self, common: int) -> None:
        self.common = common
        self._tables = deque(forms())
        self._after = 0
        self._sets: dict[int, _Set] = {}
        self._home: dict[Key, int] = {}

    def look_on(self, part: Slice, most: int = LOOKED) -> bool:
        """Look at the next ``most`` rows of the file; return whether those were the last."""
        shadowed = shadows.rows(part.connection)
        while self._tables and most > 0:
            form = self._tables[0]
            (last,) = part.connection.execute(
                f"SELECT coalesce(max(rowid), 0) FROM {form.entity}"
            ).fetchone()
            upto = min(self._after + most, last)
            self._read(part, form, upto, shadowed)
            most -= max(upto - self._after, 1)
            self._after = upto
            if upto >= last:
                self._tables.popleft()
                self._after = 0
        return not self._tables

    def in_order(self) -> list[list[Key]]:
        """Return the rows by change set, what is pointed at before what points.

        The rows of one change set are known by their version. Change sets that point at each
        other become one.
        """
        sets, home = self._sets, self._home
        while True:
            graph = {
                seq: {home[link] for link in sets[seq].links if link in home} - {seq}
                for seq in sorted(sets)
            }
            try:
                return [sets[seq].rows for seq in TopologicalSorter(graph).static_order()]
            except CycleError as found:
                first, *others = sorted(set(found.args[1]))
                for other in others:
                    joined = sets.pop(other)
                    sets[first].rows += joined.rows
                    sets[first].links |= joined.links
                    home.update(dict.fromkeys(joined.rows, first))

    def _read(self, part: Slice, form: Form, upto: int, shadowed: frozenset[Key]) -> None:
        names = list(form.links)
        # By the place in the table: by the key, a slice would read all over the file.
        found = part.connection.execute(
            f"SELECT {', '.join(['id', 'row_seq', *names])} FROM {form.entity} "
            "WHERE rowid > ? AND rowid <= ? AND +practice_id = ? AND row_seq > ? ORDER BY rowid",
            (self._after, upto, part.session.practice_id.bytes, self.common),
        ).fetchall()
        for pk, seq, *shown in found:
            key = (form.entity, pk)
            covered = key in shadowed or part.outbox.of_row(key)
            links = _confirmed_links(part, form, pk, names, shadowed) if covered else shown
            of = self._sets.setdefault(seq, _Set())
            of.rows.append(key)
            of.links.update(
                (form.links[name], held)
                for name, held in zip(names, links, strict=True)
                if held is not None
            )
            self._home[key] = seq


def _confirmed_links(
    part: Slice, form: Form, pk: bytes, names: Iterable[str], shadowed: frozenset[Key]
) -> list[bytes | None]:
    ((_, _, said),) = full_rows(
        part.connection,
        form,
        "practice_id = ? AND id = ?",
        (part.session.practice_id.bytes, pk),
    )
    held = confirmed(part, form, pk, said, shadowed)
    return [None if held[name] is None else bytes.fromhex(held[name]) for name in names]


def confirmed(
    part: Slice, form: Form, pk: bytes, said: dict[str, Any], shadowed: frozenset[Key]
) -> dict[str, Any]:
    """Return a row, as JSON values, without one's own pending changes.

    ``shadowed`` are the rows of which something confirmed is hidden.
    """
    key = (form.entity, pk)
    found = dict(said)
    for each in reversed(part.outbox.of_row(key)):
        if each.over:
            found.update(shadows.own(part.connection, each.lsn).before)
    if key in shadowed:
        waiting = shadows.load(part.connection, key)
        found.update({name: held[0] for name, held in waiting.columns.items()})
    return {name: found[name] for name in form.names}
