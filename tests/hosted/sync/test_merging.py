"""Every merge rule of the sync design, on the server that applies it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.hosted.sync.scenes import Scene, draft, signed
from tests.hosted.worlds import APPOINTMENT

# Fields and groups.


def test_different_fields_of_a_row_are_both_kept(scene: Scene) -> None:
    assert scene.office.change("client", scene.client, pronouns="she/her").verdict == "applied"
    assert scene.laptop.change("client", scene.client, chosen_name="Annie").verdict == "applied"
    row = scene.both("client", scene.client)
    assert (row["pronouns"], row["chosen_name"]) == ("she/her", "Annie")


@pytest.mark.parametrize(
    ("later_ms", "verdict", "name"), [(5, "applied", "B"), (-5, "merged", "A")]
)
def test_the_last_writer_of_a_field_wins_whoever_is_heard_first(
    scene: Scene, later_ms: int, verdict: str, name: str
) -> None:
    scene.office.change("client", scene.client, chosen_name="A")
    late = scene.laptop.write("client", scene.client, {"chosen_name": "B"}, later_ms=later_ms)
    (answer,) = scene.laptop.push(late)
    assert answer.verdict == verdict
    assert scene.both("client", scene.client)["chosen_name"] == name


def test_an_own_earlier_change_that_comes_late_takes_nothing_back(scene: Scene) -> None:
    said = {"chosen_name": "A", "pronouns": "she/her"}
    earlier = scene.office.write("client", scene.client, said)
    after = scene.office.write("client", scene.client, {"chosen_name": "B"}, later_ms=5)
    scene.office.push(after)
    scene.office.push(earlier)
    row = scene.both("client", scene.client)
    assert (row["chosen_name"], row["pronouns"]) == ("B", "she/her")
    assert scene.office.inbox() == []


def test_an_edit_after_seeing_a_value_beats_it_whatever_the_clocks_say(scene: Scene) -> None:
    ahead = scene.office.write("client", scene.client, {"chosen_name": "A"}, later_ms=50_000)
    scene.office.push(ahead)
    scene.laptop.pull()
    seen = scene.laptop.write("client", scene.client, {"chosen_name": "B"}, later_ms=-90_000)
    assert scene.laptop.push(seen)[0].verdict == "applied"
    assert scene.both("client", scene.client)["chosen_name"] == "B"


def test_a_stamp_of_the_future_is_cut_to_the_servers_clock(scene: Scene) -> None:
    day = 86_400_000
    tomorrow = scene.office.write("client", scene.client, {"chosen_name": "A"}, later_ms=day)
    scene.office.push(tomorrow)
    scene.office.server.clock.forward(seconds=1)
    now = scene.laptop.write("client", scene.client, {"chosen_name": "B"})
    assert scene.laptop.push(now)[0].verdict == "applied"
    assert scene.both("client", scene.client)["chosen_name"] == "B"


def test_a_group_moves_as_one(scene: Scene) -> None:
    address = {"line1": "1 Elm", "city": "Boise", "state": "ID", "zip": "83701"}
    pk = scene.office.add("client_address", {"client_id": scene.client.hex, **address})
    scene.agree()
    rest = {"line2": "", "country": ""}
    first = {**address, **rest, "line1": "2 Oak"}
    second = {**address, **rest, "city": "Nampa", "zip": "83651"}
    scene.office.push(scene.office.write("client_address", pk, first, later_ms=9))
    (answer,) = scene.laptop.push(scene.laptop.write("client_address", pk, second))
    assert answer.verdict == "merged"
    row = scene.both("client_address", pk)
    assert (row["line1"], row["city"], row["zip"]) == ("2 Oak", "Boise", "83701")


def test_a_sensitive_field_asks_with_both_values(scene: Scene) -> None:
    pk = scene.office.add(
        "client_email", {"client_id": scene.client.hex, "address": "a@b.c", "consent_email": False}
    )
    scene.office.push(scene.office.write("client_email", pk, {"consent_email": True}))
    scene.laptop.seqs.update(scene.office.seqs)
    late = scene.laptop.write("client_email", pk, {"consent_email": False}, base=0, later_ms=5)
    assert scene.laptop.push(late)[0].verdict == "conflict"
    item = scene.item()
    assert item["kind"] == "FIELDS"
    assert item["kept"] == {"consent_email": False}
    assert item["other"] == {"consent_email": True}
    assert (item["kept_device"], item["other_device"]) == ("Laptop", "Office")


def test_the_same_sensitive_value_twice_asks_nothing(scene: Scene) -> None:
    pk = scene.office.add("client_email", {"client_id": scene.client.hex, "address": "a@b.c"})
    scene.agree()
    scene.office.change("client_email", pk, consent_email=True)
    assert scene.laptop.change("client_email", pk, consent_email=True).verdict == "applied"
    scene.agree()
    assert scene.laptop.inbox() == []


# Notes.


def test_two_drafts_are_both_kept_and_neither_overwrites_the_other(scene: Scene) -> None:
    note = scene.note()
    scene.office.change("note", note, **draft("from the office"))
    answer = scene.laptop.change("note", note, **draft("from the train"))
    assert answer.verdict == "conflict"
    assert scene.both("note", note)["sections"] == {"plan": "from the office"}
    item = scene.item()
    assert item["kind"] == "TEXT"
    assert item["state"] == "OPEN"
    assert item["record_id"] == note.hex
    assert item["case_id"] == scene.case.hex
    assert item["kept"]["sections"] == {"plan": "from the office"}
    assert item["other"]["sections"] == {"plan": "from the train"}
    assert item["base"]["sections"] == {"plan": ""}
    assert (item["kept_device"], item["other_device"]) == ("Office", "Laptop")


def test_later_words_follow_their_draft_into_the_inbox(scene: Scene) -> None:
    note = scene.note()
    scene.office.change("note", note, **draft("from the office"))
    scene.laptop.change("note", note, **draft("from the tr"))
    scene.laptop.change("note", note, **draft("from the train", 2))
    assert scene.item()["other"]["sections"] == {"plan": "from the train"}
    assert scene.both("note", note)["sections"] == {"plan": "from the office"}


def test_words_written_before_one_knew_follow_even_if_the_row_was_pulled_meanwhile(
    scene: Scene,
) -> None:
    note = scene.note()
    scene.office.change("note", note, **draft("from the office"))
    first = scene.laptop.write("note", note, draft("from the tr"))
    scene.laptop.pull()
    second = scene.laptop.write("note", note, draft("from the train", 2))
    assert [each.verdict for each in scene.laptop.push(first, second)] == ["conflict", "conflict"]
    assert scene.item()["other"]["sections"] == {"plan": "from the train"}
    assert scene.both("note", note)["sections"] == {"plan": "from the office"}


def test_a_decided_version_is_not_overwritten_by_later_words(scene: Scene) -> None:
    note = scene.note()
    scene.office.change("note", note, **draft("from the office"))
    scene.laptop.change("note", note, **draft("from the train"))
    scene.office.pull()
    (key,) = [key for key in scene.office.rows if key[0] == "inbox_item"]
    scene.office.change(*key, state="KEPT")
    scene.laptop.change("note", note, **draft("still on the train", 2))
    scene.agree()
    assert sorted(item["other"]["sections"]["plan"] for item in scene.laptop.inbox()) == [
        "from the train",
        "still on the train",
    ]


def test_the_same_words_twice_are_one_text(scene: Scene) -> None:
    note = scene.note()
    scene.office.change("note", note, **draft("the same"))
    assert scene.laptop.change("note", note, **draft("the same", 3)).verdict == "applied"
    scene.agree()
    assert scene.laptop.inbox() == []


def test_a_computer_never_conflicts_with_itself(scene: Scene) -> None:
    note = scene.note()
    for turn in range(4):
        answer = scene.laptop.change("note", note, **draft(f"turn {turn}", turn))
        assert answer.verdict == "applied"
    assert scene.both("note", note)["sections"] == {"plan": "turn 3"}


def test_a_signature_beats_a_draft_that_it_had_not_seen(scene: Scene) -> None:
    note = scene.note()
    scene.office.change("note", note, **draft("late words"))
    assert scene.laptop.change("note", note, **signed("signed words")).verdict == "conflict"
    row = scene.both("note", note)
    assert row["status"] == "SIGNED"
    assert row["sections"] == {"plan": "signed words"}
    item = scene.item()
    assert item["kind"] == "LATE_REVISION"
    assert item["other"]["sections"] == {"plan": "late words"}
    assert item["kept"]["signed_hash"] == "hash of signed words"


def test_words_written_into_a_signed_note_wait_in_the_inbox(scene: Scene) -> None:
    note = scene.note()
    scene.office.change("note", note, **signed("signed words"))
    assert scene.laptop.change("note", note, **draft("late words")).verdict == "conflict"
    scene.laptop.change("note", note, **draft("later words", 2))
    assert scene.both("note", note)["sections"] == {"plan": "signed words"}
    item = scene.item()
    assert item["kind"] == "LATE_REVISION"
    assert item["other"]["sections"] == {"plan": "later words"}


def test_two_signatures_of_other_words_are_both_kept(scene: Scene) -> None:
    note = scene.note()
    scene.office.change("note", note, **signed("one"))
    assert scene.laptop.change("note", note, **signed("two")).verdict == "conflict"
    assert scene.both("note", note)["signed_hash"] == "hash of one"
    item = scene.item()
    assert item["kind"] == "SECOND_SIGNATURE"
    assert item["other"]["signed_hash"] == "hash of two"


def test_two_signatures_of_the_same_words_are_one(scene: Scene) -> None:
    note = scene.note()
    scene.office.change("note", note, **signed("one"))
    again = {**signed("one"), "signed_at": "2026-11-19T19:05:00+00:00"}
    assert scene.laptop.change("note", note, **again).verdict == "merged"
    scene.agree()
    assert scene.laptop.inbox() == []


def test_signing_ones_own_version_closes_the_question(scene: Scene) -> None:
    note = scene.note()
    scene.office.change("note", note, **draft("from the office"))
    scene.laptop.change("note", note, **draft("from the train"))
    scene.laptop.change("note", note, **signed("from the train"))
    assert scene.both("note", note)["signed_hash"] == "hash of from the train"
    states = {item["kind"]: item["state"] for item in scene.laptop.inbox()}
    assert states == {"TEXT": "REPLACED", "LATE_REVISION": "OPEN"}


def test_a_signed_note_that_one_has_seen_is_final(scene: Scene) -> None:
    note = scene.note()
    scene.office.change("note", note, **signed("one"))
    scene.agree()
    answer = scene.laptop.change("note", note, **draft("forbidden"))
    assert (answer.verdict, answer.refusal) == ("rejected", "final")
    assert scene.both("note", note)["sections"] == {"plan": "one"}
    assert scene.item()["other"]["sections"] == {"plan": "forbidden"}


# The ledger.


def test_entries_of_the_ledger_are_united_by_id(scene: Scene) -> None:
    appointment = scene.appointment()
    charge = uuid4()
    said = scene.charge(appointment)
    assert scene.office.push(scene.office.write("charge", charge, said, new=True))[0].verdict == (
        "applied"
    )
    again = scene.laptop.write("charge", charge, said, new=True)
    assert scene.laptop.push(again)[0].verdict == "applied"
    other = scene.laptop.write("charge", charge, {**said, "amount": 1}, new=True)
    assert scene.laptop.push(other)[0].refusal == "final"
    assert scene.both("charge", charge)["amount"] == 15000


def test_an_entry_of_the_ledger_is_never_changed_or_deleted(scene: Scene) -> None:
    charge = scene.office.add("charge", scene.charge(scene.appointment()))
    for said in ({"amount": 1}, {"deleted_at": "2026-11-19T19:00:00+00:00"}):
        answer = scene.office.change("charge", charge, **said)
        assert (answer.verdict, answer.refusal) == ("rejected", "final")


# Status.


def status(word: str, **said: Any) -> dict[str, Any]:
    """Return the columns of a status, which move as one."""
    return {"status": word, "chargeable": False, "canceled_by": None, "reason": "", **said}


def test_a_session_that_was_held_and_charged_is_not_canceled(scene: Scene) -> None:
    appointment = scene.appointment()
    scene.office.push(
        scene.office.write("appointment", appointment, status("COMPLETED")),
        scene.office.write("charge", uuid4(), scene.charge(appointment), new=True),
    )
    late = scene.laptop.write("appointment", appointment, status("CANCELED"), later_ms=500)
    assert scene.laptop.push(late)[0].verdict == "conflict"
    assert scene.both("appointment", appointment)["status"] == "COMPLETED"
    item = scene.item()
    assert item["kind"] == "STATUS"
    assert item["kept"]["status"] == "COMPLETED"
    assert item["other"]["status"] == "CANCELED"


def test_evidence_on_its_way_counts(scene: Scene) -> None:
    appointment = scene.appointment()
    late = scene.laptop.write("appointment", appointment, status("CANCELED"), later_ms=500)
    scene.laptop.push(late)
    answers = scene.office.push(
        scene.office.write("appointment", appointment, status("COMPLETED")),
        scene.office.write("charge", uuid4(), scene.charge(appointment), new=True),
    )
    assert answers[0].verdict == "conflict"
    assert scene.both("appointment", appointment)["status"] == "COMPLETED"


@pytest.mark.parametrize("canceled_first", [True, False])
def test_evidence_that_comes_last_restores_the_status(scene: Scene, canceled_first: bool) -> None:
    appointment = scene.appointment()
    held = scene.office.write("appointment", appointment, status("COMPLETED"))
    charge = scene.office.write("charge", uuid4(), scene.charge(appointment), new=True)
    canceled = scene.laptop.write("appointment", appointment, status("CANCELED"), later_ms=500)
    for turn in [canceled, held] if canceled_first else [held, canceled]:
        (scene.laptop if turn is canceled else scene.office).push(turn)
    assert scene.both("appointment", appointment)["status"] == "CANCELED"
    scene.office.push(charge)
    assert scene.both("appointment", appointment)["status"] == "COMPLETED"
    assert scene.item()["other"]["status"] == "CANCELED"


def test_canceling_a_session_that_one_saw_completed_stays(scene: Scene) -> None:
    appointment = scene.appointment()
    scene.office.change("appointment", appointment, **status("COMPLETED"))
    scene.agree()
    scene.laptop.change("appointment", appointment, **status("CANCELED"))
    scene.office.push(scene.office.write("charge", uuid4(), scene.charge(appointment), new=True))
    assert scene.both("appointment", appointment)["status"] == "CANCELED"


def test_two_computers_make_one_occurrence(scene: Scene) -> None:
    pk = uuid4()
    said = {**APPOINTMENT, "case_id": scene.case.hex}
    scene.office.push(scene.office.write("appointment", pk, said, new=True))
    moved = {**said, **status("COMPLETED")}
    again = scene.laptop.write("appointment", pk, moved, new=True, later_ms=5)
    assert scene.laptop.push(again)[0].verdict == "applied"
    assert scene.both("appointment", pk)["status"] == "COMPLETED"


# Deleting.

GONE = "2026-11-19T19:00:00+00:00"


def test_an_edit_beats_a_delete_of_a_clinical_record_heard_later(scene: Scene) -> None:
    scene.office.change("client", scene.client, pronouns="she/her")
    assert scene.laptop.change("client", scene.client, deleted_at=GONE).verdict == "conflict"
    assert scene.both("client", scene.client).get("deleted_at") is None
    item = scene.item()
    assert item["kind"] == "DELETED"
    assert item["kept"] == {"pronouns": "she/her"}
    assert item["other"] == {"deleted_at": GONE}


def test_an_edit_brings_back_a_clinical_record_deleted_before(scene: Scene) -> None:
    scene.office.change("client", scene.client, deleted_at=GONE)
    assert scene.laptop.change("client", scene.client, pronouns="she/her").verdict == "conflict"
    row = scene.both("client", scene.client)
    assert row["deleted_at"] is None
    assert row["pronouns"] == "she/her"
    assert scene.item()["kind"] == "DELETED"


def test_a_delete_that_saw_everything_stays(scene: Scene) -> None:
    scene.office.change("client", scene.client, pronouns="she/her")
    scene.agree()
    assert scene.laptop.change("client", scene.client, deleted_at=GONE).verdict == "applied"
    assert scene.both("client", scene.client)["deleted_at"] == GONE


def test_other_records_stay_deleted(scene: Scene) -> None:
    contact = scene.office.add("contact", {"name": "Pat"})
    scene.agree()
    scene.office.change("contact", contact, deleted_at=GONE)
    assert scene.laptop.change("contact", contact, phone="1").verdict == "applied"
    assert scene.both("contact", contact)["deleted_at"] == GONE


def test_a_voided_invoice_takes_no_other_void(scene: Scene) -> None:
    invoice = scene.office.add(
        "invoice",
        {
            "number": "INV-2026-0001",
            "case_id": scene.case.hex,
            "bill_to": "Ana Ruiz",
            "issued_on": "2026-11-19",
            "due_on": "2026-12-19",
            "total": 15000,
            "content": "{}",
            "content_hash": "c",
            "paper_hash": "p",
            "issued_at": "2026-11-19T19:00:00+00:00",
        },
    )
    scene.agree()
    void = {"status": "VOID", "voided_at": GONE, "void_reason": "twice"}
    scene.office.change("invoice", invoice, **void)
    other = {**void, "void_reason": "other"}
    assert scene.laptop.change("invoice", invoice, **other).verdict == "merged"
    assert scene.both("invoice", invoice)["void_reason"] == "twice"
    scene.agree()
    assert scene.laptop.change("invoice", invoice, void_reason="x").refusal == "final"
