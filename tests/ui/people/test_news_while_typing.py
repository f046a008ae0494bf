"""A record that changes elsewhere while somebody types in it: both changes stand afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt

from app.core.cases.commands import add_billing_contact, change_case
from app.core.cases.queries import case
from app.core.cases.rules import CaseDefaults
from app.core.people.commands import (
    change_contact,
    change_details,
    change_name,
    set_addresses,
    set_emails,
    set_insurances,
    set_phones,
)
from app.core.people.queries import contacts
from app.core.people.rules import (
    AddressFields,
    ContactFields,
    EmailFields,
    InsuranceFields,
    PhoneFields,
)
from app.core.practice.rules.places import Address
from app.ui.people.details import PersonForm
from app.ui.people.sections.case import CaseSection
from app.ui.people.sections.contact import ContactSection
from app.ui.people.sections.reach import EmailsSection, PhonesSection
from app.ui.people.sections.section import SectionForm
from app.ui.widgets.buttons import Link
from app.ui.widgets.fields import LineField
from app.ui.widgets.forms import FormField
from tests.ui.people.scene import Small
from tests.ui.people.test_page import Room, room

__all__ = ["room"]
RUTH = "Ruth Okonkwo"


def lines(section: Any) -> list[LineField]:
    return [each for each in section.findChildren(LineField) if each.isVisible()]


def section_of(room: Room, client_id: UUID, kind: type[SectionForm[Any]]) -> Any:
    room.record(("client", client_id), "details")
    section = next(each for each in room.form(RUTH).sections if isinstance(each, kind))
    room.wait(section.isVisible)
    return section


def added_row(room: Room, section: Any, words: str) -> LineField:
    link = next(each for each in section.findChildren(Link) if each.text() == words)
    room.press(link, Qt.Key.Key_Space)
    field = room.page.window().focusWidget()
    assert isinstance(field, LineField)
    return field


def later_news(small: Small, room: Room) -> None:
    """Wait until something is shown that came after the news before it."""
    room.desk.do(change_name, small.ruth, replace(room.person(small.ruth).name, chosen="Ruthie"))
    forms = room.page.findChildren(PersonForm)
    room.wait(lambda: "Ruthie Okonkwo" in [each.accessibleName() for each in forms])


def billed(small: Small, room: Room) -> tuple[UUID, ContactSection]:
    trust = ContactFields("Lowry Trust", email="old@trust.example", phone="(707) 555-0101")
    kept = room.desk.do(add_billing_contact, small.ada_case, trust).value
    room.record(("case", small.ada_case), "details")
    room.wait(lambda: room.one(ContactSection) is not None)
    section = room.one(ContactSection)
    assert isinstance(section, ContactSection)
    room.wait(lambda: line(section, "contact_email").text() == "old@trust.example")
    return kept, section


def line(section: SectionForm[Any], name: str) -> LineField:
    field = section.form[name]
    assert isinstance(field, FormField)
    assert isinstance(field.editor, LineField)
    return field.editor


def test_a_contacts_new_email_is_shown_and_kept_while_its_phone_is_typed(
    small: Small, room: Room
) -> None:
    contact_id, section = billed(small, room)
    phone, email = line(section, "contact_phone"), line(section, "contact_email")
    room.type(phone, "707555019")
    phone.cursorBackward(False, 4)
    now = room.desk.ask(contacts)[0].fields
    room.desk.do(change_contact, contact_id, replace(now, email="new@trust.example"))
    room.wait(lambda: email.text() == "new@trust.example")
    assert (phone.text(), phone.cursorPosition()) == ("707555019", 5)
    phone.end(False)
    room.qtbot.keyClicks(phone, "9")
    room.press(phone, Qt.Key.Key_Return)
    room.wait(lambda: room.desk.ask(contacts)[0].fields.phone == "(707) 555-0199")
    assert room.desk.ask(contacts)[0].fields.email == "new@trust.example"
    room.wait(lambda: phone.text() == "(707) 555-0199")


def test_of_two_changes_of_one_field_the_typed_one_is_kept(small: Small, room: Room) -> None:
    contact_id, section = billed(small, room)
    phone, email = line(section, "contact_phone"), line(section, "contact_email")
    room.type(email, "mine@trust.example")
    now = room.desk.ask(contacts)[0].fields
    there = replace(now, email="new@trust.example", phone="(707) 555-0177")
    room.desk.do(change_contact, contact_id, there)
    room.wait(lambda: phone.text() == "(707) 555-0177")
    assert email.text() == "mine@trust.example"
    room.press(email, Qt.Key.Key_Return)
    room.wait(lambda: room.desk.ask(contacts)[0].fields.email == "mine@trust.example")
    assert room.desk.ask(contacts)[0].fields.phone == "(707) 555-0177"


def test_an_address_is_kept_as_a_whole(small: Small, room: Room) -> None:
    room.record(("client", small.ruth), "details")
    street, city = room.field(RUTH, "line1"), room.field(RUTH, "city")
    room.type(street, "2 Oak St")
    there = AddressFields(Address("9 Bay Rd", "", "Otherton", "CA", "95998"), is_main=True)
    room.desk.do(set_addresses, small.ruth, (there,))
    later_news(small, room)
    assert city.text() == "Alder Bay"
    room.press(street, Qt.Key.Key_Return)
    room.wait(lambda: room.person(small.ruth).main_address.line1 == "2 Oak St")
    assert room.person(small.ruth).main_address.city == "Alder Bay"
    assert len(room.person(small.ruth).addresses) == 1


def test_a_date_half_typed_waits_and_overwrites_nothing(small: Small, room: Room) -> None:
    room.record(("client", small.ruth), "details")
    born = room.field(RUTH, "birth_date")
    room.type(born, "2/")
    there = replace(room.person(small.ruth).details, pronouns="they/them", notes="Calls late")
    room.desk.do(change_details, small.ruth, there)
    later_news(small, room)
    assert born.text() == "2/"
    room.qtbot.keyClicks(born, "3/1986")
    room.press(born, Qt.Key.Key_Return)
    room.wait(lambda: str(room.person(small.ruth).details.birth_date) == "1986-02-03")
    kept = room.person(small.ruth).details
    assert (kept.pronouns, kept.notes) == ("they/them", "Calls late")
    room.wait(lambda: room.field("Ruthie Okonkwo", "pronouns").text() == "they/them")


def test_a_number_of_an_insurance_card_that_arrives_stays(small: Small, room: Room) -> None:
    room.record(("client", small.ruth), "details")
    group, member = room.field(RUTH, "group_number"), room.field(RUTH, "member_number")
    room.type(group, "G 7")
    room.desk.do(set_insurances, small.ruth, (InsuranceFields("Cascade Mutual", "CM NEW"),))
    room.wait(lambda: member.text() == "CM NEW")
    room.press(group, Qt.Key.Key_Return)
    room.wait(lambda: room.person(small.ruth).insurances[0].group_number == "G 7")
    assert room.person(small.ruth).insurances[0].member_number == "CM NEW"


def test_two_insurance_cards_are_not_mixed(small: Small, room: Room) -> None:
    room.record(("client", small.ruth), "details")
    payer, member = room.field(RUTH, "payer"), room.field(RUTH, "member_number")
    room.type(payer, "Aster Health")
    room.desk.do(set_insurances, small.ruth, (InsuranceFields("Birch Benefit", "B 1"),))
    later_news(small, room)
    assert member.text() == "CM 4471-0923-02"
    room.press(payer, Qt.Key.Key_Return)
    room.wait(lambda: room.person(small.ruth).insurances[0].payer == "Aster Health")
    kept = [(each.payer, each.member_number) for each in room.person(small.ruth).insurances]
    assert kept == [("Aster Health", "CM 4471-0923-02")]


@pytest.mark.parametrize("new", ["Add email", ""])
def test_an_email_that_arrives_stays_beside_the_typed_one(
    small: Small, room: Room, new: str
) -> None:
    section = section_of(room, small.ruth, EmailsSection)
    field = added_row(room, section, new) if new else lines(section)[0]
    room.type(field, "ruth@work.exampl")
    here = room.person(small.ruth).emails
    room.desk.do(set_emails, small.ruth, (*here, EmailFields("ruth@new.example")))
    room.wait(lambda: "ruth@new.example" in [each.text() for each in lines(section)])
    assert field.text() == "ruth@work.exampl"
    room.qtbot.keyClicks(field, "e")
    room.press(field, Qt.Key.Key_Return)

    def kept() -> set[str]:
        return {each.address for each in room.person(small.ruth).emails}

    room.wait(lambda: "ruth@work.example" in kept())
    first = {here[0].address} if new else set()
    assert kept() == {"ruth@work.example", "ruth@new.example", *first}


def test_what_arrives_leaves_the_empty_row_to_who_is_about_to_type(
    small: Small, room: Room
) -> None:
    section = section_of(room, small.ruth, EmailsSection)
    field = added_row(room, section, "Add email")
    here = room.person(small.ruth).emails
    room.desk.do(set_emails, small.ruth, (*here, EmailFields("ruth@new.example")))
    room.wait(lambda: "ruth@new.example" in [each.text() for each in lines(section)])
    assert field.text() == ""


def test_a_consent_given_elsewhere_stays_with_its_number(small: Small, room: Room) -> None:
    section = section_of(room, small.ruth, PhonesSection)
    field = added_row(room, section, "Add phone")
    room.type(field, "7075550199")
    here = replace(room.person(small.ruth).phones[0], consent_text=False)
    room.desk.do(set_phones, small.ruth, (here, PhoneFields("7075550111")))
    room.wait(lambda: "(707) 555-0111" in [each.text() for each in lines(section)])
    room.press(field, Qt.Key.Key_Return)
    room.wait(lambda: len(room.person(small.ruth).phones) == 3)
    texts = {each.number: each.consent_text for each in room.person(small.ruth).phones}
    assert texts == {"(707) 555-0148": False, "(707) 555-0111": False, "(707) 555-0199": False}


def test_a_case_keeps_what_is_typed_and_what_arrives(small: Small, room: Room) -> None:
    room.record(("case", small.couple_case), "details")
    room.wait(lambda: room.one(CaseSection) is not None)
    label = line(room.one(CaseSection), "relationship_label")
    room.wait(lambda: label.text() == "Married")
    now = room.desk.ask(case, small.couple_case)
    with_whom = room.one(CaseSection).form["provider_id"].editor
    room.wait(lambda: with_whom.value() is not None)
    room.type(label, "Partners")
    room.desk.do(
        change_case,
        small.couple_case,
        provider_id=None,
        relationship_label=now.relationship_label,
        defaults=CaseDefaults(),
    )
    later_news(small, room)
    assert label.text() == "Partners"
    room.press(label, Qt.Key.Key_Return)
    room.wait(lambda: room.desk.ask(case, small.couple_case).relationship_label == "Partners")
    assert room.desk.ask(case, small.couple_case).provider_id is None
