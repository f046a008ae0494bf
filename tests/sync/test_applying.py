"""Confirmed changes in a real encrypted file: applied once, over nothing that is pending."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.notes import (
    NewNote,
    discard_draft,
    save_draft,
    sign_note,
    start_note,
)
from app.core.clinical.rules.notes import NoteFormat
from app.core.kernel.acting import Scope
from app.core.kernel.changes import Changes
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client, change_name
from app.core.people.rules import Lifecycle, NewClient
from app.core.people.tables import Client
from app.core.tasks.queries.search import search
from app.sync.applying import Incoming
from app.sync.deferring import SOON, take_out
from app.sync.file import LocalFile, Slice
from app.sync.forms import forms, full_rows
from app.sync.outbox import OpState
from app.sync.puller import try_again
from tests.support.practice import TestDesk

WALTER = PersonName(given="Walter", family="Strand")


def client_columns(**columns: Any) -> dict[str, Any]:
    return {"legal_given": "Ada", "legal_family": "Byron", "lifecycle": "PROSPECT", **columns}


def apply(file: LocalFile, *coming: Incoming, **how: bool) -> None:
    def run(part: Slice) -> None:
        part.told(part.applier().apply(coming, **how))

    file.slice(run)


def incoming(seq: int, pk: UUID, operation: bytes = b"", **columns: Any) -> Incoming:
    return Incoming(seq, "client", pk, columns, operation)


def the_client(desk: TestDesk, pk: UUID) -> Any:
    def query(session: Session, _scope: Scope) -> Any:
        table = Client.__table__
        return session.execute(select(table).where(table.c.id == pk)).mappings().one_or_none()

    return desk.ask(query)


def operations(file: LocalFile) -> list[bytes]:
    return file.slice(lambda part: [each.op_id for each in part.outbox])


def sent_already(file: LocalFile) -> None:
    """Take the set-up's own operations out, as if their echoes had come."""
    file.slice(lambda part: part.outbox.remove(part.connection, list(part.outbox)))


@pytest.fixture
def walter(desk: TestDesk, file: LocalFile) -> UUID:
    """A client of the file whose row the server confirmed as version 5."""
    pk = desk.do(add_client, NewClient(WALTER)).value
    for operation in operations(file):
        apply(file, incoming(5, pk, operation))
    apply(file, incoming(5, pk), anew=True)
    return pk


def test_every_column_survives_the_way_out_and_back(desk: TestDesk, file: LocalFile) -> None:
    def rows(part: Slice) -> list[tuple[str, Any, int, dict[str, Any]]]:
        return [
            (form.entity, *row)
            for form in forms()
            for row in full_rows(part.connection, form, "1 = 1", ())
        ]

    before = file.slice(rows)
    assert len(before) > 5
    again = [Incoming(9, entity, UUID(bytes=pk), said) for entity, pk, _, said in before]
    apply(file, *again)
    assert [(e, pk, said) for e, pk, _, said in file.slice(rows)] == [
        (e, pk, said) for e, pk, _, said in before
    ]


def test_a_new_row_is_seen_found_and_told(desk: TestDesk, file: LocalFile) -> None:
    told: list[Changes] = []
    desk.listen(told.append)
    pk = uuid4()
    apply(file, Incoming(7, "client", pk, client_columns()))
    assert the_client(desk, pk)["row_seq"] == 7
    assert [hit.id for hit in desk.ask(search, "ada byr", desk.clock.now())] == [pk]
    assert told[-1] == Changes(frozenset({"people"}), frozenset({pk}))


def test_a_change_of_a_row_that_came_into_view_waits_for_the_row(
    desk: TestDesk, file: LocalFile
) -> None:
    """Filled up with defaults it would look whole, and the row itself would be passed over."""
    pk = uuid4()
    apply(file, Incoming(7, "client", pk, {"legal_given": "Ada"}, makes=False))
    assert the_client(desk, pk) is None
    apply(file, Incoming(7, "client", pk, client_columns(legal_family="Lovelace")))
    assert the_client(desk, pk)["legal_family"] == "Lovelace"
    file.slice(try_again)
    row = the_client(desk, pk)
    assert (row["legal_given"], row["legal_family"]) == ("Ada", "Lovelace")


