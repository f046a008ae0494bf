"""A server restored from its backup: what devices state again, by the rules of record 0022."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.sync.protocol.messages import Pull, Push
from app.sync.protocol.records import Answer, Earlier, Operation
from app.sync.protocol.terms import Verb
from hosted.store.engine import database_in_memory
from hosted.sync import epochs
from hosted.sync.purging import purge
from tests.hosted.sync.scenes import Scene, draft
from tests.hosted.sync.test_numbers import invoice, numbered_twice
from tests.hosted.worlds import CLIENT, MEMBER, Computer, Server


class Restorable(Server):
    """A server whose data can be set back."""

    def image(self) -> bytes:
        """Return a backup."""
        found: bytes = self._driver().serialize()
        return found

    def set_back(self, image: bytes) -> None:
        """Restore the backup, and notice it."""
        self._driver().deserialize(image)
        self.clock.forward(minutes=1)
        epochs.begin_anew(self.database, self.clock.now())
        self.restart()

    def _driver(self) -> Any:
        raw = self.database.engine.raw_connection()
        try:
            return raw.driver_connection
        finally:
            raw.close()


@pytest.fixture
def lost(empty_sqlite: bytes) -> Iterator[Restorable]:
    """A server on SQLite: a backup of PostgreSQL is not made in a moment."""
    database = database_in_memory()
    raw = database.engine.raw_connection()
    raw.driver_connection.deserialize(empty_sqlite)  # type: ignore[union-attr]
    raw.close()
    yield Restorable(database)
    database.close()


@pytest.fixture
def scene(lost: Restorable) -> Scene:
    """Two computers that agree on a small practice."""
    practice = lost.practice()
    return Scene((lost.computer(practice, "Office"), lost.computer(practice, "Laptop")))


def restore(lost: Restorable, image: bytes, *computers: Computer) -> str:
    """Set the server back and let computers enter its new epoch; return the one that ended."""
    ended = computers[0].epoch
    lost.set_back(image)
    for computer in computers:
        computer.hello()
    return ended


def stated(
    computer: Computer, entity: str, pk: UUID, was: tuple[str, int], columns: Mapping[str, Any]
) -> Operation:
    """Return the restatement of a row."""
    said = computer.write(entity, pk, columns, new=True, base=0, later_ms=-3_600_000)
    return replace(said, earlier=Earlier(was=was, whole=True))


def row(computer: Computer, entity: str, pk: UUID) -> dict[str, Any]:
    """Return a row as the server has it now."""
    kept = {(each.entity, each.pk): dict(each.columns) for each in computer.snapshot()}
    return kept[entity, pk]


def only(answers: tuple[Answer, ...]) -> str:
    """Return the only verdict."""
    (answer,) = answers
    return str(answer.verdict)


def test_a_seq_of_the_ended_epoch_is_none_of_the_present_one(
    lost: Restorable, scene: Scene
) -> None:
    """Rule 15: what was seen at a seq there is not what has that seq here."""
    office, laptop, client = scene.office, scene.laptop, scene.client
    image = lost.image()
    office.change("client", client, chosen_name="Lost")
    office.pull()
    seen = office.seqs["client", client]
    ended = restore(lost, image, office, laptop)
    laptop.change("client", client, chosen_name="Unseen by the office")
    op = office.write("client", client, {"chosen_name": "Later"}, base=seen, later_ms=-60_000)
    op = replace(op, earlier=Earlier(base=ended))
    assert only(office.push(op)) == "merged"
    assert row(office, "client", client)["chosen_name"] == "Unseen by the office"


def test_the_common_head_is_the_smallest_along_the_chain_also_of_restores_undone(
    lost: Restorable, scene: Scene
) -> None:
    """Rule 16: the chain lies outside the backups."""
    office, laptop = scene.office, scene.laptop
    image, common = lost.image(), laptop.hello().head
    first = restore(lost, image, office)
    office.change("client", scene.client, chosen_name="Second epoch")
    second = office.epoch
    restore(lost, image, office)
    office.change("client", scene.client, chosen_name="Third epoch")
    # Of the second epoch the restored data know nothing, and it went on from the common head.
    assert office.hello(epoch=second).restored_head == common
    assert laptop.hello(epoch=first).restored_head == common
    assert laptop.hello(epoch="0" * 32).restored_head == 0


def test_of_two_statements_the_later_version_wins_not_the_clock(
    lost: Restorable, scene: Scene
) -> None:
    """Rule 17: and the earlier one is included, in whatever order they come."""
    office, laptop, client = scene.office, scene.laptop, scene.client
    before = dict(office.row("client", client))
    image = lost.image()
    ended = restore(lost, image, office, laptop)
    older = {**before, "chosen_name": "Older", "notes": "Older"}
    newer = {**older, "chosen_name": "Newer"}
    high, low = (ended, 90), (ended, 80)
    first = stated(laptop, "client", client, high, newer)
    late = replace(stated(office, "client", client, low, older), hlc=first.hlc + (9_000_000 << 16))
    laptop.push(first)
    assert only(office.push(late)) == "applied"
    assert row(office, "client", client)["chosen_name"] == "Newer"
    restore(lost, image, office, laptop)
    late = replace(stated(office, "client", client, low, older), hlc=late.hlc)
    first = stated(laptop, "client", client, high, newer)
    office.push(late)
    laptop.push(first)
    assert row(office, "client", client)["chosen_name"] == "Newer"


def test_what_was_taken_once_is_included_in_a_row_that_has_it(
    lost: Restorable, scene: Scene
) -> None:
    """Rule 17: operations that were acknowledged come again with their old seq."""
    office, laptop, client = scene.office, scene.laptop, scene.client
    before = dict(office.row("client", client))
    ended = restore(lost, lost.image(), office, laptop)
    laptop.push(stated(laptop, "client", client, (ended, 90), {**before, "chosen_name": "Newest"}))
    again = office.write("client", client, {"chosen_name": "Replaced since"}, later_ms=60_000)
    office.push(replace(again, earlier=Earlier(was=(ended, 85))))
    assert row(office, "client", client)["chosen_name"] == "Newest"


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("kept", [True, False])
def test_a_statement_is_not_the_writing_of_who_states_it(
    lost: Restorable, scene: Scene, kept: bool, at_once: bool
) -> None:
    """Rule 17: its person may not have seen it, so its own later words meet it."""
    without = lost.image()
    note = scene.note()
    office, laptop = scene.office, scene.laptop
    before = dict(office.row("note", note))
    base = office.seqs["note", note]
    ended = restore(lost, lost.image() if kept else without, office, laptop)
    words = {**before, **draft("a colleague's, hidden below an open editor", 2)}
    again = stated(office, "note", note, (ended, 90), words)
    typed = office.write("note", note, draft("typed meanwhile"), base=base)
    typed = replace(typed, earlier=Earlier(base=ended))
    pushes = [(again, typed)] if at_once else [(again,), (typed,)]
    *_, answer = [each for push in pushes for each in office.push(*push)]
    assert answer.verdict == "conflict"
    assert row(office, "note", note)["sections"] == words["sections"]


def test_only_what_differs_from_the_common_head_is_news(lost: Restorable, scene: Scene) -> None:
    """Rule 18: else columns that nobody touched would be contested."""
    office, laptop, client = scene.office, scene.laptop, scene.client
    before = row(office, "client", client)
    ended = restore(lost, lost.image(), office, laptop)
    laptop.change("client", client, notes="Written in the new epoch")
    lost.clock.forward(minutes=5)
    said = {**before, "chosen_name": "Lost"}
    again = stated(office, "client", client, (ended, 90), said)
    office.push(replace(again, hlc=again.hlc + (7_200_000 << 16)))
    now = row(office, "client", client)
    assert (now["chosen_name"], now["notes"]) == ("Lost", "Written in the new epoch")


def test_who_replaced_a_value_had_seen_it_whatever_the_row_is_called(
    lost: Restorable, scene: Scene
) -> None:
    """Rule 19: a row that is stated whole names one version, also for what is older in it."""
    office, laptop, client = scene.office, scene.laptop, scene.client
    before = dict(office.row("client", client))
    ended = restore(lost, lost.image(), office, laptop)
    said = {**before, "chosen_name": "Seen", "notes": "Changed later"}
    first = stated(laptop, "client", client, (ended, 90), said)
    laptop.push(replace(first, hlc=first.hlc + (7_000_000 << 16)))
    op = office.write("client", client, {"chosen_name": "Mine"}, base=85, later_ms=-3_600_000)
    op = replace(op, earlier=Earlier(base=ended, replaced={"chosen_name": "Seen"}))
    assert only(office.push(op)) == "applied"
    assert row(office, "client", client)["chosen_name"] == "Mine"


def test_the_echo_of_a_statement_carries_the_whole_row(lost: Restorable, scene: Scene) -> None:
    """Rule 20: what lost would else differ for ever on the computer that stated it."""
    office, laptop, client = scene.office, scene.laptop, scene.client
    before = dict(office.row("client", client))
    ended = restore(lost, lost.image(), office, laptop)
    laptop.change("client", client, chosen_name="Won")
    office.push(stated(office, "client", client, (ended, 90), {**before, "chosen_name": "Lost"}))
    echo = office.pull()[-1]
    assert echo.columns["chosen_name"] == "Won"
    assert set(before) <= set(echo.columns)


def test_all_rows_of_a_change_set_have_its_last_seq(scene: Scene) -> None:
    """Rule 21: by it they are known as one change set."""
    both = uuid4()
    rows = [
        scene.office.write("client", uuid4(), CLIENT, new=True, change_set=both) for _ in range(3)
    ]
    scene.office.push(*rows)
    entries = scene.laptop.pull()
    assert [each.version for each in entries] == [entries[-1].seq] * 3
    kept = {each.pk: each.seq for each in scene.laptop.snapshot()}
    assert {kept[each.pk] for each in rows} == {entries[-1].seq}


def test_what_was_purged_is_purged_again_before_anybody_is_answered(
    lost: Restorable, scene: Scene
) -> None:
    """Rule 23: the list of purges lies outside the backups."""
    office, laptop = scene.office, scene.laptop
    client = office.add("client", {**CLIENT, "notes": "planted"})
    email = office.add("client_email", {"client_id": client.hex, "address": "a@b.c"})
    practice = office.caller.practice_id
    image = lost.image()
    purge(
        lost.database,
        practice,
        [("client_email", email), ("client", client)],
        ordered_by="Dana",
        reason="asked",
        now=lost.clock.now(),
        register=lost.register,
    )
    ended = restore(lost, image, office, laptop)
    assert {each.pk for each in laptop.snapshot()}.isdisjoint({client, email})
    laptop.pull()
    again = stated(laptop, "client", client, (ended, 90), CLIENT)
    (answer,) = laptop.push(again)
    assert answer.refusal == "purged"


def test_no_question_about_a_purged_record_comes_back(lost: Restorable, scene: Scene) -> None:
    """Rule 23: the words that were set aside lie in it, and the case is still here."""
    office, laptop, note = scene.office, scene.laptop, scene.note()
    office.change("note", note, **draft("office"))
    laptop.change("note", note, **draft("planted"))
    scene.agree()
    (key,) = [key for key in laptop.rows if key[0] == "inbox_item"]
    item, image = row(laptop, *key), lost.image()
    purge(
        lost.database,
        office.caller.practice_id,
        [("note", note)],
        ordered_by="Dana",
        reason="asked",
        now=lost.clock.now(),
        register=lost.register,
    )
    ended = restore(lost, image, office, laptop)
    again = stated(laptop, *key, (ended, 90), item)
    kept = laptop.write("inbox_item", uuid4(), item, new=True)
    of_nothing = {**item, "other": {}, "record_id": "no id"}
    strange = laptop.write("inbox_item", uuid4(), of_nothing, new=True)
    refusals = [each.refusal for each in laptop.push(again, kept, strange)]
    assert refusals == ["purged", "purged", "malformed"]
    assert "planted" not in str(laptop.snapshot())


def test_the_number_of_a_paper_purged_since_the_backup_was_given_all_the_same(
    lost: Restorable, scene: Scene
) -> None:
    """Rules 14 and 23: the restored data know neither the paper nor its number."""
    office, laptop, second = scene.office, scene.laptop, uuid4()
    image = lost.image()
    paper = office.add("invoice", invoice(scene, "INV-2026-0001"))
    purge(
        lost.database,
        office.caller.practice_id,
        [("invoice", paper)],
        ordered_by="Dana",
        reason="asked",
        now=lost.clock.now(),
        register=lost.register,
    )
    restore(lost, image, office, laptop)
    laptop.add("invoice", invoice(scene, "INV-2026-0001"), second)
    assert numbered_twice(laptop) == [(second, "INV-2026-0001")]


def test_nothing_is_taken_before_the_practice_has_entered_the_new_epoch(
    lost: Restorable, scene: Scene
) -> None:
    office = scene.office
    lost.set_back(lost.image())
    op = office.write("client", scene.client, {"notes": "x"})
    answer = office.ask(Verb.PUSH, Push(office.epoch, office.incarnation, (op,)))
    assert answer.code == "epoch"


def test_a_computer_names_the_cases_it_covers_where_its_scope_version_says_nothing(
    lost: Restorable, scene: Scene
) -> None:
    """Rule 24: a restored server gives scope versions out again."""
    owner, associate_id = scene.office, uuid4()
    owner.add("member", {"given": "Kim", "role": "ASSOCIATE"}, associate_id)
    associate = lost.computer(owner.caller.practice_id, "Kim", associate_id)
    image = lost.image()
    owner.change("care_case", scene.case, provider_id=associate_id.hex)
    associate.pull()
    restore(lost, image, owner, associate)
    page = associate.ask(Verb.PULL, Pull(associate.epoch, associate.cursor, covers=(scene.case,)))
    assert ("care_case", scene.case) in page.gone


def test_late_work_that_is_stated_again_is_shown_and_does_not_count_as_stated(
    lost: Restorable, scene: Scene
) -> None:
    """Rule 24, and rule 9: the case is another member's by now."""
    owner, associate_id = scene.office, uuid4()
    owner.add("member", {**MEMBER, "role": "ASSOCIATE"}, associate_id)
    associate = lost.computer(owner.caller.practice_id, "Kim", associate_id)
    note = scene.note()
    before = dict(owner.row("note", note))
    ended = restore(lost, lost.image(), owner, associate)
    said = {**before, **draft("hers", 2)}
    assert only(associate.push(stated(associate, "note", note, (ended, 90), said))) == "merged"
    owner.pull()
    (item,) = owner.inbox()
    assert (item["reason"], item["other"]["sections"]) == ("out_of_scope", {"plan": "hers"})
    assert "held_on" not in item["other"]
    older = {**before, **draft("earlier words", 2)}
    owner.push(stated(owner, "note", note, (ended, 80), older))
    assert row(owner, "note", note)["sections"] == {"plan": "earlier words"}


