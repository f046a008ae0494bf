"""What a person sees is the confirmed row with one's own pending changes laid over it.

The ordinary table holds that sum. These functions decide, for one row, which confirmed values may
enter the table and which must wait behind a pending change, and what becomes visible when a
change has come back as its own echo. An operation leaves only then, never when it was merely
acknowledged.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from app.sync.versions import PRESENT, Version


@dataclass(slots=True)
class Waiting:
    """Confirmed values of one row that wait behind pending changes: ``[value, seen]`` by column.

    ``seen`` is the version of the row that the person had seen when the first hidden value came:
    a change of that column was made without sight of anything later. A third member names its
    epoch, where that is not the present one.
    """

    columns: dict[str, list[Any]] = field(default_factory=dict)

    def hide(self, name: str, value: Any, seen: int) -> None:
        """Keep a confirmed value behind a pending one."""
        earlier = self.columns.get(name)
        self.columns[name] = [value, *(earlier[1:] if earlier else [seen])]

    @staticmethod
    def seen_of(held: list[Any]) -> Version:
        """Return the version that the person had seen of a column whose value is hidden."""
        return (held[2] if len(held) > 2 else PRESENT, held[1])

    def enter(self, epoch: str) -> None:
        """Let the versions be those of ``epoch``: the account has begun another one."""
        for held in self.columns.values():
            if len(held) == 2:
                held.append(epoch)

    def show(self, name: str) -> Any:
        """Take a value out, to become visible."""
        return self.columns.pop(name)[0]


@dataclass(frozen=True, slots=True)
class Own:
    """One own operation: the columns it set and the values that those it changed had before."""

    columns: Mapping[str, Any]
    before: Mapping[str, Any]


def laid_over(
    confirmed: Mapping[str, Any], covered: AbstractSet[str], waiting: Waiting, seen: int
) -> dict[str, Any]:
    """Return what of a confirmed change enters the table; what is covered waits.

    ``covered`` are the columns of one's pending operations of the row, ``seen`` its version
    before this change.
    """
    entering: dict[str, Any] = {}
    for name, value in confirmed.items():
        if name in covered:
            waiting.hide(name, value, seen)
        else:
            # An earlier one that still waits, behind an editor that has let go, is history.
            waiting.columns.pop(name, None)
            entering[name] = value
    return entering


def echoed(
    own: Own,
    echo: Mapping[str, Any],
    covered: AbstractSet[str],
    refused: AbstractSet[str],
    waiting: Waiting,
    seen: int,
) -> dict[str, Any]:
    """Return what enters the table when ``own`` has come back as ``echo``.

    Its columns that are not in the echo lost: their confirmed value is the one that waited, else
    the one that they had before. ``covered`` are the columns of the later pending operations,
    ``refused`` those of which the table still shows what was refused later than ``own`` was sent.
    """
    entering: dict[str, Any] = {}
    for name, mine in own.columns.items():
        if name in echo:
            if echo[name] == mine and name not in refused:
                waiting.columns.pop(name, None)
                continue
            confirmed = echo[name]
        elif name in waiting.columns:
            confirmed = waiting.columns[name][0]
        elif name in own.before:
            confirmed = own.before[name]
        else:
            continue
        if name in covered:
            waiting.hide(name, confirmed, seen)
        else:
            waiting.columns.pop(name, None)
            entering[name] = confirmed
    rest = {name: value for name, value in echo.items() if name not in own.columns}
    entering.update(laid_over(rest, covered, waiting, seen))
    # An editor may have let go meanwhile of what it alone had covered.
    entering.update(uncovered(covered, waiting))
    return entering


def uncovered(covered: AbstractSet[str], waiting: Waiting) -> dict[str, Any]:
    """Return the values that wait behind nothing any more; they enter the table."""
    free = [name for name in waiting.columns if name not in covered]
    return {name: waiting.show(name) for name in free}
