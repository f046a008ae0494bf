"""A case changes hands: it leaves one member's computer and comes to another's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app import bootstrap
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.cases.commands import add_client_with_case, change_case, open_case
from app.core.cases.rules import CaseDefaults, NewCase
from app.core.journeys.invoices import create_invoice
from app.core.journeys.sessions import attend
from app.core.kernel.acting import Permission, Role
from app.core.kernel.text import PersonName
from app.core.people.commands import change_details, change_name
from app.core.people.rules import DetailFields, NewClient
from app.core.practice.rules.catalogue import CaseKind
from app.core.scheduling.commands.closing import cancel_session
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.core.tasks.commands import decide
from app.core.tasks.queries.inbox import inbox
from app.core.tasks.rules.inbox import InboxState
from app.core.team.tables import Member
from app.sync.engine import Did
from app.sync.outbox import OpState
from app.sync.protocol.terms import Verb
from tests.core.billing.conftest import Walter
from tests.sync.test_two_computers import at, draft, person, texts, write
from tests.sync.worlds import Desktop, joined

ADA = PersonName(given="Ada", family="Moss")


@command(permission=Permission.MANAGE_TEAM, label="Add member")
def add_provider(uow: UnitOfWork) -> UUID:
    """Add a provider to the team."""
    return uow.add(Member(given="Robin", family="Reed", role=Role.PROVIDER)).id


def give(owner: Desktop, case_id: UUID, member_id: UUID) -> None:
    """Give a case to a member, as its page does."""
    owner.desk.do(
        change_case,
        case_id,
        provider_id=member_id,
        relationship_label="",
        defaults=CaseDefaults(),
    )


class Practice:
    """An owner, and a provider who holds Walter's case."""

    def __init__(self, owner: Desktop, folder: Path, prepared: bootstrap.PreparedKeys) -> None:
        self.owner = owner
        self.owner_id: UUID = owner.desk.actor.member_id
        self.robin_id: UUID = owner.desk.do(add_provider).value
        self.walter: Walter = person(owner)
        self.note = draft(owner, self.walter.case_id, "begun by the owner")
        give(owner, self.walter.case_id, self.robin_id)
        owner.sync()
        self.robin = Desktop(folder, owner.hosted)
        joined(self.robin, owner, prepared, "Robin's", self.robin_id)

    def give(self) -> None:
        """Let Robin hold the case."""
        give(self.owner, self.walter.case_id, self.robin_id)
        self.owner.sync()

    def take(self) -> None:
        """Let the owner hold the case."""
        give(self.owner, self.walter.case_id, self.owner_id)
        self.owner.sync()

    def seen(self) -> set[str]:
        """Return the entities of which Robin's computer holds clinical rows."""
        clinical = {"client", "care_case", "case_participant", "note"}
        return {entity for entity, _ in self.robin.rows()} & clinical

    def settle(self) -> None:
        """Let both exchange, and agree to what a page removes."""
        for _ in range(2):
            for desktop in (self.owner, self.robin):
                if desktop.sync() is Did.ASKS:
                    desktop.engine.accept_removal()
                    desktop.sync()


@pytest.fixture
def shared(office: Desktop, prepared: bootstrap.PreparedKeys, tmp_path: Path) -> Iterator[Practice]:
    """A practice of two members."""
    practice = Practice(office, tmp_path / "robin", prepared)
    yield practice
    practice.robin.close()


ALL = {"client", "care_case", "case_participant", "note"}


def test_what_is_taken_leaves_the_computer_and_comes_back_with_the_case(shared: Practice) -> None:
    assert shared.seen() == ALL
    shared.take()
    shared.settle()
    assert shared.seen() == set()
    shared.give()
    shared.settle()
    assert shared.seen() == ALL
    assert shared.robin.row("note", shared.note)["sections"] == {"plan": "begun by the owner"}


def test_with_the_last_case_the_client_goes_also_from_who_was_its_clinician(
    shared: Practice,
) -> None:
    client = shared.walter.client_id
    shared.owner.desk.do(change_details, client, DetailFields(primary_member_id=shared.robin_id))
    second = shared.owner.desk.do(open_case, NewCase(CaseKind.INDIVIDUAL, (client,))).value
    give(shared.owner, second, shared.robin_id)
    shared.settle()
    assert {pk for e, pk in shared.robin.rows() if e == "care_case"} == {
        shared.walter.case_id.hex,
        second.hex,
    }
    shared.take()
    shared.settle()
    assert ("client", client.hex) in shared.robin.rows()
    give(shared.owner, second, shared.owner_id)
    shared.settle()
    assert shared.seen() == set()


def test_a_case_taken_while_another_comes_in_parts_leaves_too(shared: Practice) -> None:
    """The first part of a snapshot was of an older version of the scope than the last."""
    added = shared.owner.desk.do(add_client_with_case, NewClient(ADA)).value
    give(shared.owner, added.case_id, shared.robin_id)
    shared.owner.sync()
    engine = shared.robin.engine
    engine.wake()
    engine.poke()
    asked = shared.robin.transport.asked
    while asked[-1] is not Verb.SNAPSHOT:
        engine.step()
    shared.take()
    shared.settle()
    assert {pk for entity, pk in shared.robin.rows() if entity == "care_case"} == {
        added.case_id.hex
    }


def test_an_own_echo_does_not_bring_back_what_was_taken(shared: Practice) -> None:
    shared.robin.desk.do(change_name, shared.walter.client_id, ADA)
    shared.robin.desk.do(add_client_with_case, NewClient(ADA))
    engine = shared.robin.engine
    engine.wake()
    while shared.robin.transport.asked[-1] is not Verb.PUSH:
        engine.step()
    shared.owner.sync()
    for case in [pk for entity, pk in shared.owner.rows() if entity == "care_case"]:
        give(shared.owner, UUID(hex=case), shared.owner_id)
    shared.settle()
    assert shared.robin.waiting() == []
    assert shared.seen() == set()
    assert shared.robin.file.slice(lambda part: part.deferrals.keys) == frozenset()


