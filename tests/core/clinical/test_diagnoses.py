"""Adding, ending and mending dated diagnoses in a real practice file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session as DbSession

from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.diagnoses import (
    add_diagnosis,
    end_diagnosis,
    make_valid_from,
    move_diagnosis,
    remove_diagnosis,
)
from app.core.clinical.queries import diagnoses as queries
from app.core.clinical.rules.codes import Standing
from app.core.clinical.rules.diagnoses import NewDiagnosis
from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotFound, UserError
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from tests.core.clinical.conftest import Session
from tests.support.practice import TestDesk

TODAY, MARCH, GOVERNED = date(2026, 11, 19), date(2026, 3, 3), date(2026, 5, 1)


def listed(desk: TestDesk, walter: Session, day: date = TODAY) -> list[str]:
    return [each.code for each in desk.ask(queries.diagnoses_on, walter.client_id, day)]


def test_a_diagnosis_is_worded_by_the_table(desk: TestDesk, walter: Session) -> None:
    desk.do(add_diagnosis, NewDiagnosis(walter.client_id, "f411", MARCH))
    (only,) = desk.ask(queries.diagnoses_of_client, walter.client_id)
    assert (only.code, only.description) == ("F41.1", "Generalized anxiety disorder")
    assert (only.valid_from, only.valid_to, only.table_release) == (MARCH, None, "April 2026")


def test_diagnoses_count_from_their_first_to_their_last_day(
    desk: TestDesk, walter: Session
) -> None:
    first = desk.do(add_diagnosis, NewDiagnosis(walter.client_id, "F41.1", MARCH)).value
    desk.do(add_diagnosis, NewDiagnosis(walter.client_id, "G47.00", date(2026, 8, 13)))
    desk.do(end_diagnosis, first, date(2026, 10, 31))
    assert listed(desk, walter, MARCH) == ["F41.1"]
    assert listed(desk, walter, date(2026, 9, 1)) == ["F41.1", "G47.00"]
    assert listed(desk, walter) == ["G47.00"]
    desk.do(end_diagnosis, first, None)
    assert listed(desk, walter) == ["F41.1", "G47.00"]


def test_a_code_that_the_governing_release_refuses_is_refused(
    desk: TestDesk, walter: Session
) -> None:
    for code, said in (("F43.8", "choose F43.81 or F43.89"), ("F99.9", "not in ICD-10-CM")):
        with pytest.raises(UserError, match=said) as refused:
            desk.do(add_diagnosis, NewDiagnosis(walter.client_id, code, GOVERNED))
        assert refused.value.field == "code"


def test_a_code_newer_than_the_table_is_taken_with_a_description(
    desk: TestDesk, walter: Session
) -> None:
    with pytest.raises(UserError, match="type its description"):
        desk.do(add_diagnosis, NewDiagnosis(walter.client_id, "F99.9", TODAY))
    desk.do(add_diagnosis, NewDiagnosis(walter.client_id, "F99.9", TODAY, description="Brand new"))
    (only,) = desk.ask(queries.diagnoses_of_client, walter.client_id)
    assert (only.description, only.table_release) == ("Brand new", "")


def test_nonsense_is_refused_at_its_field(desk: TestDesk, walter: Session) -> None:
    for new, field in (
        (NewDiagnosis(walter.client_id, "anxious", MARCH), "code"),
        (NewDiagnosis(walter.client_id, "F41.1", TODAY, MARCH), "valid_to"),
    ):
        with pytest.raises(UserError) as refused:
            desk.do(add_diagnosis, new)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        desk.do(add_diagnosis, NewDiagnosis(uuid4(), "F41.1", MARCH))


def test_a_diagnosis_of_a_case_is_of_somebody_in_it(desk: TestDesk, walter: Session) -> None:
    other = desk.do(add_client_with_case, NewClient(PersonName("Ada", "", "Lowry"))).value
    tied = NewDiagnosis(walter.client_id, "Z63.0", MARCH, case_id=walter.case_id)
    desk.do(add_diagnosis, tied)
    with pytest.raises(UserError) as refused:
        desk.do(add_diagnosis, replace(tied, case_id=other.case_id))
    assert refused.value.field == "case"
    (only,) = desk.ask(queries.diagnoses_on, walter.client_id, TODAY, walter.case_id)
    assert only.case_id == walter.case_id
    assert desk.ask(queries.diagnoses_on, walter.client_id, TODAY, other.case_id) == ()


def test_a_code_stands_once_a_day(desk: TestDesk, walter: Session) -> None:
    first = desk.do(add_diagnosis, NewDiagnosis(walter.client_id, "F41.1", MARCH, GOVERNED)).value
    with pytest.raises(UserError, match="already listed"):
        desk.do(add_diagnosis, NewDiagnosis(walter.client_id, "F41.1", GOVERNED))
    second = desk.do(add_diagnosis, NewDiagnosis(walter.client_id, "F41.1", TODAY)).value
    with pytest.raises(UserError, match="already listed"):
        desk.do(end_diagnosis, first, None)
    with pytest.raises(UserError, match="already listed"):
        desk.do(make_valid_from, second, MARCH)


def test_valid_from_this_session_and_back(desk: TestDesk, walter: Session) -> None:
    diagnosis_id = desk.do(add_diagnosis, NewDiagnosis(walter.client_id, "F41.1", TODAY)).value
    outcome = desk.do(make_valid_from, diagnosis_id, MARCH)
    assert outcome.value == MARCH
    assert listed(desk, walter, MARCH) == ["F41.1"]
    assert desk.do(make_valid_from, diagnosis_id, TODAY).value == MARCH
    assert outcome.undo is not None
    desk.undo(outcome.undo).result()
    assert listed(desk, walter, MARCH) == []


def test_the_principal_diagnosis_can_be_chosen_and_one_removed(
    desk: TestDesk, walter: Session
) -> None:
    ids = [
        desk.do(add_diagnosis, NewDiagnosis(walter.client_id, code, MARCH)).value
        for code in ("F41.1", "G47.00", "F32.A")
    ]
    desk.do(move_diagnosis, ids[2], 0)
    assert listed(desk, walter) == ["F32.A", "F41.1", "G47.00"]
    desk.do(remove_diagnosis, ids[0])
    assert listed(desk, walter) == ["F32.A", "G47.00"]


def test_many_clients_are_read_at_once(desk: TestDesk, walter: Session) -> None:
    desk.do(add_diagnosis, NewDiagnosis(walter.client_id, "F41.1", MARCH))
    stranger = uuid4()
    found = desk.ask(queries.diagnoses_of_clients, [walter.client_id, stranger])
    assert [each.code for each in found[walter.client_id]] == ["F41.1"]
    assert found[stranger] == ()


def test_another_providers_clients_are_out_of_sight(desk: TestDesk, walter: Session) -> None:
    desk.do(add_diagnosis, NewDiagnosis(walter.client_id, "F41.1", MARCH))

    def as_provider(session: DbSession, scope: Scope) -> None:
        other = uuid4()
        provider = Scope(scope.practice_id, other, note_text=True, cases_of=other)
        assert queries.diagnoses_of_client(session, provider, walter.client_id) == ()

    desk.ask(as_provider)


def test_the_table_answers_through_the_desk(desk: TestDesk) -> None:
    assert desk.ask(queries.find_codes, "anxiety", TODAY)[0].code == "F41.1"
    assert desk.ask(queries.check_code_on, "F42", GOVERNED).standing is Standing.HAS_CHILDREN
