"""Dated diagnoses: when one is valid, what a session carries, and the letters that point at them.

A diagnosis belongs to a person, optionally tied to one case, and counts as of the date of
service (*Our rules* of the billing documents).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.kernel.errors import UserError
from app.core.team.rules import holds_on

#: Pointer letters of a superbill: twelve diagnoses are all that fit.
LETTERS = "ABCDEFGHIJKL"


@dataclass(frozen=True, slots=True)
class NewDiagnosis:
    """A diagnosis as a person adds it.

    ``description`` is needed only for a code that the table does not hold. ``case_id`` ties it
    to one case; without it, it counts in all cases of the person.
    """

    client_id: UUID
    code: str
    valid_from: date
    valid_to: date | None = None
    case_id: UUID | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A diagnosis of a person, valid from its first to its last day, both included."""

    id: UUID
    client_id: UUID
    case_id: UUID | None
    code: str
    description: str
    table_release: str
    valid_from: date
    valid_to: date | None
    position: int

    def valid_on(self, day: date) -> bool:
        """Return whether it is valid on ``day``."""
        return holds_on(self, day)

    def counts_in(self, case_id: UUID | None) -> bool:
        """Return whether it counts in the case; with ``None`` every one does."""
        return self.case_id is None or case_id is None or self.case_id == case_id


def in_order(diagnoses: Iterable[Diagnosis]) -> tuple[Diagnosis, ...]:
    """Return diagnoses with the principal one first."""
    return tuple(sorted(diagnoses, key=lambda each: (each.position, each.valid_from, each.code)))


def valid_for_session(
    diagnoses: Iterable[Diagnosis], day: date, case_id: UUID | None = None
) -> tuple[Diagnosis, ...]:
    """Return what a session of the case on ``day`` carries, the principal diagnosis first.

    A code that stands both for the person and for the case counts once.
    """
    by_code: dict[str, Diagnosis] = {}
    for diagnosis in in_order(diagnoses):
        if diagnosis.valid_on(day) and diagnosis.counts_in(case_id):
            by_code.setdefault(diagnosis.code, diagnosis)
    return tuple(by_code.values())


def dated_later(
    diagnoses: Iterable[Diagnosis], day: date, case_id: UUID | None = None
) -> Diagnosis | None:
    """Return the diagnosis that begins too late for a session without one, else ``None``.

    It is the earliest one dated later than the session: making it *valid from this session* mends
    the superbill.
    """
    known = [diagnosis for diagnosis in diagnoses if diagnosis.counts_in(case_id)]
    if any(diagnosis.valid_on(day) for diagnosis in known):
        return None
    later = [diagnosis for diagnosis in known if diagnosis.valid_from > day]
    return min(later, key=lambda each: (each.valid_from, each.position), default=None)


def check_interval(valid_from: date, valid_to: date | None) -> None:
    """Raise ``UserError`` when a diagnosis would end before it begins."""
    if valid_to is not None and valid_to < valid_from:
        raise UserError("The last day is before the first one: check the dates.", field="valid_to")


def check_no_overlap(
    others: Iterable[Diagnosis],
    code: str,
    case_id: UUID | None,
    valid_from: date,
    valid_to: date | None,
) -> None:
    """Raise ``UserError`` when the person has ``code`` already on one of these days.

    The same code for another case, or for all of them, is another diagnosis.
    """
    for other in others:
        if other.code != code or other.case_id != case_id:
            continue
        begins_before_end = valid_to is None or other.valid_from <= valid_to
        ends_after_begin = other.valid_to is None or other.valid_to >= valid_from
        if begins_before_end and ends_after_begin:
            raise UserError(f"{code} is already listed for these days.", field="code")


def earlier_start(diagnosis: Diagnosis, day: date) -> date:
    """Return the first day after *valid from this session*; a later ``day`` changes nothing."""
    return min(diagnosis.valid_from, day)


def next_position(diagnoses: Iterable[Diagnosis]) -> int:
    """Return the position behind all others of the person."""
    return max((diagnosis.position for diagnosis in diagnoses), default=-1) + 1


def moved(diagnoses: Sequence[Diagnosis], diagnosis_id: UUID, position: int) -> list[UUID]:
    """Return the ids in their new order after one moved to ``position`` (0 = principal)."""
    ids = [diagnosis.id for diagnosis in in_order(diagnoses) if diagnosis.id != diagnosis_id]
    ids.insert(max(0, min(position, len(ids))), diagnosis_id)
    return ids


def letters(codes: Iterable[str]) -> dict[str, str]:
    """Return the pointer letter of each code, A to L, in the order of their first mention.

    Raises ``UserError`` for more than twelve different codes.
    """
    distinct = list(dict.fromkeys(codes))
    if len(distinct) > len(LETTERS):
        raise UserError(f"A superbill holds {len(LETTERS)} diagnoses: choose fewer dates.")
    return dict(zip(distinct, LETTERS, strict=False))
