"""Whether somebody in a file is a person that we know already.

A match is the name and one of birth date, e-mail and phone; the name alone is a question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from app.core.journeys.imports import ArrivingPerson
from app.core.kernel.text import PersonName, digits, fold

Who = TypeVar("Who", bound=Hashable)

#: Digits of a US number without its country code.
_PHONE_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Traits:
    """What people are told apart by, folded so that equal ones are equal."""

    names: frozenset[str]
    birth_date: date | None = None
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()

    def agrees(self, other: Traits) -> bool:
        """Whether something besides the name is the same; two birth dates that differ forbid it."""
        if self.birth_date and other.birth_date:
            return self.birth_date == other.birth_date
        return bool(self.emails & other.emails or self.phones & other.phones)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A client of the practice as an import compares with them."""

    id: UUID
    display: str
    traits: Traits


@dataclass(frozen=True, slots=True)
class Roster:
    """The practice that an import arrives in.

    ``couples`` are the pairs of client ids that have a couple case. ``allowed`` is ``None``
    without a ceiling.
    """

    people: tuple[KnownPerson, ...] = ()
    couples: frozenset[frozenset[UUID]] = field(default_factory=frozenset)
    used: int = 0
    allowed: int | None = None


def traits(
    name: PersonName,
    birth_date: date | None,
    emails: Iterable[str],
    phones: Iterable[str],
) -> Traits:
    """Return what a person is told apart by. Middle names do not count."""
    called = {fold(f"{name.given} {name.family}"), fold(name.display)}
    numbers = (digits(phone)[-_PHONE_DIGITS:] for phone in phones)
    return Traits(
        frozenset(called - {""}),
        birth_date,
        frozenset(email.casefold() for email in emails if email),
        frozenset(number for number in numbers if number),
    )


def traits_of(person: ArrivingPerson) -> Traits:
    """Return what somebody in a file is told apart by."""
    client = person.client
    return traits(
        client.name,
        client.details.birth_date,
        (email.address for email in client.emails),
        (phone.number for phone in client.phones),
    )


class Finder(Generic[Who]):
    """Finds people by name among those added so far."""

    def __init__(self) -> None:
        self._by_name: defaultdict[str, list[tuple[Who, Traits]]] = defaultdict(list)

    def add(self, who: Who, has: Traits) -> None:
        """Add somebody."""
        for name in has.names:
            self._by_name[name].append((who, has))

    def find(self, has: Traits) -> Who | None:
        """Return the person that ``has`` describes: same name, and something else agrees."""
        return next((who for who, other in self._namesakes(has) if has.agrees(other)), None)

    def namesake(self, has: Traits) -> Who | None:
        """Return somebody of the same name whose birth date does not differ."""
        return next(
            (
                who
                for who, other in self._namesakes(has)
                if not (has.birth_date and other.birth_date)
            ),
            None,
        )

    def _namesakes(self, has: Traits) -> list[tuple[Who, Traits]]:
        return [found for name in sorted(has.names) for found in self._by_name.get(name, ())]
