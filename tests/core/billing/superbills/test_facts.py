"""What superbills are made of, read from a real file."""

from __future__ import annotations

from datetime import date, datetime

from app.core.billing.superbills.queries.facts import superbill_facts
from app.core.billing.superbills.queries.patients import patients
from app.core.billing.superbills.rules.facts import Judges
from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.diagnoses import add_diagnosis
from app.core.clinical.rules.diagnoses import NewDiagnosis
from app.core.journeys.sessions import attend
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.commands import set_addresses, set_insurances, set_phones
from app.core.people.rules import (
    AddressFields,
    InsuranceFields,
    InsuredRelation,
    Lifecycle,
    NewClient,
    PhoneFields,
)
from app.core.practice.commands import add_service, set_setting
from app.core.practice.rules.catalogue import ServiceFields
from app.core.practice.rules.places import Address
from app.core.scheduling.commands import book_session
from app.core.scheduling.rules.booking import Booking, Line
from tests.core.billing.superbills.made import billable, settable
from tests.support.practice import TestDesk

DAY = date(2026, 11, 12)


def test_the_words_of_diagnoses_are_left_out_where_the_practice_says_so(desk: TestDesk) -> None:
    added = desk.do(
        add_client_with_case, NewClient(PersonName("Ada", "", "Lowry"), Lifecycle.ACTIVE)
    ).value
    (client_id,) = added.client_ids
    desk.do(add_diagnosis, NewDiagnosis(client_id, "F41.1", date(2026, 1, 5)))
    service = desk.do(add_service, ServiceFields("Individual", "0001Z", 50, Money(16500))).value
    starts = datetime(DAY.year, DAY.month, DAY.day, 9)
    session = desk.do(book_session, Booking(added.case_id, starts, lines=(Line(service),))).value
    desk.do(attend, session)

    def words() -> str:
        found = desk.ask(superbill_facts, DAY, DAY, Judges(billable, settable))
        return found.diagnoses[client_id][0].description

    assert words() == "Generalized anxiety disorder"
    desk.do(set_setting, "superbill.diagnosis_words", "no")
    assert words() == ""


def test_of_several_phones_addresses_and_insurances_the_main_ones_are_printed(
    desk: TestDesk,
) -> None:
    added = desk.do(add_client_with_case, NewClient(PersonName("Ada", "", "Lowry"))).value
    (client_id,) = added.client_ids
    (bare,) = desk.ask(patients, [client_id]).values()
    assert (bare.phone, bare.address, bare.sex, bare.insurance) == ("", "", "", None)
    phones = PhoneFields("(503) 555-0111"), PhoneFields("(503) 555-0112", is_main=True)
    desk.do(set_phones, client_id, phones)
    elsewhere = AddressFields(Address("9 Elm St", "", "Salem", "OR", "97301"))
    home = AddressFields(Address("4 Oak Ave", "", "Portland", "OR", "97205"), is_main=True)
    desk.do(set_addresses, client_id, (elsewhere, home))
    primary = InsuranceFields("Aetna", "W1", relation=InsuredRelation.SPOUSE, insured_name="Bo")
    desk.do(set_insurances, client_id, (primary, InsuranceFields("Cigna", "U2")))
    (person,) = desk.ask(patients, [client_id]).values()
    assert person.phone == "(503) 555-0112"
    assert person.address == "4 Oak Ave, Portland, OR 97205"
    assert person.insurance is not None
    assert (person.insurance.payer, person.insurance.insured_name) == ("Aetna", "Bo")
    assert desk.ask(patients, []) == {}