def test_two_changes_of_a_row_in_one_change_set_both_count(
    desk: TestDesk, file: LocalFile, walter: UUID
) -> None:
    """All rows of a change set have its last seq: the second one is not one that had come."""
    apply(file, incoming(9, walter, legal_given="First"), incoming(9, walter, notes="Second"))
    row = the_client(desk, walter)
    assert (row["legal_given"], row["notes"], row["row_seq"]) == ("First", "Second", 9)
    apply(file, incoming(9, walter, legal_given="Come again"))
    assert the_client(desk, walter)["legal_given"] == "First"


def test_it_writes_no_outbox_and_no_audit(file: LocalFile) -> None:
    sent_already(file)
    apply(file, Incoming(7, "client", uuid4(), client_columns()))
    assert operations(file) == []


def test_an_entry_applies_once(desk: TestDesk, file: LocalFile, walter: UUID) -> None:
    apply(file, incoming(8, walter, legal_given="Wally"))
    apply(file, incoming(7, walter, legal_given="Old"), incoming(8, walter, legal_given="Again"))
    assert the_client(desk, walter)["legal_given"] == "Wally"


def test_what_is_pending_stays_in_sight_and_what_was_confirmed_waits(
    desk: TestDesk, file: LocalFile, walter: UUID
) -> None:
    desk.do(change_name, walter, PersonName(given="Walt", family="Strand"))
    apply(file, incoming(8, walter, legal_given="Theirs", birth_date="1980-02-29"))
    row = the_client(desk, walter)
    assert (row["legal_given"], str(row["birth_date"])) == ("Walt", "1980-02-29")


def test_a_change_that_won_stays_when_its_echo_comes(
    desk: TestDesk, file: LocalFile, walter: UUID
) -> None:
    desk.do(change_name, walter, PersonName(given="Walt", family="Strand"))
    apply(file, incoming(8, walter, legal_given="Theirs"))
    (mine,) = operations(file)
    apply(file, incoming(9, walter, mine, legal_given="Walt"))
    assert the_client(desk, walter)["legal_given"] == "Walt"
    assert operations(file) == []
    assert file.slice(lambda part: part.connection.execute("SELECT * FROM shadow").fetchall()) == []


def test_a_change_that_lost_makes_way_for_what_waited(
    desk: TestDesk, file: LocalFile, walter: UUID
) -> None:
    desk.do(change_name, walter, PersonName(given="Walt", family="Strand"))
    apply(file, incoming(8, walter, legal_given="Theirs"))
    (mine,) = operations(file)
    assert the_client(desk, walter)["legal_given"] == "Walt"
    apply(file, incoming(9, walter, mine))
    assert the_client(desk, walter)["legal_given"] == "Theirs"


def test_a_change_that_lost_to_nothing_seen_falls_back_to_what_was(
    desk: TestDesk, file: LocalFile, walter: UUID
) -> None:
    desk.do(change_name, walter, PersonName(given="Walt", family="Strand"))
    (mine,) = operations(file)
    apply(file, incoming(9, walter, mine))
    assert the_client(desk, walter)["legal_given"] == "Walter"


def test_a_later_own_change_stays_while_an_earlier_one_loses(
    desk: TestDesk, file: LocalFile, walter: UUID
) -> None:
    desk.do(change_name, walter, PersonName(given="One", family="Strand"))
    desk.do(change_name, walter, PersonName(given="Two", family="Strand"))
    first, second = operations(file)
    apply(file, incoming(8, walter, legal_given="Theirs"), incoming(9, walter, first))
    assert the_client(desk, walter)["legal_given"] == "Two"
    apply(file, incoming(10, walter, second))
    assert the_client(desk, walter)["legal_given"] == "Theirs"


def test_acknowledged_is_not_echoed(desk: TestDesk, file: LocalFile, walter: UUID) -> None:
    desk.do(change_name, walter, PersonName(given="Walt", family="Strand"))
    file.slice(lambda part: part.outbox.mark(part.connection, part.outbox, OpState.ACKED))
    apply(file, incoming(8, walter, legal_given="Theirs"))
    assert the_client(desk, walter)["legal_given"] == "Walt"


