"""Rules of cases."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.core.cases.rules import (
    ClientFilter,
    PayerFields,
    billing_words,
    case_title,
    case_words,
    check_identified,
    check_participants,
    check_payers,
)
from app.core.kernel.errors import UserError
from app.core.kernel.text import PersonName
from app.core.people.rules import Lifecycle
from app.core.practice.rules.catalogue import CaseKind

DANIEL = PersonName("Daniel", "", "Okonkwo-Bell")
RUTH = PersonName("Ruth", "", "Okonkwo")


def test_a_couple_is_exactly_two_different_people() -> None:
    assert check_participants(CaseKind.COUPLE, ["a", "b"]) == ("a", "b")
    for people in (["a"], ["a", "a"], ["a", "b", "c"], []):
        with pytest.raises(UserError) as refused:
            check_participants(CaseKind.COUPLE, people)
        assert refused.value.field == "members"
        assert refused.value.sentence.count(".") == 1


def test_how_many_people_other_kinds_take() -> None:
    assert check_participants(CaseKind.INDIVIDUAL, ["a"]) == ("a",)
    assert check_participants(CaseKind.FAMILY, ["a", "b", "c"]) == ("a", "b", "c")
    with pytest.raises(UserError, match="one person"):
        check_participants(CaseKind.INDIVIDUAL, ["a", "b"])
    with pytest.raises(UserError, match="at least one"):
        check_participants(CaseKind.FAMILY, [])


def test_the_identified_patient_is_in_the_case() -> None:
    assert check_identified(CaseKind.COUPLE, ["a", "b"], "b") == "b"
    assert check_identified(CaseKind.COUPLE, ["a", "b"], None) is None
    assert check_identified(CaseKind.INDIVIDUAL, ["a"], None) == "a"
    assert check_identified(CaseKind.THERAPY_GROUP, ["a"], "a") is None
    with pytest.raises(UserError, match="one of the people"):
        check_identified(CaseKind.COUPLE, ["a", "b"], "c")


@pytest.mark.parametrize(
    ("people", "title"),
    [
        ([DANIEL, RUTH], "Daniel & Ruth Okonkwo-Bell"),
        ([RUTH, DANIEL], "Ruth & Daniel Okonkwo-Bell"),
        ([PersonName("Alex", "", "Greer"), PersonName("Jamie", "", "Holt")], "Greer & Holt"),
        ([PersonName("Ana", "", "Kim"), PersonName("Bo", "", "Kimura")], "Kim & Kimura"),
        ([PersonName("Ana", "", "Álvarez"), PersonName("Bo", "", "Alvarez")], "Ana & Bo Álvarez"),
        ([PersonName("Ana", "", "Bell"), DANIEL], "Ana & Daniel Okonkwo-Bell"),
        ([PersonName("Cher"), PersonName("Bo", "", "Li")], "Cher & Bo Li"),
        ([PersonName("A", "", "Li", chosen="Sky"), PersonName("Bo", "", "Li")], "Sky & Bo Li"),
        ([PersonName("A", "", "李"), PersonName("B", "", "王")], "李 & 王"),
        ([PersonName("A", "", "?"), PersonName("B", "", "!")], "? & !"),
    ],
)
def test_how_a_couple_is_called(people: list[PersonName], title: str) -> None:
    assert case_title(CaseKind.COUPLE, "", people) == title


def test_how_other_cases_are_called() -> None:
    rhee = [PersonName("Hana", "", "Rhee"), PersonName("Jae", "", "Rhee")]
    assert case_title(CaseKind.INDIVIDUAL, "", [RUTH]) == "Ruth Okonkwo"
    assert case_title(CaseKind.FAMILY, "", rhee) == "Rhee family"
    mixed = [*rhee, PersonName("Bo", "", "Li"), PersonName("C", "", "Ali")]
    assert case_title(CaseKind.FAMILY, "", mixed) == "Rhee & Li family"
    assert case_title(CaseKind.FAMILY, "", [PersonName("A"), PersonName("B")]) == "Family"
    assert case_title(CaseKind.THERAPY_GROUP, "Thursday Process Group", rhee) == (
        "Thursday Process Group"
    )
    assert case_title(CaseKind.WORKSHOP, "", []) == "Workshop"
    assert case_title(CaseKind.COUPLE, "", []) == "Couple"


def test_what_stands_beneath_a_title() -> None:
    assert case_words(CaseKind.COUPLE, 2) == "Couple"
    assert case_words(CaseKind.INDIVIDUAL, 1, minor=True) == "Individual, minor"
    assert case_words(CaseKind.FAMILY, 4) == "Family, 4 people"
    assert case_words(CaseKind.THERAPY_GROUP, 1) == "Group, 1 person"


def test_payers_make_100_percent_together() -> None:
    ana, org = uuid4(), uuid4()
    halves = (PayerFields(50, client_id=ana), PayerFields(50, contact_id=org))
    assert check_payers(halves) == halves
    assert check_payers(()) == ()
    for wrong in (
        (PayerFields(90, client_id=ana),),
        (PayerFields(0, client_id=ana), PayerFields(100, contact_id=org)),
        (PayerFields(100),),
        (PayerFields(100, client_id=ana, contact_id=org),),
        (PayerFields(50, client_id=ana), PayerFields(50, client_id=ana)),
    ):
        with pytest.raises(UserError) as refused:
            check_payers(wrong)
        assert refused.value.field == "payers"


def test_the_billing_arrangement_in_words() -> None:
    assert billing_words([]) == ""
    assert billing_words([("Ana", 100)]) == "Ana pays"
    assert billing_words([("Ana", 50), ("Luis", 50)]) == "Split evenly, Ana and Luis"
    assert billing_words([("Ana", 70), ("Luis", 30)]) == "Ana 70% and Luis 30%"


def test_filters() -> None:
    assert ClientFilter.ACTIVE.lifecycles == (Lifecycle.ACTIVE,)
    assert set(ClientFilter.EVERYONE.lifecycles) == set(Lifecycle)
    assert ClientFilter.TO_REVIEW.label == "To review"
