"""Pull, snapshot, digest, leases, epochs, quarantine: what the server gives, and to whom."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from app.sync import digest
from app.sync.protocol.messages import (
    Digest,
    Hello,
    Lease,
    Leased,
    Pull,
    Push,
    Refused,
    Snapshot,
    Wanted,
)
from app.sync.protocol.terms import Verb
from hosted.store.engine import For
from hosted.sync import epochs, quarantine
from hosted.sync.callers import Caller
from hosted.sync.exchange import Exchange
from tests.hosted.worlds import APPOINTMENT, CLIENT, MEMBER, NOTE, Computer, Server

Pair = tuple[Computer, Computer]


def many(computer: Computer, count: int, **said: Any) -> list[Any]:
    """Push clients, each in a change set of its own."""
    made = [computer.write("client", uuid4(), {**CLIENT, **said}, new=True) for _ in range(count)]
    computer.push(*made)
    return made


# Pull.


def test_pages_follow_each_other_and_say_what_remains(pair: Pair) -> None:
    office, laptop = pair
    many(office, 7)
    page = laptop.page(3)
    assert [entry.seq for entry in page.entries] == [1, 2, 3]
    assert (page.seq, page.head) == (3, 7)
    assert len(laptop.pull(3)) == 7
    assert laptop.page().entries == ()


def test_a_page_ends_between_change_sets(pair: Pair) -> None:
    office, laptop = pair
    together = uuid4()
    many(office, 2)
    office.push(
        *(office.write("client", uuid4(), CLIENT, new=True, change_set=together) for _ in range(5))
    )
    many(office, 1)
    assert len(laptop.page(4).entries) == 2
    assert [len(laptop.page(rows).entries) for rows in (1, 2, 3, 6, 7, 8)] == [1, 2, 2, 2, 7, 8]
    laptop.cursor = laptop.page(2).cursor
    # Larger than a page: it comes whole.
    assert len(laptop.page(2).entries) == 5
    assert len(laptop.pull(2)) == 6


def test_another_practices_cursor_and_a_forged_one_are_refused(server: Server, pair: Pair) -> None:
    office, _laptop = pair
    stranger = server.computer(server.practice())
    many(stranger, 2)
    stranger.pull()
    for cursor in (stranger.cursor, stranger.cursor[:-6] + "AAAAA=", "x", "\u00e9", "A" * 500):
        answer = office.ask(Verb.PULL, Pull(office.epoch, cursor))
        assert isinstance(answer, Refused)
        assert answer.code == "bad_cursor"


def test_no_practice_sees_anothers_rows(server: Server, pair: Pair) -> None:
    office, _laptop = pair
    client = office.add("client", CLIENT)
    stranger = server.computer(server.practice())
    assert stranger.pull() == []
    assert stranger.snapshot() == []
    answer = stranger.ask(Verb.ROWS, Wanted(stranger.epoch, "client", (client,)))
    assert answer.rows == ()
    (change,) = stranger.push(stranger.write("client", client, {"chosen_name": "mine"}))
    assert change.refusal == "missing_parent"
    email = {"client_id": client.hex, "address": "a@b.c"}
    (pointing,) = stranger.push(stranger.write("client_email", uuid4(), email, new=True))
    assert pointing.refusal == "missing_parent"


# Snapshot and repair.


def test_a_snapshot_and_the_log_after_it_make_the_whole(pair: Pair) -> None:
    office, laptop = pair
    many(office, 5)
    first = laptop.ask(Verb.SNAPSHOT, Snapshot(laptop.epoch, "", 3))
    assert (len(first.rows), first.done) == (3, 3)
    added = many(office, 1)[0]
    rows = {row.pk for row in first.rows}
    after = first.after
    while after:
        part = laptop.ask(Verb.SNAPSHOT, Snapshot(laptop.epoch, after, 3))
        rows |= {row.pk for row in part.rows}
        assert part.done <= part.total
        after = part.after
    laptop.cursor = first.cursor
    assert {entry.pk for entry in laptop.pull()} == {added.pk}
    assert len(rows | {added.pk}) == 6


def test_a_snapshot_brings_parents_first_and_today_before_the_rest(pair: Pair) -> None:
    office, laptop = pair
    member = office.add("member", MEMBER)
    client = office.add("client", CLIENT)
    case = office.add("care_case", {"kind": "INDIVIDUAL"})
    office.add("case_participant", {"case_id": case.hex, "client_id": client.hex})
    old = {"starts": "2020-01-02T09:00:00", "case_id": case.hex}
    past = office.add("appointment", {**APPOINTMENT, **old})
    today = office.add("appointment", {**APPOINTMENT, "case_id": case.hex})
    note = office.add(
        "note",
        {**NOTE, "case_id": case.hex, "author_id": member.hex, "appointment_id": today.hex},
    )
    places: dict[Any, int] = {}
    useful: dict[Any, bool] = {}
    after, number = "", 0
    while True:
        part = laptop.ask(Verb.SNAPSHOT, Snapshot(laptop.epoch, after, 1))
        for row in part.rows:
            places.setdefault(row.pk, number)
            useful.setdefault(row.pk, part.useful)
        number, after = number + 1, part.after
        if not after:
            break
    assert part.useful
    assert part.done == part.total
    order = [member, client, case, today, note, past]
    assert sorted(order, key=places.__getitem__) == order
    assert not useful[note]
    assert useful[past]


def test_digests_agree_and_name_the_row_that_differs(pair: Pair) -> None:
    office, laptop = pair
    many(office, 40)
    office.add(
        "appointment",
        {**APPOINTMENT, "case_id": office.add("care_case", {"kind": "INDIVIDUAL"}).hex},
    )
    rows = {(row.entity, row.pk): dict(row.columns) for row in laptop.snapshot()}
    for entity in ("client", "appointment"):
        mine = {pk: said for (name, pk), said in rows.items() if name == entity}
        names = tuple(next(iter(mine.values())))
        answer = laptop.ask(Verb.DIGEST, Digest(laptop.epoch, entity, names))
        hashed = {pk: digest.row_hash(pk, said, names) for pk, said in mine.items()}
        assert answer.sums == digest.sums(hashed.items())
        wrong = next(iter(mine))
        hashed[wrong] = digest.row_hash(wrong, {**mine[wrong], names[0]: "other"}, names)
        (bucket,) = digest.differing(digest.sums(hashed.items()), answer.sums)
        within = laptop.ask(Verb.DIGEST, Digest(laptop.epoch, entity, names, bucket))
        assert wrong in {pk for pk, _seq, said in within.rows if hashed[pk] != said}
        repaired = laptop.ask(Verb.ROWS, Wanted(laptop.epoch, entity, (wrong,)))
        assert dict(repaired.rows[0].columns) == mine[wrong]


# Leases.


def test_no_number_is_leased_twice(pair: Pair) -> None:
    office, laptop = pair
    given: list[int] = []
    for computer in (office, laptop, office):
        leased = computer.ask(Verb.LEASE, Lease(computer.incarnation, "INV", 2026, 10))
        given += range(leased.first, leased.last + 1)
    assert given == list(range(1, 31))
    other = office.ask(Verb.LEASE, Lease(office.incarnation, "INV", 2027, 10))
    assert other.first == 1


def test_leases_go_on_after_what_the_device_and_its_papers_took(pair: Pair) -> None:
    office, laptop = pair
    client = office.add("client", CLIENT)
    said = {"client_id": client.hex, "taken_at": "2026-11-19T19:00:00+00:00"}
    office.add("superbill_number", {**said, "number": "SB-2026-0042"})
    office.add("superbill_number", {**said, "number": "SB-2026-KTR-0099"})
    leased = laptop.ask(Verb.LEASE, Lease(laptop.incarnation, "SB", 2026, 5))
    assert (leased.first, leased.last) == (43, 47)
    leased = office.ask(Verb.LEASE, Lease(office.incarnation, "SB", 2026, 5, next=60))
    assert (leased.first, leased.last) == (60, 64)


# Epochs.


def test_a_restored_server_begins_a_new_epoch_and_says_where_it_parted(pair: Pair) -> None:
    office, laptop = pair
    server = office.server
    many(office, 3)
    office.pull()
    old = office.epoch
    epochs.begin_anew(server.database, server.clock.now())
    server.restart()
    assert office.ask(Verb.PULL, Pull(old, office.cursor)).code == "epoch"
    welcome = office.hello()
    assert welcome.epoch != old
    assert welcome.restored_head == 3
    many(office, 2)
    epochs.begin_anew(server.database, server.clock.now())
    server.restart()
    # Two epochs later: the place where it parted first is what counts.
    assert laptop.hello().restored_head == 3
    assert laptop.hello(epoch=old).restored_head == 3
    assert office.hello(epoch=welcome.epoch).restored_head == 5
    # Its old cursor still stands for what both have.
    assert len(office.pull()) == 2


def test_a_restored_server_leases_from_a_series_of_its_own(pair: Pair) -> None:
    """Rule 22 of 0022: it has forgotten what it leased since its backup."""
    office, laptop = pair
    server = office.server

    def lease(computer: Computer) -> Leased:
        asked = Lease(computer.incarnation, "INV", 2026, next=1)
        found: Leased = computer.ask(Verb.LEASE, asked)
        return found

    assert lease(office).tag == ""
    tags = set()
    for _ in range(2):
        epochs.begin_anew(server.database, server.clock.now())
        server.restart()
        office.hello()
        first, second = lease(office), lease(laptop)
        assert first.tag == second.tag
        assert len(first.tag) == 4
        assert second.first > first.last
        tags.add(first.tag)
    assert len(tags) == 2


def test_a_device_that_is_ahead_of_the_log_shows_that_the_data_were_set_back(
    pair: Pair,
) -> None:
    office, laptop = pair
    server = office.server
    many(office, 5)
    office.pull()
    before = office.epoch
    with server.database.write(For(office.caller.practice_id)) as session:
        session.connection().exec_driver_sql("DELETE FROM log WHERE seq > 2")
        session.connection().exec_driver_sql("UPDATE head SET head = 2")
    welcome = office.hello()
    assert welcome.epoch != before
    assert (welcome.restored_head, welcome.head) == (2, 2)
    assert laptop.hello().epoch == welcome.epoch


# Versions and quarantine.


def test_a_program_that_is_too_old_is_told_to_update_and_its_work_is_kept(
    server: Server, pair: Pair
) -> None:
    office, _laptop = pair
    server.exchange = Exchange(server.database, server.clock, version=3, oldest=2)
    assert office.hello(version=1).upgrade == "required"
    assert office.hello(version=2).version == 2
    assert office.hello(version=9).version == 3
    made = office.write("client", uuid4(), CLIENT, new=True)
    kept = office.ask(Verb.QUARANTINE, Push(office.epoch, office.incarnation, (made,)))
    assert kept.answers == ()
    assert kept.head == 0


def test_a_revoked_device_hands_over_its_work_once_and_gets_nothing(pair: Pair) -> None:
    office, laptop = pair
    many(office, 1)
    caller = laptop.caller
    laptop.caller = Caller(
        caller.device_id, caller.practice_id, caller.member_id, caller.name, revoked=True
    )
    made = laptop.write("client", uuid4(), CLIENT, new=True)
    work = Push(laptop.epoch, laptop.incarnation, (made,))
    questions = {
        Verb.HELLO: Hello(1, 1, 1, "test", laptop.incarnation, "KTR", 0, "", "", 0),
        Verb.PUSH: work,
        Verb.PULL: Pull(laptop.epoch, laptop.cursor),
        Verb.SNAPSHOT: Snapshot(laptop.epoch, ""),
        Verb.DIGEST: Digest(laptop.epoch, "client", ("legal_given",)),
        Verb.ROWS: Wanted(laptop.epoch, "client", (made.pk,)),
        Verb.LEASE: Lease(laptop.incarnation, "INV", 2026),
    }
    for verb, message in questions.items():
        assert laptop.ask(verb, message).code == "revoked"
    for _twice in range(2):
        kept = laptop.ask(Verb.QUARANTINE, work)
        assert (kept.answers, kept.head) == ((), 0)
    other = Push(laptop.epoch, laptop.incarnation, (laptop.write("client", uuid4(), CLIENT),))
    assert laptop.ask(Verb.QUARANTINE, other).code == "revoked"
    with office.server.database.read(For(caller.practice_id)) as session:
        (left,) = quarantine.kept(session)
    assert (left.operations, left.reason, left.device_id) == (1, "revoked", caller.device_id)
    assert "Ana" in left.body
