"""Small lists, each for one rule of reading."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.core.exchange.matching import KnownPerson, Roster, traits
from app.core.exchange.plans import Decisions, ImportPlan, PersonRef, RowRef, Trouble
from app.core.kernel.text import PersonName
from app.core.people.rules import Lifecycle
from app.core.practice.rules.catalogue import CaseKind
from tests.core.exchange.samples import HEADINGS, plan_of

ANA = UUID(int=1)
BO = UUID(int=2)
BORN = date(1980, 1, 2)


def _roster(*couples: frozenset[UUID]) -> Roster:
    return Roster(
        (
            KnownPerson(
                ANA,
                "Ana Abara",
                traits(PersonName("Ana", "", "Abara"), BORN, ["ana@example.com"], ["7075550100"]),
            ),
            KnownPerson(BO, "Bo Li", traits(PersonName("Bo", "", "Li"), None, [], [])),
        ),
        frozenset(couples),
    )


def _troubles(plan: ImportPlan) -> list[Trouble]:
    return [problem.trouble for problem in plan.problems]


def test_a_bad_value_leaves_its_field_empty_and_is_listed() -> None:
    plan = plan_of(
        f"{HEADINGS},State,Zip\nAna,Abara,ana at example,12,31/02/1980,Sleeping,Atlantis,9\n"
    )
    client = plan.newcomers[0].client

    assert client.emails == ()
    assert client.details.birth_date is None
    assert client.lifecycle is Lifecycle.INACTIVE
    assert client.addresses == ()
    assert client.phones[0].number == "12", "a phone that is no number is kept as typed"
    assert [plan.sentence(problem) for problem in plan.problems] == [
        'Row 1: the status "Sleeping" cannot be read; it stays empty.',
        'Row 1: the email "ana at example" cannot be read; it stays empty.',
        'Row 1: the state "Atlantis" cannot be read; it stays empty.',
        'Row 1: the ZIP "9" cannot be read; it stays empty.',
        'Row 1: the birth date "31/02/1980" cannot be read; it stays empty.',
    ]
    assert len(plan.newcomers[0].remarks) == 5


def test_a_birth_date_ahead_cannot_be_right() -> None:
    plan = plan_of(f"{HEADINGS}\nAna,Abara,,,11/20/2026,Active\n")

    assert _troubles(plan) == [Trouble.BIRTH_DATE]


def test_a_row_without_any_name_is_refused() -> None:
    plan = plan_of(f"{HEADINGS}\n,,a@example.com,,,Active\n, ,b@example.com,,,\nAna,,,,,\n")

    assert _troubles(plan) == [Trouble.NO_NAME, Trouble.NO_NAME]
    assert [person.client.name.legal for person in plan.newcomers] == ["Ana"]


def test_a_name_longer_than_any_is_refused() -> None:
    plan = plan_of(f"{HEADINGS}\n{'A' * 500},Abara,,,,\nBo,Li,,,,\n")

    assert _troubles(plan) == [Trouble.LONG_NAME]
    assert plan.rows == 1


def test_names_in_every_shape() -> None:
    plan = plan_of(
        "Name,Email\n"
        '"Abara, Ana T.",a@example.com\n'
        "Rafael van der Berg,b@example.com\n"
        "Mary Ann Otero,c@example.com\n"
        "王秀英,d@example.com\n"
        "=HYPERLINK(0),e@example.com\n"
    )
    names = [person.client.name for person in plan.newcomers]

    assert [(name.given, name.middle, name.family) for name in names[:3]] == [
        ("Ana", "T.", "Abara"),
        ("Rafael", "", "van der Berg"),
        ("Mary", "", "Ann Otero"),
    ]
    assert names[3].legal == "王秀英"
    doubtful = [p.value for p in plan.problems if p.trouble is Trouble.DOUBTFUL_NAME]
    assert "Mary Ann Otero" in doubtful


def test_couples_become_two_people_in_one_case() -> None:
    plan = plan_of(
        "Name,Email,DOB,Insurance,Insurance ID\n"
        "Ana & Luis Prieto,home@example.com,1/2/1980,Aetna,W1\n"
        "Noor Haddad and Priya Raman,both@example.com,,,\n"
    )
    first, second = (plan.people[place].person.client for place in plan.arrivals[0].people)

    assert plan.couples == 2
    assert (first.name.legal, second.name.legal) == ("Ana Prieto", "Luis Prieto")
    assert first.emails[0].is_shared
    assert second.emails[0].is_shared
    assert first.insurances[0].payer == "Aetna"
    assert second.insurances == ()
    assert (first.details.birth_date, second.details.birth_date) == (None, None)
    assert _troubles(plan) == [Trouble.WHOSE_BIRTH_DATE]


def test_a_couple_of_one_arrives_as_one_person() -> None:
    plan = plan_of("Client,Client type,Status\nAna Abara,Couple,Active\n")

    assert plan.arrivals[0].kind is CaseKind.INDIVIDUAL
    assert _troubles(plan) == [Trouble.LONE_COUPLE]


def test_an_exact_duplicate_counts_once_and_so_does_the_same_person() -> None:
    plan = plan_of(
        f"{HEADINGS}\n"
        "Ana,Abara,ana@example.com,,,Active\n"
        " Ana , Abara,ana@example.com,,,Active\n"
        "Ana,Abara,ANA@example.com,7075550100,,Inactive\n"
        "Ana,Abara,other@example.com,,,Active\n"
    )

    assert _troubles(plan) == [Trouble.DUPLICATE, Trouble.SAME_PERSON]
    assert len(plan.newcomers) == len(plan.arrivals) == 2


def test_somebody_alone_and_in_a_couple_is_one_person_with_two_cases() -> None:
    plan = plan_of("Name,Phone\nAna Abara,(707) 555-0100\nAna Abara & Bo Li,(707) 555-0100\n")

    assert len(plan.newcomers) == 2
    assert [arrival.people for arrival in plan.arrivals] == [(0,), (0, 1)]


def test_a_client_of_ours_is_found_by_name_and_one_more() -> None:
    rows = (
        "Ana,Abara,,,1/2/1980,Active\n"
        "Ana T.,Abara,,+1 (707) 555-0100,,Active\n"
        "ana,ABARA,Ana@Example.com,,,Active\n"
    )
    for row in rows.splitlines():
        plan = plan_of(f"{HEADINGS}\n{row}\n", roster=_roster())
        assert _troubles(plan) == [Trouble.KNOWN], row
        assert plan.newcomers == ()
        assert plan.arrivals == ()


def test_another_birth_date_is_another_person() -> None:
    plan = plan_of(f"{HEADINGS}\nAna,Abara,ana@example.com,,3/4/1991,Active\n", roster=_roster())

    assert plan.problems == ()
    assert len(plan.newcomers) == 1


def test_the_name_alone_is_a_question() -> None:
    row = f"{HEADINGS}\nBo,Li,bo@example.com,,,Active\n"
    ref = PersonRef(RowRef(0, 1))

    asked = plan_of(row, roster=_roster())
    same = plan_of(row, roster=_roster(), decisions=Decisions(same={ref: True}))
    other = plan_of(row, roster=_roster(), decisions=Decisions(same={ref: False}))

    assert _troubles(asked) == [Trouble.NAME_ALONE]
    assert len(asked.newcomers) == 1
    assert _troubles(same) == [Trouble.KNOWN]
    assert same.newcomers == ()
    assert other.problems == ()
    assert len(other.newcomers) == 1


def test_a_couple_with_a_client_of_ours_gets_its_case_once() -> None:
    row = "Name,Email\nAna Abara & Cy Roe,ana@example.com\n"
    plan = plan_of(row, roster=_roster())

    assert [person.known for person in plan.people] == [ANA, None]
    assert plan.couples == 1

    both = plan_of(
        "Name,Email\nAna Abara & Bo Li,ana@example.com\n",
        roster=_roster(frozenset({ANA, BO})),
        decisions=Decisions(same={PersonRef(RowRef(0, 1), 1): True}),
    )
    assert both.couples == 0


def test_what_completes_nobody_arrives_and_is_said() -> None:
    plan = plan_of(
        "Client,Client type,Status\nAna Abara,Adult,Active\n",
        "Client,Age,Date of birth\nAna Abara,46,1/2/1980\nBo Li,30,3/4/1996\n",
    )

    assert [person.client.name.legal for person in plan.newcomers] == ["Ana Abara", "Bo Li"]
    assert plan.newcomers[0].client.details.birth_date == BORN
    assert [plan.sentence(problem) for problem in plan.problems] == [
        "Row 2 of list.csv: nobody in the other file is called Bo Li."
    ]


def test_two_of_one_name_are_told_apart_by_zip_or_not_at_all() -> None:
    details = (
        "Client,Client type,ZIP,Status\nAna Abara,Adult,97201,Active\nAna Abara,Adult,{},Active\n"
    )
    demographics = "Client,Age,Date of birth,ZIP\nAna Abara,46,1/2/1980,97202\n"

    apart = plan_of(details.format("97202"), demographics)
    alike = plan_of(details.format("97201 "), demographics)

    assert [p.client.details.birth_date for p in apart.newcomers] == [None, BORN]
    assert Trouble.JOINED_TWICE not in _troubles(apart)
    assert alike.count(Trouble.DUPLICATE) == 1


def test_decisions_fill_in_what_the_file_could_not_say() -> None:
    ref = RowRef(0, 1)
    decided = Decisions(
        names={ref: (PersonName("Mary Ann", "", "Otero"),)},
        birth_dates={PersonRef(ref): BORN},
        active=frozenset({ref}),
    )
    plan = plan_of("Name,DOB,Status\nMary Ann Otero,?,Inactive\n", decisions=decided)
    client = plan.newcomers[0].client

    assert client.name.family == "Otero"
    assert client.details.birth_date == BORN
    assert client.lifecycle is Lifecycle.ACTIVE
    assert plan.problems == ()


def test_more_cells_than_columns_are_listed() -> None:
    plan = plan_of("Name,Email\nAna Abara,a@example.com,extra\n")

    assert _troubles(plan) == [Trouble.SHAPE]


def test_foreign_addresses_keep_their_own_form() -> None:
    plan = plan_of(
        "Name,Phone,Street,City,State,Postal,Country\nBo Li,1,1 Quay,Bath,Avon,BA1 1AA,uk\n"
    )
    address = plan.newcomers[0].client.addresses[0].address

    assert (address.state, address.zip, address.country) == ("Avon", "BA1 1AA", "UK")
