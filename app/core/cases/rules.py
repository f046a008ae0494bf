"""Decisions about cases: who may be in one, how it is called, who pays what share."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from app.core.kernel.errors import UserError
from app.core.kernel.text import PersonName, fold, listed
from app.core.people.rules import Lifecycle
from app.core.practice.rules.catalogue import CaseKind

#: Cases of one person, of two, and of any number.
_EXACTLY: dict[CaseKind, int] = {
    CaseKind.INDIVIDUAL: 1,
    CaseKind.CONSULTATION: 1,
    CaseKind.COUPLE: 2,
}
NAMED_KINDS = frozenset({CaseKind.THERAPY_GROUP, CaseKind.CONSULTATION_GROUP, CaseKind.WORKSHOP})
"""Kinds that carry a name of their own."""

CLINICAL_KINDS = frozenset(
    {CaseKind.INDIVIDUAL, CaseKind.COUPLE, CaseKind.FAMILY, CaseKind.THERAPY_GROUP}
)
"""Kinds with diagnoses, plans and superbills; the others are consultation and teaching."""

NEEDS_IDENTIFIED_PATIENT = frozenset({CaseKind.COUPLE, CaseKind.FAMILY})

Who = TypeVar("Who", bound=Hashable)


class ClientFilter(StrEnum):
    """The filters of the list of clients, in their order."""

    ACTIVE = "ACTIVE"
    INTAKE = "INTAKE"
    WAITLIST = "WAITLIST"
    PROSPECTS = "PROSPECTS"
    INACTIVE = "INACTIVE"
    ARCHIVED = "ARCHIVED"
    TO_REVIEW = "TO_REVIEW"
    EVERYONE = "EVERYONE"

    @property
    def label(self) -> str:
        """Return the word that the list's head shows."""
        return self.value.replace("_", " ").capitalize()

    @property
    def lifecycles(self) -> tuple[Lifecycle, ...]:
        """Return the statuses that it shows; *to review* shows records of any."""
        return _SHOWN.get(self, tuple(Lifecycle))


_SHOWN = {
    ClientFilter.ACTIVE: (Lifecycle.ACTIVE,),
    ClientFilter.INTAKE: (Lifecycle.INTAKE_PENDING,),
    ClientFilter.WAITLIST: (Lifecycle.WAITLIST,),
    ClientFilter.PROSPECTS: (Lifecycle.PROSPECT,),
    ClientFilter.INACTIVE: (Lifecycle.INACTIVE,),
    ClientFilter.ARCHIVED: (Lifecycle.ARCHIVED,),
}


