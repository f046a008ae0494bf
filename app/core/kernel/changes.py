"""What a write touched, so that every open screen that shows it can refresh."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import UUID

T_co = TypeVar("T_co", covariant=True)

#: Told like an area once the desk acts by other rights of whoever sits at it.
RIGHTS = "rights"


@dataclass(frozen=True, slots=True)
class Changes:
    """Areas (folder names) and ids of the records that a unit of work touched."""

    areas: frozenset[str] = frozenset()
    ids: frozenset[UUID] = frozenset()

    def __or__(self, other: Changes) -> Changes:
        return Changes(self.areas | other.areas, self.ids | other.ids)

    def touches(self, *areas: str) -> bool:
        """Return whether any of ``areas`` changed."""
        return not self.areas.isdisjoint(areas)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T_co]):
    """What a command returned, what it touched, and how to undo it.

    ``undo`` is the change set to hand to ``undo``, or ``None`` where the act has its own
    reversal (signing, issuing, money). ``label`` names the act for the undo bar.
    """

    value: T_co
    changes: Changes = field(default_factory=Changes)
    undo: UUID | None = None
    label: str = ""
