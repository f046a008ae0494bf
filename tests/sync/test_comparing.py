"""Comparing the file with the account: what differs is named and mended, and "Synced" is true."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.core.kernel.syncing import SyncState
from app.core.kernel.text import PersonName
from app.core.people.commands import change_name
from app.sync.engine import Did
from app.sync.forms import forms
from app.sync.protocol.terms import Verb
from app.sync.session import AFTER_A_MOVE, COMPARE_AGAIN_AFTER
from tests.sync.test_two_computers import person
from tests.sync.worlds import Desktop, assert_same, settle


def damage(desktop: Desktop) -> None:
    """Spoil a row, and lose others, as a bad disk would."""

    def spoil(part: Any) -> None:
        part.connection.execute("UPDATE client SET legal_given = 'Damaged'")
        part.connection.execute("DELETE FROM case_participant")

    desktop.file.slice(spoil)


def test_what_differs_is_found_named_and_repaired(office: Desktop, laptop: Desktop) -> None:
    walter = person(office)
    settle(office, laptop)
    (inside,) = [UUID(pk) for entity, pk in office.rows() if entity == "case_participant"]
    damage(laptop)
    laptop.engine.check()
    assert laptop.engine.run() is Did.QUIET
    assert laptop.engine.checker.repaired == {
        "client": [walter.client_id],
        "case_participant": [inside],
    }
    assert_same(office, laptop)
    assert laptop.row("client", walter.client_id)["legal_given"] == "Walter"


def test_what_a_silent_comparison_repaired_is_told_until_the_next_repair(
    office: Desktop, laptop: Desktop
) -> None:
    walter = person(office)
    settle(office, laptop)
    assert laptop.status().repaired is None
    damage(laptop)
    laptop.restart()
    assert laptop.sync() is Did.QUIET
    told = laptop.status().repaired
    assert told is not None
    assert (told.total, told.at) == (2, laptop.clock.now())
    assert ("client", walter.client_id) in told.records
    # Another start finds nothing to mend, and forgets nothing.
    laptop.restart()
    assert laptop.sync() is Did.QUIET
    assert laptop.status().repaired == told
    laptop.file.slice(lambda part: part.connection.execute("UPDATE client SET legal_given = 'X'"))
    laptop.restart()
    assert laptop.sync() is Did.QUIET
    again = laptop.status().repaired
    assert again is not None
    assert again.records == (("client", walter.client_id),)


def test_what_was_mended_stays_named_though_the_comparison_begins_anew(
    office: Desktop, laptop: Desktop
) -> None:
    walter = person(office)
    settle(office, laptop)
    laptop.file.slice(
        lambda part: part.connection.execute("UPDATE client SET legal_given = 'Damaged'")
    )
    laptop.engine.check()
    while not laptop.engine.checker.repaired:
        assert laptop.engine.step() is not Did.QUIET
    assert laptop.status().state is not SyncState.SYNCED
    office.desk.do(change_name, walter.client_id, PersonName(given="Wally", family="Strand"))
    office.sync()
    assert laptop.engine.run() is Did.QUIET
    assert laptop.engine.checker.repaired == {"client": [walter.client_id]}
    assert laptop.status().state is SyncState.SYNCED
    settle(office, laptop)
    assert_same(office, laptop)


def verbs(desktop: Desktop) -> list[Verb]:
    """Return a list that follows what the computer asks of the account from now on."""
    asked: list[Verb] = []

    def tap(verb: Verb, _message: Any) -> None:
        asked.append(verb)

    desktop.transport.tap = tap
    return asked


def test_a_computer_at_rest_compares_again_once_the_log_moved(
    office: Desktop, laptop: Desktop
) -> None:
    walter = person(office)
    settle(office, laptop)
    laptop.engine.check()
    laptop.sync()
    asked = verbs(laptop)
    office.clock.set(office.clock.now() + COMPARE_AGAIN_AFTER)
    assert laptop.sync() is Did.QUIET
    # Both agreed at this place of the log: nothing that was exchanged since could differ.
    assert Verb.DIGEST not in asked
    office.desk.do(change_name, walter.client_id, PersonName(given="Wally", family="Strand"))
    office.sync()
    laptop.file.slice(
        lambda part: part.connection.execute("UPDATE client SET legal_family = 'Damaged'")
    )
    office.clock.set(office.clock.now() + COMPARE_AGAIN_AFTER)
    laptop.engine.poke()
    seen = set()
    while laptop.engine.step() is not Did.QUIET:
        checker = laptop.engine.checker
        seen.add((checker.busy and checker.repaired != {}, laptop.status().state))
    # It is compared while it says "Synced"; a found difference takes that away until its end.
    assert (False, SyncState.SYNCED) in seen
    assert (True, SyncState.SYNCED) not in seen
    assert (True, SyncState.SYNCING) in seen
    assert laptop.status().state is SyncState.SYNCED
    assert_same(office, laptop)


def test_a_computer_compares_no_sooner_than_it_is_due(office: Desktop, laptop: Desktop) -> None:
    walter = person(office)
    settle(office, laptop)
    laptop.engine.check()
    laptop.sync()
    asked = verbs(laptop)
    office.desk.do(change_name, walter.client_id, PersonName(given="Wally", family="Strand"))
    settle(office, laptop)
    assert Verb.DIGEST not in asked
    assert laptop.status().state is SyncState.SYNCED


def test_a_comparison_at_rest_gives_way_to_work(office: Desktop, laptop: Desktop) -> None:
    walter = person(office)
    settle(office, laptop)
    laptop.engine.check()
    laptop.sync()
    office.desk.do(change_name, walter.client_id, PersonName(given="Wally", family="Strand"))
    settle(office, laptop)
    office.clock.set(office.clock.now() + COMPARE_AGAIN_AFTER)
    laptop.engine.poke()
    while (did := laptop.engine.step()) is not Did.COMPARED:
        assert did is not Did.QUIET
    office.desk.do(change_name, walter.client_id, PersonName(given="Walt", family="Strand"))
    office.sync()
    asked = verbs(laptop)
    assert laptop.engine.run() is Did.QUIET
    assert asked.count(Verb.DIGEST) == 1
    assert laptop.status().state is SyncState.SYNCED
    office.clock.set(office.clock.now() + AFTER_A_MOVE)
    assert laptop.sync() is Did.QUIET
    assert asked.count(Verb.DIGEST) == 1 + len(forms())
