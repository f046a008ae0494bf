"""Cases, and the lists that span people and cases, against a real file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from app.core.cases import queries
from app.core.cases.commands import (
    Added,
    add_billing_contact,
    add_client_with_case,
    add_couple,
    change_case,
    close_case,
    open_case,
    rename_case,
    reopen_case,
    set_identified_patient,
    set_payers,
)
from app.core.cases.rules import CaseDefaults, ClientFilter, NewCase, PayerFields
from app.core.kernel.acting import Permission, Scope
from app.core.kernel.errors import NotFound, PlanRefuses, UserError
from app.core.kernel.text import PersonName
from app.core.membership.commands import (
    activate_clients,
    choose_active,
    keep_who_is_active,
)
from app.core.membership.queries import capacity
from app.core.people import queries as people
from app.core.people.commands import add_contact, make_inactive
from app.core.people.rules import ContactFields, Lifecycle, NewClient, PhoneFields
from app.core.people.tables import Client
from app.core.practice.rules.catalogue import CaseKind
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from tests.support.practice import TestDesk

TODAY = date(2026, 11, 19)


def person(given: str, family: str, lifecycle: Lifecycle = Lifecycle.ACTIVE) -> NewClient:
    """A new client of whom only the name is known."""
    return NewClient(PersonName(given, "", family), lifecycle)


@pytest.fixture
def couple(desk: TestDesk) -> Added:
    """Daniel and Ruth, both active; Ruth is the identified patient."""
    return desk.do(
        add_couple, person("Daniel", "Okonkwo-Bell"), person("Ruth", "Okonkwo"), identified=1
    ).value


def test_a_client_comes_with_their_case(desk: TestDesk, owner_id: UUID) -> None:
    added = desk.do(add_client_with_case, person("Ada", "Lowry"))
    case = desk.ask(queries.case, added.value.case_id)
    assert (case.title, case.kind) == ("Ada Lowry", CaseKind.INDIVIDUAL)
    assert case.identified_client_id == added.value.client_ids[0]
    assert (case.provider_id, case.opened_on) == (owner_id, TODAY)
    assert added.changes.touches("people")
    assert added.undo is not None
    desk.undo(added.undo).result()
    with pytest.raises(NotFound):
        desk.ask(queries.case, added.value.case_id)


def test_a_couple_is_two_people_in_one_case(desk: TestDesk, couple: Added) -> None:
    case = desk.ask(queries.case, couple.case_id)
    assert case.title == "Daniel & Ruth Okonkwo-Bell"
    assert tuple(each.id for each in case.people) == couple.client_ids
    assert case.identified_client_id == couple.client_ids[1]
    assert desk.ask(queries.participants) == {couple.case_id: list(couple.client_ids)}
    assert desk.ask(queries.titles, [couple.case_id]) == {couple.case_id: case.title}


def test_a_couple_of_one_leaves_nothing_behind(desk: TestDesk) -> None:
    ada = desk.do(add_client_with_case, person("Ada", "Lowry")).value.client_ids[0]
    with pytest.raises(UserError, match="two different people"):
        desk.do(add_couple, ada, ada)
    with pytest.raises(UserError, match="first or a last name"):
        desk.do(add_couple, person("Bo", "Li"), person("", ""))
    assert len(desk.ask(people.names)) == 1
    with pytest.raises(NotFound):
        desk.do(open_case, NewCase(CaseKind.INDIVIDUAL, (uuid4(),)))


def test_the_identified_patient_can_change(desk: TestDesk, couple: Added) -> None:
    desk.do(set_identified_patient, couple.case_id, couple.client_ids[0])
    assert desk.ask(queries.case, couple.case_id).identified_client_id == couple.client_ids[0]
    with pytest.raises(UserError):
        desk.do(set_identified_patient, couple.case_id, uuid4())


def test_a_group_has_a_name_of_its_own(desk: TestDesk, couple: Added) -> None:
    with pytest.raises(UserError, match="group a name"):
        desk.do(open_case, NewCase(CaseKind.THERAPY_GROUP, couple.client_ids))
    group = desk.do(
        open_case, NewCase(CaseKind.THERAPY_GROUP, couple.client_ids, name="Thursday group")
    ).value
    desk.do(rename_case, group, "Friday group")
    assert desk.ask(queries.case, group).title == "Friday group"
    with pytest.raises(UserError, match="called by its people"):
        desk.do(rename_case, couple.case_id, "X")
    with pytest.raises(UserError, match="name"):
        desk.do(rename_case, group, " ")
    rows = desk.ask(queries.person_rows, TODAY)
    assert rows[0].case_words == "Couple, Friday group"
    assert rows[0].provider == "D. Whitfield"


def test_what_a_session_begins_with(desk: TestDesk, couple: Added, owner_id: UUID) -> None:
    desk.do(
        change_case,
        couple.case_id,
        provider_id=owner_id,
        relationship_label="Married",
        defaults=CaseDefaults(),
    )
    assert desk.ask(queries.case, couple.case_id).relationship_label == "Married"


def test_who_pays(desk: TestDesk, couple: Added) -> None:
    aunt = desk.do(add_contact, ContactFields("Aunt May")).value
    payers = [PayerFields(50, client_id=couple.client_ids[1]), PayerFields(50, contact_id=aunt)]
    desk.do(set_payers, couple.case_id, payers)
    case = desk.ask(queries.case, couple.case_id)
    assert case.billing_words == "Split evenly, Ruth Okonkwo and Aunt May"
    desk.do(set_payers, couple.case_id, [])
    assert desk.ask(queries.case, couple.case_id).payers == ()


def test_closed_cases_come_last(desk: TestDesk, couple: Added) -> None:
    ruth = couple.client_ids[1]
    own = desk.do(open_case, NewCase(CaseKind.INDIVIDUAL, (ruth,))).value
    desk.do(close_case, couple.case_id)
    found = desk.ask(queries.cases_of_client, ruth)
    assert [each.id for each in found] == [own, couple.case_id]
    assert not found[1].is_open
    desk.do(reopen_case, couple.case_id)
    assert desk.ask(queries.case, couple.case_id).is_open


def test_the_list_shows_a_couple_once_and_clients_without_a_case(
    desk: TestDesk, couple: Added
) -> None:
    lone = desk.do(add_client_with_case, person("Ada", "Lowry", Lifecycle.PROSPECT)).value
    desk.do(close_case, lone.case_id)
    rows = desk.ask(queries.case_rows, TODAY)
    assert [(row.title, row.words) for row in rows] == [
        ("Ada Lowry", "No open case"),
        ("Daniel & Ruth Okonkwo-Bell", "Couple"),
    ]
    assert rows[0].record == ("client", lone.client_ids[0])
    assert rows[1].record == ("case", couple.case_id)
    active = desk.ask(queries.case_rows, TODAY, ClientFilter.ACTIVE)
    assert [row.case_id for row in active] == [couple.case_id]
    desk.do(make_inactive, couple.client_ids[0])
    assert len(desk.ask(queries.case_rows, TODAY, ClientFilter.ACTIVE)) == 1
    assert len(desk.ask(queries.case_rows, TODAY, ClientFilter.INACTIVE)) == 1
    assert desk.ask(queries.case_rows, TODAY, ClientFilter.TO_REVIEW) == []
    counts = desk.ask(queries.filter_counts)
    assert (counts[ClientFilter.ACTIVE], counts[ClientFilter.EVERYONE]) == (1, 3)


def test_ten_may_be_active_and_the_eleventh_waits(desk: TestDesk) -> None:
    added = [
        desk.do(add_client_with_case, person(f"P{n}", "Li")).value.client_ids[0] for n in range(9)
    ]
    with pytest.raises(PlanRefuses, match="10 active clients and 9 are active"):
        desk.do(add_couple, person("Ana", "Prieto"), person("Luis", "Prieto"))
    assert len(desk.ask(people.names)) == 9
    prospect = desk.do(add_client_with_case, person("Bo", "Li", Lifecycle.PROSPECT)).value
    desk.do(activate_clients, prospect.client_ids)
    desk.do(activate_clients, [added[0]])
    used = desk.ask(capacity, desk.entitlement)
    assert (used.used, used.allowed, used.free) == (10, 10, 0)
    with pytest.raises(PlanRefuses):
        desk.do(add_client_with_case, person("Cy", "Li"))


def test_choosing_who_is_active(desk: TestDesk) -> None:
    added = [
        desk.do(add_client_with_case, person(f"P{n}", "Li")).value.client_ids[0] for n in range(3)
    ]
    waiting = desk.do(add_client_with_case, person("Bo", "Li", Lifecycle.INACTIVE)).value
    desk.do(choose_active, [added[0], waiting.client_ids[0]])
    active = desk.ask(people.client_rows, TODAY, [Lifecycle.ACTIVE])
    assert {row.id for row in active} == {added[0], waiting.client_ids[0]}


def test_a_phone_number_finds_the_couple(desk: TestDesk) -> None:
    ana = NewClient(PersonName("Ana", "", "Li"), phones=(PhoneFields("7075550148"),))
    desk.do(add_couple, ana, person("Bo", "Kim"))
    (row,) = desk.ask(queries.case_rows, TODAY)
    assert (row.title, row.kind) == ("Li & Kim", CaseKind.COUPLE)
    assert "7075550148" in row.found_by


def test_others_see_the_people_of_their_own_cases(
    desk: TestDesk, couple: Added, owner_id: UUID
) -> None:
    def seen_by(member_id: UUID) -> tuple[int, int, int]:
        def read(session: Session, scope: Scope) -> tuple[int, int, int]:
            own = replace(scope, cases_of=member_id)
            rows = people.client_rows(session, own, TODAY)
            return len(rows), len(queries.cases(session, own)), len(people.names(session, own))

        return desk.ask(read)

    desk.do(add_client_with_case, person("Ada", "Lowry"), provider_id=owner_id)
    assert seen_by(owner_id) == (3, 2, 3)
    assert seen_by(uuid4()) == (0, 0, 0)


def test_imported_people_who_got_no_place_lose_the_mark_when_somebody_chose(
    desk: TestDesk, couple: Added
) -> None:
    desk.do(choose_active, [couple.client_ids[0]])
    active = desk.ask(people.client_rows, TODAY, [Lifecycle.ACTIVE])
    assert [row.id for row in active] == [couple.client_ids[0]]


def test_those_an_import_left_without_room_may_stay_so(desk: TestDesk, couple: Added) -> None:
    desk.do(make_inactive, couple.client_ids[0])
    desk.do(_leave_without_room, couple.client_ids[0])
    assert desk.ask(people.waiting_for_room) == 1
    desk.do(keep_who_is_active)
    assert desk.ask(people.waiting_for_room) == 0


@command(permission=Permission.IMPORT, label="Leave somebody without room")
def _leave_without_room(uow: UnitOfWork, client_id: UUID) -> None:
    uow.get(Client, client_id).awaits_place = True


def test_a_case_is_billed_to_a_contact_made_for_it(desk: TestDesk, couple: Added) -> None:
    trust = ContactFields("Bell Family Trust", is_organization=True, email="books@bell.example")
    contact_id = desk.do(add_billing_contact, couple.case_id, trust).value
    (payer,) = desk.ask(queries.case, couple.case_id).payers
    assert (payer.contact_id, payer.name, payer.share_percent) == (
        contact_id,
        "Bell Family Trust",
        100,
    )
    with pytest.raises(UserError) as refused:
        desk.do(add_billing_contact, couple.case_id, ContactFields(""))
    assert refused.value.field == "contact_name"
    assert len(desk.ask(people.contacts)) == 1
