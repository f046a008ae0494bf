"""Work that the account refused: its row shows the account's truth, the inbox what was typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from app.core.kernel.syncing import SyncState
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client, change_name
from app.core.people.rules import NewClient
from app.sync.outbox import OpState
from app.sync.protocol.terms import Verb
from tests.sync.worlds import Desktop, settle

WALTER = PersonName(given="Walter", family="Strand")
WALT = PersonName(given="Walt", family="Strand")


def name_of(desktop: Desktop, client: UUID) -> str:
    return str(desktop.row("client", client)["legal_given"])


def spoiled(desktop: Desktop, most: int = 1) -> None:
    """Let the next changes of a client reach the account with a date that is none."""

    def tap(verb: Verb, message: Any) -> Any:
        if verb is not Verb.PUSH:
            return None
        desktop.transport.tap = None
        bad = [
            replace(each, columns={**each.columns, "birth_date": "soon"})
            for each in message.operations
            if each.entity == "client"
        ]
        return desktop.transport.ask(verb, replace(message, operations=tuple(bad[:most])))

    desktop.transport.tap = tap


@pytest.fixture
def walter(office: Desktop, laptop: Desktop) -> UUID:
    """A client whom both computers know."""
    made: UUID = office.desk.do(add_client, NewClient(WALTER)).value
    settle(office, laptop)
    return made


def test_a_refused_change_leaves_its_row_and_is_found_in_the_inbox(
    office: Desktop, laptop: Desktop, walter: UUID
) -> None:
    office.desk.do(change_name, walter, WALT)
    spoiled(office)
    settle(office, laptop)
    assert name_of(office, walter) == "Walter"
    assert office.waiting() == [OpState.PARKED]
    (item,) = office.inbox()
    assert (item["kind"], item["reason"]) == ("REFUSED", "malformed")
    assert (item["kept"]["legal_given"], item["other"]["legal_given"]) == ("Walter", "Walt")
    assert laptop.inbox() == [item]
    assert (office.status().state, office.status().asks) == (SyncState.NEEDS_YOU, 1)
    office.restart()
    laptop.desk.do(change_name, walter, PersonName(given="Wally", family="Strand"))
    settle(laptop, office)
    assert name_of(office, walter) == "Wally"
    assert office.inbox() == [item]


def test_what_hangs_on_it_and_never_reached_the_account_stays_in_sight(
    office: Desktop, laptop: Desktop, walter: UUID
) -> None:
    office.desk.do(change_name, walter, WALT)
    office.desk.do(change_name, walter, PersonName(given="Wally", family="Strand"))
    spoiled(office)
    settle(office, laptop)
    assert set(office.waiting()) == {OpState.PARKED}
    assert name_of(office, walter) == "Wally", "no inbox tells of it"
    assert name_of(laptop, walter) == "Walter"
    assert [item["other"]["legal_given"] for item in office.inbox()] == ["Walt"]
    office.restart()
    settle(office)
    assert name_of(office, walter) == "Wally"


def test_a_new_row_that_was_refused_stays_where_it_was_written(
    office: Desktop, laptop: Desktop
) -> None:
    made = office.desk.do(add_client, NewClient(WALTER)).value
    spoiled(office)
    settle(office, laptop)
    assert name_of(office, made) == "Walter"
    assert ("client", made.hex) not in laptop.rows()
    assert [item["kind"] for item in office.inbox()] == ["REFUSED"]


def test_other_work_goes_on_as_if_nothing_had_been_refused(
    office: Desktop, laptop: Desktop, walter: UUID
) -> None:
    office.desk.do(change_name, walter, WALT)
    spoiled(office)
    office.sync()
    other = office.desk.do(add_client, NewClient(WALTER)).value
    settle(office, laptop)
    assert name_of(laptop, other) == "Walter"
    rows, theirs = office.rows(), laptop.rows()
    assert rows == theirs
