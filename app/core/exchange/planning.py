"""From recognized sheets to the plan of an import: joined, told apart, matched, given places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from app.core.exchange.entries import Entry, RawRow, read_entry
from app.core.exchange.formats import Column, KnownSheet
from app.core.exchange.matching import Finder, KnownPerson, Roster, Traits, traits_of
from app.core.exchange.places import Applicant, give_places
from app.core.exchange.plans import (
    Arrival,
    Decisions,
    Files,
    ImportPlan,
    PersonRef,
    PlannedPerson,
    Problem,
    RowRef,
    Trouble,
)
from app.core.journeys.imports import ArrivingPerson
from app.core.kernel.text import fold, listed
from app.core.people.rules import Lifecycle
from app.core.practice.rules.catalogue import CaseKind

#: What the record of somebody says who was active where they came from.
OVER_PLAN = "Active in the file; inactive here because the plan was full."

#: Troubles that a person looking at the new record should still see there.
_REMARKED = frozenset(
    {
        Trouble.DOUBTFUL_NAME,
        Trouble.NAME_ALONE,
        Trouble.LONE_COUPLE,
        Trouble.BIRTH_DATE,
        Trouble.WHOSE_BIRTH_DATE,
        Trouble.FIELD,
        Trouble.NO_PAYER,
    }
)


def plan_import(
    sheets: Sequence[KnownSheet],
    roster: Roster,
    today: date,
    decisions: Decisions | None = None,
) -> ImportPlan:
    """Return what importing ``sheets`` together would do; nothing is written.

    Sheets that complete others (Demographics) are joined to them by name. ``today`` is the date
    on the practice's wall.
    """
    decided = decisions or Decisions()
    gathered = _gather(sheets)
    draft = _Draft(roster, decided)
    rows = 0
    for raw in _join(gathered):
        read = read_entry(raw, decided, today)
        if isinstance(read, Problem):
            draft.problems.append(read)
        else:
            rows += 1
            draft.take(read)
    files = _files(sheets)
    arrivals, people = _seated(draft, roster, decided)
    problems = tuple(sorted(gathered.problems + draft.problems, key=lambda each: each.person))
    return ImportPlan(
        sheets=files,
        source=listed(list(dict.fromkeys(known.format.system for known in sheets))),
        notices=tuple(notice for known in sheets for notice in known.sheet.notices),
        rows=rows,
        blank_rows=gathered.blank,
        people=_with_remarks(people, problems, arrivals, files),
        arrivals=arrivals,
        problems=problems,
        allowed=roster.allowed,
        used=roster.used,
    )


def _files(sheets: Sequence[KnownSheet]) -> Files:
    main = [number for number, known in enumerate(sheets) if not known.format.completes]
    plain = main[0] if len(main) == 1 else 0 if len(sheets) == 1 else None
    return Files(tuple(known.sheet.name for known in sheets), plain)


# Rows of all files: without blank and repeated ones, completing sheets joined in


@dataclass(slots=True)
class _Gathered:
    main: list[RawRow] = field(default_factory=list)
    completing: list[RawRow] = field(default_factory=list)
    blank: int = 0
    problems: list[Problem] = field(default_factory=list)


def _gather(sheets: Sequence[KnownSheet]) -> _Gathered:
    gathered = _Gathered()
    for number, known in enumerate(sheets):
        into = gathered.completing if known.format.completes else gathered.main
        seen: dict[tuple[str, ...], RowRef] = {}
        for row in known.sheet.rows:
            ref = RowRef(number, row.number)
            if row.blank:
                gathered.blank += 1
                continue
            if any(row.cells[len(known.sheet.headings) :]):
                gathered.problems.append(Problem(Trouble.SHAPE, PersonRef(ref)))
            raw = RawRow(ref, known.read(row), known.format.unstated)
            first = seen.setdefault(row.cells, ref)
            if first is not ref:
                gathered.problems.append(
                    Problem(Trouble.DUPLICATE, PersonRef(ref), raw.full_name[:60], other=first)
                )
                continue
            into.append(raw)
    return gathered


def _join(gathered: _Gathered) -> list[RawRow]:
    """Return the main rows completed; a completing row that fits nobody stands for itself."""
    by_name: defaultdict[str, list[int]] = defaultdict(list)
    rows = list(gathered.main)
    for index, row in enumerate(rows):
        by_name[fold(row.full_name)].append(index)
    for extra in gathered.completing:
        fitting = _fitting(extra, [(i, rows[i]) for i in by_name.get(fold(extra.full_name), ())])
        if len(fitting) == 1:
            index = fitting[0]
            rows[index] = replace(rows[index], values={**extra.values, **rows[index].values})
        elif fitting:
            _note(gathered, Trouble.JOINED_TWICE, extra)
        else:
            rows.append(extra)
            if gathered.main and extra.full_name:
                _note(gathered, Trouble.NOT_JOINED, extra)
    return rows


def _fitting(extra: RawRow, namesakes: list[tuple[int, RawRow]]) -> list[int]:
    if len(namesakes) > 1:
        zip_code = extra.values.get(Column.ZIP)
        same = [
            pair for pair in namesakes if zip_code and pair[1].values.get(Column.ZIP) == zip_code
        ]
        namesakes = same or namesakes
    return [index for index, _ in namesakes]


def _note(gathered: _Gathered, trouble: Trouble, row: RawRow) -> None:
    gathered.problems.append(Problem(trouble, PersonRef(row.row), row.full_name))


# People: the same one once, clients of the practice found


@dataclass(frozen=True, slots=True)
class _Place:
    """Somebody's place in the plan, and the row that brought them first."""

    index: int
    row: RowRef


