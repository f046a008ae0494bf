"""What ``expected.json`` says of the sample files, as facts."""

from __future__ import annotations

from collections import Counter

import pytest

from app.core.exchange.matching import Roster
from app.core.exchange.planning import plan_import
from app.core.exchange.plans import ImportPlan, Trouble
from app.core.people.rules import Lifecycle, RelationshipType
from app.core.practice.rules.catalogue import CaseKind
from tests.core.exchange.samples import (
    CONTACTS,
    DEMOGRAPHICS,
    DETAILS,
    TODAY,
    expected,
    sheets,
)

FACTS = expected()


@pytest.fixture(scope="module")
def pair() -> ImportPlan:
    return plan_import(sheets(DETAILS, DEMOGRAPHICS), Roster(allowed=10), TODAY)


def test_rows_and_people(pair: ImportPlan) -> None:
    kinds = Counter(arrival.kind for arrival in pair.arrivals)

    assert pair.rows == FACTS["rows"]
    assert kinds[CaseKind.INDIVIDUAL] == FACTS["individuals"]
    assert pair.couples == kinds[CaseKind.COUPLE] == FACTS["couples"]
    assert len(pair.newcomers) == FACTS["people"]


def test_traps(pair: ImportPlan) -> None:
    assert pair.blank_rows == FACTS["blank_rows"]
    assert pair.count(Trouble.DUPLICATE) == FACTS["duplicate_rows"]
    assert pair.count(Trouble.NO_NAME) == FACTS["bad_rows"]
    assert len(pair.problems) == FACTS["duplicate_rows"] + FACTS["bad_rows"]
    names = [person.client.name for person in pair.newcomers]
    assert all(name.legal == name.legal.strip() for name in names)


def test_what_the_file_says_of_status(pair: ImportPlan) -> None:
    wanted = Counter(arrival.wanted for arrival in pair.arrivals)

    assert wanted == {Lifecycle.ACTIVE: FACTS["active"], Lifecycle.INACTIVE: FACTS["inactive"]}


def test_details_and_demographics_are_joined(pair: ImportPlan) -> None:
    clients = [person.client for person in pair.newcomers]

    assert sum(client.details.birth_date is not None for client in clients) == FACTS["with_dob"]
    assert sum(bool(client.insurances) for client in clients) == FACTS["with_insurance"]


def test_minors_bring_a_parent(pair: ImportPlan) -> None:
    helpers = [person.helper for person in pair.newcomers if person.helper]

    assert len(helpers) == FACTS["minors"]
    assert {helper.type for helper in helpers} == {RelationshipType.PARENT}
    assert all(helper.contact.email and helper.contact.phone for helper in helpers)


def test_ten_are_active_and_the_rest_inactive(pair: ImportPlan) -> None:
    assert pair.by_lifecycle() == {Lifecycle.ACTIVE: 10, Lifecycle.INACTIVE: 43}
    assert len(pair.over_plan) == 20


def test_places_go_by_the_next_appointment(pair: ImportPlan) -> None:
    active = [a for a in pair.arrivals if a.arrives is Lifecycle.ACTIVE]
    waiting = [a.next_appointment for a in pair.over_plan if a.next_appointment]

    assert max(a.next_appointment for a in active if a.next_appointment) <= min(waiting)


def test_a_couple_shares_contact_points_and_the_first_is_insured(pair: ImportPlan) -> None:
    couple = next(a for a in pair.arrivals if a.kind is CaseKind.COUPLE)
    first, second = (pair.people[place].person.client for place in couple.people)

    assert (first.name.legal, second.name.legal) == ("Mateo L. Kim", "Zoë Chen")
    assert first.emails == second.emails
    assert first.phones == second.phones
    assert first.addresses == second.addresses
    assert first.emails[0].is_shared
    assert first.phones[0].is_shared
    assert first.addresses[0].is_shared


@pytest.mark.parametrize("order", [(DETAILS, DEMOGRAPHICS), (DEMOGRAPHICS, DETAILS)])
def test_the_order_of_the_files_does_not_matter(order: tuple[object, object]) -> None:
    plan = plan_import(sheets(*order), Roster(allowed=10), TODAY)  # type: ignore[arg-type]

    assert plan.by_lifecycle() == {Lifecycle.ACTIVE: 10, Lifecycle.INACTIVE: 43}


def test_practicerunner_contacts_into_a_full_plan() -> None:
    facts = FACTS["practicerunner_contacts"]
    plan = plan_import(sheets(CONTACTS), Roster(used=10, allowed=10), TODAY)

    assert plan.rows == facts["rows"]
    assert plan.by_lifecycle() == {
        Lifecycle.INACTIVE: facts["active"],
        Lifecycle.ARCHIVED: facts["archived"],
        Lifecycle.PROSPECT: facts["prospect"],
    }


def test_practicerunner_contacts_with_room() -> None:
    plan = plan_import(sheets(CONTACTS), Roster(), TODAY)

    assert plan.by_lifecycle()[Lifecycle.ACTIVE] == 1
    assert plan.over_plan == ()
    assert plan.newcomers[5].client.name.legal == "Ingrid F. O'Brien"
    assert plan.newcomers[0].client.name.family == "van der Berg"
