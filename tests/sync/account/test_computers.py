"""The computers of an account, listed and taken off by another computer's program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app import bootstrap
from app.core.kernel.errors import MachineError, UserError
from app.core.kernel.syncing import SyncState
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.sync import joining
from app.sync.computers import AccountComputers
from app.sync.http import HttpTransport
from app.sync.machine import system_here
from app.sync.words import asked_once
from tests.hosted.account.conftest import Person
from tests.hosted.web.conftest import Site
from tests.support.clock import THE_MOMENT, StillClock
from tests.support.practice import PASSPHRASE
from tests.sync.account.conftest import sign_in
from tests.sync.serving import reply, serving

HOUR = timedelta(hours=1)
WALTER = PersonName(given="Walter", family="Strand")


@pytest.fixture
def connected(office: bootstrap.OpenPractice, person: Person) -> bootstrap.OpenPractice:
    """The practice, signed in and uploaded."""
    sign_in(office, person)
    assert office.sync.sync_now().state is SyncState.SYNCED
    return office


@pytest.fixture
def laptop(
    connected: bootstrap.OpenPractice, site: Site, tmp_path: Path
) -> Iterator[bootstrap.OpenPractice]:
    """Another computer of the owner, which brought the practice an hour later."""
    site.clock.forward(hours=1)
    found = joining.pair(site.address, connected.sync.code(), "MacBook Air", "0.1")
    keys = bootstrap.prepare_keys(PASSPHRASE)
    made = bootstrap.join_practice(tmp_path / "laptop", keys, found, clock=StillClock())
    made.sync.sync_now()
    yield made
    made.close()


def test_every_computer_is_listed_with_its_system_and_which_is_at_hand(
    connected: bootstrap.OpenPractice, laptop: bootstrap.OpenPractice
) -> None:
    office, other = connected.sync.computers.ask()
    assert (office.name, office.is_this, other.name, other.is_this) == (
        "Office", True, "MacBook Air", False,
    )  # fmt: skip
    assert office.system == other.system == system_here()
    assert (office.connected, other.connected - office.connected) == (THE_MOMENT, HOUR)
    assert other.seen == other.connected
    assert office.member_id == connected.desk.actor.member_id
    assert [each.is_this for each in laptop.sync.computers.ask()] == [False, True]


def test_a_computer_that_is_taken_off_hands_over_its_work_and_the_list_says_so(
    connected: bootstrap.OpenPractice, laptop: bootstrap.OpenPractice
) -> None:
    laptop.desk.do(add_client, NewClient(WALTER))
    lost = connected.sync.computers.ask()[1]
    office, gone = connected.sync.computers.take_off(lost.id)
    assert (office.taken_off, gone.taken_off is not None, gone.handed_over) == (None, True, False)
    assert laptop.sync.sync_now().leaving
    laptop.leave()
    assert connected.sync.computers.ask()[1].handed_over
    assert connected.sync.sync_now().state is SyncState.SYNCED


def test_what_cannot_be_taken_off_is_said_in_words(
    connected: bootstrap.OpenPractice, laptop: bootstrap.OpenPractice
) -> None:
    computers = connected.sync.computers
    office, other = computers.ask()
    with pytest.raises(UserError, match="choose Disconnect under Settings, Sync"):
        computers.take_off(office.id)
    with pytest.raises(UserError, match="look at the list again"):
        computers.take_off(uuid4())
    computers.take_off(other.id)
    with pytest.raises(UserError, match=r"MacBook Air was taken off already, on Nov 19, 2026\."):
        computers.take_off(other.id)
    with pytest.raises(UserError, match="This computer was taken off the account"):
        laptop.sync.computers.ask()
    assert [each.taken_off is None for each in computers.ask()] == [True, False]


def test_without_the_account_or_a_network_a_sentence_says_so(
    practice: bootstrap.OpenPractice,
) -> None:
    with pytest.raises(UserError, match="not connected to an account"):
        practice.sync.computers.ask()


def test_an_account_that_does_not_answer_is_said(
    connected: bootstrap.OpenPractice, site: Site
) -> None:
    site.stop()
    with pytest.raises(MachineError, match="server does not answer"):
        connected.sync.computers.ask()


_ROW: dict[str, Any] = {
    "id": uuid4().hex, "name": "Office", "program": "0.1", "paired_at": "2026-11-19T17:14:00Z",
    "seen_at": "2026-11-19T17:14:00Z", "handed_over": False, "mine": True,
}  # fmt: skip


def test_one_that_is_off_the_account_is_told_so_though_the_list_does_not_come_again() -> None:
    other = {**_ROW, "id": uuid4().hex, "name": "Laptop", "mine": False}
    asked: list[str] = []

    def answers(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        asked.append(handler.path)
        if handler.path.endswith("/revoke"):
            reply(handler, json.dumps({"revoked_at": "2026-11-19T18:00:00Z"}).encode())
        elif len(asked) == 1:
            reply(handler, json.dumps({"devices": [_ROW, other]}).encode())
        else:
            handler.close_connection = True

    with serving(answers) as address:
        http = HttpTransport(address, "token")
        office, laptop = AccountComputers(lambda: http, lambda: "UTC").take_off(
            UUID(hex=other["id"])
        )
        http.close()
    assert (office.taken_off, laptop.taken_off) == (None, THE_MOMENT.replace(hour=18, minute=0))


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"devices": [7]},
        {"devices": [{**_ROW, "id": "office"}]},
        {"devices": [{**_ROW, "seen_at": "yesterday"}]},
        {"devices": [{**_ROW, "seen_at": "2026-11-19T17:14:00"}]},
        {"devices": [{**_ROW, "name": None}]},
    ],
)
def test_a_list_that_is_none_is_a_damaged_answer(said: object) -> None:
    with serving(lambda handler, _body: reply(handler, json.dumps(said).encode())) as address:
        http = HttpTransport(address, "token")
        with pytest.raises(MachineError) as failed:
            AccountComputers(lambda: http, lambda: "UTC").ask()
        http.close()
    assert failed.value.sentence == asked_once("broken")


def test_an_older_server_that_says_no_system_and_no_member_is_understood() -> None:
    said = json.dumps({"devices": [_ROW]}).encode()
    with serving(lambda handler, _body: reply(handler, said)) as address:
        http = HttpTransport(address, "token")
        (found,) = AccountComputers(lambda: http, lambda: "UTC").ask()
        http.close()
    assert (found.system, found.member_id, found.is_this) == ("", None, True)
