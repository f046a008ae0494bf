"""What an insurer would refuse (reference, *Pre-flight rules*: block)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from uuid import UUID

from app.core.billing.superbills.rules.drafting import Draft
from app.core.billing.superbills.rules.facts import Session
from app.core.billing.superbills.rules.findings import (
    Act,
    Found,
    Mend,
    counted,
    day_words,
    days_words,
    link,
)
from app.core.clinical.rules.codes import Standing, Verdict
from app.core.clinical.rules.diagnoses import LETTERS, Diagnosis, dated_later
from app.core.practice.rules.identifiers import npi_is_valid
from app.core.practice.rules.places import SessionFormat

_ORDINALS = {4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh"}
_NAMED_CHILDREN = 3


def no_identified_patient(draft: Draft) -> Iterator[Found]:
    """A couple or family whose patient nobody named."""
    if draft.person is None:
        case = draft.lines[0]
        yield Found(
            f"{case.case_title} has no identified patient.",
            link("Choose the identified patient", "case", case.case_id, "patient"),
        )


def no_legal_name(draft: Draft) -> Iterator[Found]:
    """A client without legal first or family name."""
    person = draft.person
    if person and not person.name.given:
        mend = link("Add first name", "client", person.client_id, "legal_given")
        yield Found("The legal first name is missing.", mend)
    if person and not person.name.family:
        mend = link("Add family name", "client", person.client_id, "legal_family")
        yield Found("The legal family name is missing.", mend)


def no_birth_date(draft: Draft) -> Iterator[Found]:
    """A client without date of birth."""
    if draft.person and draft.person.birth_date is None:
        mend = link("Add date of birth", "client", draft.person.client_id, "birth_date")
        yield Found("Date of birth is missing.", mend)


def not_printable(draft: Draft) -> Iterator[Found]:
    """A name or other text with letters that our fonts do not have."""
    for text, what, mend in _printed(draft):
        missing = draft.facts.judges.missing_glyphs(text)
        if missing:
            yield Found(f"{missing} cannot be printed: write {what} in Latin letters.", mend)


def _printed(draft: Draft) -> Iterator[tuple[str, str, Mend]]:
    words = "Write it in Latin letters"
    practice, practice_id = draft.facts.practice, draft.facts.practice_id
    if person := draft.person:
        client = person.client_id
        legal = link("Write the legal name in Latin letters", "client", client, "legal_given")
        yield person.name.legal, "the legal name", legal
        yield person.address, "the address", link(words, "client", client, "address")
        if person.insurance:
            insurance = link(words, "client", client, "insurance")
            yield person.insurance.payer, "the insurer’s name", insurance
            yield person.insurance.insured_name, "the insured’s name", insurance
    name = practice.legal_name or practice.name
    yield name, "the practice’s name", link(words, "practice", practice_id, "legal_name")
    address = ", ".join(draft.facts.address.lines())
    yield address, "the practice’s address", link(words, "practice", practice_id, "address1")
    for clinician in draft.clinicians:
        mend = link(words, "member", clinician.member_id, "given")
        yield clinician.name, "the provider’s name", mend
    for line in _by_description(draft.lines):
        yield line.description, "the service’s name", _service_mend(words, line, "name")


def no_npi(draft: Draft) -> Iterator[Found]:
    """No NPI, or one that fails its check digit, of whom the insurer goes by."""
    clinician = draft.clinicians[-1]
    if not clinician.npi:
        mend = link("Add NPI", "member", clinician.member_id, "npi")
        yield Found(f"{clinician.name} has no NPI.", mend)
    elif not npi_is_valid(clinician.npi):
        mend = link("Correct the NPI", "member", clinician.member_id, "npi")
        yield Found(f"The NPI of {clinician.name} is not one. Are two digits swapped?", mend)


def no_license(draft: Draft) -> Iterator[Found]:
    """A provider or supervisor without any license."""
    for clinician in draft.clinicians:
        if not clinician.licenses:
            mend = link("Add license", "member", clinician.member_id, "license")
            yield Found(f"{clinician.name} has no license on record.", mend)


def no_tax_id(draft: Draft) -> Iterator[Found]:
    """A practice without tax id."""
    if not draft.facts.practice.tax_id:
        mend = link("Add tax ID", "practice", draft.facts.practice_id, "tax_id")
        yield Found("The practice has no tax ID.", mend)


def no_practice_address(draft: Draft) -> Iterator[Found]:
    """A practice whose address lacks street, city, state or ZIP."""
    if not draft.facts.address.is_complete:
        mend = link("Complete the address", "practice", draft.facts.practice_id, "address1")
        yield Found("The practice’s address is not complete.", mend)


def no_practice_phone(draft: Draft) -> Iterator[Found]:
    """A practice without phone number."""
    if not draft.facts.practice.phone:
        mend = link("Add phone", "practice", draft.facts.practice_id, "phone")
        yield Found("The practice has no phone number.", mend)


def no_service_code(draft: Draft) -> Iterator[Found]:
    """A line without service code."""
    without = [line for line in draft.lines if not line.code]
    for line in _by_description(without):
        mend = _service_mend("Add service code", line, "code")
        yield Found(f"{line.description} has no service code.", mend)


def no_place_of_service(draft: Draft) -> Iterator[Found]:
    """A line without place of service: a location without code, or a client nobody placed."""
    for line in draft.lines:
        if line.place:
            continue
        if line.format in (SessionFormat.VIDEO, SessionFormat.PHONE):
            sentence = f"Where the client was on {day_words(line.held_on)} is not recorded."
            yield Found(sentence, _session_mend("Say where the client was", line, "client_place"))
        else:
            sentence = f"The session of {day_words(line.held_on)} has no place of service."
            yield Found(sentence, _session_mend("Choose the location", line, "location"))


def no_diagnosis(draft: Draft) -> Iterator[Found]:
    """Sessions on which no diagnosis is valid, and none begins later."""
    without = [line for line in _undiagnosed(draft) if _later(draft, line) is None]
    if draft.person and without:
        days = days_words(line.held_on for line in without)
        mend = link("Add diagnosis", "client", draft.person.client_id, "diagnosis")
        yield Found(f"No diagnosis is valid on {days}.", mend)


def diagnosis_later(draft: Draft) -> Iterator[Found]:
    """Sessions before the day on which the diagnosis begins."""
    early = [(later, line) for line in _undiagnosed(draft) if (later := _later(draft, line))]
    early.sort(key=lambda pair: pair[0].id)
    for diagnosis, pairs in groupby(early, key=lambda pair: pair[0]):
        days = sorted(line.held_on for _, line in pairs)
        verb = "is" if len(days) == 1 else "are"
        sentence = (
            f"The diagnosis begins {day_words(diagnosis.valid_from)}; "
            f"{counted(len(days), 'session')} {verb} earlier."
        )
        yield Found(sentence, _valid_from(diagnosis, days[0]))


def _valid_from(diagnosis: Diagnosis, day: date) -> Mend:
    return Mend(
        f"Make valid from {day_words(day)}",
        (("diagnosis", diagnosis.id),),
        "valid_from",
        Act.VALID_FROM,
        day.isoformat(),
    )


def code_not_billable(draft: Draft) -> Iterator[Found]:
    """A diagnosis code that the table in force on the day does not know, or divides further."""
    if draft.person is None:
        return
    client = draft.person.client_id
    seen: set[tuple[UUID, Standing]] = set()
    for line in draft.lines:
        for diagnosis in draft.diagnoses_on(line):
            verdict = draft.facts.judges.icd(diagnosis.code, line.held_on)
            if verdict.blocks and (diagnosis.id, verdict.standing) not in seen:
                seen.add((diagnosis.id, verdict.standing))
                yield _refused_code(client, verdict, line.held_on)


def _refused_code(client: UUID, verdict: Verdict, day: date) -> Found:
    on = day_words(day)
    if verdict.standing is Standing.NO_SUCH_CODE:
        sentence = f"{verdict.code} is not in the ICD-10-CM table in force on {on}."
        return Found(sentence, link("Choose another code", "client", client, "diagnosis"))
    children = [child.code for child in verdict.children]
    needed = _ORDINALS.get(len(children[0].replace(".", "")), "further") if children else "further"
    words = "Choose a code that is more specific"
    if 0 < len(children) <= _NAMED_CHILDREN:
        words = f"Choose {' or '.join(children)}"
    return Found(
        f"{verdict.code} is not billable on {on}; it needs a {needed} character.",
        link(words, "client", client, "diagnosis"),
    )


def too_many_diagnoses(draft: Draft) -> Iterator[Found]:
    """More diagnoses than a claim has letters for."""
    codes = {each.code for line in draft.lines for each in draft.diagnoses_on(line)}
    if draft.person and len(codes) > len(LETTERS):
        yield Found(
            f"{len(codes)} diagnoses are valid on these dates; a superbill has room for twelve.",
            link("End those that no longer hold", "client", draft.person.client_id, "diagnosis"),
        )


def _undiagnosed(draft: Draft) -> list[Session]:
    if draft.person is None:
        return []
    return [line for line in draft.lines if not draft.diagnoses_on(line)]


def _later(draft: Draft, line: Session) -> Diagnosis | None:
    return dated_later(draft.diagnoses, line.held_on, line.case_id)


def _service_mend(words: str, line: Session, field: str) -> Mend:
    if line.service_id:
        return link(words, "service", line.service_id, field)
    return _session_mend(words, line, "lines")


def _session_mend(words: str, line: Session, field: str) -> Mend:
    if line.appointment_id:
        return link(words, "appointment", line.appointment_id, field)
    return link(words, "case", line.case_id, field)


def _by_description(lines: Iterable[Session]) -> list[Session]:
    return list({line.description: line for line in reversed(list(lines))}.values())[::-1]