def test_what_comes_back_shows_what_was_written_before_it_left(shared: Practice) -> None:
    client = shared.walter.client_id
    shared.robin.desk.do(change_name, client, ADA)
    shared.take()
    engine = shared.robin.engine
    # It is the turn of what comes from the account.
    engine.session.sent_last = engine.session.pull = True
    while ("client", client.hex) in shared.robin.rows():
        engine.step()
    shared.give()
    engine.poke()
    while ("client", client.hex) not in shared.robin.rows():
        engine.step()
    assert shared.robin.waiting() != []
    assert shared.robin.row("client", client)["legal_given"] == "Ada"
    shared.settle()
    assert shared.owner.row("client", client)["legal_given"] == "Ada"


def test_a_note_that_is_open_comes_back_with_its_case(shared: Practice) -> None:
    shared.robin.desk.hold(shared.note)
    shared.take()
    shared.settle()
    assert shared.seen() == set()
    shared.give()
    shared.settle()
    assert shared.robin.row("note", shared.note)["sections"] == {"plan": "begun by the owner"}
    shared.robin.desk.release(shared.note)
    shared.settle()
    assert shared.robin.row("note", shared.note)["sections"] == {"plan": "begun by the owner"}


@pytest.mark.parametrize("back", ["while the row is here", "after it had left"])
def test_refused_work_is_kept_but_not_laid_over_what_is_confirmed(
    shared: Practice, back: str
) -> None:
    for name in (ADA, PersonName(given="Eve", family="Moss")):
        shared.robin.desk.do(change_name, shared.walter.client_id, name)
    shared.take()
    engine = shared.robin.engine
    if back == "while the row is here":
        engine.wake()
        while shared.robin.transport.asked[-1] is not Verb.PUSH:
            engine.step()
    else:
        shared.settle()
        assert shared.seen() == set()
    shared.give()
    shared.settle()
    assert set(shared.robin.waiting()) == {OpState.PARKED}
    assert shared.robin.row("client", shared.walter.client_id)["legal_given"] == "Walter"
    shared.robin.restart()
    shared.owner.desk.do(change_name, shared.walter.client_id, ADA)
    shared.settle()
    assert shared.robin.row("client", shared.walter.client_id)["legal_given"] == "Ada"


def sent(desktop: Desktop) -> None:
    """Send what waits, and no more."""
    desktop.engine.wake()
    while desktop.transport.asked[-1] is not Verb.PUSH:
        desktop.engine.step()


def test_refused_words_leave_an_open_editor_when_it_closes(shared: Practice) -> None:
    robin = shared.robin
    note = draft(robin, shared.walter.case_id, "begun by Robin")
    shared.settle()
    robin.desk.hold(note)
    write(robin, note, "of somebody no longer on the case")
    shared.take()
    sent(robin)
    shared.give()
    robin.desk.release(note)
    shared.settle()

    assert robin.waiting() == [OpState.PARKED]
    assert robin.row("note", note)["sections"] == {"plan": "begun by Robin"}
    assert "of somebody no longer on the case" in texts(shared.owner)


def one_by_one(desktop: Desktop, verb: Verb, message: Any) -> Any:
    """Let the account look at each change set of a push alone: its last one hangs on nothing."""
    if verb is not Verb.PUSH:
        return None
    desktop.transport.tap = None
    *others, last = message.operations
    lost = replace(last, columns={**last.columns, "charge_id": uuid4().hex})
    return desktop.transport.ask(verb, replace(message, operations=(*others, lost)))


def test_refused_rows_leave_too_when_the_case_comes_back_before_it_had_left(
    shared: Practice,
) -> None:
    robin, walter = shared.robin, at(shared.robin, shared.walter)
    known = walter.book(12)
    robin.sync()
    first = robin.desk.do(attend, known).value.charge_ids[0]
    fresh = walter.book(13)
    second = robin.desk.do(attend, fresh).value.charge_ids[0]
    invoice = robin.desk.do(create_invoice, InvoiceOrder(uuid4(), (second,))).value
    shared.take()
    robin.transport.tap = lambda verb, message: one_by_one(robin, verb, message)
    sent(robin)
    shared.give()
    shared.settle()

    assert set(robin.waiting()) == {OpState.PARKED}
    for entity, record in (("charge", first), ("charge", second), ("invoice", invoice)):
        assert (entity, record.hex) not in shared.owner.rows()
        assert (entity, record.hex) not in robin.rows()
    for session in (known, fresh):
        assert robin.row("appointment", session)["status"] == "SCHEDULED"


def test_a_question_leaves_with_its_record_also_unsent(shared: Practice) -> None:
    robin, walter = shared.robin, at(shared.robin, shared.walter)
    session = walter.book(12)
    shared.settle()
    robin.desk.do(attend, session)
    shared.owner.desk.do(cancel_session, session, reason="the client is ill")
    shared.settle()
    (item,) = robin.desk.ask(inbox)
    # What it writes over is kept in a question of its own, which waits to be sent.
    robin.desk.do(decide, item.id, InboxState.REPLACED)
    assert len(robin.inbox()) == 2
    shared.take()
    engine = robin.engine
    # It is the turn of what comes from the account.
    engine.session.sent_last = engine.session.pull = True
    while engine.step() is not Did.APPLIED:
        assert engine.session.removal is None

    assert robin.inbox() == []
    shared.settle()
    assert robin.inbox() == []
    assert len(shared.owner.inbox()) >= 2
