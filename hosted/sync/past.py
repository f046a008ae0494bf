"""What a row has been through: its lines of the log, and which of them a writer had seen.

A version is an epoch and a seq: a base of an epoch that a restore undid is compared with what of
that epoch was stated again. Source: decision record 0022, rules 15 to 19.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.core.store.merging import Merging
from app.sync.protocol.records import Operation
from hosted.sync.epochs import Ancestry

LARGEST = 2**63 - 1
Columns = Mapping[str, Any]
Version = tuple[str, int]
"""An epoch's name and a seq."""


@dataclass(frozen=True, slots=True)
class Past:
    """A line of the log about the row at hand; ``columns`` are those that it really wrote.

    ``base_seq`` is a place of our own log. ``base`` is the version of an undone epoch that its
    writer had seen, ``was`` the one that it had there itself, ``whole`` that it stated all of a
    row, ``in_doubt`` that it may have been taken there without an answer.
    """

    seq: int
    incarnation: UUID
    device_id: UUID | None
    hlc: int
    base_seq: int
    verdict: str
    at_ms: int
    columns: Columns
    lost: Columns = field(default_factory=dict)
    lsn: int = 0
    base: Version | None = None
    was: Version | None = None
    whole: bool = False
    in_doubt: bool = False

    @property
    def stamp(self) -> tuple[int, bytes]:
        """What later and earlier mean: the writer's clock, then its incarnation."""
        return self.hlc, self.incarnation.bytes

    @property
    def branch(self) -> str:
        """What its text goes on from; see ``branch_of``."""
        stated = self.was[0] if self.whole and self.was else ""
        return branch_of(self.incarnation, self.base or ("", self.base_seq), stated)

    def holds(self, names: Iterable[str], said: Columns) -> bool:
        """Return whether it wrote just the values of ``said`` into those of ``names``."""
        compared = [name for name in names if name in said]
        return bool(compared) and all(
            name in self.columns and self.columns[name] == said[name] for name in compared
        )


def branch_of(incarnation: UUID, base: Version, stated: str = "") -> str:
    """Return what a text goes on from.

    A device that saw the winner and is beaten again has begun another branch, whose text must not
    replace the first one: so the incarnation alone is no key. What was ``stated`` again of an
    epoch is one branch, whoever stated it.
    """
    epoch, seq = base
    return f"restated/{stated}" if stated else f"{incarnation.hex}/{epoch}{'.' * bool(epoch)}{seq}"


@dataclass(frozen=True, slots=True)
class Seeing:
    """What the writer of an operation had seen: our log up to ``until``, and ``lost`` beyond it.

    ``lost`` is the version of an epoch that a restore undid.
    """

    until: int
    lost: Version | None = None
    whole: bool = False

    def all_of(self, version: int) -> bool:
        """Return whether it had seen a row of that version."""
        return self.lost is None and not self.whole and self.until >= version

    def knows(self, line: Past) -> bool:
        """Return whether it had seen, in an undone epoch, what this later line states again."""
        return (
            self.lost is not None
            and line.was is not None
            and line.was[0] == self.lost[0]
            and line.was[1] <= self.lost[1]
        )


def seeing(operation: Operation, ancestry: Ancestry | None) -> Seeing:
    """Return what the writer of ``operation`` had seen."""
    earlier = operation.earlier
    if earlier is None or ancestry is None:
        return Seeing(operation.base_seq)
    epoch, seq = earlier.base, operation.base_seq
    if earlier.whole and earlier.was is not None:
        epoch, seq = earlier.was
    limit = ancestry.common(epoch) if epoch else None
    if limit is None or seq <= limit:
        return Seeing(seq, None, earlier.whole)
    return Seeing(limit, (epoch, seq), earlier.whole)


def is_included(history: Iterable[Past], operation: Operation, ancestry: Ancestry | None) -> bool:
    """Return whether a row holds already what an earlier epoch had taken of an operation.

    It was stated again since, or our own log goes on from where it was taken: a file that came
    over an older backup states what that one lacked. Source: decision record 0022, rule 35.
    """
    was = operation.earlier.was if operation.earlier else None
    if was is None:
        return False
    shared = ancestry.common(was[0]) if ancestry else None
    if shared is not None and was[1] <= shared:
        return True
    return any(
        line.whole and line.was is not None and line.was[0] == was[0] and line.was[1] >= was[1]
        for line in history
    )


def no_news(
    rule: Merging, history: Sequence[Past], operation: Operation, limit: int, defaults: Columns
) -> frozenset[str]:
    """Return the columns in which a row that is stated whole says nothing new.

    They have the value that the row had at ``limit``, where both logs parted, or was given since:
    whoever replaced it here had seen it. But where the row's value comes from another statement
    of the same epoch, the later of the two decides; and where it is that of an operation in doubt
    it is news that it was seen. Source: decision record 0022, rules 18 and 32.
    """
    said, earlier = operation.columns, operation.earlier
    epoch = earlier.was[0] if earlier and earlier.was else ""
    groups = {_moving(rule, name, said) for name in said}
    state: dict[str, Any] = {}
    if any(line.seq <= limit for line in history):
        state.update(defaults)
    for line in history:
        if line.seq <= limit:
            state.update(line.columns)
    shared = {group for group in groups if _equal(group, said, state)}
    known: set[frozenset[str]] = set()
    stated: set[frozenset[str]] = set()
    doubted: set[frozenset[str]] = set()
    for line in history:
        if line.seq <= limit:
            continue
        state.update(line.columns)
        touched = {group for group in groups if not group.isdisjoint(line.columns)}
        equal = {group for group in touched if _equal(group, said, state)}
        known |= equal
        doubted -= touched
        if line.in_doubt:
            doubted |= equal
        if line.was is not None and line.was[0] == epoch:
            stated |= touched
        else:
            stated -= touched
    dull = ((known - doubted) | shared) - stated
    return frozenset(name for group in dull for name in group if name in said)


def _moving(rule: Merging, name: str, said: Columns) -> frozenset[str]:
    seal = rule.seal
    if seal is not None and said.get(seal.column) == seal.value:
        sealed = frozenset((seal.column, *seal.columns))
        if name in sealed:
            return sealed
    return frozenset(rule.group_of(name))


def _equal(group: Iterable[str], said: Columns, state: Columns) -> bool:
    return all(name in state and state[name] == said[name] for name in group if name in said)


def to_text(operation: Operation, seen: Seeing, won: Iterable[str] | None) -> str | None:
    """Return what a line keeps of earlier epochs; ``None`` for nearly all.

    Empty JSON still tells that the operation was queued anew, at another place than its first.
    """
    earlier = operation.earlier
    if earlier is None:
        return None
    said: dict[str, Any] = {}
    if earlier.was is not None:
        said["was"] = list(earlier.was)
    if seen.lost is not None and not earlier.whole:
        said["base"] = list(seen.lost)
    if earlier.whole:
        said["won"] = None if won is None else sorted(won)
    if earlier.in_doubt:
        said["in_doubt"] = True
    return json.dumps(said)


def read(text: str | None, columns: Columns) -> dict[str, Any]:
    """Return the fields of ``Past`` that a line keeps of earlier epochs, and its own columns."""
    if text is None:
        return {"columns": columns}
    said = json.loads(text)
    won = said.get("won")
    held = columns if won is None else {name: columns[name] for name in won if name in columns}
    base, was = said.get("base"), said.get("was")
    return {
        "columns": held,
        "base": tuple(base) if base else None,
        "was": tuple(was) if was else None,
        "whole": "won" in said,
        "in_doubt": said.get("in_doubt", False),
    }
