"""From a draft to the content of its paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.core.billing.superbills.content.printed import (
    Diagnosis,
    Line,
    Patient,
    Place,
    SuperbillContent,
)
from app.core.billing.superbills.rules.drafting import Draft
from app.core.billing.superbills.rules.facts import Session
from app.core.clinical.rules.diagnoses import LETTERS
from app.core.practice.content import entity_of


def compose(draft: Draft) -> SuperbillContent:
    """Return what the paper of ``draft`` prints, still without number and date of issue.

    Also of a draft that the pre-flight refuses: what is missing stays empty on the proof.
    """
    letters = _letters(draft)
    return SuperbillContent(
        entity=entity_of(draft.facts.practice, is_demo=draft.facts.is_demo),
        patient=_patient(draft),
        insurance=draft.person.insurance if draft.person else None,
        providers=draft.providers,
        first_on=draft.first_on,
        last_on=draft.last_on,
        diagnoses=tuple(letters.values()),
        lines=tuple(_line(draft, line, letters) for line in draft.lines),
        places=_places(draft),
        supersedes=draft.wish.instead_of,
    )


def issued(content: SuperbillContent, number: str, issued_on: date) -> SuperbillContent:
    """Return ``content`` with its number and date of issue: frozen from then on."""
    return replace(content, number=number, issued_on=issued_on)


def _patient(draft: Draft) -> Patient:
    person = draft.person
    if person is None:
        return Patient(draft.title, None)
    return Patient(person.name.legal, person.birth_date, person.sex, person.phone, person.address)


def _letters(draft: Draft) -> dict[str, Diagnosis]:
    # The principal diagnosis of the first session is A, whatever came before it by date.
    found: dict[str, Diagnosis] = {}
    for line in draft.lines:
        for each in draft.diagnoses_on(line):
            if each.code not in found and len(found) < len(LETTERS):
                found[each.code] = Diagnosis(LETTERS[len(found)], each.code, each.description)
    return found


def _line(draft: Draft, line: Session, letters: dict[str, Diagnosis]) -> Line:
    codes = [each.code for each in draft.diagnoses_on(line)]
    return Line(
        held_on=line.held_on,
        place=line.place,
        code=line.code,
        modifiers=line.modifiers,
        description=line.description,
        pointers="".join(letters[code].letter for code in codes if code in letters),
        minutes=line.minutes,
        units=line.units,
        fee=line.amount + line.reduced_by,
        adjustment=-line.reduced_by,
        paid=line.paid,
        paid_by=line.paid_by,
    )


def _places(draft: Draft) -> tuple[Place, ...]:
    own = entity_of(draft.facts.practice, is_demo=False).address
    elsewhere = {
        (line.place, line.place_address)
        for line in draft.lines
        if line.place and line.place_address and line.place_address != own
    }
    return tuple(Place(code, address) for code, address in sorted(elsewhere))
