"""What the model of the protocol taught the merge, each rule by its number in record 0022."""

from __future__ import annotations

from uuid import uuid4

from tests.hosted.sync.scenes import Scene, draft, signed
from tests.hosted.worlds import APPOINTMENT


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
