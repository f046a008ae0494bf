"""Who arrives active, where the plan has fewer places than the file has active people."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.exchange.places import Applicant
from app.core.exchange.plans import Arrival, ImportPlan, RowRef
from app.core.people.rules import Lifecycle


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that is active in the file; ``people`` are the new ones in it, by their place."""

    arrival: Arrival
    words: str
    people: tuple[int, ...]


class Choosing:
    """The candidates in the order in which places are given, and who of them is chosen.

    ``allowed`` is the places that this import may fill; ``None`` without a ceiling.
    """

    def __init__(
        self,
        candidates: tuple[Candidate, ...],
        chosen: frozenset[RowRef] = frozenset(),
        allowed: int | None = None,
    ) -> None:
        self.candidates = candidates
        self.chosen = chosen
        self.allowed = allowed
        self._by_hand = False

    @classmethod
    def of(cls, plan: ImportPlan) -> Choosing:
        """Return the choice that the rules make for ``plan``."""
        wanted = [a for a in plan.arrivals if a.wanted is Lifecycle.ACTIVE]
        wanted.sort(
            key=lambda a: Applicant(a.row, a.people, a.next_appointment, a.last_appointment).rank()
        )
        return cls(
            tuple(
                Candidate(arrival, names_of(plan, arrival), _new_people(plan, arrival))
                for arrival in wanted
            ),
            frozenset(a.row for a in wanted if a.arrives is Lifecycle.ACTIVE),
            None if plan.allowed is None else max(plan.allowed - plan.used, 0),
        )

    @property
    def used(self) -> int:
        """How many places the chosen ones take."""
        return len(self._seats(self.chosen))

    @property
    def wanted(self) -> int:
        """How many people are active in the file."""
        return len(self._seats(frozenset(each.arrival.row for each in self.candidates)))

    @property
    def over(self) -> int:
        """How many people that are active in the file arrive inactive."""
        return self.wanted - self.used

    @property
    def scarce(self) -> bool:
        """Whether there is anything to choose."""
        return self.allowed is not None and self.wanted > self.allowed

    def fits(self, candidate: Candidate) -> bool:
        """Whether ``candidate`` has room besides the chosen ones."""
        together = self._seats(self.chosen) | set(candidate.people)
        return self.allowed is None or len(together) <= self.allowed

    def choose(self, row: RowRef, *, active: bool) -> bool:
        """Choose or leave a row; return whether that changed anything."""
        candidate = next(each for each in self.candidates if each.arrival.row == row)
        if active == (row in self.chosen) or (active and not self.fits(candidate)):
            return False
        self.chosen = self.chosen | {row} if active else self.chosen - {row}
        self._by_hand = True
        return True

    def decision(self) -> frozenset[RowRef] | None:
        """Return the rows chosen by hand; ``None`` leaves it to the rules."""
        return self.chosen if self._by_hand else None

    def _seats(self, rows: frozenset[RowRef]) -> set[int]:
        return {
            place for each in self.candidates if each.arrival.row in rows for place in each.people
        }


def names_of(plan: ImportPlan, arrival: Arrival) -> str:
    """Return the people of a row as one line."""
    return ", ".join(plan.people[place].person.client.name.display for place in arrival.people)


def _new_people(plan: ImportPlan, arrival: Arrival) -> tuple[int, ...]:
    return tuple(place for place in arrival.people if plan.people[place].known is None)
