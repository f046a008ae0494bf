"""Pieces of files go to who sees a record that names the file; nobody else learns that they lie."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.kernel.acting import Role
from app.sync.protocol.papers import paper_address
from app.sync.protocol.records import Earlier
from hosted.blobs import Blobs, Disagrees, Held, NoSuchBlob
from hosted.store.engine import Database, For
from hosted.sync.callers import Caller
from hosted.sync.purging import purge
from tests.hosted.sync.test_numbers import INVOICE
from tests.hosted.sync.test_restored import Restorable, lost, restore, stated
from tests.hosted.sync.test_scope import FILE, Group
from tests.hosted.worlds import Computer, Server

__all__ = ["lost"]

HERS, THEIRS, NOTES, LATE, NOWHERE = ("a" * 64, "b" * 64, "c" * 64, "d" * 64, "e" * 64)
PAPER, THEIR_PAPER = "1" * 64, "2" * 64


@pytest.fixture
def group(server: Server) -> Group:
    """An owner, and an associate with one case of her own."""
    return Group(server)


@pytest.fixture
def blobs(server: Server, tmp_path: Path) -> Blobs:
    """The server's files."""
    return Blobs(tmp_path, server.database, server.clock)


@pytest.fixture
def named(group: Group, blobs: Blobs) -> dict[str, UUID]:
    """Files and papers on the owner's case and on hers, all uploaded; their records by address."""
    owner, hers, theirs = group.owner, group.hers, group.other
    rows = {
        HERS: ("attachment", {**FILE, "address": HERS, "client_id": hers["client"].hex}),
        THEIRS: ("attachment", {**FILE, "address": THEIRS, "client_id": theirs["client"].hex}),
        NOTES: (
            "attachment",
            {
                **FILE,
                "address": NOTES,
                "note_id": theirs["note"].hex,
                "case_id": theirs["care_case"].hex,
            },
        ),
        paper_address(PAPER): ("invoice", paper(hers, "INV-1", PAPER)),
        paper_address(THEIR_PAPER): ("invoice", paper(theirs, "INV-2", THEIR_PAPER)),
    }
    made = {}
    for address, (entity, row) in rows.items():
        made[address] = owner.add(entity, row)
        assert blobs.put(owner.caller, address, 0, 1, address.encode())
    return made


def paper(case: dict[str, UUID], number: str, digest: str) -> dict[str, Any]:
    """Return an issued invoice."""
    whose = {"case_id": case["care_case"].hex, "client_id": case["client"].hex}
    return {**INVOICE, **whose, "number": number, "paper_hash": digest}


def asked(blobs: Blobs, caller: Caller, address: str) -> list[object]:
    """Return what a caller is told who asks everything of an address."""
    acts: tuple[Callable[[], object], ...] = (
        lambda: blobs.get(caller, address, 0),
        lambda: blobs.have(caller, address),
        lambda: blobs.doubt(caller, address, 0),
        lambda: blobs.doubted(caller),
        lambda: blobs.put(caller, address, 0, 1, b"mine"),
        lambda: blobs.put(caller, address, 1, 2, b"mine"),
        lambda: blobs.put(caller, address, 2, 2, b"mine"),
        lambda: blobs.get(caller, address, 0),
        lambda: blobs.have(caller, address),
        lambda: blobs.doubt(caller, address, 1),
        lambda: blobs.doubted(caller),
    )
    told: list[object] = []
    for act in acts:
        try:
            told.append(act())
        except (NoSuchBlob, Disagrees) as refused:
            told.append(type(refused))
    return told


def gets(blobs: Blobs, computer: Computer) -> set[str]:
    """Return of the addresses above those of which a caller gets the piece."""
    found = set()
    for address in (HERS, THEIRS, NOTES, LATE, paper_address(PAPER), paper_address(THEIR_PAPER)):
        try:
            assert blobs.get(computer.caller, address, 0)
            assert blobs.have(computer.caller, address) == Held(1, [0], [])
        except NoSuchBlob:
            continue
        found.add(address)
    return found


