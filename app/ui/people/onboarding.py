"""The onboarding checklist of a record: what is known, and what still has to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.core.cases.rules import CLINICAL_KINDS, NEEDS_IDENTIFIED_PATIENT
from app.core.people.queries import ClientRecord
from app.core.tasks.queries.roster import RecordOverview


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the checklist; ``part`` and ``field`` say where it is done."""

    words: str
    done: bool
    part: str
    field: str = ""
    client_id: UUID | None = None


def onboarding(found: RecordOverview) -> tuple[Step, ...]:
    """Return the checklist of a record, person by person, then the case's own."""
    steps: list[Step] = []
    several = len(found.people) > 1
    for person in found.people:
        steps += _of_person(person, f", {person.name.called}" if several else "")
    case = found.case
    if case is None:
        return tuple(steps)
    if case.kind in NEEDS_IDENTIFIED_PATIENT:
        done = case.identified_client_id is not None
        steps.append(Step("Identified patient", done, "details", "patient"))
    steps.append(Step("First appointment", bool(found.held or found.next), "book"))
    if case.kind in CLINICAL_KINDS:
        diagnosed = any(found.diagnoses.get(person.id) for person in found.people)
        steps.append(Step("Diagnosis", diagnosed, "clinical", "diagnosis"))
    return tuple(steps)


def _of_person(person: ClientRecord, whose: str) -> list[Step]:
    reachable = bool(person.main_phone or person.main_email)
    steps = [
        Step(
            f"Date of birth{whose}",
            person.details.birth_date is not None,
            "details",
            "birth_date",
            person.id,
        ),
        Step(f"Phone or email{whose}", reachable, "details", "phones", person.id),
        Step(f"Address{whose}", person.main_address.is_complete, "details", "line1", person.id),
    ]
    if person.imported_at is not None:
        steps.append(Step(f"Imported record reviewed{whose}", not person.needs_review, "overview"))
    return steps