def a_note(desk: TestDesk) -> UUID:
    case_id = desk.do(add_client_with_case, NewClient(WALTER)).value.case_id
    note_id = desk.do(start_note, NewNote(case_id, date(2026, 11, 19))).value
    desk.do(save_draft, note_id, NoteFormat.SOAP, {"plan": "mine"})
    return note_id


def plan(file: LocalFile) -> Any:
    found = file.slice(lambda part: part.connection.execute("SELECT sections FROM note").fetchone())
    return found[0]


def test_what_an_editor_holds_is_not_replaced_until_it_lets_go(
    desk: TestDesk, file: LocalFile
) -> None:
    note = a_note(desk)
    sent_already(file)
    desk.hold(note)
    apply(file, Incoming(6, "note", note, {"sections": {"plan": "theirs"}, "revision": 2}))
    assert plan(file) == '{"plan":"mine"}'
    desk.release(note)
    file.slice(lambda part: part.told(part.applier().uncover([("note", note.bytes)])))
    assert plan(file) == '{"plan":"theirs"}'


def test_what_was_typed_unseen_is_told_from_what_was_seen(desk: TestDesk, file: LocalFile) -> None:
    note = a_note(desk)
    sent_already(file)
    desk.hold(note)
    apply(file, Incoming(6, "note", note, {"sections": {"plan": "theirs"}}))
    desk.do(save_draft, note, NoteFormat.SOAP, {"plan": "mine, going on"})
    assert bases(file, note) == [({"sections", "format", "revision"}, 0)]


def bases(file: LocalFile, pk: UUID) -> list[tuple[set[str], int]]:
    """Return the columns and the base of each pending operation of a row."""
    found = file.slice(
        lambda part: part.connection.execute(
            "SELECT columns, base_seq FROM outbox WHERE pk = ? ORDER BY lsn", (pk.bytes,)
        ).fetchall()
    )
    return [(set(json.loads(columns)), base) for columns, base in found]


def test_under_a_pending_change_its_base_is_inherited(
    desk: TestDesk, file: LocalFile, walter: UUID
) -> None:
    """Rule 1 of 0022: what was confirmed since lies hidden below, unseen."""
    desk.do(change_name, walter, PersonName(given="Wally", family="Strand"))
    apply(file, incoming(7, walter, legal_given="Wat"))
    desk.do(change_name, walter, PersonName(given="Wallace", family="Strand"))
    assert bases(file, walter) == [({"legal_given"}, 5), ({"legal_given"}, 5)]


@pytest.mark.parametrize(("stands", "base"), [("Wally", 8), ("Wat", 5)])
def test_what_goes_on_from_an_own_change_saw_its_echo_only_where_that_one_stands(
    desk: TestDesk, file: LocalFile, walter: UUID, stands: str, base: int
) -> None:
    """An echo may say what holds instead: of that the person has seen nothing yet."""
    for given in ("Wally", "Wallace"):
        desk.do(change_name, walter, PersonName(given=given, family="Strand"))
    apply(file, incoming(8, walter, operations(file)[0], legal_given=stands))
    assert bases(file, walter) == [({"legal_given"}, base)]


def test_a_save_over_different_bases_goes_as_one_operation_for_each(
    desk: TestDesk, file: LocalFile, walter: UUID
) -> None:
    desk.do(change_name, walter, PersonName(given="Wally", family="Strand"))
    apply(file, incoming(7, walter, legal_given="Wat", legal_family="Stranded"))
    desk.do(change_name, walter, PersonName(given="Wallace", family="Stroud"))
    desk.do(change_name, walter, PersonName(given="Wallace", family="Strut"))
    assert bases(file, walter) == [
        ({"legal_given"}, 5),
        ({"legal_given"}, 5),
        ({"legal_family"}, 7),
        ({"legal_family"}, 7),
    ]
    sets = file.slice(lambda part: [each.change_set for each in part.outbox])
    assert sets[1] == sets[2] != sets[3]
    assert len(set(operations(file))) == 4


def test_a_delete_goes_on_from_the_oldest_version_of_its_row(
    desk: TestDesk, file: LocalFile
) -> None:
    note = a_note(desk)
    sent_already(file)
    apply(file, Incoming(5, "note", note, {}))
    desk.do(save_draft, note, NoteFormat.SOAP, {"plan": "mine, going on"})
    apply(file, Incoming(7, "note", note, {"sections": {"plan": "theirs"}}))
    desk.do(discard_draft, note)
    assert bases(file, note)[-1] == ({"deleted_at"}, 5)