def test_a_late_signature_is_shown_with_the_words_that_it_covers(
    lost: Restorable, scene: Scene
) -> None:
    owner, associate_id = scene.office, uuid4()
    owner.add("member", {**MEMBER, "role": "ASSOCIATE"}, associate_id)
    associate = lost.computer(owner.caller.practice_id, "Kim", associate_id)
    note = scene.note()
    before = dict(owner.row("note", note))
    ended = restore(lost, lost.image(), owner, associate)
    said = {**before, "status": "SIGNED", "signed_hash": "ab" * 32}
    associate.push(stated(associate, "note", note, (ended, 90), said))
    owner.pull()
    (item,) = owner.inbox()
    assert item["other"]["signed_hash"] == "ab" * 32
    assert item["other"]["sections"] == before["sections"]


def test_late_words_of_a_question_are_shown_as_late_work_on_its_record(
    lost: Restorable, scene: Scene
) -> None:
    """Rule 9: as a question about a question nobody would look for them, or may not see them."""
    owner, associate_id = scene.office, uuid4()
    owner.add("member", {**MEMBER, "role": "ASSOCIATE"}, associate_id)
    associate = lost.computer(owner.caller.practice_id, "Kim", associate_id)
    note = scene.note()
    owner.change("note", note, **draft("office"))
    scene.laptop.change("note", note, **draft("laptop"))
    scene.agree()
    (key,) = [key for key in owner.rows if key[0] == "inbox_item"]
    item = row(owner, *key)
    ended = restore(lost, lost.image(), owner, associate)
    typed_on = {**item, "other": draft("laptop, typed on", 2)}
    assert only(associate.push(stated(associate, *key, (ended, 90), typed_on))) == "merged"
    decided = {**item, "state": "KEPT", "decided_at": "2026-11-19T19:00:00+00:00"}
    assert only(associate.push(stated(associate, *key, (ended, 91), decided))) == "merged"
    owner.pull()
    late = [each for each in owner.inbox() if each["reason"] == "out_of_scope"]
    assert [(each["entity"], each["record_id"]) for each in late] == [("note", note.hex)]
    assert late[0]["other"]["sections"] == {"plan": "laptop, typed on"}
    assert late[0]["kept"]["sections"] == {"plan": "office"}
    assert late[0]["case_id"] == scene.case.hex
    assert row(owner, *key)["other"]["sections"] == {"plan": "laptop"}


