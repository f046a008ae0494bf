"""What the model of the protocol taught the merge, each rule by its number in record 0022."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from app.sync.protocol.records import Earlier
from tests.hosted.sync.scenes import Scene, draft, signed
from tests.hosted.worlds import APPOINTMENT, CLIENT, Computer


def test_an_edit_that_an_own_one_has_beaten_does_not_return(scene: Scene) -> None:
    """Rule 2: who knows the value that stands has no rival, whatever the clock says by then."""
    base = scene.laptop.seqs["client", scene.client]
    scene.office.change("client", scene.client, chosen_name="A")
    first = scene.laptop.write("client", scene.client, {"chosen_name": "B"}, later_ms=5)
    assert scene.laptop.push(first)[0].verdict == "applied"
    clock_set_back = scene.laptop.write(
        "client", scene.client, {"chosen_name": "C"}, base=base, later_ms=-90_000
    )
    assert scene.laptop.push(clock_set_back)[0].verdict == "applied"
    assert scene.both("client", scene.client)["chosen_name"] == "C"


def test_nor_does_it_within_one_batch(scene: Scene) -> None:
    base = scene.laptop.seqs["client", scene.client]
    scene.office.change("client", scene.client, chosen_name="A")
    first = scene.laptop.write("client", scene.client, {"chosen_name": "B"}, later_ms=5)
    second = scene.laptop.write(
        "client", scene.client, {"chosen_name": "C"}, base=base, later_ms=-90_000
    )
    scene.laptop.push(first, second)
    assert scene.both("client", scene.client)["chosen_name"] == "C"


def test_equal_values_count_as_written(scene: Scene) -> None:
    """Rule 4: what both set is a rival of a later change that saw neither."""
    third = scene.laptop.server.computer(scene.office.caller.practice_id, "Third")
    third.pull()
    base = third.seqs["client", scene.client]
    scene.office.change("client", scene.client, chosen_name="A")
    same = scene.laptop.write("client", scene.client, {"chosen_name": "A"}, later_ms=-5)
    scene.laptop.push(same)
    late = third.write("client", scene.client, {"chosen_name": "C"}, base=base, later_ms=-3)
    # The latest writer is the laptop, whose stamp is the earliest: that one is met, and beaten.
    assert third.push(late)[0].verdict == "applied"
    assert scene.both("client", scene.client)["chosen_name"] == "C"


def test_completed_with_a_charge_beats_the_plan_of_another_computer(scene: Scene) -> None:
    """Rule 5: also the SCHEDULED of the same occurrence, and the charge may come behind it."""
    pk = uuid4()
    said = {**APPOINTMENT, "case_id": scene.case.hex}
    both = uuid4()
    held = scene.office.write(
        "appointment", pk, {**said, "status": "COMPLETED"}, new=True, change_set=both
    )
    charge = scene.office.write("charge", uuid4(), scene.charge(pk), new=True, change_set=both)
    plan = scene.laptop.write("appointment", pk, said, new=True, later_ms=5)
    scene.laptop.push(plan)
    scene.office.push(held, charge)
    assert scene.both("appointment", pk)["status"] == "COMPLETED"
    assert scene.laptop.inbox() == []


def test_a_later_branch_never_replaces_the_words_of_an_earlier_one(scene: Scene) -> None:
    """Rule 6: beaten, then having seen the winner beaten again: two texts wait, not one."""
    note = scene.note()
    scene.office.change("note", note, **draft("office 1"))
    scene.laptop.change("note", note, **draft("laptop 1"))
    scene.agree()
    scene.office.change("note", note, **draft("office 2"))
    scene.laptop.change("note", note, **draft("laptop 2"))
    scene.agree()
    waiting = sorted(item["other"]["sections"]["plan"] for item in scene.laptop.inbox())
    assert waiting == ["laptop 1", "laptop 2"]


def test_a_decision_counts_only_for_what_it_saw(scene: Scene) -> None:
    """Rule 7: words that came to the question meanwhile leave it open."""
    note = scene.note()
    scene.office.change("note", note, **draft("office"))
    scene.laptop.change("note", note, **draft("laptop"))
    scene.office.pull()
    (key,) = [key for key in scene.office.rows if key[0] == "inbox_item"]
    scene.laptop.change("note", note, **draft("laptop, typed on", 2))
    answer = scene.office.change(*key, state="KEPT", decided_at=None, decided_by=None)
    assert answer.verdict == "merged"
    item = scene.item()
    assert (item["state"], item["other"]["sections"]["plan"]) == ("OPEN", "laptop, typed on")
    scene.office.change(*key, state="KEPT", decided_at=None, decided_by=None)
    assert scene.item()["state"] == "KEPT"


def test_signing_on_both_computers_asks_once_about_the_same_words(scene: Scene) -> None:
    note = scene.note()
    scene.office.change("note", note, **draft("office"))
    scene.laptop.change("note", note, **draft("laptop"))
    scene.office.change("note", note, **signed("office"))
    scene.laptop.change("note", note, **signed("laptop"))
    scene.agree()
    asked = [
        item["other"]["sections"]["plan"]
        for item in scene.laptop.inbox()
        if item["state"] == "OPEN"
    ]
    assert asked == ["laptop"]


def test_a_decision_does_not_count_for_words_that_came_in_the_same_push(scene: Scene) -> None:
    """Rule 7: one's own words, typed on before, change the question on their way."""
    note = scene.note()
    scene.office.change("note", note, **draft("office"))
    base = scene.laptop.seqs["note", note]
    scene.laptop.change("note", note, **draft("laptop"))
    scene.laptop.pull()
    (key,) = [key for key in scene.laptop.rows if key[0] == "inbox_item"]
    typed = scene.laptop.write("note", note, draft("laptop, typed on", 2), base=base)
    decided = {"state": "KEPT", "decided_at": None, "decided_by": None}
    scene.laptop.push(typed, scene.laptop.write(*key, decided))
    item = scene.item()
    assert (item["state"], item["other"]["sections"]["plan"]) == ("OPEN", "laptop, typed on")


