"""Removals that a person must agree to, refused work with its children, and crashes anywhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.billing.invoices.rules import InvoiceOrder
from app.core.cases.commands import add_client_with_case
from app.core.journeys.invoices import create_invoice
from app.core.kernel.acting import Permission
from app.core.kernel.syncing import SyncState
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client, change_name
from app.core.people.rules import NewClient
from app.core.people.tables import Client
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.sync.engine import Did
from app.sync.forms import form_of
from app.sync.guard import FEW, MOST_ROWS
from app.sync.outbox import OpState
from app.sync.protocol.messages import Page, Pushed
from app.sync.protocol.records import Answer
from app.sync.protocol.terms import Refusal, Verb, Verdict
from app.sync.transport import Trouble, Unreachable
from hosted.store.engine import For
from hosted.sync import numbers
from hosted.sync.book import open_book
from hosted.sync.purging import purge
from tests.sync.test_two_computers import draft, person, write
from tests.sync.worlds import Desktop, assert_same, settle

WALTER = PersonName(given="Walter", family="Strand")


@command(permission=Permission.EDIT_CLIENTS, label="Delete clients", undo=True)
def delete_clients(uow: UnitOfWork, ids: list[UUID]) -> None:
    """Delete clients softly, all in one act."""
    for client_id in ids:
        uow.delete(uow.get(Client, client_id))


def clients(desktop: Desktop, count: int) -> list[UUID]:
    return [desktop.desk.do(add_client, NewClient(WALTER)).value for _ in range(count)]


def live(desktop: Desktop) -> int:
    return sum(
        e == "client" and said["deleted_at"] is None for (e, _), said in desktop.rows().items()
    )


@pytest.mark.parametrize(
    ("there", "removed", "asks"),
    [
        (100, MOST_ROWS + 1, True),
        (100, 5, False),
        (40, FEW + 1, True),
        (10, FEW, False),
    ],
)
def test_a_pull_that_removes_much_waits_for_a_yes(
    office: Desktop, laptop: Desktop, there: int, removed: int, asks: bool
) -> None:
    made = clients(office, there)
    settle(office, laptop)
    office.desk.do(delete_clients, made[:removed])
    office.sync()
    did = laptop.sync()
    if not asks:
        assert did is Did.QUIET
        assert live(laptop) == there - removed
        return
    assert did is Did.ASKS
    assert live(laptop) == there
    now = laptop.status()
    assert (now.state, now.asks) == (SyncState.NEEDS_YOU, 1)
    assert f"remove {removed} records" in now.trouble
    laptop.desk.do(add_client, NewClient(WALTER))
    laptop.sync()
    assert laptop.waiting() in ([OpState.ACKED] * len(laptop.waiting()), [])
    laptop.engine.accept_removal()
    settle(laptop, office)
    assert live(laptop) == there - removed + 1
    assert_same(office, laptop)


@pytest.mark.parametrize("way", ["from the start", "compared"])
def test_what_comes_otherwise_than_by_the_log_waits_for_a_yes_as_well(
    office: Desktop, laptop: Desktop, way: str
) -> None:
    made = clients(office, 40)
    settle(office, laptop)
    office.desk.do(delete_clients, made[:30])
    office.sync()
    if way == "compared":
        assert laptop.sync() is Did.ASKS
        laptop.engine.accept_removal()
        settle(laptop)
    spoil = {
        "from the start": "UPDATE sync_link SET cursor = 'of-another-practice'",
        "compared": "UPDATE client SET deleted_at = NULL",
    }
    laptop.file.slice(lambda part: part.connection.execute(spoil[way]))
    laptop.restart()
    assert laptop.sync() is Did.ASKS
    assert live(laptop) == 40
    now = laptop.status()
    assert (now.state, now.removal) == (SyncState.NEEDS_YOU, (("client", 30),))
    laptop.engine.accept_removal()
    settle(laptop, office)
    assert live(laptop) == 10
    assert laptop.status().state is SyncState.SYNCED
    assert_same(office, laptop)


@pytest.mark.parametrize("lost", ["the cursor", "nothing"])
def test_who_begins_from_the_start_loses_what_was_purged_meanwhile(
    office: Desktop, laptop: Desktop, lost: str
) -> None:
    walter = person(office)
    draft(office, walter.case_id, "MARKER-PURGED")
    settle(office, laptop)
    hosted = office.hosted
    purge(
        hosted.database, office.desk.actor.practice_id,
        with_all_on_it(office, "care_case", walter.case_id),
        ordered_by="Dana", reason="asked", now=hosted.clock.now(),
    )  # fmt: skip
    if lost == "the cursor":
        laptop.file.slice(
            lambda part: part.connection.execute("UPDATE sync_link SET cursor = 'of-another'")
        )
        laptop.restart()
    settle(office, laptop)
    assert ("care_case", walter.case_id.hex) not in laptop.rows()
    assert "MARKER-PURGED" not in str(laptop.rows())
    assert laptop.waiting() == []
    assert_same(office, laptop)


def test_ones_own_deletes_are_not_asked_about_again(office: Desktop, laptop: Desktop) -> None:
    made = clients(office, 30)
    settle(office, laptop)
    office.desk.do(delete_clients, made)
    assert office.sync() is Did.QUIET
    assert live(office) == 0


def test_an_empty_page_is_never_everything_deleted(office: Desktop, laptop: Desktop) -> None:
    clients(office, 3)
    settle(office, laptop)

    def tap(verb: Verb, message: Any) -> Any:
        return Page((), message.cursor, 10**6, 10**6, 0) if verb is Verb.PULL else None

    laptop.transport.tap = tap
    before = laptop.rows()
    laptop.engine.poke()
    laptop.engine.run(20)
    assert laptop.rows() == before


def test_purged_records_leave_no_trace(office: Desktop, laptop: Desktop) -> None:
    walter = person(office)
    note = draft(office, walter.case_id, "MARKER-PURGED")
    settle(office, laptop)
    write(laptop, note, "MARKER-PURGED, changed here")
    # What hangs on a purged record goes with it, also what is still to be sent.
    draft(laptop, walter.case_id, "MARKER-PURGED, begun here")
    laptop.desk.keep_typed(f"amend {note}", {"text": "MARKER-PURGED, half typed"})

    def tap(verb: Verb, message: Any) -> Any:
        if verb is not Verb.PULL:
            return None
        laptop.transport.tap = None
        page = laptop.transport.ask(verb, message)
        return Page(
            page.entries,
            page.cursor,
            page.seq,
            page.head,
            page.scope_version,
            (),
            (("note", note), ("care_case", walter.case_id)),
        )

    laptop.engine.poke()
    laptop.engine.session.sent_last = True
    laptop.transport.tap = tap
    laptop.engine.run(2)
    held = laptop.practice.vault.connection
    tables = held.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    dump = str([held.execute(f"SELECT * FROM {name}").fetchall() for (name,) in tables])  # noqa: S608
    assert "MARKER-PURGED" not in dump
    assert laptop.waiting() == []


def with_all_on_it(desktop: Desktop, entity: str, pk: UUID) -> list[tuple[str, UUID]]:
    """Return a record and all that points at it, there or further on."""
    found, rows = {(entity, pk.hex)}, desktop.rows()
    known = 0
    while known < len(found):
        known = len(found)
        for (table, each), said in rows.items():
            form = form_of(table)
            assert form is not None
            if any((target, said[name]) in found for name, target in form.links.items()):
                found.add((table, each))
    return [(table, UUID(hex=each)) for table, each in found]


def test_the_number_of_a_paper_is_heard_before_a_purge_takes_it(
    office: Desktop, laptop: Desktop
) -> None:
    """Rule 26 of 0022: the paper is out, though nothing of it may come in any more."""
    walter = person(office)
    charges = walter.hold(2).charge_ids
    settle(office, laptop)
    hosted, practice = office.hosted, office.desk.actor.practice_id
    purge(
        hosted.database, practice, with_all_on_it(office, "care_case", walter.case_id),
        ordered_by="Dana", reason="asked", now=hosted.clock.now(),
    )  # fmt: skip
    invoice = laptop.desk.do(create_invoice, InvoiceOrder(uuid4(), charges)).value
    number = str(laptop.row("invoice", invoice)["number"])
    laptop.engine.poke()
    laptop.engine.session.sent_last = True
    laptop.engine.run()
    with hosted.database.read(For(practice)) as session:
        papers = numbers.spent(open_book(session, practice), [number])
    assert papers == {number: [("invoice", invoice)]}
    settle(office, laptop)
    assert_same(office, laptop)
    assert laptop.waiting() == []
    assert ("care_case", walter.case_id.hex) not in laptop.rows()


def test_refused_work_is_parked_with_what_hangs_on_it(office: Desktop) -> None:
    added = office.desk.do(add_client_with_case, NewClient(WALTER)).value
    note = draft(office, added.case_id, "kept here")
    other = office.desk.do(add_client, NewClient(WALTER)).value
    case = added.case_id

    def tap(verb: Verb, message: Any) -> Any:
        if verb is not Verb.PUSH:
            return None
        office.transport.tap = None
        passed = [each for each in message.operations if each.entity == "client"]
        told = office.transport.ask(
            verb, type(message)(message.epoch, message.incarnation, tuple(passed))
        )
        refused = [each for each in message.operations if each.pk == case]
        answers = [Answer(each.id, Verdict.REJECTED, 0, Refusal.MALFORMED) for each in refused]
        return Pushed((*told.answers, *answers), told.head)

    office.transport.tap = tap
    assert office.sync() is Did.QUIET
    parked = office.file.slice(lambda part: [(each.entity, each.state) for each in part.outbox])
    assert set(parked) == {
        ("care_case", OpState.PARKED),
        ("case_participant", OpState.PARKED),
        ("note", OpState.PARKED),
    }
    assert office.row("note", note)["sections"] == {"plan": "kept here"}
    assert office.row("client", other)["legal_given"] == "Walter"
    assert office.status().state is SyncState.NEEDS_YOU


@pytest.mark.parametrize("crash_after", range(1, 9))
def test_a_crash_between_any_two_steps_loses_nothing(
    office: Desktop, laptop: Desktop, crash_after: int
) -> None:
    walter = person(office)
    settle(office, laptop)
    note = draft(office, walter.case_id, "begun")
    office.desk.do(change_name, walter.client_id, PersonName(given="Wally", family="Strand"))
    laptop.desk.do(change_name, walter.client_id, PersonName(given="Walt", family="Strand"))
    for _ in range(6):
        for desktop in (office, laptop):
            desktop.restart()
            desktop.engine.run(crash_after)
    settle(office, laptop)
    assert_same(office, laptop)
    assert laptop.row("note", note)["sections"] == {"plan": "begun"}


@pytest.mark.parametrize("lost", [Verb.PUSH, Verb.PULL, Verb.SNAPSHOT, Verb.LEASE, Verb.HELLO])
def test_an_answer_that_is_lost_is_asked_for_again(
    office: Desktop, laptop: Desktop, lost: Verb
) -> None:
    walter = person(office)
    settle(office, laptop)
    office.desk.do(change_name, walter.client_id, PersonName(given="Wally", family="Strand"))
    times = 0

    def tap(verb: Verb, message: Any) -> Any:
        nonlocal times
        if verb is lost and times < 3:
            times += 1
            office.transport.tap = None
            office.transport.ask(verb, message)
            office.transport.tap = tap
            raise Unreachable(Trouble.BROKEN)
        return None

    office.transport.tap = tap
    for _ in range(5):
        office.sync()
    office.transport.tap = None
    settle(office, laptop)
    assert_same(office, laptop)
    assert laptop.row("client", walter.client_id)["legal_given"] == "Wally"


def test_a_yes_covers_only_what_was_told(office: Desktop, laptop: Desktop) -> None:
    made = clients(office, 100)
    settle(office, laptop)
    office.desk.do(delete_clients, made[:30])
    office.sync()
    assert laptop.sync() is Did.ASKS
    office.desk.do(delete_clients, made[30:90])
    office.sync()
    laptop.engine.accept_removal()
    assert laptop.sync() is Did.ASKS
    assert live(laptop) == 100
    assert laptop.status().removal == (("client", 90),)
    laptop.engine.accept_removal()
    settle(laptop, office)
    assert live(laptop) == 10
    assert_same(office, laptop)