class _Draft:
    """People and rows of the plan as they are taken in, before places are given."""

    def __init__(self, roster: Roster, decisions: Decisions) -> None:
        self.people: list[PlannedPerson] = []
        self.entries: list[tuple[Entry, tuple[int, ...]]] = []
        self.problems: list[Problem] = []
        self._decisions = decisions
        self._couples: set[frozenset[UUID | int]] = set(roster.couples)
        self._here: Finder[_Place] = Finder()
        self._clients: Finder[KnownPerson] = Finder()
        self._alone: set[int] = set()
        for client in roster.people:
            self._clients.add(client, client.traits)

    def take(self, entry: Entry) -> None:
        """Take in one row: who of it is new, and whether it makes a case."""
        self.problems.extend(entry.problems)
        places: list[int] = []
        noted: list[Problem] = []
        for position, person in enumerate(entry.people):
            place, problem = self._place(PersonRef(entry.row, position), person)
            places.append(place)
            noted += [problem] if problem else []
        self.problems.extend(noted)
        if self._makes_case(places):
            self.entries.append((entry, tuple(places)))

    def _place(self, ref: PersonRef, person: ArrivingPerson) -> tuple[int, Problem | None]:
        has = traits_of(person)
        display = person.client.name.display
        earlier = self._here.find(has)
        if earlier is not None:
            return earlier.index, Problem(Trouble.SAME_PERSON, ref, display, other=earlier.row)
        client, trouble = self._client(ref, has)
        problem = Problem(trouble, ref, display) if trouble else None
        self.people.append(PlannedPerson(person, ref, client.id if client else None))
        place = _Place(len(self.people) - 1, ref.row)
        self._here.add(place, has)
        return place.index, problem

    def _client(self, ref: PersonRef, has: Traits) -> tuple[KnownPerson | None, Trouble | None]:
        client = self._clients.find(has)
        if client is not None:
            return client, Trouble.KNOWN
        namesake = self._clients.namesake(has)
        if namesake is None or self._decisions.same.get(ref) is False:
            return None, None
        if self._decisions.same.get(ref):
            return namesake, Trouble.KNOWN
        return None, Trouble.NAME_ALONE

    def _makes_case(self, places: list[int]) -> bool:
        """One couple case for each couple, one individual case for each person of their own row."""
        if len(places) == 1:
            alone = places[0]
            known = self.people[alone].known is not None or alone in self._alone
            self._alone.add(alone)
            return not known
        pair: frozenset[UUID | int] = frozenset(
            self.people[place].known or place for place in places
        )
        fresh = len(pair) == 2 and pair not in self._couples
        self._couples.add(pair)
        return fresh