@dataclass(frozen=True, slots=True)
class CaseDefaults:
    """What a new session on the case begins with."""

    service_id: UUID | None = None
    location_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to open: its people in the order in which its title names them."""

    kind: CaseKind
    client_ids: tuple[UUID, ...]
    identified_client_id: UUID | None = None
    name: str = ""
    relationship_label: str = ""
    provider_id: UUID | None = None
    opened_on: date | None = None
    defaults: CaseDefaults = CaseDefaults()


@dataclass(frozen=True, slots=True)
class PayerFields:
    """Who pays what share (percent) of a case: one of its people or a contact."""

    share_percent: int = 100
    client_id: UUID | None = None
    contact_id: UUID | None = None


def check_participants(kind: CaseKind, people: Sequence[Who]) -> tuple[Who, ...]:
    """Return who takes part; raises ``UserError`` when they do not fit the kind of case."""
    if len(set(people)) != len(people):
        raise UserError("Choose two different people: one person is here twice.", field="members")
    exactly = _EXACTLY.get(kind)
    if exactly == 2 and len(people) != 2:
        raise UserError("A couple is exactly two people: choose both.", field="members")
    if exactly == 1 and len(people) != 1:
        raise UserError("This kind of case is for one person.", field="members")
    if not people:
        raise UserError("Choose at least one person.", field="members")
    return tuple(people)


def check_identified(kind: CaseKind, people: Sequence[Who], identified: Who | None) -> Who | None:
    """Return the identified patient; raises ``UserError`` for one who is not in the case.

    An individual case needs none said: it is the one person. Couples and families may leave it
    open until the first superbill.
    """
    if identified is not None and identified not in people:
        raise UserError("The identified patient is one of the people in the case.", field="patient")
    if kind is CaseKind.INDIVIDUAL:
        return people[0]
    return identified if kind in NEEDS_IDENTIFIED_PATIENT else None


def case_title(kind: CaseKind, name: str, people: Sequence[PersonName]) -> str:
    """Return how screens call a case.

    One person: their display name. A couple with one family name, or where one partner's is
    the beginning or the end of the other's double name: ``Daniel & Ruth Okonkwo-Bell``; else
    ``Greer & Holt``; with a family name missing, both display names. A family: ``Rhee family``,
    with up to two family names. Groups carry their own name.
    """
    if kind in NAMED_KINDS:
        return name or kind.label
    if not people:
        return kind.label
    if len(people) == 1:
        return people[0].display
    families = _distinct([person.family for person in people])
    if kind is CaseKind.FAMILY:
        return f"{' & '.join(families[:2])} family" if families else kind.label
    return _couple_title(people[0], people[1])


def _couple_title(first: PersonName, second: PersonName) -> str:
    if not (first.family and second.family):
        return f"{first.display} & {second.display}"
    shared = _shared_family(first.family, second.family)
    if shared is None:
        return f"{first.family} & {second.family}"
    return f"{first.called} & {second.called} {shared}"


def _shared_family(first: str, second: str) -> str | None:
    # Okonkwo and Okonkwo-Bell married; Kim and Kimura did not: whole words decide.
    longer, shorter = sorted((first, second), key=lambda name: len(fold(name)), reverse=True)
    long_words, short_words = fold(longer).split(), fold(shorter).split()
    size = len(short_words)
    if short_words and short_words in (long_words[:size], long_words[-size:]):
        return longer
    return None


def _distinct(words: Sequence[str]) -> list[str]:
    kept: dict[str, str] = {}
    for word in words:
        if word:
            kept.setdefault(fold(word), word)
    return list(kept.values())


def case_words(kind: CaseKind, people: int, *, minor: bool = False) -> str:
    """Return what a list says beneath a case's title: ``Couple``, ``Family, 4 people``."""
    words = [kind.label]
    if people > 2 or kind in NAMED_KINDS:
        words.append(f"{people} people" if people != 1 else "1 person")
    if minor:
        words.append("minor")
    return ", ".join(words)


def check_payers(payers: Sequence[PayerFields]) -> tuple[PayerFields, ...]:
    """Return the payers; raises ``UserError`` unless their shares make 100 percent.

    Each is one of the case's people or one contact, and stands there once.
    """
    shares = [payer.share_percent for payer in payers]
    if shares and (min(shares) < 1 or sum(shares) != 100):
        raise UserError("The shares of the payers make 100 percent together.", field="payers")
    who = [(payer.client_id, payer.contact_id) for payer in payers]
    if any((client is None) == (contact is None) for client, contact in who):
        raise UserError("A payer is one client or one contact.", field="payers")
    if len(set(who)) != len(who):
        raise UserError("One payer is here twice.", field="payers")
    return tuple(payers)


def billing_words(payers: Sequence[tuple[str, int]]) -> str:
    """Return the billing arrangement in a sentence's form: ``Split evenly, Ana and Luis``."""
    if not payers:
        return ""
    if len(payers) == 1:
        return f"{payers[0][0]} pays"
    names = listed([name for name, _ in payers])
    if len({share for _, share in payers}) == 1:
        return f"Split evenly, {names}"
    return listed([f"{name} {share}%" for name, share in payers])
