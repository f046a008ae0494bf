"""What an owner, a provider, an associate and an admin find and read of the same practice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest

from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.notes import NewNote, save_draft, sign_note, start_note
from app.core.clinical.queries.notes import note, notes_of_case
from app.core.clinical.rules.notes import NoteFormat
from app.core.kernel.acting import Actor, Role, member_actor
from app.core.kernel.errors import NotAllowed, NotFound
from app.core.kernel.ids import new_id
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.practice.commands import add_service
from app.core.practice.rules.catalogue import ServiceFields
from app.core.tasks.queries.search import search
from app.core.team.commands import change_setting
from tests.support.practice import TestDesk

TODAY = date(2026, 11, 19)


@dataclass(frozen=True, slots=True)
class Signed:
    """A case of one clinician, with a signed note."""

    case_id: UUID
    note_id: UUID


@pytest.fixture
def signed(desk: TestDesk) -> Signed:
    """A note of the owner's in which a word stands that nothing else has."""
    new = NewClient(PersonName("Ingrid", "", "Vasquez"))
    case_id = desk.do(add_client_with_case, new).value.case_id
    note_id = desk.do(start_note, NewNote(case_id, TODAY, format=NoteFormat.PLAIN)).value
    kept = desk.do(save_draft, note_id, NoteFormat.PLAIN, {"text": "Dreams of lighthouses."}).value
    desk.do(sign_note, note_id, kept.hash)
    return Signed(case_id, note_id)


def as_role(desk: TestDesk, role: Role, member_id: UUID | None = None) -> Actor:
    """Let another member sit at the desk."""
    actor = member_actor(desk.actor.practice_id, member_id or new_id(1), role)
    desk.actor, desk._scope = actor, actor.scope()
    return actor


def finds(desk: TestDesk, words: str) -> set[str]:
    """Return the kinds of what the search box finds."""
    now = desk.clock.now()
    return {hit.kind for hit in desk.ask(search, words, now)}


def test_the_owner_finds_and_reads_the_note(desk: TestDesk, signed: Signed) -> None:
    assert "note" in finds(desk, "lighthouses")
    assert desk.ask(note, signed.note_id).sections


def test_an_admin_finds_no_word_of_a_note_and_reads_none(desk: TestDesk, signed: Signed) -> None:
    as_role(desk, Role.ADMIN)
    assert finds(desk, "lighthouses") == set()
    assert "client" in finds(desk, "Vasquez")
    with pytest.raises(NotAllowed):
        desk.ask(note, signed.note_id)
    with pytest.raises(NotAllowed):
        desk.do(start_note, NewNote(signed.case_id, TODAY))


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.ASSOCIATE])
def test_a_clinician_reads_nothing_of_others_cases(
    desk: TestDesk, signed: Signed, role: Role
) -> None:
    as_role(desk, role)
    assert "note" not in finds(desk, "lighthouses")
    assert desk.ask(notes_of_case, signed.case_id) == []
    with pytest.raises(NotFound):
        desk.ask(note, signed.note_id)
    with pytest.raises(NotFound):
        desk.do(start_note, NewNote(signed.case_id, TODAY))


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.ASSOCIATE])
def test_a_clinician_reads_their_own_case(
    desk: TestDesk, signed: Signed, owner_id: UUID, role: Role
) -> None:
    as_role(desk, role, owner_id)
    assert "note" in finds(desk, "lighthouses")
    assert desk.ask(note, signed.note_id).sections


def test_an_admin_runs_the_practice_and_does_not_own_it(desk: TestDesk) -> None:
    as_role(desk, Role.ADMIN)
    desk.do(add_service, ServiceFields("Couple", "0002Z", 50, Money(200_00)))
    with pytest.raises(NotAllowed):
        desk.do(change_setting, "practice.legal_name", "Somebody Else, PC")


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.ASSOCIATE])
def test_a_clinician_leaves_the_practices_settings_alone(desk: TestDesk, role: Role) -> None:
    as_role(desk, role)
    with pytest.raises(NotAllowed):
        desk.do(add_service, ServiceFields("Couple", "0002Z", 50, Money(200_00)))
    with pytest.raises(NotAllowed):
        desk.do(change_setting, "practice.legal_name", "Somebody Else, PC")