def test_a_later_write_of_the_ended_epoch_beats_an_earlier_statement(
    lost: Restorable, scene: Scene
) -> None:
    """Rule 17: both had their place there, so that no clock is asked."""
    office, laptop, client = scene.office, scene.laptop, scene.client
    before = row(office, "client", client)
    ended = restore(lost, lost.image(), office, laptop)
    first = stated(laptop, "client", client, (ended, 80), {**before, "chosen_name": "Earlier"})
    laptop.push(replace(first, hlc=first.hlc + (3_600_000 << 16)))
    again = office.write("client", client, {"chosen_name": "Later"}, base=70, later_ms=-60_000)
    office.push(replace(again, earlier=Earlier(base=ended, was=(ended, 85))))
    assert row(office, "client", client)["chosen_name"] == "Later"


def test_decided_questions_stay_decided_unless_other_words_come(
    lost: Restorable, scene: Scene
) -> None:
    """Rule 7: words that are stated again were not there when the question was decided."""
    note = scene.note()
    scene.office.change("note", note, **draft("office"))
    scene.laptop.change("note", note, **draft("laptop"))
    scene.agree()
    (key,) = [key for key in scene.office.rows if key[0] == "inbox_item"]
    item = row(scene.office, *key)
    ended = restore(lost, lost.image(), scene.office, scene.laptop)
    scene.office.change(*key, state="KEPT", decided_at=None, decided_by=None)
    scene.laptop.push(stated(scene.laptop, *key, (ended, 90), item))
    assert row(scene.office, *key)["state"] == "KEPT"
    other = {**item, "other": draft("laptop, typed on", 2)}
    scene.laptop.push(stated(scene.laptop, *key, (ended, 95), other))
    now = row(scene.office, *key)
    assert (now["state"], now["other"]["sections"]["plan"]) == ("OPEN", "laptop, typed on")
