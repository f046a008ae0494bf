"""Push: once, whole, in order, and nothing that a client sends stops the others."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from app.sync.protocol.messages import Push, Refused
from app.sync.protocol.terms import Verb
from tests.hosted.worlds import CLIENT, NOBODY, Computer

Pair = tuple[Computer, Computer]


def test_what_one_computer_pushes_the_other_pulls(pair: Pair) -> None:
    office, laptop = pair
    client = office.add("client", CLIENT)
    (entry,) = laptop.pull()
    assert entry.pk == client
    assert entry.columns == CLIENT
    assert entry.is_new
    assert entry.seq == 1
    assert laptop.change("client", client, legal_given="Anna").verdict == "applied"
    office.pull()
    assert office.row("client", client)["legal_given"] == "Anna"


def test_the_same_push_twice_is_answered_as_the_first_time(pair: Pair) -> None:
    office, laptop = pair
    client = uuid4()
    sent = [
        office.write("client", client, CLIENT, new=True),
        office.write("client", client, {"chosen_name": "Annie"}),
    ]
    first = office.push(*sent)
    second = office.push(*sent)
    assert [each.verdict for each in first] == ["applied", "applied"]
    assert [each.verdict for each in second] == ["duplicate", "duplicate"]
    assert [each.first for each in second] == ["applied", "applied"]
    assert [each.seq for each in second] == [each.seq for each in first] == [1, 2]
    assert len(laptop.pull()) == 2
    assert laptop.row("client", client)["chosen_name"] == "Annie"


def test_what_was_taken_is_known_again_at_another_place_of_the_outbox(pair: Pair) -> None:
    """Whoever enters a new epoch queues anew what the restored account may still have."""
    office, laptop = pair
    made = office.write("client", uuid4(), CLIENT, new=True)
    (first,) = office.push(made)
    fresh = office.write("client", uuid4(), CLIENT, new=True)
    answers = office.push(fresh, replace(made, lsn=fresh.lsn + 1))
    assert [each.verdict for each in answers] == ["applied", "duplicate"]
    assert (answers[1].first, answers[1].seq) == (first.verdict, first.seq)
    assert len(laptop.pull()) == 2


def test_one_operation_twice_in_a_push_is_taken_once(pair: Pair) -> None:
    office, laptop = pair
    made = office.write("client", uuid4(), CLIENT, new=True)
    answers = office.push(made, made)
    assert [each.verdict for each in answers] == ["applied", "duplicate"]
    assert len(laptop.pull()) == 1


def test_a_change_set_is_taken_whole_or_not_at_all(pair: Pair) -> None:
    office, laptop = pair
    client, both, alone = uuid4(), uuid4(), uuid4()
    answers = office.push(
        office.write("client", client, CLIENT, new=True, change_set=both),
        office.write("client_email", uuid4(), {"client_id": 7}, new=True, change_set=both),
        office.write("client", alone, CLIENT, new=True),
    )
    assert [each.verdict for each in answers] == ["rejected", "rejected", "applied"]
    assert {each.refusal for each in answers[:2]} == {"malformed"}
    laptop.pull()
    assert ("client", alone) in laptop.rows
    assert ("client", client) not in laptop.rows
    (item,) = laptop.inbox()
    assert item["kind"] == "REFUSED"
    assert item["reason"] == "malformed"
    assert item["entity"] == "client_email"
    assert item["other"] == {"client_id": 7}
    assert item["other_device"] == "Office"


def test_work_that_points_at_nothing_is_set_aside_and_the_rest_goes_on(pair: Pair) -> None:
    office, laptop = pair
    nowhere = uuid4()
    before, lost, after = (
        office.write("client", uuid4(), CLIENT, new=True),
        office.write(
            "client_email", uuid4(), {"client_id": nowhere.hex, "address": "a@b.c"}, new=True
        ),
        office.write("client", uuid4(), CLIENT, new=True),
    )
    answers = office.push(before, lost, after)
    assert [each.verdict for each in answers] == ["applied", "rejected", "applied"]
    assert answers[1].refusal == "missing_parent"
    laptop.pull()
    (item,) = laptop.inbox()
    assert item["reason"] == "missing_parent"
    assert item["other"]["address"] == "a@b.c"
    again = office.push(before, lost, after)
    assert [each.first for each in again] == ["applied", "rejected", "applied"]
    assert again[1].refusal == "missing_parent"
    assert office.pull() != []
    assert len(laptop.pull()) == 0


def test_a_child_of_refused_work_is_refused_in_turn(pair: Pair) -> None:
    office, _laptop = pair
    client = uuid4()
    answers = office.push(
        office.write("client", client, {"legal_given": "Ana"}, new=True),
        office.write("client_email", uuid4(), {"client_id": client.hex, "address": "x"}, new=True),
    )
    assert [each.verdict for each in answers] == ["rejected", "rejected"]
    assert [each.refusal for each in answers] == ["malformed", "missing_parent"]


def test_a_counter_that_runs_backwards_means_another_life(pair: Pair) -> None:
    office, _laptop = pair
    office.add("client", CLIENT)
    office.lsn = 0
    copied = office.write("client", uuid4(), CLIENT, new=True)
    refused = office.ask(Verb.PUSH, Push(office.epoch, office.incarnation, (copied,)))
    assert isinstance(refused, Refused)
    assert refused.code == "incarnation"
    assert office.hello(lsn=0).renew
    office.incarnation, office.tag = uuid4(), "KTR"
    assert not office.hello().renew
    assert office.push(copied)[0].verdict == "applied"


def test_work_that_was_left_behind_may_come_later(pair: Pair) -> None:
    office, _laptop = pair
    first = office.write("client", uuid4(), CLIENT, new=True)
    second = office.write("client", uuid4(), CLIENT, new=True)
    assert office.push(second)[0].verdict == "applied"
    assert office.push(first)[0].verdict == "applied"


def test_two_lives_with_one_tag_are_told_apart(pair: Pair) -> None:
    office, laptop = pair
    assert laptop.hello(tag=office.tag).renew
    assert laptop.hello(incarnation=office.incarnation).renew


def test_what_a_newer_program_wrote_is_kept_and_travels_on(pair: Pair) -> None:
    office, laptop = pair
    client, thing = uuid4(), uuid4()
    office.push(
        office.write("client", client, {**CLIENT, "favorite_tea": "oolong"}, new=True),
        office.write("tea_cup", thing, {"size": 3}, new=True),
    )
    office.push(office.write("client", client, {"legal_given": "Anna"}))
    laptop.pull()
    assert laptop.row("client", client)["favorite_tea"] == "oolong"
    assert laptop.row("tea_cup", thing) == {"size": 3}
    rows = {(row.entity, row.pk): row.columns for row in laptop.snapshot()}
    assert rows["client", client]["favorite_tea"] == "oolong"
    assert rows["client", client]["legal_given"] == "Anna"
    assert rows["tea_cup", thing] == {"size": 3}


def test_an_older_program_leaves_out_columns_and_clears_none(pair: Pair) -> None:
    office, laptop = pair
    client = office.add("client", {**CLIENT, "chosen_name": "Annie"})
    laptop.pull()
    laptop.push(laptop.write("client", client, {"legal_given": "Anna"}))
    row = next(row for row in office.snapshot() if row.entity == "client")
    assert row.columns["chosen_name"] == "Annie"
    assert row.columns["legal_given"] == "Anna"
    assert row.columns["pronouns"] == ""


def test_the_server_alone_sets_keys_and_versions(pair: Pair) -> None:
    office, _laptop = pair
    for column in ("practice_id", "id", "row_seq"):
        columns = {**CLIENT, column: uuid4().hex}
        (answer,) = office.push(office.write("client", uuid4(), columns, new=True))
        assert (answer.verdict, answer.refusal) == ("rejected", "malformed")


def test_an_old_epoch_is_told_to_say_hello(pair: Pair) -> None:
    office, _laptop = pair
    made = office.write("client", uuid4(), CLIENT, new=True)
    refused = office.ask(Verb.PUSH, Push("0" * 32, office.incarnation, (made,)))
    assert refused.code == "epoch"


def test_the_server_writes_under_no_incarnation(pair: Pair) -> None:
    office, laptop = pair
    office.push(office.write("client", uuid4(), {}, new=True))
    (entry,) = laptop.pull()
    assert entry.entity == "inbox_item"
    assert entry.incarnation == entry.operation == NOBODY


def test_a_life_that_lacks_what_it_sent_is_another_one(pair: Pair) -> None:
    """Rule 12 of 0022: its counter has run past the old one, so that alone tells nothing."""
    office, _ = pair
    sent = [office.write("client", uuid4(), CLIENT, new=True) for _ in range(3)]
    office.push(*sent)
    office.lsn += 5
    known = office.lsn
    assert not office.hello(confirmed=3).renew
    assert not office.hello(confirmed=1, held=(sent[1].id, sent[2].id)).renew
    assert office.hello(confirmed=1, held=(sent[1].id,)).renew
    fresh = office.write("client", uuid4(), CLIENT, new=True)
    refused = office.ask(Verb.PUSH, Push(office.epoch, office.incarnation, (fresh,), 1))
    assert refused.code == "incarnation"
    both = (*sent[1:], fresh)
    pushed = office.ask(Verb.PUSH, Push(office.epoch, office.incarnation, both, 1))
    assert [answer.verdict for answer in pushed.answers] == ["duplicate", "duplicate", "applied"]
    assert fresh.lsn == known + 1


def test_a_new_life_keeps_as_its_own_what_had_arrived(pair: Pair) -> None:
    """Rule 13 of 0022: a lost mark does not make a device conflict with itself."""
    office, _ = pair
    client = office.add("client", CLIENT)
    base = office.seqs["client", client]
    first = office.write("client", client, {"chosen_name": "A"}, later_ms=50)
    office.push(first)
    before, office.incarnation, office.tag = office.incarnation, uuid4(), "other"
    office.hello(confirmed=office.lsn, lineage={before: first.lsn})
    next_ = office.write("client", client, {"chosen_name": "B"}, base=base, later_ms=-50)
    assert office.push(next_)[0].verdict == "applied"
