"""What a computer says to an account that was restored while something of its was on its way.

Rules 31 and 32 of record 0022.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.core.clinical.commands.notes import discard_draft
from app.core.people.commands import change_details
from app.core.people.rules import DetailFields
from app.core.vault.keys import Keys
from app.sync.protocol.messages import Push
from app.sync.protocol.records import Operation
from app.sync.protocol.terms import Verb
from app.sync.transport import Trouble, Unreachable
from tests.support.clock import StillClock
from tests.support.images import image_of
from tests.sync.test_copies import name, reopened
from tests.sync.test_two_computers import draft, person, texts, write
from tests.sync.worlds import Desktop, assert_same, settle


class Account:
    """An account with a backup of its data."""

    def __init__(self, office: Desktop) -> None:
        self._hosted = office.hosted
        self._content = image_of(self._hosted.database)

    def restore(self) -> None:
        """Set the data back to the backup."""
        self._hosted.clock.forward(minutes=1)
        self._hosted.restart(self._content, anew=True)


def nothing_goes_out(verb: Verb, _message: Any) -> None:
    """Let no push through."""
    if verb is Verb.PUSH:
        raise Unreachable(Trouble.OFFLINE)


def answer_lost(desktop: Desktop) -> Callable[[Verb, Any], None]:
    """Let a push arrive, and cut the network before its answer."""

    def tap(verb: Verb, message: Any) -> None:
        if verb is Verb.PUSH:
            desktop.transport.tap = None
            desktop.transport.ask(verb, message)
            desktop.transport.offline = True
            raise Unreachable(Trouble.OFFLINE)

    return tap


def sent(desktop: Desktop) -> list[Operation]:
    """Let a computer exchange, and return what it sent."""
    found: list[Operation] = []

    def tap(verb: Verb, message: Any) -> None:
        if verb is Verb.PUSH:
            assert isinstance(message, Push)
            found.extend(message.operations)

    desktop.transport.tap = tap
    settle(desktop)
    desktop.transport.tap = None
    return found


def test_over_a_row_not_yet_restated_only_what_came_since_is_said(
    office: Desktop, laptop: Desktop
) -> None:
    """Rule 31: else a delete is said to have seen what came in the next epoch."""
    case = person(office).case_id
    note = draft(office, case, "begun")
    settle(office, laptop)
    account = Account(office)
    laptop.desk.do(discard_draft, note)
    settle(laptop)
    write(office, note, "at the office")
    account.restore()
    laptop.transport.tap = nothing_goes_out
    laptop.restart()
    laptop.sync()
    assert laptop.waiting()
    settle(office)
    laptop.sync()
    account.restore()
    for desktop in (office, laptop):
        desktop.restart()
    settle(office)
    first, second = [each for each in sent(laptop) if each.pk == note]
    assert first.columns["deleted_at"]
    assert second.earlier is not None
    assert second.earlier.whole
    assert second.columns["sections"] == {"plan": "at the office"}
    assert "deleted_at" not in second.columns
    settle(office, laptop)
    assert_same(office, laptop)
    assert office.row("note", note)["deleted_at"] is None
    assert "at the office" in texts(office)
    assert [item["kind"] for item in office.inbox()] == ["DELETED"]


def test_what_was_sent_without_an_answer_does_not_come_back_over_what_replaced_it(
    office: Desktop, laptop: Desktop
) -> None:
    """Rule 32: by a clock that was set back meanwhile it is the later one."""
    client = person(office).client_id
    settle(office, laptop)
    account = Account(office)
    name(office, client, "Replaced")
    office.transport.tap = answer_lost(office)
    office.sync()
    settle(laptop)
    assert laptop.row("client", client)["legal_given"] == "Replaced"
    name(laptop, client, "Later")
    account.restore()
    office.clock = StillClock(office.hosted.clock.now() - timedelta(days=1))
    office.transport.offline = False
    for desktop in (office, laptop):
        desktop.restart()
    settle(laptop)
    (again,) = [each for each in sent(office) if each.entity == "client"]
    assert again.earlier is not None
    assert again.earlier.in_doubt
    settle(laptop, office)
    assert_same(office, laptop)
    assert office.row("client", client)["legal_given"] == "Later"


@pytest.mark.parametrize("copied", [False, True])
def test_what_a_copy_holds_unsent_may_have_been_sent_from_the_file_itself(
    office: Desktop, stored_keys: Keys, tmp_path: Path, copied: bool
) -> None:
    """Rule 32: only its own unsent work was never sent."""
    client: UUID = person(office).client_id
    settle(office)
    account = Account(office)
    office.desk.do(change_details, client, DetailFields(pronouns="he/him"))
    if copied:
        office.close()
        shutil.rmtree(office.root / "state")
        reopened(office, office.root / "data", stored_keys)
    account.restore()
    office.restart()
    (first,) = [each for each in sent(office) if each.entity == "client"]
    assert first.earlier is not None
    assert first.earlier.in_doubt is copied
