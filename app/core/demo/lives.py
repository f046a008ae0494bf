"""Who comes when: the years of a practice as a plan, before anything is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from app.core.demo.sizes import Size

#: Hours of the day at which sessions begin; nobody is booked over lunch.
_HOURS = (8, 9, 10, 11, 13, 14, 15, 16)
_WEEK = timedelta(days=7)
#: Sessions of somebody who comes and goes, least and most.
_SPAN = (8, 34)


class How(StrEnum):
    """What becomes of one session."""

    HELD = "HELD"
    MISSED = "MISSED"
    LATE = "LATE"
    CANCELED = "CANCELED"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One session of a life: when it begins on the wall, and what becomes of it."""

    starts: datetime
    how: How


@dataclass(frozen=True, slots=True)
class Life:
    """A client or couple in the practice.

    ``every`` weeks from ``first``, ``last`` is the last session's day, ``None`` while it goes on.
    Without a series (``every`` 0) the ``meetings`` are single sessions.
    """

    number: int
    couple: bool
    every: int
    first: datetime
    last: date | None
    meetings: tuple[Meeting, ...]


def plan_lives(size: Size, random: Random, today: date) -> list[Life]:
    """Return the lives of a practice of ``size`` until ``today``, the earliest first."""
    planner = _Planner(size, random, today)
    return sorted(planner.lives(), key=lambda life: (life.first, life.number))


class _Planner:
    def __init__(self, size: Size, random: Random, today: date) -> None:
        self._size = size
        self._random = random
        self._today = today
        self._begins = today - timedelta(days=365 * size.years)
        self._number = 0
        self._couples = 0.0

    def lives(self) -> Iterator[Life]:
        size = self._size
        # Everybody but the ones who are still coming at the end, shared out over the slots.
        past = size.clients / (1 + size.couples) - size.slots - size.occasional
        for slot in range(size.slots):
            count = round(past * (slot + 1) / size.slots) - round(past * slot / size.slots)
            yield from self._slot(slot, max(0, count))
        for _ in range(size.occasional):
            yield self._now_and_then()

    def _slot(self, slot: int, past: int) -> Iterator[Life]:
        """Yield those who hold an hour of the week one after the other; the last goes on."""
        first = self._first_day(slot)
        weeks = (self._today - first).days // 7
        cuts = sorted(self._random.sample(range(4, max(5 + past, weeks - 3)), past))
        borders = [0, *cuts, weeks]
        for index in range(past + 1):
            begin = first + _WEEK * borders[index]
            last = first + _WEEK * (borders[index + 1] - 1) if index < past else None
            yield self._series(datetime.combine(begin, _hour(slot)), last)

    def _first_day(self, slot: int) -> date:
        weekday = slot % 5
        start = self._begins + timedelta(days=self._random.randrange(0, 28))
        return start + timedelta(days=(weekday - start.weekday()) % 7)

    def _series(self, first: datetime, last: date | None) -> Life:
        every = 2 if self._random.random() < self._size.biweekly else 1
        until = last or self._today + timedelta(days=1)
        starts = first
        meetings: list[Meeting] = []
        while starts.date() <= until:
            meetings.append(Meeting(starts, self._how(first_one=starts == first)))
            starts += _WEEK * every
        return self._life(every, first, last, tuple(meetings))

    def _now_and_then(self) -> Life:
        """Return somebody without a series: a few single sessions, the last ones of late."""
        count = self._random.randrange(*_SPAN) // 3
        days = sorted(self._random.sample(range(7, 300), count), reverse=True)
        meetings: list[Meeting] = []
        for back in days:
            on = self._today - timedelta(days=back)
            on -= timedelta(days=max(0, on.weekday() - 4))
            meetings.append(
                Meeting(datetime.combine(on, time(17)), self._how(first_one=not meetings))
            )
        return self._life(0, meetings[0].starts, None, tuple(meetings))

    def _life(
        self, every: int, first: datetime, last: date | None, meetings: tuple[Meeting, ...]
    ) -> Life:
        self._number += 1
        self._couples += self._size.couples
        couple = self._couples >= 1
        self._couples -= couple
        return Life(self._number, couple, every, first, last, meetings)

    def _how(self, *, first_one: bool) -> How:
        if first_one:
            return How.HELD
        chance = self._random.random()
        if chance < 0.90:
            return How.HELD
        if chance < 0.96:
            return How.CANCELED
        return How.LATE if chance < 0.98 else How.MISSED


def _hour(slot: int) -> time:
    return time(_HOURS[slot // 5 % len(_HOURS)])


def by_day(lives: list[Life]) -> dict[date, list[tuple[Life, Meeting]]]:
    """Return the meetings of all lives by their day."""
    days: defaultdict[date, list[tuple[Life, Meeting]]] = defaultdict(list)
    for life in lives:
        for meeting in life.meetings:
            days[meeting.starts.date()].append((life, meeting))
    return dict(sorted(days.items()))
