"""Rules of clients."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.kernel.errors import UserError
from app.core.kernel.text import PersonName
from app.core.people.rules import (
    AddressFields,
    ContactFields,
    EmailFields,
    Grants,
    InsuranceFields,
    InsuredRelation,
    Lifecycle,
    PhoneFields,
    PhoneKind,
    RelationshipFields,
    RelationshipType,
    Sex,
    Verification,
    age_on,
    check_addresses,
    check_birth_date,
    check_contact,
    check_emails,
    check_insurances,
    check_name,
    check_phones,
    check_relationship,
    is_minor,
    may_sign,
)
from app.core.practice.rules.places import Address

TODAY = date(2026, 11, 19)


def test_any_part_of_a_name_is_enough() -> None:
    assert check_name(PersonName(chosen=" Sky ")).display == "Sky"
    assert check_name(PersonName(family="Ali")).display == "Ali"
    with pytest.raises(UserError) as refused:
        check_name(PersonName(middle="B.", suffix="Jr."))
    assert refused.value.field == "legal_given"


def test_birth_dates_lie_between_1900_and_today() -> None:
    assert check_birth_date(None, TODAY) is None
    assert check_birth_date(TODAY, TODAY) == TODAY
    with pytest.raises(UserError, match="future"):
        check_birth_date(date(2026, 11, 20), TODAY)
    with pytest.raises(UserError, match="1900"):
        check_birth_date(date(1899, 12, 31), TODAY)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2008, 11, 19), date(2026, 11, 19), 18),
        (date(2008, 11, 20), date(2026, 11, 19), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age_and_majority(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age
    assert is_minor(birth, day) is (age < 18)


def test_nobody_is_a_minor_by_an_unknown_birth_date() -> None:
    assert not is_minor(None, TODAY)


def test_emails_each_once_with_one_main() -> None:
    emails = check_emails(
        (
            EmailFields("ana@example.com"),
            EmailFields(" "),
            EmailFields("ANA@example.com", is_main=True),
            EmailFields("b@example.com", consent_email=True, is_main=True),
        )
    )
    assert [each.address for each in emails] == ["ana@example.com", "b@example.com"]
    assert [each.is_main for each in emails] == [False, True]
    with pytest.raises(UserError) as refused:
        check_emails((EmailFields("ana"),))
    assert refused.value.field == "emails"


def test_phones_each_once_in_us_form_with_one_main() -> None:
    phones = check_phones(
        (
            PhoneFields("7075550148"),
            PhoneFields(" "),
            PhoneFields("(707) 555-0148"),
            PhoneFields("x 12"),
        )
    )
    assert [each.number for each in phones] == ["(707) 555-0148", "x 12"]
    assert [each.is_main for each in phones] == [True, False]


def test_addresses_each_once_with_one_main() -> None:
    home = Address("1 Elm St", "", "Salem", "OR", "97301")
    rows = check_addresses(
        (AddressFields(home), AddressFields(home), AddressFields(Address())),
    )
    assert rows == (AddressFields(home, is_main=True),)


@given(st.lists(st.booleans(), max_size=5))
def test_there_is_one_main_number_whatever_was_ticked(marks: list[bool]) -> None:
    phones = check_phones(
        tuple(PhoneFields(f"ext {i}", is_main=mark) for i, mark in enumerate(marks))
    )
    assert sum(each.is_main for each in phones) == bool(marks)


def test_the_insured_person_is_named_unless_it_is_the_client() -> None:
    own = InsuranceFields("Cascade Mutual", "CM 1", insured_name="ignored")
    spouse = InsuranceFields(
        "Cascade Mutual", relation=InsuredRelation.SPOUSE, insured_name="Ana Li"
    )
    assert check_insurances((own, InsuranceFields(""), spouse), TODAY) == (
        InsuranceFields("Cascade Mutual", "CM 1"),
        spouse,
    )


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (InsuranceFields("", "CM 1"), "payer"),
        (InsuranceFields("A", relation=InsuredRelation.CHILD), "insured_name"),
        (
            InsuranceFields("A", "", "", InsuredRelation.CHILD, "Ana", date(2027, 1, 1)),
            "insured_birth_date",
        ),
    ],
)
def test_insurances_that_must_be_mended(row: InsuranceFields, field: str) -> None:
    with pytest.raises(UserError) as refused:
        check_insurances((row,), TODAY)
    assert refused.value.field == field


def test_a_contact_needs_a_name() -> None:
    contact = check_contact(ContactFields("Ana Li", phone="7075550148", email="a@example.com"))
    assert contact.phone == "(707) 555-0148"
    for fields, field in [
        (ContactFields(""), "contact_name"),
        (ContactFields("A", email="x"), "contact_email"),
        (ContactFields("A", address=Address(zip="1")), "contact_zip"),
    ]:
        with pytest.raises(UserError) as refused:
            check_contact(fields)
        assert refused.value.field == field


def test_no_grant_implies_another_and_only_the_verified_sign() -> None:
    assert Grants(billing=True).words() == ["Billing contact"]
    assert Grants(True, True, True, True).words() == [
        "Representative",
        "Billing contact",
        "Scheduling helper",
        "Message recipient",
    ]
    assert may_sign(Grants(signs=True), Verification.VERIFIED)
    assert not may_sign(Grants(signs=True), Verification.ASKED)
    assert not may_sign(Grants(billing=True, messages=True), Verification.VERIFIED)


def test_a_relationship_is_to_one_contact_or_one_client() -> None:
    tie = RelationshipFields(RelationshipType.PARENT, contact_id=uuid4())
    assert check_relationship(tie) is tie
    for wrong in (
        RelationshipFields(RelationshipType.PARENT),
        RelationshipFields(RelationshipType.PARENT, uuid4(), uuid4()),
    ):
        with pytest.raises(UserError):
            check_relationship(wrong)


def test_every_word_has_its_label() -> None:
    assert Lifecycle.CONTACT.label == "Group participant"
    assert Lifecycle.INTAKE_PENDING.label == "Intake pending"
    assert [each.label for each in Sex] == ["Not said", "Female", "Male", "X"]
    assert PhoneKind.MOBILE.label == "Mobile"
    assert InsuredRelation.SELF.label == "Self"
    assert RelationshipType.CARE_COORDINATOR.label == "Care coordinator"
    assert Verification.NOT_ASKED.label == "Not verified"
