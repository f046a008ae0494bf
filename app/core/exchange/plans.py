"""What an import would do, before it does it: the plan that a person reviews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.core.journeys.imports import ArrivingPerson
from app.core.kernel.text import PersonName
from app.core.people.rules import Lifecycle
from app.core.practice.rules.catalogue import CaseKind


@dataclass(frozen=True, slots=True, order=True)
class RowRef:
    """A row of the import: which of its files, counted from 0, and which row, from 1."""

    file: int
    number: int


@dataclass(frozen=True, slots=True, order=True)
class PersonRef:
    """One of the people in a row; the second of a couple has ``position`` 1."""

    row: RowRef
    position: int = 0


class Trouble(StrEnum):
    """What a person should look at, by kind. The value is the sentence about one row."""

    NO_NAME = "{Row} is refused: it has no name."
    LONG_NAME = "{Row} is refused: its name is longer than a name can be."
    DUPLICATE = "{Row} is the same as {other}; it counts once."
    SAME_PERSON = "{Row}, {value}, is the person of {other}; the first of the two counts."
    KNOWN = "{Row}, {value}, is your client already; the record stays as it is."
    NAME_ALONE = "{Row}: you have a client called {value}, but nothing else agrees."
    DOUBTFUL_NAME = "{Row}: the name {value} could be read two ways."
    LONE_COUPLE = "{Row} is a couple, but names one person, {value}."
    BIRTH_DATE = '{Row}: the birth date "{value}" cannot be read; it stays empty.'
    WHOSE_BIRTH_DATE = "{Row}: one birth date, {value}, for two people; it stays empty."
    FIELD = '{Row}: the {column} "{value}" cannot be read; it stays empty.'
    NO_PAYER = "{Row} has an insurance ID, {value}, but names no insurer."
    NOT_JOINED = "{Row}: nobody in the other file is called {value}."
    JOINED_TWICE = "{Row}: more than one client is called {value}; nobody got these details."
    SHAPE = "{Row} has more cells than there are columns; check it."


#: Kinds that leave a row out of the import.
REFUSALS = frozenset({Trouble.NO_NAME, Trouble.LONG_NAME})


@dataclass(frozen=True, slots=True)
class Problem:
    """One trouble with one row. ``value`` is what stands there, ``other`` the row it repeats."""

    trouble: Trouble
    person: PersonRef
    value: str = ""
    column: str = ""
    other: RowRef | None = None

    @property
    def row(self) -> RowRef:
        """The row that it is about."""
        return self.person.row


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the person decided in review, by row; empty takes the rules' own choice.

    ``names`` are the people of a row, ``same`` says of a client with that name alone whether
    it is this person, ``active`` the rows that are to be active.
    """

    names: Mapping[RowRef, tuple[PersonName, ...]] = field(default_factory=dict)
    birth_dates: Mapping[PersonRef, date] = field(default_factory=dict)
    same: Mapping[PersonRef, bool] = field(default_factory=dict)
    active: frozenset[RowRef] | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """One row that makes a case: who is in it and where they will stand.

    ``people`` are places in the plan's ``people``. ``wanted`` is what the file says, ``arrives``
    what the plan of the practice has room for.
    """

    row: RowRef
    kind: CaseKind
    people: tuple[int, ...]
    wanted: Lifecycle
    arrives: Lifecycle
    opened_on: date | None = None
    last_appointment: date | None = None
    next_appointment: date | None = None

    @property
    def over_plan(self) -> bool:
        """Whether the row is active in the file and arrives inactive."""
        return self.wanted is Lifecycle.ACTIVE and self.arrives is Lifecycle.INACTIVE


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """Somebody who arrives, or (``known``) a client who is there already and joins a case."""

    person: ArrivingPerson
    ref: PersonRef
    known: UUID | None = None


@dataclass(frozen=True, slots=True)
class Files:
    """The files of an import by their names, and how their rows are called.

    ``plain`` is the file whose rows need no file's name beside them: the only one that is not
    there to complete another.
    """

    names: tuple[str, ...]
    plain: int | None = None

    def place(self, row: RowRef) -> str:
        """Return ``row 4``, or ``row 4 of clients.csv``."""
        named = "" if row.file == self.plain else f" of {self.names[row.file]}"
        return f"row {row.number}{named}"

    def sentence(self, problem: Problem) -> str:
        """Return ``problem`` in words."""
        place = self.place(problem.row)
        return problem.trouble.value.format(
            Row=place[0].upper() + place[1:],
            value=problem.value,
            column=problem.column,
            other=self.place(problem.other) if problem.other else "",
        )


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The whole import as it would be; nothing is kept yet.

    ``rows`` counts the rows that say something new and can be read; ``allowed`` and ``used``
    are active clients of the practice's plan before it.
    """

    sheets: Files
    source: str
    notices: tuple[str, ...]
    rows: int
    blank_rows: int
    people: tuple[PlannedPerson, ...]
    arrivals: tuple[Arrival, ...]
    problems: tuple[Problem, ...]
    allowed: int | None = None
    used: int = 0

    @property
    def newcomers(self) -> tuple[ArrivingPerson, ...]:
        """The people who are not clients yet."""
        return tuple(each.person for each in self.people if each.known is None)

    @property
    def couples(self) -> int:
        """How many couple cases arrive."""
        return sum(arrival.kind is CaseKind.COUPLE for arrival in self.arrivals)

    @property
    def over_plan(self) -> tuple[Arrival, ...]:
        """Rows that are active in the file and arrive inactive."""
        return tuple(arrival for arrival in self.arrivals if arrival.over_plan)

    def by_lifecycle(self) -> Counter[Lifecycle]:
        """Return how many new people arrive in each status."""
        return Counter(person.client.lifecycle for person in self.newcomers)

    def count(self, trouble: Trouble) -> int:
        """Return how many rows have this trouble."""
        return sum(problem.trouble is trouble for problem in self.problems)

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files, without their folders."""
        return self.sheets.names

    def place(self, row: RowRef) -> str:
        """Return how a row is called."""
        return self.sheets.place(row)

    def sentence(self, problem: Problem) -> str:
        """Return ``problem`` in words."""
        return self.sheets.sentence(problem)
