"""Who of an import is active where the plan has fewer places than the file has active people."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

Row = TypeVar("Row", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Applicant(Generic[Row]):
    """A row that is active in the file, and the new people in it."""

    row: Row
    people: tuple[int, ...]
    next_appointment: date | None = None
    last_appointment: date | None = None

    def rank(self) -> tuple[bool, date, int]:
        """Sort key: earliest next appointment first, then the latest last one."""
        last = self.last_appointment or date.min
        return self.next_appointment is None, self.next_appointment or date.max, -last.toordinal()


def give_places(
    applicants: Sequence[Applicant[Row]], free: int | None, chosen: frozenset[Row] | None = None
) -> frozenset[Row]:
    """Return the rows that become active; ``applicants`` stand in file order.

    ``chosen`` are the person's own choice, and come first. A couple that does not fit whole is
    passed over. Somebody who is in two rows takes one place. ``None`` free has no ceiling.
    """
    ranked = sorted(applicants, key=Applicant.rank)
    if chosen is not None:
        ranked = [applicant for applicant in ranked if applicant.row in chosen]
    active: set[Row] = set()
    seated: set[int] = set()
    for applicant in ranked:
        together = seated.union(applicant.people)
        if free is None or len(together) <= free:
            active.add(applicant.row)
            seated = together
    return frozenset(active)
