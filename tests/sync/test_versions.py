"""Programs and accounts of other versions: what is served, said, and becomes of the work."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.core.kernel.syncing import SyncState
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client, change_details
from app.core.people.rules import DetailFields, NewClient
from app.sync import greeting
from app.sync.engine import Did
from app.sync.protocol.terms import VERSION
from app.sync.transport import Trouble
from app.sync.words import SENTENCES
from hosted.store.engine import For
from hosted.sync import quarantine
from hosted.sync.exchange import Exchange
from tests.sync.test_copies import name, older_version
from tests.sync.test_two_computers import person
from tests.sync.worlds import Desktop, Hosted, assert_same, settle

WALTER = PersonName(given="Walter", family="Strand")


def speak(hosted: Hosted, version: int, oldest: int) -> None:
    """Let the account be of a version, and serve programs from ``oldest`` on."""
    hosted.exchange = Exchange(
        hosted.database, hosted.clock, register=hosted._register, version=version, oldest=oldest
    )


def left_there(hosted: Hosted, practice_id: UUID) -> list[int]:
    """Return how many operations each piece of work in quarantine has."""
    with hosted.database.read(For(practice_id)) as session:
        return [each.operations for each in quarantine.kept(session)]


def test_a_program_two_versions_old_is_served_and_ends_whole(
    office: Desktop, laptop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    walter = person(office)
    settle(office, laptop)
    speak(office.hosted, version=3, oldest=1)
    office.restart()
    with older_version(monkeypatch, {"client": {"pronouns", "notes"}}, {"diagnosis", "amendment"}):
        laptop.restart()
        office.desk.do(
            change_details, walter.client_id, DetailFields(pronouns="he/him", notes="new")
        )
        settle(office, laptop)
        name(laptop, walter.client_id, "Wally")
        settle(laptop)
        assert laptop.status().state is SyncState.SYNCED
        assert laptop.status().newer, "it is served, and an update recommended"
    speak(office.hosted, version=VERSION, oldest=1)
    laptop.restart()
    settle(office, laptop)
    row = laptop.row("client", walter.client_id)
    assert (row["pronouns"], row["notes"], row["legal_given"]) == ("he/him", "new", "Wally")
    assert_same(office, laptop)
    assert not laptop.status().newer


def test_a_program_too_old_leaves_its_work_with_the_account_and_syncs_once_it_is_updated(
    office: Desktop, laptop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted, practice_id = office.hosted, office.desk.actor.practice_id
    speak(hosted, version=2, oldest=2)
    office.desk.do(add_client, NewClient(WALTER))
    waiting, rows = len(office.waiting()), office.rows()
    for _start in range(2):
        office.restart()
        assert office.sync() is Did.REFUSED
        now = office.status()
        assert (now.state, now.trouble) == (SyncState.UPDATE, SENTENCES["upgrade_required"])
        assert left_there(hosted, practice_id) == [waiting], "the same work is kept once"
    assert office.rows() == rows

    monkeypatch.setattr(greeting, "VERSION", 2)
    office.restart()
    assert office.status().state is SyncState.UPDATE, "the account was not asked yet"
    office.transport.offline = True
    assert office.sync() is Did.FAILED
    assert office.status().state is SyncState.OFFLINE, "it may be new enough by now"
    assert office.status().trouble == SENTENCES[Trouble.OFFLINE]
    office.transport.offline = False
    laptop.restart()
    settle(office, laptop)
    assert_same(office, laptop)
    assert office.status().state is SyncState.SYNCED
    names = [said["legal_given"] for (kind, _), said in laptop.rows().items() if kind == "client"]
    assert names.count("Walter") == 1


def test_an_account_too_old_for_the_program_is_said_and_harms_nothing(
    office: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.desk.do(add_client, NewClient(WALTER))
    rows, waiting = office.rows(), office.waiting()
    monkeypatch.setattr(greeting, "VERSION", 3)
    monkeypatch.setattr(greeting, "OLDEST", 2)
    office.restart()
    assert office.sync() is Did.FAILED
    now = office.status()
    assert (now.state, now.trouble) == (SyncState.OFFLINE, SENTENCES[Trouble.OTHER_VERSION])
    assert (office.rows(), office.waiting()) == (rows, waiting)
    speak(office.hosted, version=2, oldest=1)
    assert office.sync() is Did.QUIET
    assert office.status().state is SyncState.SYNCED