def begin_life(computer: Computer) -> UUID:
    """Let a computer's file begin another life, which knows nothing of the earlier one's work."""
    earlier, computer.incarnation = computer.incarnation, uuid4()
    computer.tag = uuid4().hex[:6]
    computer.hello(lineage={earlier: 0})
    return earlier


@pytest.mark.parametrize("at_once", [True, False])
def test_work_of_an_earlier_life_that_is_sent_again_is_own(scene: Scene, at_once: bool) -> None:
    """Rule 13: its answer was lost, and so was the mark; the clock was ahead when it was made."""
    laptop, client = scene.laptop, scene.client
    base = laptop.seqs["client", client]
    first = laptop.write("client", client, {"chosen_name": "First"}, later_ms=30_000)
    laptop.push(first)
    earlier = begin_life(laptop)
    second = laptop.write("client", client, {"chosen_name": "Second"}, base=base, later_ms=1_000)
    if at_once:
        again, answer = laptop.push(first, second)
    else:
        (again,) = laptop.push(first)
        laptop.hello(lineage={earlier: 0})
        (answer,) = laptop.push(second)
    assert (again.verdict, answer.verdict) == ("duplicate", "applied")
    assert scene.both("client", client)["chosen_name"] == "Second"


def test_what_another_copy_wrote_later_is_not_own(scene: Scene) -> None:
    """Rule 13: a copy holds what was written before it was made, and nothing since."""
    laptop, client = scene.laptop, scene.client
    base = laptop.seqs["client", client]
    shared = laptop.write("client", client, {"notes": "Shared"})
    since = laptop.write("client", client, {"chosen_name": "Since"}, later_ms=30_000)
    laptop.push(shared, since)
    begin_life(laptop)
    laptop.lsn = shared.lsn
    mine = laptop.write("client", client, {"chosen_name": "Mine"}, base=base, later_ms=1_000)
    assert [each.verdict for each in laptop.push(shared, mine)] == ["duplicate", "merged"]
    assert scene.both("client", client)["chosen_name"] == "Since"


def test_from_what_was_queued_anew_nothing_is_known_of_another_copy(scene: Scene) -> None:
    """Rule 13: it stands behind what the other copy wrote since, which this one never had."""
    laptop, client = scene.laptop, scene.client
    base = laptop.seqs["client", client]
    shared = laptop.write("client", client, {"notes": "Shared"})
    since = laptop.write("client", client, {"chosen_name": "Since"}, later_ms=30_000)
    moved = replace(shared, lsn=since.lsn + 1, earlier=Earlier(base=laptop.epoch))
    laptop.push(since, moved)
    begin_life(laptop)
    laptop.lsn = shared.lsn
    mine = laptop.write("client", client, {"chosen_name": "Mine"}, base=base, later_ms=1_000)
    assert [each.verdict for each in laptop.push(shared, mine)] == ["duplicate", "merged"]
    new = laptop.write("client", uuid4(), CLIENT, new=True)
    other = laptop.write("client", client, {"chosen_name": "Other"}, later_ms=30_000)
    laptop.pull()
    laptop.push(other, replace(new, lsn=other.lsn + 1))
    begin_life(laptop)
    mine = laptop.write("client", client, {"chosen_name": "Mine"}, base=base, later_ms=1_000)
    assert [each.verdict for each in laptop.push(new, mine)] == ["duplicate", "merged"]
