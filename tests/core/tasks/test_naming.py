"""How rows are called that a person is told of by their table and id."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.cases.commands import add_client_with_case
from app.core.cases.tables import CaseParticipant
from app.core.clinical.commands.notes import NewNote, start_note
from app.core.kernel.acting import Scope
from app.core.kernel.phrases import date_words
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.tasks.queries.naming import Named, named_rows
from tests.support.practice import TestDesk


def _inside(session: Session, _scope: Scope) -> tuple[UUID, UUID]:
    row = session.scalars(select(CaseParticipant)).one()
    return row.id, row.client_id


def test_a_row_is_called_by_its_record_and_a_part_by_what_it_belongs_to(desk: TestDesk) -> None:
    new = NewClient(PersonName("Walter", "", "Strand"))
    case = desk.do(add_client_with_case, new).value.case_id
    day = desk.clock.now().date()
    note = desk.do(start_note, NewNote(case, day)).value
    (inside, walter), gone = desk.ask(_inside), uuid4()
    rows = [
        ("note", note),
        ("client", walter),
        ("case_participant", inside),
        ("care_case", case),
        ("client", gone),
        ("office_hours", gone),
    ]
    assert desk.ask(named_rows, rows, desk.clock.now()) == [
        Named(f"Note of {date_words(day)}, Walter Strand, draft", ("note", note)),
        Named("Walter Strand, client", ("client", walter)),
        Named("Walter Strand, participant", ("case", case)),
        Named("Walter Strand, case", ("case", case)),
        Named("Client"),
        Named("Office hours"),
    ]
