"""The search index: what was just saved is found, however far the index has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import bootstrap
from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.notes import NewNote, save_draft, start_note
from app.core.clinical.rules.notes import NoteFormat
from app.core.clinical.tables import Note
from app.core.kernel.acting import Permission, Scope
from app.core.kernel.changes import Changes
from app.core.kernel.text import PersonName
from app.core.people.commands import add_contact
from app.core.people.rules import ContactFields, NewClient
from app.core.store.command import command
from app.core.store.ports import Found, RowChange, ports_of
from app.core.store.unit import UnitOfWork
from app.core.tasks.queries.search import UNREAD, search
from app.core.vault.desk import VaultDesk
from app.core.vault.search import MOST_WAITING, FullText
from app.core.vault.tables import SearchRow, SearchWaiting
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE, TestDesk

Writing = Callable[[str], UUID]


def found(session: Session, _scope: Scope, words: str) -> list[Found]:
    return ports_of(session).search.find(session, words, body=True, limit=6)


def waiting(session: Session, _scope: Scope) -> int:
    return session.scalar(select(func.count()).select_from(SearchWaiting)) or 0


def wrong(session: Session, _scope: Scope) -> int:
    return FullText().missing(session)


@command(permission=Permission.WRITE_NOTES, label="Delete notes")
def delete_notes(uow: UnitOfWork) -> None:
    for note in uow.session.scalars(select(Note)):
        uow.delete(note)


@command(permission=Permission.WRITE_NOTES, label="Add notes")
def add_notes(uow: UnitOfWork, case_id: UUID, count: int) -> None:
    row = {
        "case_id": case_id,
        "author_id": uow.actor.member_id,
        "kind": "CONTACT",
        "format": "PLAIN",
        "held_on": date(2026, 11, 2),
        "sections": {"text": "pumpernickel"},
    }
    uow.insert_many(Note, [dict(row) for _ in range(count)])


@pytest.fixture
def case_id(desk: TestDesk) -> UUID:
    client = NewClient(PersonName("Ann", "", "Example"))
    return desk.do(add_client_with_case, client).value.case_id


@pytest.fixture
def write(desk: TestDesk, case_id: UUID) -> Writing:
    """Writes a new note."""

    def new(text: str) -> UUID:
        note_id = desk.do(start_note, NewNote(case_id, date(2026, 11, 2))).value
        type_into(desk, note_id, text)
        return note_id

    return new


def type_into(desk: VaultDesk, note_id: UUID, text: str) -> None:
    desk.do(save_draft, note_id, NoteFormat.PLAIN, {"text": text})


def test_of_very_many_names_the_latest_come_first(desk: TestDesk) -> None:
    best, other, latest = (
        desk.do(add_contact, ContactFields(name)).value
        for name in ("Ash", "Ash of the Long Name", "Ash and All of the Other Names")
    )

    def names(session: Session, _scope: Scope, most_ranked: int) -> list[UUID]:
        index = FullText(most_ranked)
        return [each.id for each in index.find(session, "ash", body=False, limit=6)]

    assert desk.ask(names, 3) == [best, other, latest]
    assert desk.ask(names, 2) == [latest, other, best]


def test_a_draft_is_found_as_soon_as_it_is_kept(desk: TestDesk, write: Writing) -> None:
    note_id = write("Slept badly since the Über-\u00c9tude")
    assert desk.ask(waiting) == 1
    for typed in ("slept", "SLE bad", "uber", "etu", "since the b"):
        assert desk.ask(found, typed) == [Found("note", note_id)], typed
    for typed in ("lept", "slept well", ""):
        assert desk.ask(found, typed) == [], typed


def test_words_taken_out_of_a_draft_are_found_no_more(desk: TestDesk, write: Writing) -> None:
    note_id = write("porcupine")
    desk.do(add_contact, ContactFields("Somebody"))
    assert desk.ask(waiting) == 0
    type_into(desk, note_id, "hedgehog")
    assert desk.ask(waiting) == 1
    assert desk.ask(found, "porcupine") == []
    assert desk.ask(found, "hedgehog") == [Found("note", note_id)]


def test_the_next_record_brings_the_index_along(desk: TestDesk, write: Writing) -> None:
    first = write("alpha meadow")
    second = write("beta meadow")
    assert desk.ask(waiting) == 1
    assert desk.ask(found, "alpha") == [Found("note", first)]
    assert desk.ask(found, "meadow") == [Found("note", second), Found("note", first)]
    assert desk.ask(wrong) == 0


def test_typing_on_writes_nothing_to_the_index(desk: TestDesk, write: Writing) -> None:
    def indexed(session: Session, _scope: Scope) -> list[UUID]:
        return list(session.scalars(select(SearchRow.pk).where(SearchRow.entity == "note")))

    note_id = write("one")
    for text in ("one two", "one two three"):
        type_into(desk, note_id, text)
    assert desk.ask(indexed) == []
    assert desk.ask(waiting) == 1
    assert desk.ask(found, "three") == [Found("note", note_id)]


def test_what_waits_outlives_the_program(practice_folder: Path) -> None:
    def opened() -> bootstrap.OpenPractice:
        keys = bootstrap.unlock(practice_folder, passphrase=PASSPHRASE)
        return bootstrap.open_practice(practice_folder, keys, StillClock())

    practice = opened()
    client = NewClient(PersonName("Ann", "", "Example"))
    case_id = practice.desk.do(add_client_with_case, client).value.case_id
    note_id = practice.desk.do(start_note, NewNote(case_id, date(2026, 11, 2))).value
    type_into(practice.desk, note_id, "marmalade")
    practice.close()

    practice = opened()
    assert practice.desk.ask(found, "marm") == [Found("note", note_id)]
    assert all(not finding.problems for finding in practice.verify())
    practice.desk.do(add_contact, ContactFields("Somebody"))
    assert practice.desk.ask(waiting) == 0
    assert practice.desk.ask(found, "marm") == [Found("note", note_id)]
    practice.close()


def test_a_deleted_note_is_found_no_more(desk: TestDesk, write: Writing) -> None:
    write("porcupine")
    desk.do(add_contact, ContactFields("Somebody"))
    desk.do(delete_notes)
    assert desk.ask(found, "porcupine") == []
    desk.do(add_contact, ContactFields("Else"))
    assert desk.ask(found, "porcupine") == []
    assert desk.ask(wrong) == 0


def test_many_texts_of_one_act_do_not_wait(desk: TestDesk, case_id: UUID) -> None:
    desk.do(add_notes, case_id, 50)
    assert desk.ask(waiting) == 0
    assert len(desk.ask(found, "pumpernickel")) == 6
    assert desk.ask(wrong) == 0


def test_verify_notices_a_row_that_neither_waits_nor_is_indexed(
    desk: TestDesk, write: Writing
) -> None:
    @command(permission=Permission.WRITE_NOTES, label="Forget")
    def forget(uow: UnitOfWork) -> None:
        uow.session.connection().exec_driver_sql("DELETE FROM search_waiting")

    write("porcupine")
    desk.do(forget)
    assert desk.ask(wrong) == 1


def in_slice(desk: TestDesk, act: Callable[[Session], object]) -> None:
    """Do something as a slice of sync does it."""
    desk.confirm(lambda session: (act(session), Changes())).result()


@pytest.fixture
def many(desk: TestDesk, case_id: UUID, monkeypatch: pytest.MonkeyPatch) -> int:
    """Notes that the account sent at once: they wait, and a search reads only some of them."""
    monkeypatch.setattr("app.core.vault.search.MOST_READ", 20)
    desk.do(add_notes, case_id, 40)

    def came(session: Session) -> None:
        ids = session.scalars(select(Note.id)).all()
        rows = [RowChange("note", each, False, {}, {"sections": {}}) for each in ids]
        FullText().update(session, rows, later=True)

    in_slice(desk, came)
    return 40


def test_what_came_by_the_hundred_waits_for_its_turns(desk: TestDesk, many: int) -> None:
    def behind(session: Session, _scope: Scope) -> bool:
        return FullText().behind(session)

    assert desk.ask(waiting) == many
    assert desk.ask(wrong) == 0
    left = []
    while desk.ask(behind):
        in_slice(desk, lambda session: FullText().catch_up(session, 15))
        left.append(desk.ask(waiting))
    assert left == [25, 10, 0]
    assert desk.ask(wrong) == 0
    assert len(desk.ask(found, "pumpernickel")) == 6


def test_of_long_texts_fewer_are_indexed_in_a_turn(desk: TestDesk, many: int) -> None:
    in_slice(desk, lambda session: FullText().catch_up(session, many, 1))
    assert 0 < desk.ask(waiting) < many


def test_a_search_says_what_it_does_not_find_yet(desk: TestDesk, many: int) -> None:
    def said(session: Session, scope: Scope) -> list[str]:
        hits = search(session, scope, "pumper", desk.clock.now())
        assert len([hit for hit in hits if hit.kind == "note"]) == 6
        return [hit.detail for hit in hits if hit.kind == UNREAD]

    assert desk.ask(said) == [f"{many - 20} texts are still being indexed"]
    in_slice(desk, lambda session: FullText().catch_up(session, many - 20))
    assert desk.ask(said) == []


def test_a_save_takes_only_a_few_of_them_along(desk: TestDesk, many: int) -> None:
    desk.do(add_contact, ContactFields("Somebody"))
    assert desk.ask(waiting) == many - MOST_WAITING


def test_of_a_purged_note_no_word_stays(desk: TestDesk, write: Writing) -> None:
    def indexed(session: Session, _scope: Scope) -> int:
        return session.scalar(select(func.count()).where(SearchRow.entity == "note")) or 0

    def purge(session: Session) -> None:
        session.connection().exec_driver_sql("DELETE FROM note WHERE id = ?", (note_id.bytes,))
        FullText().update(session, [RowChange("note", note_id, True, {}, {})], later=True)

    note_id = write("porcupine")
    desk.do(add_contact, ContactFields("Somebody"))
    assert desk.ask(indexed) == 1
    in_slice(desk, purge)
    assert (desk.ask(indexed), desk.ask(waiting), desk.ask(wrong)) == (0, 0, 0)
