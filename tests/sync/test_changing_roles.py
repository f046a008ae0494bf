"""A member gets another role while away with unsent work: nothing is lost, nothing stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.core.kernel.acting import Role, member_actor
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.commands import change_name
from app.core.practice.commands import add_service, change_service
from app.core.practice.rules.catalogue import ServiceFields
from app.sync.engine import Did
from app.sync.outbox import OpState
from app.sync.protocol.terms import Verb
from hosted.store.engine import For
from hosted.sync.serving import Author, Written
from tests.sync.test_changing_hands import Practice
from tests.sync.test_two_computers import draft, person, write
from tests.sync.worlds import Desktop

ADA = PersonName(given="Ada", family="Moss")


@pytest.fixture
def shared(office: Desktop, prepared: bootstrap.PreparedKeys, tmp_path: Path) -> Iterator[Practice]:
    """A practice of an owner and a provider, each with a case and a note."""
    practice = Practice(office, tmp_path / "robin", prepared)
    yield practice
    practice.robin.close()


def becomes(shared: Practice, role: Role) -> None:
    """Let the account give Robin another role."""
    hosted = shared.owner.hosted
    with hosted.database.write(For(shared.owner.desk.actor.practice_id)) as session:
        change = Written("member", shared.robin_id, {"role": role.value})
        Author().write(session, [change], hosted.clock.now())


def notes(desktop: Desktop) -> list[dict[str, object]]:
    """Return the notes in a computer's file."""
    return [said for (entity, _), said in desktop.rows().items() if entity == "note"]


def test_unsent_work_is_judged_by_the_role_now_and_whole_in_the_owners_inbox(
    shared: Practice,
) -> None:
    robin = shared.robin
    begun = draft(robin, shared.walter.case_id, "begun in the office")
    shared.settle()
    robin.transport.offline = True
    write(robin, begun, "written on the train")
    new = draft(robin, shared.walter.case_id, "a new one")
    robin.desk.do(change_name, shared.walter.client_id, ADA)
    robin.sync()
    becomes(shared, Role.ADMIN)
    robin.transport.offline = False
    shared.settle()
    # What an administrator may write went through; the words of notes are gone from the computer.
    assert shared.owner.row("client", shared.walter.client_id)["legal_given"] == "Ada"
    assert notes(robin) == []
    assert robin.status().waiting == 0
    # Nothing of what was written is lost.
    (item,) = shared.owner.inbox()
    assert item["record_id"] == begun.hex
    assert item["other"]["sections"] == {"plan": "written on the train"}
    assert shared.owner.row("note", begun)["sections"] == {"plan": "begun in the office"}
    assert shared.owner.row("note", new)["sections"] == {"plan": "a new one"}
    assert set(robin.waiting()) <= {OpState.PARKED}


def test_an_administrator_for_a_while_and_a_provider_again_loses_nothing(
    shared: Practice,
) -> None:
    robin, owner = shared.robin, shared.owner
    begun = draft(robin, shared.walter.case_id, "begun in the office")
    shared.settle()
    before = len(notes(robin))
    robin.transport.offline = True
    write(robin, begun, "written on the train")
    new = draft(robin, shared.walter.case_id, "a new one")
    robin.sync()
    becomes(shared, Role.ADMIN)
    becomes(shared, Role.PROVIDER)
    robin.transport.offline = False
    shared.settle()
    for desktop in (owner, robin):
        assert desktop.row("note", begun)["sections"] == {"plan": "written on the train"}
        assert desktop.row("note", new)["sections"] == {"plan": "a new one"}
        assert desktop.inbox() == []
    assert len(notes(robin)) == before + 1
    assert robin.waiting() == []
    assert robin.sync() is Did.QUIET


def test_a_role_that_changes_twice_between_pages_leaves_what_the_last_one_shows(
    shared: Practice,
) -> None:
    robin, owner, pulls = shared.robin, shared.owner, [0]
    begun = draft(robin, shared.walter.case_id, "begun in the office")
    shared.settle()
    shown = robin.rows().keys()
    robin.transport.offline = True
    write(robin, begun, "written on the train")
    robin.sync()
    for number in range(8):
        owner.desk.do(change_name, shared.walter.client_id, replace(ADA, family=f"Moss {number}"))
        owner.sync()

    def in_small_pages(verb: Verb, message: Any) -> Any:
        if verb is not Verb.PULL:
            return None
        pulls[0] += 1
        role = {2: Role.ADMIN, 4: Role.PROVIDER}.get(pulls[0])
        if role is not None:
            becomes(shared, role)
        transport = robin.transport
        return transport.hosted.exchange.handle(transport.caller, verb, replace(message, rows=1))

    robin.transport.tap = in_small_pages
    robin.transport.offline = False
    shared.settle()
    assert pulls[0] > 8
    assert robin.rows().keys() == shown
    assert robin.row("client", shared.walter.client_id)["legal_family"] == "Moss 7"
    # It was sent before the first page was asked for, as a provider.
    for desktop in (owner, robin):
        assert desktop.row("note", begun)["sections"] == {"plan": "written on the train"}
    assert robin.waiting() == []
    assert robin.sync() is Did.QUIET


def test_a_service_changed_with_rights_that_are_gone_is_told_and_put_right(
    shared: Practice,
) -> None:
    robin, owner = shared.robin, shared.owner
    offered = ServiceFields("Individual session", "0001Z", minutes=50, fee=Money(165_00))
    service = owner.desk.do(add_service, offered).value
    shared.settle()
    practice = owner.desk.actor.practice_id
    once = member_actor(practice, shared.robin_id, Role.OWNER)
    robin.transport.offline = True
    for minutes in (45, 40):
        robin.desk.act_as(once)
        robin.desk.do(change_service, service, replace(offered, minutes=minutes))
    robin.desk.do(change_name, shared.walter.client_id, ADA)
    robin.sync()
    robin.transport.offline = False
    shared.settle()
    # The row is as the account has it, what was typed lies in the inbox, and all else went on.
    for desktop in (owner, robin):
        assert desktop.row("service", service)["minutes"] == 50
        assert desktop.row("client", shared.walter.client_id)["legal_given"] == "Ada"
    assert [(each["reason"], each["other"]) for each in owner.inbox()] == [
        ("server_owned", {"minutes": 45}),
        ("server_owned", {"minutes": 40}),
    ]
    assert set(robin.waiting()) == {OpState.PARKED}
    assert robin.sync() is Did.QUIET
    assert robin.status().waiting == 0
    # A change of the account's comes through as ever.
    owner.desk.do(change_service, service, replace(offered, minutes=60))
    shared.settle()
    assert robin.row("service", service)["minutes"] == 60


def test_a_wider_role_brings_what_it_shows_and_a_narrower_one_takes_it(shared: Practice) -> None:
    robin = shared.robin
    second = person(shared.owner)
    begun = draft(shared.owner, second.case_id, "the owner's own")
    shared.settle()
    mine = len(robin.rows())
    becomes(shared, Role.OWNER)
    shared.settle()
    assert robin.row("note", begun)["sections"] == {"plan": "the owner's own"}
    assert ("client", second.client_id.hex) in robin.rows()
    becomes(shared, Role.ADMIN)
    shared.settle()
    assert notes(robin) == []
    assert ("client", second.client_id.hex) in robin.rows()
    becomes(shared, Role.ASSOCIATE)
    shared.settle()
    assert ("client", second.client_id.hex) not in robin.rows()
    assert len(notes(robin)) == 1
    assert len(robin.rows()) == mine
    assert robin.sync() is Did.QUIET
