"""What the pre-flight finds: a sentence in plain words, and the mend that goes with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.core.kernel.text import listed

_NAMED_DAYS = 3


class Severity(StrEnum):
    """What a finding means for the superbill."""

    BLOCK = "BLOCK"
    """An insurer would refuse it: it cannot be issued."""
    WARN = "WARN"
    """It can be issued as it is; somebody should look."""
    QUIET = "QUIET"
    """Worth a line, nothing to do."""


class Act(StrEnum):
    """A mend that one click does; all other mends lead to a field."""

    VALID_FROM = "VALID_FROM"
    ADD_MODIFIER = "ADD_MODIFIER"


#: A kind of record and its id.
Record = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class Mend:
    """Where, or by what click, a finding is mended.

    ``records`` is the record whose ``field`` is to be filled in; with an ``act`` it is all records
    that the click changes, and ``value`` what it changes them to.
    """

    words: str
    records: tuple[Record, ...]
    field: str
    act: Act | None = None
    value: str = ""

    @property
    def record(self) -> Record:
        """Return the record that a link leads to."""
        return self.records[0]


@dataclass(frozen=True, slots=True)
class Found:
    """What one rule says of one superbill."""

    sentence: str
    mend: Mend


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule of the table found; ``code`` is the rule's."""

    code: str
    severity: Severity
    sentence: str
    mend: Mend


def link(words: str, kind: str, record_id: UUID, field: str) -> Mend:
    """Return a mend that leads to one field of one record."""
    return Mend(words, ((kind, record_id),), field)


def day_words(day: date) -> str:
    """Return ``Oct 8``."""
    return f"{day:%b} {day.day}"


def days_words(days: Iterable[date]) -> str:
    """Return each day once: ``Oct 8``, ``Oct 8 and Oct 15``; many as ``5 dates from Oct 1``."""
    distinct = sorted(set(days))
    if len(distinct) > _NAMED_DAYS:
        return f"{len(distinct)} dates from {day_words(distinct[0])}"
    return listed([day_words(day) for day in distinct])


_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def counted(count: int, word: str) -> str:
    """Return ``three sessions``; figures from ten on."""
    number = _SMALL[count] if count < len(_SMALL) else str(count)
    return f"{number} {word}" if count == 1 else f"{number} {word}s"