def test_pieces_go_to_who_sees_a_record_that_names_the_file(
    group: Group, blobs: Blobs, named: dict[str, UUID]
) -> None:
    owner, practice = group.owner, group.owner.caller.practice_id
    admin_id = owner.add("member", {"given": "Pat", "role": Role.ADMIN.value})
    admin = owner.server.computer(practice, "Pat", admin_id)
    assert gets(blobs, owner) == named.keys()
    assert gets(blobs, group.associate) == {HERS, paper_address(PAPER)}
    assert gets(blobs, admin) == named.keys() - {NOTES}


def test_who_sees_no_record_of_a_file_cannot_tell_whether_it_is_there(
    group: Group, blobs: Blobs, named: dict[str, UUID]
) -> None:
    kim = group.associate.caller
    blobs.doubt(group.owner.caller, NOTES, 0)
    nothing = asked(blobs, kim, NOWHERE)
    assert nothing[:4] == [NoSuchBlob, NoSuchBlob, NoSuchBlob, []]
    assert nothing[4:7] == [False, False, Disagrees]
    for address in (THEIRS, NOTES, paper_address(THEIR_PAPER), "f" * 64):
        assert asked(blobs, kim, address) == nothing, address
    # And nothing of what she sent took the place of what lay there, or mended what is doubted.
    for address in (THEIRS, NOTES, paper_address(THEIR_PAPER)):
        assert blobs.get(group.owner.caller, address, 0) == address.encode()
    assert blobs.doubted(group.owner.caller) == [NOTES]


def attached(computer: Computer, case: dict[str, UUID], address: str) -> UUID:
    """Let a computer push a record of a case's that names a file; return the record."""
    row = {**FILE, "address": address, "client_id": case["client"].hex}
    made = computer.write("attachment", uuid4(), row, new=True)
    assert computer.push(made)[0].verdict == "applied"
    return made.pk


def test_who_knows_an_address_alone_gets_no_piece_by_a_record_of_her_own(
    group: Group, blobs: Blobs, named: dict[str, UUID]
) -> None:
    kim = group.associate
    nothing = asked(blobs, kim.caller, NOWHERE)
    for address in (THEIRS, NOTES):
        attached(kim, group.hers, address)
        # Nothing tells her that it is there, whatever she sends.
        assert asked(blobs, kim.caller, address) == nothing
        assert address not in gets(blobs, kim)
    issued = kim.write("invoice", uuid4(), paper(group.hers, "INV-3", THEIR_PAPER), new=True)
    assert kim.push(issued)[0].verdict == "applied"
    # Nor by a change of a record that named another.
    kim.pull()
    kim.change("attachment", named[HERS], address=THEIRS)
    assert gets(blobs, kim) == {paper_address(PAPER)}
    assert blobs.get(group.owner.caller, THEIRS, 0) == THEIRS.encode()


def test_who_holds_a_file_attaches_it_to_a_record_of_her_own(
    group: Group, blobs: Blobs, named: dict[str, UUID]
) -> None:
    kim, halves = group.associate, (b"first", b"second")
    attached(group.owner, group.other, LATE)
    for place, half in enumerate(halves):
        blobs.put(group.owner.caller, LATE, place, 2, half)
    attached(kim, group.hers, LATE)
    assert not blobs.put(kim.caller, LATE, 0, 2, halves[0])
    # An upload that broke off goes on, from what she sent and not from what lies there.
    assert blobs.have(kim.caller, LATE) == Held(2, [0], [])
    assert not blobs.put(kim.caller, LATE, 1, 2, b"other")
    with pytest.raises(NoSuchBlob):
        blobs.get(kim.caller, LATE, 0)
    assert blobs.put(kim.caller, LATE, 1, 2, halves[1])
    assert [blobs.get(kim.caller, LATE, place) for place in range(2)] == list(halves)
    # Sent before the record, too.
    assert not blobs.put(kim.caller, THEIRS, 0, 1, THEIRS.encode())
    attached(kim, group.hers, THEIRS)
    assert blobs.get(kim.caller, THEIRS, 0) == THEIRS.encode()