# Places


def _seated(
    draft: _Draft, roster: Roster, decisions: Decisions
) -> tuple[tuple[Arrival, ...], list[PlannedPerson]]:
    """Return rows and people with the status they arrive in."""
    free = None if roster.allowed is None else max(roster.allowed - roster.used, 0)
    applicants = [
        Applicant(
            entry.row,
            tuple(place for place in places if draft.people[place].known is None),
            entry.next_appointment,
            entry.last_appointment,
        )
        for entry, places in draft.entries
        if entry.wanted is Lifecycle.ACTIVE or entry.row in (decisions.active or ())
    ]
    active = give_places(applicants, free, decisions.active)
    arrivals = tuple(_arrival(entry, places, active) for entry, places in draft.entries)
    statuses: dict[int, Lifecycle] = {}
    for arrival in arrivals:
        for place in arrival.people:
            if statuses.get(place) is not Lifecycle.ACTIVE:
                statuses[place] = arrival.arrives
    people = [
        _standing(planned, statuses.get(place, Lifecycle.INACTIVE), asked=decisions.active is None)
        for place, planned in enumerate(draft.people)
    ]
    return arrivals, people


def _arrival(entry: Entry, places: tuple[int, ...], active: frozenset[RowRef]) -> Arrival:
    arrives = entry.wanted
    if entry.row in active:
        arrives = Lifecycle.ACTIVE
    elif entry.wanted is Lifecycle.ACTIVE:
        arrives = Lifecycle.INACTIVE
    return Arrival(
        row=entry.row,
        kind=CaseKind.COUPLE if len(places) > 1 else CaseKind.INDIVIDUAL,
        people=places,
        wanted=entry.wanted,
        arrives=arrives,
        opened_on=entry.added,
        last_appointment=entry.last_appointment,
        next_appointment=entry.next_appointment,
    )


def _standing(planned: PlannedPerson, lifecycle: Lifecycle, *, asked: bool) -> PlannedPerson:
    """Return the person with the status they arrive in.

    ``asked``: nobody chose who is active, so that those without a place make a task.
    """
    person = planned.person
    crowded_out = person.client.lifecycle is Lifecycle.ACTIVE and lifecycle is Lifecycle.INACTIVE
    return replace(
        planned,
        person=replace(
            person,
            client=replace(person.client, lifecycle=lifecycle),
            awaits_place=asked and crowded_out,
        ),
    )


def _with_remarks(
    people: Sequence[PlannedPerson],
    problems: Sequence[Problem],
    arrivals: Sequence[Arrival],
    files: Files,
) -> tuple[PlannedPerson, ...]:
    """Return ``people`` with what their records should say of the import."""
    remarks: defaultdict[PersonRef, list[str]] = defaultdict(list)
    for problem in problems:
        if problem.trouble in _REMARKED:
            remarks[problem.person].append(files.sentence(problem))
    over = {place for arrival in arrivals if arrival.over_plan for place in arrival.people}
    told: list[PlannedPerson] = []
    for place, each in enumerate(people):
        crowded_out = place in over and each.person.client.lifecycle is Lifecycle.INACTIVE
        said = (*remarks[each.ref], OVER_PLAN) if crowded_out else tuple(remarks[each.ref])
        told.append(replace(each, person=replace(each.person, remarks=said)))
    return tuple(told)
