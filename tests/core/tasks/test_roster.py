"""The list of clients and the overview of a record, over all areas."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from app.core.billing.ledger.commands import enter_opening_balance
from app.core.billing.ledger.queries.balances import balance_of_client
from app.core.billing.ledger.queries.charges import owing_in_all
from app.core.billing.ledger.rules.entries import OpeningEntry
from app.core.cases.commands import Added, add_client_with_case, add_couple, close_case
from app.core.cases.rules import ClientFilter
from app.core.kernel.money import ZERO, Money, total
from app.core.kernel.text import PersonName
from app.core.people.commands import make_inactive, open_chart
from app.core.people.rules import Lifecycle, NewClient
from app.core.tasks.queries.case_attention import When
from app.core.tasks.queries.roster import (
    case_overview,
    client_overview,
    deeds,
    roster_cases,
    roster_people,
)
from app.core.tasks.rules.attention import WorkflowState
from tests.support.practice import TestDesk


def person(given: str, family: str, lifecycle: Lifecycle = Lifecycle.ACTIVE) -> NewClient:
    """A new client of whom only the name is known."""
    return NewClient(PersonName(given, "", family), lifecycle)


@pytest.fixture
def when(desk: TestDesk) -> When:
    """The moment of the pictures."""
    now = desk.clock.now()
    return When(now, now.date())


@pytest.fixture
def couple(desk: TestDesk) -> Added:
    """Two people in one case."""
    return desk.do(add_couple, person("Ana", "Li"), person("Bo", "Li")).value


def test_people_and_records(desk: TestDesk, couple: Added, when: When) -> None:
    lone = desk.do(add_client_with_case, person("Cy", "Rhee", Lifecycle.PROSPECT)).value
    people = desk.ask(roster_people, when, ClientFilter.EVERYONE)
    assert [each.row.client.name.display for each in people] == ["Ana Li", "Bo Li", "Cy Rhee"]
    assert {each.owing for each in people} == {ZERO}
    records = desk.ask(roster_cases, when, ClientFilter.ACTIVE)
    assert [each.row.title for each in records] == ["Ana & Bo Li"]
    state = {each.row.client.id: each.workflow for each in people}[lone.client_ids[0]]
    assert state is not None
    assert state.state is WorkflowState.READY_TO_SCHEDULE


def test_what_a_couple_owes_stands_in_one_line(desk: TestDesk, couple: Added, when: When) -> None:
    ana, bo = couple.client_ids
    lone = desk.do(add_client_with_case, person("Cy", "Rhee")).value
    for client_id, case_id, amount in (
        (bo, couple.case_id, Money(165_00)),
        (lone.client_ids[0], lone.case_id, Money(90_00)),
    ):
        entry = OpeningEntry(uuid4(), client_id, case_id, amount, when.today)
        desk.do(enter_opening_balance, entry)

    def lines() -> list[tuple[str, Money, Money, str]]:
        return [
            (each.row.client.name.called, each.owing, each.owing_beside, each.beside)
            for each in desk.ask(roster_people, when, ClientFilter.ACTIVE)
        ]

    assert lines() == [
        ("Ana", ZERO, Money(165_00), "Bo"),
        ("Bo", Money(165_00), ZERO, ""),
        ("Cy", Money(90_00), ZERO, ""),
    ]
    assert total(line[1] for line in lines()) == desk.ask(owing_in_all)
    desk.do(make_inactive, bo)
    assert lines()[0] == ("Ana", Money(165_00), ZERO, ""), "Bo is not in this list"
    assert desk.ask(balance_of_client, ana).owing == Money(165_00)


def test_a_record_without_sessions(desk: TestDesk, couple: Added, when: When) -> None:
    found = desk.ask(case_overview, when, couple.case_id)
    assert found.case is not None
    assert found.case.title == "Ana & Bo Li"
    assert [each.id for each in found.people] == list(couple.client_ids)
    assert (found.held, found.last, found.next, found.repeats) == (0, (), None, "")


def test_a_clients_record_is_that_of_the_open_case(
    desk: TestDesk, couple: Added, when: When
) -> None:
    def case_of(client_id: UUID) -> UUID | None:
        found = desk.ask(client_overview, when, client_id).case
        return found.id if found else None

    assert case_of(couple.client_ids[1]) == couple.case_id
    desk.do(close_case, couple.case_id)
    assert case_of(couple.client_ids[1]) == couple.case_id


def test_what_was_done_to_a_record(desk: TestDesk, couple: Added) -> None:
    ana, bo = couple.client_ids
    desk.clock.forward(minutes=1)
    desk.do(open_chart, bo)
    desk.clock.forward(minutes=1)
    desk.do(close_case, couple.case_id)
    done = desk.ask(deeds, "case", couple.case_id)
    assert [(each.label, each.subject, each.member) for each in done] == [
        ("Close case", "Ana & Bo Li", "Dana Whitfield"),
        ("Open chart", "Bo Li", "Dana Whitfield"),
        ("Add couple", "Ana Li", "Dana Whitfield"),
    ]
    assert [each.label for each in desk.ask(deeds, "client", ana)] == ["Add couple"]