def test_who_sees_a_record_of_a_file_names_it_on_another_and_colleagues_get_it_once_it_is_whole(
    group: Group, blobs: Blobs, named: dict[str, UUID]
) -> None:
    owner, kim = group.owner, group.associate
    both, kept = (attached(kim, group.hers, address) for address in (HERS, LATE))
    bo_id = owner.add("member", {"given": "Bo", "role": Role.PROVIDER.value})
    bo = owner.server.computer(owner.caller.practice_id, "Bo", bo_id)
    owner.change("care_case", group.hers["care_case"], supervisor_id=bo_id.hex)
    owner.change("attachment", named[HERS], client_id=group.other["client"].hex)
    assert HERS in gets(blobs, kim) & gets(blobs, bo), both
    assert LATE not in gets(blobs, bo), kept
    assert blobs.put(kim.caller, LATE, 0, 1, b"late")
    assert LATE in gets(blobs, kim) & gets(blobs, bo)


def test_what_was_put_first_in_a_files_place_yields_to_who_names_it(
    group: Group, blobs: Blobs
) -> None:
    kim = group.associate
    attached(kim, group.hers, LATE)
    bo_id = group.owner.add("member", {"given": "Bo", "role": Role.PROVIDER.value})
    bo = group.owner.server.computer(group.owner.caller.practice_id, "Bo", bo_id)
    assert not blobs.put(bo.caller, LATE, 0, 1, b"in its place")
    assert blobs.put(kim.caller, LATE, 0, 1, b"the file")
    assert blobs.get(kim.caller, LATE, 0) == b"the file"
    # And what counts stays.
    attached(bo, group.hers, LATE)
    assert not blobs.put(bo.caller, LATE, 0, 1, b"in its place")
    assert blobs.get(kim.caller, LATE, 0) == b"the file"


def test_a_piece_that_is_mended_is_a_files_anew(
    group: Group, blobs: Blobs, named: dict[str, UUID]
) -> None:
    """Who put something in a file's place before it came has not had the file by that."""
    owner, kim = group.owner, group.associate
    attached(kim, group.hers, LATE)
    assert blobs.put(kim.caller, LATE, 0, 1, b"in its place")
    theirs = {**FILE, "address": LATE, "client_id": group.other["client"].hex}
    owner.add("attachment", theirs)
    blobs.doubt(owner.caller, LATE, 0)
    assert blobs.put(owner.caller, LATE, 0, 1, b"the file")
    assert LATE not in gets(blobs, kim)


def test_what_was_named_before_a_restore_counts_unless_another_record_names_it(
    lost: Restorable, tmp_path: Path
) -> None:
    group, image = Group(lost), lost.image()
    owner, kim = group.owner, group.associate
    blobs = Blobs(tmp_path, lost.database, lost.clock)
    kim.pull()
    ended = restore(lost, image, owner, kim)
    for address in (HERS, THEIRS):
        blobs.put(owner.caller, address, 0, 1, address.encode())
    owner.add("attachment", {**FILE, "address": THEIRS, "client_id": group.other["client"].hex})
    for place, address in enumerate((HERS, THEIRS)):
        row = {**FILE, "address": address, "client_id": group.hers["client"].hex}
        again = stated(kim, "attachment", uuid4(), (ended, 90 + place), row)
        assert kim.push(again)[0].verdict == "applied"
    assert gets(blobs, kim) == {HERS}


