"""Which records a person sees the dot on: those that the account does not have as they are here."""

from __future__ import annotations

from app.core.kernel.text import PersonName
from app.core.people.commands import add_client, set_phones
from app.core.people.rules import NewClient, PhoneFields
from tests.sync.test_two_computers import draft, person
from tests.sync.worlds import Desktop, settle

WALTER = PersonName(given="Walter", family="Strand")


def test_a_record_waits_from_its_change_until_the_account_has_it(
    office: Desktop, laptop: Desktop
) -> None:
    settle(office, laptop)
    office.transport.offline = True
    walter = person(office)
    note = draft(office, walter.case_id, "begun without a network")
    office.sync()
    assert {walter.client_id, walter.case_id, note} <= office.status().unsent
    office.transport.offline = False
    settle(office, laptop)
    assert office.status().unsent == laptop.status().unsent == frozenset()


def test_a_telephone_number_is_a_part_of_its_client(office: Desktop, laptop: Desktop) -> None:
    client = office.desk.do(add_client, NewClient(WALTER)).value
    settle(office, laptop)
    office.desk.do(set_phones, client, (PhoneFields("(530) 555-0117"),))
    assert client in office.status().unsent
    settle(office, laptop)
    assert office.status().unsent == frozenset()
