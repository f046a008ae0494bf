"""A file that was begun with a number of pieces that is not its own can still be put."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import pytest

from app.core.kernel.acting import Role
from hosted.blobs import Blobs, Disagrees, Held, NoSuchBlob
from hosted.store.engine import Database
from tests.hosted.sync.test_scope import FILE, Group
from tests.hosted.test_blobs import LATE, THEIRS, attached, blobs, group, named
from tests.hosted.worlds import Computer, Server

__all__ = ["blobs", "group", "named"]


def colleague(group: Group) -> Computer:
    """Return a provider's computer who sees nothing of what the associate sees."""
    owner = group.owner
    bo_id = owner.add("member", {"given": "Bo", "role": Role.PROVIDER.value})
    return owner.server.computer(owner.caller.practice_id, "Bo", bo_id)


def named_by_owner(group: Group) -> None:
    """Let the owner attach a file to the associate's case: she sees it before it is up."""
    row = {**FILE, "address": LATE, "client_id": group.hers["client"].hex}
    group.owner.add("attachment", row)


def test_who_may_have_a_file_begins_it_anew_with_their_number(group: Group, blobs: Blobs) -> None:
    owner, kim = group.owner.caller, group.associate.caller
    named_by_owner(group)
    for chunk in (0, 4):
        blobs.put(kim, LATE, chunk, 6, b"in its place")
    blobs.doubt(kim, LATE, 5)
    assert not blobs.put(owner, LATE, 0, 2, b"first")
    assert blobs.have(owner, LATE) == Held(2, [0], [1])
    assert blobs.put(owner, LATE, 1, 2, b"second")
    assert [blobs.get(kim, LATE, place) for place in range(2)] == [b"first", b"second"]
    for caller in (owner, kim):
        assert blobs.have(caller, LATE) == Held(2, [0, 1], [])
        assert blobs.doubted(caller) == []
        with pytest.raises(Disagrees):
            blobs.put(caller, LATE, 0, 6, b"in its place")


def test_what_another_put_whole_before_yields_to_who_may_have_it_or_claims_it(
    group: Group, blobs: Blobs
) -> None:
    owner, kim, bo = group.owner, group.associate, colleague(group)
    attached(kim, group.hers, THEIRS)
    named_by_owner(group)
    for address, rightful in ((LATE, owner), (THEIRS, kim)):
        for chunk in range(2):
            assert not blobs.put(bo.caller, address, chunk, 2, b"in its place")
        assert blobs.put(rightful.caller, address, 0, 1, b"the file")
        assert blobs.have(kim.caller, address) == Held(1, [0], [])
        assert blobs.get(kim.caller, address, 0) == b"the file"
        # And who only knows the address is told nothing, and moves nothing.
        assert not blobs.put(bo.caller, address, 2, 3, b"in its place")
        assert blobs.have(kim.caller, address) == Held(1, [0], [])
        with pytest.raises(NoSuchBlob):
            blobs.get(bo.caller, address, 0)


def test_what_is_whole_stays_whoever_sent_its_pieces(group: Group, blobs: Blobs) -> None:
    owner, kim = group.owner.caller, group.associate.caller
    named_by_owner(group)
    assert not blobs.put(owner, LATE, 0, 2, b"first")
    assert blobs.put(kim, LATE, 1, 2, b"second")
    for caller in (owner, kim):
        for chunk, of in ((0, 1), (0, 3), (2, 3)):
            with pytest.raises(Disagrees):
                blobs.put(caller, LATE, chunk, of, b"in its place")
    assert blobs.have(owner, LATE) == Held(2, [0, 1], [])
    assert [blobs.get(kim, LATE, place) for place in range(2)] == [b"first", b"second"]


def test_what_was_whole_before_its_case_was_given_to_another_stays(
    group: Group, blobs: Blobs
) -> None:
    owner, kim = group.owner, group.associate
    attached(kim, group.hers, LATE)
    assert blobs.put(kim.caller, LATE, 0, 1, b"the file")
    for _ in range(2):
        assert not blobs.put(kim.caller, LATE, 0, 1, b"in its place")
    mine = owner.caller.member_id.hex
    owner.change("care_case", group.hers["care_case"], provider_id=mine)
    with pytest.raises(Disagrees):
        blobs.put(owner.caller, LATE, 0, 2, b"in its place")
    assert blobs.get(owner.caller, LATE, 0) == b"the file"


def test_a_claim_takes_nothing_from_who_sees_all(
    group: Group, blobs: Blobs, named: dict[str, object]
) -> None:
    """Neither what a record names that counts, nor what lies whole before its record is here."""
    owner, kim = group.owner.caller, group.associate
    assert blobs.put(owner, LATE, 0, 1, b"the file")
    for address, content in ((LATE, b"the file"), (THEIRS, THEIRS.encode())):
        attached(kim, group.hers, address)
        for chunk, of in ((0, 1), (0, 2), (1, 2)):
            assert not blobs.put(kim.caller, address, chunk, of, b"in its place")
        assert blobs.have(owner, address) == Held(1, [0], [])
        assert blobs.get(owner, address, 0) == content
    assert blobs.put(kim.caller, LATE, 0, 1, b"the file")


def test_a_piece_that_was_up_already_is_asked_for_again(group: Group, blobs: Blobs) -> None:
    """Whoever was on the way with the file takes it for up, and learns that it is not."""
    owner, kim = group.owner.caller, group.associate.caller
    named_by_owner(group)
    blobs.put(owner, LATE, 0, 3, b"first")
    blobs.put(kim, LATE, 0, 2, b"in its place")
    for place, piece in ((1, b"second"), (2, b"third")):
        assert not blobs.put(owner, LATE, place, 3, piece)
    # Who knows the address alone takes nothing away.
    assert not blobs.put(colleague(group).caller, LATE, 0, 2, b"in its place")
    assert blobs.have(owner, LATE) == Held(3, [1, 2], [0])
    assert blobs.doubted(owner) == [LATE]
    assert blobs.put(owner, LATE, 0, 3, b"first")
    assert blobs.have(owner, LATE) == Held(3, [0, 1, 2], [])
    assert blobs.doubted(owner) == []


def test_two_who_begin_with_different_numbers_at_once(stored: Database, tmp_path: Path) -> None:
    server = Server(stored)
    practice = server.practice()
    whole, part = (server.computer(practice, name) for name in ("Office", "Laptop"))
    blobs = Blobs(tmp_path, stored, server.clock)
    for address in (uuid4().hex * 2 for _ in range(20)):
        blobs.put(part.caller, address, 2, 3, b"in its place")
        met = Barrier(2)

        def put(asked: tuple[Computer, int], address: str = address, met: Barrier = met) -> None:
            computer, of = asked
            met.wait()
            try:
                blobs.put(computer.caller, address, 0, of, b"%d" % of)
            except Disagrees:
                assert of == 2

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(put, ((whole, 1), (part, 2))))
        assert blobs.have(whole.caller, address) == Held(1, [0], [])
        assert blobs.get(whole.caller, address, 0) == b"1"