def test_what_is_put_costs_the_same_work_whatever_lies_there(
    group: Group, blobs: Blobs, named: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    real = os.fsync

    def synced(number: int) -> None:
        written.append(os.fstat(number).st_size)
        real(number)

    monkeypatch.setattr(os, "fsync", synced)
    work: list[list[int]] = []
    for address in (THEIRS, NOTES, NOWHERE):
        blobs.put(group.associate.caller, address, 0, 1, b"mine")
        work.append([*written])
        written.clear()
    assert work == [[len(b"mine")]] * 3
    assert not list((blobs._folder / group.owner.caller.practice_id.hex).glob(".*"))


def test_what_is_doubted_is_told_to_who_may_mend_it(
    group: Group, blobs: Blobs, named: dict[str, UUID]
) -> None:
    owner, kim = group.owner.caller, group.associate.caller
    for address in (HERS, THEIRS):
        blobs.doubt(owner, address, 0)
    assert blobs.doubted(kim) == [HERS]
    assert blobs.doubted(owner) == [HERS, THEIRS]
    assert blobs.put(kim, HERS, 0, 1, b"mended")
    assert blobs.get(owner, HERS, 0) == b"mended"
    assert blobs.doubted(owner) == [THEIRS]


def test_files_follow_their_record(group: Group, blobs: Blobs, named: dict[str, UUID]) -> None:
    owner, kim = group.owner, group.associate
    owner.change("care_case", group.hers["care_case"], provider_id=owner.caller.member_id.hex)
    owner.change("care_case", group.other["care_case"], provider_id=group.associate_id.hex)
    assert gets(blobs, kim) == {THEIRS, NOTES, paper_address(THEIR_PAPER)}
    # What she attached to a case that was hers goes up all the same, for whose it is now.
    late = {**FILE, "address": LATE, "client_id": group.hers["client"].hex}
    assert kim.push(kim.write("attachment", uuid4(), late, new=True))[0].verdict == "applied"
    assert not blobs.put(kim.caller, LATE, 0, 1, b"late")
    assert LATE not in gets(blobs, kim)
    assert blobs.get(owner.caller, LATE, 0) == b"late"
    # One file on two records: either shows it.
    both = {**FILE, "address": HERS, "client_id": group.other["client"].hex}
    second = owner.add("attachment", both)
    assert HERS in gets(blobs, kim)
    owner.change("attachment", second, address=LATE)
    assert (HERS in gets(blobs, kim), LATE in gets(blobs, kim)) == (False, True)


def test_where_nothing_was_restored_no_file_was_named_before(
    group: Group, blobs: Blobs, named: dict[str, UUID]
) -> None:
    kim = group.associate
    row = {**FILE, "address": THEIRS, "client_id": group.hers["client"].hex}
    made = kim.write("attachment", uuid4(), row, new=True)
    again = replace(made, earlier=Earlier(was=(kim.epoch, 1), whole=True))
    assert kim.push(again)[0].verdict == "applied"
    assert THEIRS not in gets(blobs, kim)


def test_a_claim_does_not_keep_a_file_that_is_purged(
    group: Group, blobs: Blobs, named: dict[str, UUID]
) -> None:
    owner = group.owner
    attached(group.associate, group.hers, THEIRS)
    ordered: dict[str, Any] = {"ordered_by": "Dana", "reason": "asked"}
    gone = purge(
        owner.server.database,
        owner.caller.practice_id,
        [("attachment", named[THEIRS])],
        now=owner.server.clock.now(),
        **ordered,
    )
    assert gone == (THEIRS,)
    blobs.forget(owner.caller.practice_id, gone)
    assert THEIRS not in gets(blobs, owner)


def test_a_purged_record_names_no_file(group: Group, blobs: Blobs, named: dict[str, UUID]) -> None:
    owner, practice = group.owner, group.owner.caller.practice_id
    database, now = owner.server.database, owner.server.clock.now()
    twin = owner.add("attachment", {**FILE, "address": HERS, "client_id": group.hers["client"].hex})
    ordered: dict[str, Any] = {"ordered_by": "Dana", "reason": "asked", "now": now}
    assert purge(database, practice, [("attachment", named[HERS])], **ordered) == ()
    assert HERS in gets(blobs, group.associate)
    assert purge(database, practice, [("attachment", twin)], **ordered) == (HERS,)
    assert HERS not in gets(blobs, owner)
    (digest,) = purge(database, practice, [("invoice", named[paper_address(PAPER)])], **ordered)
    assert digest == paper_address(PAPER)
    with database.read(For(practice)) as session:
        left = session.connection().exec_driver_sql("SELECT count(*) FROM named_file")
        assert left.scalar_one() == 3


def test_two_computers_may_begin_a_file_at_once(stored: Database, tmp_path: Path) -> None:
    server = Server(stored)
    practice = server.practice()
    pair = [server.computer(practice, name) for name in ("Office", "Laptop")]
    blobs = Blobs(tmp_path, stored, server.clock)
    for address in (f"{number:064x}" for number in range(20)):
        met = Barrier(2)

        def put(chunk: int, address: str = address, met: Barrier = met) -> None:
            met.wait()
            blobs.put(pair[chunk].caller, address, chunk, 2, b"half")

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(put, range(2)))
        assert blobs.have(pair[0].caller, address) == Held(2, [0, 1], [])
