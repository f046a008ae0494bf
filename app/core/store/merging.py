"""How two changes of a row, made without sight of each other, become one.

Each synced table says it of itself as ``__merging__``; only the server merges, by these words.
Source: the merge rules of the sync design.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Seal:
    """A signature: while ``column`` holds ``value`` the row is final.

    The sealed ``columns`` move as one, beat unseen edits of the draft, and are never changed.
    """

    column: str
    value: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """A status that holds against others once there is evidence of it.

    ``evidence`` names tables and the columns in them that point at the row.
    """

    column: str
    value: str
    against: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Merging:
    """The rule of one table. Columns that nothing here names are last writer wins, each alone.

    ``groups``: columns that move as one. ``sensitive``: an unseen edit also goes to the inbox.
    ``draft``: text that no unseen edit overwrites; the later version becomes a head beside it.
    ``clinical``: an unseen edit beats a delete. ``server_owned``: a client may not write these.
    ``given``: what stands on paper, such as a number: a second value goes to the inbox.
    ``decision``: the answer to what the row asks; it counts only for the version its writer saw.
    """

    groups: tuple[tuple[str, ...], ...] = ()
    sensitive: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()
    seal: Seal | None = None
    standing: Standing | None = None
    clinical: bool = False
    server_owned: tuple[str, ...] = ()
    decision: tuple[str, ...] = ()
    given: tuple[str, ...] = ()

    @cached_property
    def _group_of(self) -> dict[str, tuple[str, ...]]:
        grouped = {name: group for group in self.groups for name in group}
        grouped.update(dict.fromkeys(self.draft, self.draft))
        grouped.update(dict.fromkeys(self.decision, self.decision))
        return grouped

    def group_of(self, column: str) -> tuple[str, ...]:
        """Return the columns that move together with ``column``, itself included."""
        return self._group_of.get(column, (column,))

    def together(self, columns: Iterable[str]) -> frozenset[str]:
        """Return the columns that must travel with ``columns``, without those themselves."""
        named = frozenset(columns)
        members = {member for name in named for member in self._group_of.get(name, ())}
        if self.seal is not None and self.seal.column in named:
            members.update(self.seal.columns)
        return frozenset(members) - named


PLAIN = Merging()