def test_what_builds_on_an_own_change_goes_on_from_its_echo(
    desk: TestDesk, file: LocalFile, walter: UUID
) -> None:
    """Rule 3 of 0022: where the echo won; where it lost, the base stays behind."""
    desk.do(change_name, walter, PersonName(given="Wally", family="Strand"))
    desk.do(change_name, walter, PersonName(given="Wallace", family="Strand"))
    desk.do(change_name, walter, PersonName(given="Wallace", family="Stroud"))
    first = operations(file)[0]
    apply(file, incoming(8, walter, first, legal_given="Wally"))
    assert bases(file, walter) == [({"legal_given"}, 8), ({"legal_family"}, 5)]
    second = operations(file)[0]
    desk.do(change_name, walter, PersonName(given="Walt", family="Stroud"))
    apply(file, incoming(9, walter, second))
    assert bases(file, walter) == [({"legal_family"}, 5), ({"legal_given"}, 8)]


def test_a_signature_that_the_server_took_replaces_ones_own(
    desk: TestDesk, file: LocalFile
) -> None:
    """Triggers keep a signed row from commands, not from what the server confirmed."""
    note = a_note(desk)
    kept = desk.do(save_draft, note, NoteFormat.SOAP, {"plan": "mine!"}).value
    desk.do(sign_note, note, kept.hash)
    sent_already(file)
    apply(file, Incoming(6, "note", note, {"sections": {"plan": "theirs"}, "signed_hash": "ab"}))
    assert plan(file) == '{"plan":"theirs"}'


def test_what_this_version_does_not_know_is_kept_aside_and_clears_nothing(
    desk: TestDesk, file: LocalFile, walter: UUID
) -> None:
    apply(
        file,
        incoming(8, walter, legal_given="Wally", shoe_size=44),
        Incoming(9, "shoe", uuid4(), {"size": 44}),
        incoming(10, walter, lifecycle="ASTRONAUT", legal_family="Beach"),
    )
    row = the_client(desk, walter)
    assert (row["legal_given"], row["legal_family"]) == ("Wally", "Beach")
    assert row["lifecycle"] is Lifecycle.PROSPECT
    kept = file.slice(
        lambda part: take_out(part.connection, ("column", "value", "entity"), ("client", "shoe"))
    )
    assert [(each.seq, each.columns, each.reason) for each in kept] == [
        (8, {"shoe_size": 44}, "column"),
        (9, {"size": 44}, "entity"),
        (10, {"lifecycle": "ASTRONAUT"}, "value"),
    ]


@pytest.mark.parametrize(
    "bad",
    [
        {"birth_date": "yesterday"},
        {"legal_given": 5},
        {"legal_given": "a\0b"},
        {"legal_given": None},
        {"legal_given": "\ud800"},
        {"import_id": "zz"},
        {"birth_date": ["2026"]},
    ],
)
def test_a_value_that_no_column_can_hold_harms_nothing(
    desk: TestDesk, file: LocalFile, walter: UUID, bad: dict[str, Any]
) -> None:
    before = the_client(desk, walter)
    apply(file, Incoming(8, "client", walter, bad))
    assert {**the_client(desk, walter), "row_seq": 5} == dict(before)


def test_a_child_before_its_parent_waits_for_it(
    desk: TestDesk, file: LocalFile, walter: UUID
) -> None:
    parent = uuid4()
    child = Incoming(
        8, "client_email", uuid4(), {"client_id": parent.hex, "address": "ada@byron.example"}
    )
    with pytest.raises(IntegrityError):
        apply(file, child)
    apply(file, child, careful=True)
    assert file.deferrals.soon == 1
    apply(file, Incoming(9, "client", parent, client_columns()))

    def retry(part: Slice) -> int:
        again = take_out(part.connection, SOON, ("client_email",))
        part.applier().apply(
            [Incoming(e.seq, e.entity, UUID(bytes=e.pk), e.columns) for e in again],
            anew=True,
            careful=True,
        )
        return len(again)

    assert file.slice(retry) == 1
    assert file.slice(
        lambda part: part.connection.execute("SELECT address FROM client_email").fetchall()
    ) == [("ada@byron.example",)]
