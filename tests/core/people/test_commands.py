"""Clients' records against a real file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from app.core.kernel.errors import NotFound, UserError
from app.core.kernel.text import PersonName, finds
from app.core.people import queries
from app.core.people.commands import (
    add_client,
    add_contact,
    add_relationship,
    archive_client,
    change_contact,
    change_details,
    change_lifecycle,
    change_name,
    change_relationship,
    make_inactive,
    mark_reviewed,
    open_chart,
    remove_relationship,
    set_addresses,
    set_emails,
    set_insurances,
    set_phones,
    verify_relationship,
)
from app.core.people.rules import (
    AddressFields,
    ContactFields,
    DetailFields,
    EmailFields,
    Grants,
    InsuranceFields,
    Lifecycle,
    NewClient,
    PhoneFields,
    RelationshipFields,
    RelationshipType,
    Sex,
    Verification,
)
from app.core.practice.rules.places import Address
from tests.support.practice import TestDesk

TODAY = date(2026, 11, 19)
HOME = Address("1 Elm St", "", "Salem", "OR", "97301")
RUTH = NewClient(
    PersonName("Ruth", "A.", "Okonkwo"),
    details=DetailFields("she/her", date(1986, 8, 14), Sex.FEMALE, notes="Prefers mornings"),
    emails=(EmailFields("ruth.okonkwo@example.com", consent_email=True),),
    phones=(PhoneFields("7075550148", consent_text=True, consent_voicemail=True),),
    addresses=(AddressFields(HOME),),
    insurances=(InsuranceFields("Cascade Mutual", "CM 4471"),),
)


@pytest.fixture
def ruth(desk: TestDesk) -> UUID:
    """A client of whom everything is known."""
    return desk.do(add_client, RUTH).value


def test_all_that_was_typed_is_there(desk: TestDesk, ruth: UUID) -> None:
    record = desk.ask(queries.client, ruth)
    assert record.name == RUTH.name
    assert record.details == RUTH.details
    assert record.lifecycle is Lifecycle.PROSPECT
    assert record.main_phone == "(707) 555-0148"
    assert record.main_email == "ruth.okonkwo@example.com"
    assert record.main_address == HOME
    assert record.phones[0].consent_text
    assert record.insurances == RUTH.insurances
    assert not record.needs_review


def test_a_name_is_enough(desk: TestDesk) -> None:
    added = desk.do(add_client, NewClient(PersonName("Bo")))
    record = desk.ask(queries.client, added.value)
    assert (record.main_phone, record.main_email) == ("", "")
    assert record.main_address.is_empty
    assert added.undo is not None
    desk.undo(added.undo).result()
    with pytest.raises(NotFound):
        desk.ask(queries.client, added.value)


def test_nothing_half_is_left_when_a_part_is_refused(desk: TestDesk) -> None:
    with pytest.raises(UserError) as refused:
        desk.do(add_client, replace(RUTH, emails=(EmailFields("nowhere"),)))
    assert refused.value.field == "emails"
    assert desk.ask(queries.names) == {}


def test_activating_is_not_this_areas(desk: TestDesk, ruth: UUID) -> None:
    with pytest.raises(ValueError, match="membership"):
        desk.do(add_client, replace(RUTH, lifecycle=Lifecycle.ACTIVE))
    with pytest.raises(ValueError, match="of its own"):
        desk.do(change_lifecycle, ruth, Lifecycle.ACTIVE)


def test_names_and_details_change_and_come_back(desk: TestDesk, ruth: UUID) -> None:
    renamed = desk.do(change_name, ruth, PersonName("Ruth", "", "Bell", chosen="Ru"))
    desk.do(change_details, ruth, DetailFields("they/them", date(1986, 8, 15)))
    record = desk.ask(queries.client, ruth)
    assert (record.name.display, record.details.sex) == ("Ru Bell", Sex.NOT_SAID)
    assert renamed.undo is not None
    desk.undo(renamed.undo).result()
    assert desk.ask(queries.client, ruth).name == RUTH.name


def test_a_corrected_number_changes_one_row_only(desk: TestDesk, ruth: UUID) -> None:
    phones = (PhoneFields("7075550148", consent_text=True), PhoneFields("7075550162"))
    desk.do(set_phones, ruth, phones)
    corrected = desk.do(set_phones, ruth, (phones[0], PhoneFields("7075550163")))
    assert len(corrected.changes.ids) == 1
    assert [each.number for each in desk.ask(queries.client, ruth).phones] == [
        "(707) 555-0148",
        "(707) 555-0163",
    ]
    desk.do(set_phones, ruth, ())
    assert desk.ask(queries.client, ruth).phones == ()


def test_the_other_sections_are_replaced(desk: TestDesk, ruth: UUID) -> None:
    desk.do(set_emails, ruth, (EmailFields("r@example.com"), EmailFields("s@example.com")))
    moved = Address("2 Oak St", "", "Salem", "OR", "97301")
    desk.do(set_addresses, ruth, (AddressFields(HOME), AddressFields(moved, is_main=True)))
    second = InsuranceFields("Blue Ridge", "B 1")
    desk.do(set_insurances, ruth, (second, *RUTH.insurances))
    record = desk.ask(queries.client, ruth)
    assert [each.address for each in record.emails] == ["r@example.com", "s@example.com"]
    assert record.main_address == moved
    assert record.insurances == (second, *RUTH.insurances)


def test_statuses(desk: TestDesk, ruth: UUID) -> None:
    desk.do(change_lifecycle, ruth, Lifecycle.WAITLIST)
    assert desk.ask(queries.lifecycle_counts) == {Lifecycle.WAITLIST: 1}
    desk.do(make_inactive, ruth)
    assert desk.ask(queries.lifecycle_counts) == {Lifecycle.INACTIVE: 1}
    desk.do(archive_client, ruth)
    assert desk.ask(queries.lifecycle_counts) == {Lifecycle.ARCHIVED: 1}


def test_helpers_have_exactly_what_they_were_given(desk: TestDesk, ruth: UUID) -> None:
    other = desk.do(add_client, NewClient(PersonName("Daniel", "", "Bell"))).value
    mother = desk.do(add_contact, ContactFields("Ana Okonkwo", phone="7075550199")).value
    desk.do(change_contact, mother, ContactFields("Ana M. Okonkwo", phone="7075550199"))
    tie = RelationshipFields(
        RelationshipType.PARENT, contact_id=mother, grants=Grants(signs=True), is_emergency=True
    )
    tie_id = desk.do(add_relationship, ruth, tie).value
    desk.do(
        add_relationship, ruth, RelationshipFields(RelationshipType.SPOUSE, other_client_id=other)
    )
    desk.do(verify_relationship, tie_id, Verification.VERIFIED)
    first, second = desk.ask(queries.client, ruth).relationships
    assert (first.name, first.phone) == ("Ana M. Okonkwo", "(707) 555-0199")
    assert (first.grants, first.verification) == (Grants(signs=True), Verification.VERIFIED)
    assert (second.name, second.grants) == ("Daniel Bell", Grants())
    desk.do(change_relationship, tie_id, replace(tie, grants=Grants(billing=True)))
    assert desk.ask(queries.client, ruth).relationships[0].grants == Grants(billing=True)
    desk.do(remove_relationship, tie_id)
    assert len(desk.ask(queries.client, ruth).relationships) == 1
    assert [each.fields.name for each in desk.ask(queries.contacts)] == ["Ana M. Okonkwo"]


def test_nobody_is_related_to_themselves(desk: TestDesk, ruth: UUID) -> None:
    with pytest.raises(UserError, match="same person"):
        desk.do(
            add_relationship,
            ruth,
            RelationshipFields(RelationshipType.SIBLING, other_client_id=ruth),
        )


def test_opening_a_chart_is_noted_once_an_hour_without_values(desk: TestDesk, ruth: UUID) -> None:
    for minutes in (0, 20, 45):
        desk.clock.forward(minutes=minutes)
        desk.do(open_chart, ruth)
    acts = [line.label for line in desk.ask(queries.activity, ruth)]
    assert acts == ["Open chart", "Open chart", "Add client"]
    with pytest.raises(NotFound):
        desk.do(open_chart, uuid4())


def test_imported_records_wait_until_somebody_looked(desk: TestDesk, ruth: UUID) -> None:
    assert desk.ask(queries.review_count) == 0
    assert desk.ask(queries.needing_review) == []
    desk.do(mark_reviewed, ruth)
    assert not desk.ask(queries.client, ruth).needs_review


def test_rows_are_found_by_name_phone_and_email(desk: TestDesk, ruth: UUID) -> None:
    desk.do(add_client, NewClient(PersonName("Bo", "", "O'Brien")))
    rows = desk.ask(queries.client_rows, TODAY)
    assert [row.name.display for row in rows] == ["Bo O'Brien", "Ruth Okonkwo"]
    for query in ("okon", "ruth.okonkwo@ex", "707555", "(707) 555-01", "5550148", "ru ok"):
        assert [row.id for row in rows if finds(query, row.found_by)] == [ruth]
    assert desk.ask(queries.client_rows, TODAY, [Lifecycle.ACTIVE]) == []
    assert desk.ask(queries.client_rows, TODAY, only_to_review=True) == []


def test_identities_are_what_an_import_compares(desk: TestDesk, ruth: UUID) -> None:
    (identity,) = desk.ask(queries.identities)
    assert identity.id == ruth
    assert identity.emails == frozenset({"ruth.okonkwo@example.com"})
    assert identity.phones == frozenset({"7075550148"})
