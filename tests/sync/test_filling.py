"""A file is filled part by part; what breaks off goes on where it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.core.kernel.syncing import SyncState, sync_words
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.sync.engine import Did
from app.sync.protocol.terms import Verb
from app.sync.transport import Trouble, Unreachable
from tests.sync.test_two_computers import WALTER, person
from tests.sync.worlds import Desktop, assert_same, settle

ROWS = 20


def test_a_snapshot_that_was_cut_off_goes_on_where_it_was(office: Desktop, laptop: Desktop) -> None:
    person(office)
    for _ in range(60):
        office.desk.do(add_client, NewClient(WALTER))
    settle(office, laptop)
    laptop.file.slice(
        lambda part: part.connection.execute("UPDATE sync_link SET cursor = '', cursor_seq = 0")
    )
    asked: list[str] = []

    def in_parts(verb: Verb, message: Any) -> Any:
        if verb is not Verb.SNAPSHOT:
            return None
        asked.append(message.after)
        if len(asked) == 3:
            raise Unreachable(Trouble.OFFLINE)
        laptop.transport.tap = None
        try:
            return laptop.transport.ask(verb, replace(message, rows=ROWS))
        finally:
            laptop.transport.tap = in_parts

    laptop.restart()
    laptop.transport.tap = in_parts
    assert laptop.engine.run() is Did.FAILED
    done, total = laptop.status().done, laptop.status().total
    assert (done, total > done) == (2 * ROWS, True)
    laptop.restart()
    while not laptop.engine.snapshots.done:
        laptop.engine.step()
    now = laptop.status()
    words = sync_words(now, laptop.clock.now(), laptop.desk.zone)
    assert (now.state, words) == (SyncState.SYNCING, f"Syncing {3 * ROWS} of {total}")
    settle(laptop)
    assert asked[0] == ""
    assert asked[3] == asked[2] != "", "not from the start again"
    assert len(asked) == len({*asked}) + 1
    assert_same(office, laptop)
    assert laptop.status().state is SyncState.SYNCED
