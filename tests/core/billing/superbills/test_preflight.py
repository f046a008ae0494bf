"""The pre-flight finds what an insurer would refuse, and says where it is mended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.core.billing.superbills.rules import blocks, warnings
from app.core.billing.superbills.rules.facts import Facts, Judges, Session
from app.core.billing.superbills.rules.findings import Act, Finding, Severity, link
from app.core.billing.superbills.rules.preflight import RULES, check, preflight
from app.core.clinical.rules.codes import Standing, Verdict
from app.core.clinical.rules.diagnoses import Diagnosis
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.practice.rules.catalogue import CaseKind
from app.core.practice.rules.identifiers import TaxIdKind
from app.core.practice.rules.places import SessionFormat
from tests.core.billing.superbills import made


def found(known: Facts, **wishes: Any) -> list[Finding]:
    """Everything found of the only draft."""
    return list(preflight(made.draft(known, **wishes)))


def only(known: Facts, code: str, **wishes: Any) -> Finding:
    """The only finding, which ``code`` made."""
    findings = found(known, **wishes)
    assert [finding.code for finding in findings] == [code]
    return findings[0]


def person(**changed: Any) -> Facts:
    return made.facts(people={made.CLIENT: replace(made.PRIYA, **changed)})


def practice(**changed: Any) -> Facts:
    return made.facts(practice=replace(made.OWN, **changed))


def owner(**changed: Any) -> Facts:
    return made.facts(clinicians={made.DANA: replace(made.OWNER, **changed)})


def diagnosed(*diagnoses: Diagnosis, days: tuple[int, ...] = (6,)) -> Facts:
    sessions = [made.session(day) for day in days]
    return made.facts(*sessions, diagnoses={made.CLIENT: diagnoses})


def test_nothing_is_found_of_a_complete_superbill() -> None:
    assert found(made.facts()) == []


def test_every_rule_has_a_sentence_of_its_own_and_a_name() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    severities = [rule.severity for rule in RULES]
    assert severities == sorted(severities, key=list(Severity).index)
    public = {name for part in (blocks, warnings) for name in vars(part) if _is_rule(part, name)}
    assert public == set(codes), "a rule is missing from the table"


def _is_rule(part: object, name: str) -> bool:
    value = getattr(part, name)
    return callable(value) and not name.startswith("_") and value.__module__ == part.__name__  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("known", "code", "sentence", "field"),
    [
        (
            person(birth_date=None),
            "no_birth_date",
            "Date of birth is missing.",
            ("client", made.CLIENT, "birth_date"),
        ),
        (
            person(name=PersonName("", "", "Raman")),
            "no_legal_name",
            "The legal first name is missing.",
            ("client", made.CLIENT, "legal_given"),
        ),
        (
            person(name=PersonName("Priya")),
            "no_legal_name",
            "The legal family name is missing.",
            ("client", made.CLIENT, "legal_family"),
        ),
        (
            owner(npi=""),
            "no_npi",
            "Dana Whitfield, LMFT has no NPI.",
            ("member", made.DANA, "npi"),
        ),
        (
            owner(npi="1234567890"),
            "no_npi",
            "The NPI of Dana Whitfield, LMFT is not one. Are two digits swapped?",
            ("member", made.DANA, "npi"),
        ),
        (
            owner(licenses=()),
            "no_license",
            "Dana Whitfield, LMFT has no license on record.",
            ("member", made.DANA, "license"),
        ),
        (
            practice(tax_id=""),
            "no_tax_id",
            "The practice has no tax ID.",
            ("practice", made.PRACTICE, "tax_id"),
        ),
        (
            practice(zip=""),
            "no_practice_address",
            "The practice’s address is not complete.",
            ("practice", made.PRACTICE, "address1"),
        ),
        (
            practice(phone=""),
            "no_practice_phone",
            "The practice has no phone number.",
            ("practice", made.PRACTICE, "phone"),
        ),
        (
            made.facts(made.session(code="")),
            "no_service_code",
            "Individual session has no service code.",
            ("service", made.SERVICE, "code"),
        ),
        (
            made.facts(made.session(code="", service_id=None)),
            "no_service_code",
            "Individual session has no service code.",
            ("appointment", UUID(int=206), "lines"),
        ),
        (
            made.facts(made.session(code="", service_id=None, appointment_id=None)),
            "no_service_code",
            "Individual session has no service code.",
            ("case", made.CASE, "lines"),
        ),
        (
            made.facts(made.session(place="")),
            "no_place_of_service",
            "The session of Oct 6 has no place of service.",
            ("appointment", UUID(int=206), "location"),
        ),
        (
            made.facts(made.session(place="", format=SessionFormat.VIDEO)),
            "no_place_of_service",
            "Where the client was on Oct 6 is not recorded.",
            ("appointment", UUID(int=206), "client_place"),
        ),
        (
            diagnosed(),
            "no_diagnosis",
            "No diagnosis is valid on Oct 6.",
            ("client", made.CLIENT, "diagnosis"),
        ),
        (
            made.facts(
                made.session(client_id=None, case_kind=CaseKind.COUPLE, case_title="Greer & Holt")
            ),
            "no_identified_patient",
            "Greer & Holt has no identified patient.",
            ("case", made.CASE, "patient"),
        ),
    ],
)
def test_blocks_lead_to_the_very_field(
    known: Facts, code: str, sentence: str, field: tuple[str, UUID, str]
) -> None:
    finding = only(known, code)
    assert finding.severity is Severity.BLOCK
    assert finding.sentence == sentence
    assert (*finding.mend.record, finding.mend.field) == field
    assert finding.mend.words
    assert finding.mend.act is None


def test_a_diagnosis_dated_later_is_mended_by_one_click() -> None:
    late = replace(made.DEPRESSION, valid_from=date(2026, 10, 29))
    finding = only(diagnosed(late, days=(8, 15, 22, 29)), "diagnosis_later")
    assert finding.sentence == "The diagnosis begins Oct 29; three sessions are earlier."
    assert finding.mend.words == "Make valid from Oct 8"
    assert finding.mend.act is Act.VALID_FROM
    assert finding.mend.records == (("diagnosis", made.DIAGNOSIS),)
    assert finding.mend.value == "2026-10-08"


def test_one_session_before_its_diagnosis_is_said_in_the_singular() -> None:
    late = replace(made.DEPRESSION, valid_from=date(2026, 10, 7))
    finding = only(diagnosed(late), "diagnosis_later")
    assert finding.sentence == "The diagnosis begins Oct 7; one session is earlier."


def test_a_second_diagnosis_dated_later_blocks_nothing() -> None:
    second = replace(
        made.DEPRESSION, id=UUID(int=90), code="F51.01", valid_from=date(2026, 10, 20), position=1
    )
    assert found(diagnosed(made.DEPRESSION, second, days=(6, 20))) == []


def test_a_diagnosis_that_ended_leaves_the_session_without_one() -> None:
    ended = replace(made.DEPRESSION, valid_to=date(2026, 9, 30))
    finding = only(diagnosed(ended, days=(6, 13)), "no_diagnosis")
    assert finding.sentence == "No diagnosis is valid on Oct 6 and Oct 13."


@pytest.mark.parametrize(
    ("children", "sentence", "words"),
    [
        (
            ("F33.81", "F33.89"),
            "F33.1 is not billable on Oct 6; it needs a fifth character.",
            "Choose F33.81 or F33.89",
        ),
        (
            ("F50.011", "F50.012", "F50.013", "F50.014"),
            "F33.1 is not billable on Oct 6; it needs a sixth character.",
            "Choose a code that is more specific",
        ),
        (
            (),
            "F33.1 is not billable on Oct 6; it needs a further character.",
            "Choose a code that is more specific",
        ),
    ],
)
def test_a_code_with_children_asks_for_one_of_them(
    children: tuple[str, ...], sentence: str, words: str
) -> None:
    judges = Judges(made.too_general(*children), made.settable)
    finding = only(
        made.facts(made.session(6), made.session(13), judges=judges), "code_not_billable"
    )
    assert finding.sentence == sentence
    assert finding.mend.words == words
    assert (*finding.mend.record, finding.mend.field) == ("client", made.CLIENT, "diagnosis")


def test_a_code_that_the_table_in_force_does_not_know_blocks() -> None:
    def unknown(code: str, day: date) -> Verdict:
        return Verdict(code, Standing.NO_SUCH_CODE, made.IN_FORCE, governing=True)

    finding = only(made.facts(judges=Judges(unknown, made.settable)), "code_not_billable")
    assert finding.sentence == "F33.1 is not in the ICD-10-CM table in force on Oct 6."


@pytest.mark.parametrize("standing", [Standing.BILLABLE, Standing.NO_SUCH_CODE])
def test_where_the_governing_table_is_not_held_one_quiet_line_says_so(standing: Standing) -> None:
    def unsure(code: str, day: date) -> Verdict:
        return Verdict(code, standing, made.GOVERNS, governing=False)

    sessions = (made.session(6), made.session(13))
    finding = only(made.facts(*sessions, judges=Judges(unsure, made.settable)), "code_unchecked")
    assert finding.severity is Severity.QUIET
    assert finding.sentence == (
        "Checked against April 2026, not against the table in force on this date."
    )


def test_more_diagnoses_than_letters_block() -> None:
    many = tuple(
        replace(
            made.DEPRESSION,
            id=UUID(int=500 + number),
            code=f"F{number:02d}.1",
            valid_from=date(2026, 10, day),
            valid_to=date(2026, 10, day),
            position=number,
        )
        for number, day in enumerate([6] * 4 + [13] * 4 + [20] * 4 + [27])
    )
    finding = only(diagnosed(*many, days=(6, 13, 20, 27)), "too_many_diagnoses")
    assert finding.sentence == (
        "13 diagnoses are valid on these dates; a superbill has room for twelve."
    )


@pytest.mark.parametrize(
    ("known", "field"),
    [
        (person(name=PersonName("小明", "", "王")), ("client", "legal_given")),
        (person(address="北京路 1"), ("client", "address")),
        (
            person(insurance=replace(made.PRIYA.insurance, payer="保险")),  # type: ignore[type-var]
            ("client", "insurance"),
        ),
        (practice(legal_name="诊所"), ("practice", "legal_name")),
        (practice(city="诊所路"), ("practice", "address1")),
        (owner(name="王医生"), ("member", "given")),
        (made.facts(made.session(description="谈话")), ("service", "name")),
    ],
)
def test_letters_without_glyphs_ask_for_latin_ones(known: Facts, field: tuple[str, str]) -> None:
    def chinese(text: str) -> str:
        return "".join(dict.fromkeys(char for char in text if char >= "\u4e00"))

    finding = only(replace(known, judges=Judges(made.billable, chinese)), "not_printable")
    assert finding.severity is Severity.BLOCK
    assert "in Latin letters" in finding.sentence
    assert (finding.mend.record[0], finding.mend.field) == field


@pytest.mark.parametrize(
    ("lines", "code", "sentence", "field"),
    [
        (
            [made.session(8, place="10", format=SessionFormat.VIDEO)],
            "no_telehealth_modifier",
            "Telehealth modifier absent, Oct 8",
            "modifiers",
        ),
        (
            [made.session(8, place="02", format=SessionFormat.PHONE, service_line_id=None)],
            "no_telehealth_modifier",
            "Telehealth modifier absent, Oct 8",
            "lines",
        ),
        (
            [made.session(8, modifiers=("95",))],
            "telehealth_in_office",
            "Modifier 95 at the office, Oct 8",
            "location",
        ),
        (
            [made.session(8, paid=Money(12500))],
            "part_paid",
            "Part paid, Oct 8: $40.00 is still owed",
            "payment",
        ),
        (
            [made.session(day, usual_fee=Money(20000)) for day in (6, 13, 20, 27)],
            "fee_below_usual",
            "Fee below the usual fee, 4 lines",
            "fees",
        ),
        (
            [made.session(6, usual_fee=Money(20000))],
            "fee_below_usual",
            "Fee below the usual fee, 1 line",
            "fees",
        ),
        (
            [made.session(6, note_signed=False), made.session(13, note_signed=False)],
            "note_not_signed",
            "Note not signed, Oct 6 and Oct 13",
            "note",
        ),
        (
            [made.session(6), made.session(6, charge_id=UUID(int=999))],
            "duplicate_line",
            "0001Z twice on Oct 6",
            "lines",
        ),
    ],
)
def test_warnings_can_be_issued_but_say_where_to_look(
    lines: list[Session], code: str, sentence: str, field: str
) -> None:
    finding = only(made.facts(*lines), code)
    assert finding.severity is Severity.WARN
    assert finding.sentence == sentence
    assert finding.mend.field == field


def test_a_missing_telehealth_modifier_is_added_by_one_click() -> None:
    video = [made.session(day, place="10", format=SessionFormat.VIDEO) for day in (8, 15)]
    phone = [made.session(22, place="10", format=SessionFormat.PHONE)]
    by_video, by_phone = found(made.facts(*video, *phone))
    assert by_video.mend.act is Act.ADD_MODIFIER
    assert by_video.mend.value == "95"
    assert by_video.mend.records == (
        ("service_line", UUID(int=308)),
        ("service_line", UUID(int=315)),
    )
    assert by_phone.mend.words == "Add modifier 93"


def test_a_charge_without_session_leads_to_its_case() -> None:
    line = made.session(8, modifiers=("95",), appointment_id=None)
    finding = only(made.facts(line), "telehealth_in_office")
    assert finding.mend.record == ("case", made.CASE)


def test_an_unpaid_line_that_the_person_included_is_warned_of() -> None:
    lines = [made.session(6), made.session(13, paid=Money(0), paid_by=())]
    finding = only(made.facts(*lines), "unpaid", include_unpaid=True)
    assert finding.sentence == "Not paid, Oct 13"
    assert finding.mend.record == ("client", made.CLIENT)


def test_a_line_on_another_live_superbill_is_warned_of() -> None:
    lines = [made.session(6, live_on=(made.HOLDER,)), made.session(13)]
    finding = only(made.facts(*lines), "on_another_superbill", include_issued=True)
    assert finding.sentence == "Already on SB-2026-0140: Oct 6"
    assert finding.mend.record == ("superbill", made.HOLDER.id)


def test_the_superbill_to_be_replaced_is_no_other_one() -> None:
    lines = [made.session(6, live_on=(made.HOLDER,))]
    assert found(made.facts(*lines), instead_of=made.HOLDER.number) == []


def test_dates_outside_the_license_are_warned_of() -> None:
    held = made.licensed("84117", date(2026, 10, 10), date(2028, 1, 1))
    known = replace(owner(licenses=(held,)), sessions=(made.session(6), made.session(13)))
    finding = only(known, "outside_license")
    assert finding.sentence == "Outside the dates of Dana Whitfield, LMFT’s license: Oct 6"
    assert finding.mend == link("Correct the license", "license", made.LICENSE, "valid_from")


def test_of_several_licenses_the_one_that_is_printed_is_corrected() -> None:
    first = made.licensed("1", date(2018, 1, 1), date(2020, 1, 1), UUID(int=42))
    expired = made.licensed("2", date(2020, 1, 2), date(2026, 10, 10))
    known = replace(owner(licenses=(first, expired)), sessions=(made.session(6), made.session(13)))
    finding = only(known, "outside_license")
    assert finding.sentence == "Outside the dates of Dana Whitfield, LMFT’s license: Oct 13"
    assert finding.mend == link("Correct the license", "license", made.LICENSE, "valid_to")


def test_a_social_security_number_as_tax_id_is_warned_of() -> None:
    assert only(practice(tax_id_kind=TaxIdKind.SSN), "ssn_as_tax_id").severity is Severity.WARN


def test_insurance_that_is_not_on_record_is_a_quiet_line() -> None:
    assert only(person(insurance=None), "no_insurance").severity is Severity.QUIET


def test_a_couple_without_patient_still_says_what_else_is_missing() -> None:
    lines = [
        made.session(
            6, client_id=None, case_kind=CaseKind.COUPLE, paid=Money(100), note_signed=False
        )
    ]
    known = replace(practice(zip=""), sessions=tuple(lines))
    codes = [finding.code for finding in found(known)]
    assert codes == ["no_identified_patient", "no_practice_address", "part_paid", "note_not_signed"]


def test_a_supervised_session_goes_by_the_supervisors_npi() -> None:
    assert found(made.facts(made.session(rendering_id=made.TOMAS, supervisor_id=made.DANA))) == []


def test_many_dates_are_counted() -> None:
    lines = [made.session(day, note_signed=False) for day in (1, 6, 8, 13)]
    assert only(made.facts(*lines), "note_not_signed").sentence == (
        "Note not signed, 4 dates from Oct 1"
    )


def test_the_gravest_finding_decides_the_group() -> None:
    unsigned = made.facts(made.session(note_signed=False))
    refused = replace(person(birth_date=None), sessions=unsigned.sessions)
    assert check(made.draft()).severity is Severity.QUIET
    assert check(made.draft(unsigned)).severity is Severity.WARN
    assert check(made.draft(refused)).severity is Severity.BLOCK
    assert [block.code for block in check(made.draft(refused)).blocks] == ["no_birth_date"]
