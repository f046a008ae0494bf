"""What people did in a simulated practice: every save, what its writer had seen, what is lost.

Values are unique words (but where a scenario lets two people write the same text), so a value
stands for the saves that wrote it. A save that was made while another value was shown *supersedes*
that value; a value is *alive* while it is kept somewhere or while something alive supersedes it.
A disaster (a file goes back to its backup, the server to its own) may destroy what only the
destroyed thing held, and only that: it is marked as lost and no longer asked for. What its writer
had seen stays known: whoever goes on from words that are lost goes on from those before them, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.simulation.entities import FIELDS, SENSITIVE, Columns, Key, Value

Place = tuple[Key, str]
"""A group of columns of a row."""
Held = set[tuple[Key, str, Value]]
#: Where the later one wins nobody keeps what it has beaten.
LAST_WINS = FIELDS - SENSITIVE


@dataclass(slots=True)
class Written:
    """A value that somebody wrote into a place, and all that its writers had seen there."""

    value: Value
    case: str
    seen: set[Value] = field(default_factory=set)
    lost: bool = False


@dataclass(slots=True)
class History:
    """All saves that a client acknowledged. ``decided`` are the versions a person put aside."""

    places: dict[Place, dict[Value, Written]] = field(default_factory=lambda: defaultdict(dict))
    decided: Held = field(default_factory=set)
    deletions: dict[Key, list[dict[str, Value]]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[str, list[Key]] = field(default_factory=lambda: defaultdict(list))
    purged: set[str] = field(default_factory=set)
    purged_numbers: set[tuple[str, Key]] = field(default_factory=set)
    """Numbers and papers that the server knew when it purged them, or kept them out for a purge."""
    decided_numbers: set[Value] = field(default_factory=set)
    """Numbers on two papers of which a person was told, and decided before one was purged."""
    refused: list[str] = field(default_factory=list)
    machine_rolled_back: bool = False

    def wrote(self, key: Key, group: str, case: str, value: Value, *seen: Value) -> None:
        """Note that a value was saved by somebody who saw others in its place."""
        known = self.places[key, group]
        written = known.get(value)
        if written is None:
            written = known[value] = Written(value, case)
        written.lost = False
        written.seen.update(each for each in seen if each is not None and each != value)

    def knew(self, key: Key, group: str, shown: Value, value: Value) -> bool:
        """Whether somebody to whom one value was shown had seen another, there or behind it."""
        known = self.places.get((key, group), {})
        waiting, passed = [shown], set()
        while waiting:
            each = waiting.pop()
            if each == value:
                return True
            if each not in passed and each in known:
                passed.add(each)
                waiting.extend(known[each].seen)
        return False

    def forget_numbers(self, held: Held) -> None:
        """Nobody can know a number that went with its machine, mark and all, before it was sent."""
        self.machine_rolled_back = True
        self._keep_numbers(lambda paper: paper in held)

    def _keep_numbers(self, is_kept: Callable[[tuple[Key, str, Value]], bool]) -> None:
        for number, papers in self.numbers.items():
            papers[:] = [
                key
                for key in papers
                if is_kept((key, "number", number)) or (number, key) in self.purged_numbers
            ]

    def keep_out(self, key: Key, columns: Columns) -> None:
        """The server refused a row of a purged case: it knows the number that the row bears."""
        if number := columns.get("number"):
            self.purged_numbers.add((str(number), key))

    def kept(self) -> Iterator[tuple[Place, dict[Value, Written]]]:
        """Yield every place that was not purged, with what was written there and is not lost."""
        for place, known in self.places.items():
            remaining = {value: each for value, each in known.items() if not each.lost}
            if remaining and next(iter(remaining.values())).case not in self.purged:
                yield place, remaining

    def lose(self, before: Held, after: Held) -> None:
        """Mark what a disaster destroyed: alive before it, and not after; or beaten by such.

        So with numbers, once a machine was rolled back: one that it gave again may go with the
        file, the push or the server that alone knew of it, and then nobody can tell.
        """
        for place, known in self.kept():
            alive = self.alive(place, before)
            destroyed = alive - self.alive(place, after)
            if destroyed and place[1] in LAST_WINS:
                # What one of them had beaten was nowhere before: it goes with its winner.
                destroyed |= known.keys() - alive
            for value in destroyed:
                self.places[place][value].lost = True
        if self.machine_rolled_back:
            gone = before - after
            self._keep_numbers(lambda paper: paper not in gone)

    def find_again(self, held: Held) -> None:
        """What was on its way to a computer while a disaster took the rest is asked for again."""
        for (key, group), known in self.places.items():
            for value, each in known.items():
                each.lost = each.lost and (key, group, value) not in held

    def alive(self, place: Place, held: Held) -> set[Value]:
        """Return the values of a place that are held, or superseded by one that is."""
        key, group = place
        known = self.places[place]
        waiting = [value for value in known if (key, group, value) in held]
        found = set(waiting)
        while waiting:
            for seen in known[waiting.pop()].seen:
                if seen in known and seen not in found:
                    found.add(seen)
                    waiting.append(seen)
        return found
