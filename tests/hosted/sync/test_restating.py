"""What is stated again to a server that was restored, on both databases: rules 30 to 32 of 0022.

The data were not set back: the new epoch shares all of the log, and seqs beyond it stand for what
a backup would have lost.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from app.sync.protocol.messages import Pull
from app.sync.protocol.records import Earlier, Operation
from app.sync.protocol.terms import Verb
from hosted.sync import epochs
from tests.hosted.sync.scenes import Scene, draft
from tests.hosted.sync.test_restored import row, stated
from tests.hosted.worlds import MEMBER, Computer, Server


def begin_anew(server: Server, *computers: Computer) -> str:
    """Begin a new epoch that computers enter; return the one that ended."""
    ended = computers[0].epoch
    server.clock.forward(minutes=1)
    epochs.begin_anew(server.database, server.clock.now())
    server.restart()
    for computer in computers:
        computer.hello()
    return ended


def test_what_is_set_aside_of_a_statement_has_the_whole_row_as_its_echo(
    server: Server, scene: Scene
) -> None:
    """Rule 30: the case was hers all the time, as far as her computer knows."""
    owner, associate_id = scene.office, uuid4()
    owner.add("member", {**MEMBER, "role": "ASSOCIATE"}, associate_id)
    owner.change("care_case", scene.case, provider_id=associate_id.hex)
    note = scene.note()
    associate = server.computer(owner.caller.practice_id, "Kim", associate_id)
    before = row(owner, "note", note)
    ended = begin_anew(server, owner, associate)
    owner.change("care_case", scene.case, provider_id=None)
    said = {**before, **draft("hers", 2)}
    associate.push(stated(associate, "note", note, (ended, 90_000), said))
    owner.change("care_case", scene.case, provider_id=associate_id.hex)
    page = associate.ask(Verb.PULL, Pull(associate.epoch, "", covers=(scene.case,)))
    assert ("note", note) not in page.gone
    echo = [each for each in page.entries if each.pk == note][-1]
    assert {**said, **echo.columns} == row(owner, "note", note)
    older = {**before, **draft("an earlier version", 2)}
    owner.push(stated(owner, "note", note, (ended, 80_000), older))
    assert row(owner, "note", note)["sections"] == {"plan": "an earlier version"}


def test_what_the_restored_log_still_holds_is_not_stated_to_it_again(
    server: Server, scene: Scene
) -> None:
    """Rule 35: of two backups a later one came back; a file states what the first one lacked."""
    office, client = scene.office, scene.client
    known = office.change("client", client, legal_given="Known to the office")
    then = row(office, "client", client)
    later = {"chosen_name": "Unseen by it"}
    scene.laptop.push(scene.laptop.write("client", client, later, later_ms=-7_200_000))
    now = row(office, "client", client)
    ended = begin_anew(server, office, scene.laptop)
    office.push(stated(office, "client", client, (ended, known.seq), then))
    assert row(office, "client", client) == now


def test_nor_is_it_late_work_where_the_case_is_another_members_now(
    server: Server, scene: Scene
) -> None:
    """Rule 35: what the log holds needs nobody to decide about it."""
    owner, associate_id, note = scene.office, uuid4(), scene.note()
    owner.add("member", {**MEMBER, "role": "ASSOCIATE"}, associate_id)
    associate = server.computer(owner.caller.practice_id, "Kim", associate_id)
    known = owner.change("note", note, **draft("known", 2))
    then = row(owner, "note", note)
    owner.change("note", note, **draft("unseen", 3))
    ended = begin_anew(server, owner, associate)
    associate.push(stated(associate, "note", note, (ended, known.seq), then))
    assert [each for each in owner.snapshot() if each.entity == "inbox_item"] == []


class Doubt:
    """The office sent a name without an answer; the laptop states it, and what replaced it."""

    def __init__(self, server: Server, scene: Scene, *, in_doubt: bool = True) -> None:
        self.scene = scene
        office, laptop, client = scene.office, scene.laptop, scene.client
        before = row(office, "client", client)
        self.ended = begin_anew(server, office, laptop)
        # By the clock of the office it is the last.
        sent = office.write("client", client, {"chosen_name": "Sent"}, later_ms=30_000)
        earlier = Earlier(base=self.ended, in_doubt=in_doubt)
        self.sent = replace(sent, earlier=earlier)
        self.stated = self._stated({**before, "chosen_name": "Sent"}, 90_000)
        self.stated_later = self._stated({**before, "chosen_name": "Later"}, 90_001)
        over = laptop.write("client", client, {"chosen_name": "Later"}, base=90_000)
        kept = Earlier(base=self.ended, replaced={"chosen_name": "Sent"})
        self.over = replace(over, earlier=kept)

    def _stated(self, columns: dict[str, object], seq: int) -> Operation:
        return stated(self.scene.laptop, "client", self.scene.client, (self.ended, seq), columns)

    @property
    def name(self) -> object:
        """What the client is called now."""
        return row(self.scene.office, "client", self.scene.client)["chosen_name"]


@pytest.mark.parametrize("statement", [True, False])
@pytest.mark.parametrize("first", [True, False])
def test_what_may_be_in_a_statement_does_not_come_back_over_what_replaced_it(
    server: Server, scene: Scene, first: bool, statement: bool
) -> None:
    """Rule 32: whichever comes first, and whether it was replaced before the restore or after."""
    doubt = Doubt(server, scene)
    if first:
        scene.office.push(doubt.sent)
    scene.laptop.push(*([doubt.stated_later] if statement else [doubt.stated, doubt.over]))
    if not first:
        scene.office.push(doubt.sent)
    assert doubt.name == "Later"


@pytest.mark.parametrize("in_doubt", [True, False])
def test_what_is_no_statements_goes_by_the_clock_as_ever(
    server: Server, scene: Scene, in_doubt: bool
) -> None:
    """Rule 32: only beside what was stated again an answer that never came says something."""
    doubt = Doubt(server, scene, in_doubt=in_doubt)
    scene.laptop.change("client", scene.client, chosen_name="Unseen")
    scene.office.push(doubt.sent)
    assert doubt.name == "Sent"
    scene.laptop.push(replace(doubt.stated_later, hlc=doubt.sent.hlc - (1 << 16)))
    assert doubt.name == ("Later" if in_doubt else "Sent")


def test_over_what_was_stated_a_later_statement_says_only_some_columns(
    server: Server, scene: Scene
) -> None:
    """Rule 31: the rest of the row is as it stands, and its echo is whole."""
    laptop, client = scene.laptop, scene.client
    before = row(laptop, "client", client)
    ended = begin_anew(server, scene.office, laptop)
    said = {**before, "chosen_name": "First epoch", "notes": "First epoch"}
    laptop.push(stated(laptop, "client", client, (ended, 90_000), said))
    middle = begin_anew(server, scene.office, laptop)
    since = {"notes": "Second epoch"}
    laptop.push(stated(laptop, "client", client, (middle, 90_000), since))
    now = row(laptop, "client", client)
    assert (now["chosen_name"], now["notes"]) == ("First epoch", "Second epoch")
    laptop.pull()
    assert laptop.row("client", client) == now
