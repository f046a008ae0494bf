"""Bytes of files and papers between two computers: over HTTP, cut off anywhere, never wrong."""

from __future__ import annotations

import errno
import math
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.core.billing.superbills.queries.issued import superbill_paper
from app.core.clinical.commands.attachments import remove_attachment
from app.core.clinical.queries import attachments
from app.core.kernel.changes import Changes
from app.core.kernel.errors import NotHereYet
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.core.vault.attached import PIECE
from app.core.vault.papers import forget_papers
from app.sync.absent import FIRST_WAIT, Absent
from app.sync.blobs import OTHER_BYTES, Standing
from app.sync.engine import Did
from app.sync.transport import Trouble, Unreachable
from app.sync.words import SENTENCES
from hosted.pairing import _hash
from hosted.store.engine import For
from hosted.store.tables import Blob, Device
from hosted.sync.purging import purge
from tests.hosted.web.conftest import Site
from tests.sync.carrying import Computer, computers, scan, site, stored, superbill
from tests.sync.worlds import Hosted, settle

__all__ = ["computers", "site"]

WALTER = PersonName(given="Walter", family="Strand")


@pytest.fixture
def client(computers: tuple[Computer, Computer]) -> UUID:
    """A client whom both know."""
    office, laptop = (each.desktop for each in computers)
    made: UUID = office.desk.do(add_client, NewClient(WALTER)).value
    settle(office, laptop)
    return made


@pytest.mark.parametrize("size", [1, PIECE, 5_000_000])
def test_a_file_attached_here_arrives_there_by_itself(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path, site: Site, size: int
) -> None:
    office, laptop = computers
    source = scan(tmp_path, size)
    found = office.attach(client, source)
    heard: list[Changes] = []
    laptop.desktop.desk.listen(heard.append)
    # The row travels first.
    office.desktop.sync()
    laptop.exchange()
    assert laptop.here(client) == [False]
    with pytest.raises(NotHereYet, match="not on this computer yet"):
        laptop.content(found, tmp_path / "copy")
    assert office.standing().up == 1
    assert office.exchange() is Did.QUIET
    assert office.standing() == Standing(0, 0, 0, "")
    heard.clear()
    assert laptop.exchange() is Did.QUIET
    assert laptop.here(client) == [True]
    assert laptop.content(found, tmp_path / "copy") == source.read_bytes()
    # The list that shows it hears of it.
    assert any(each.touches("clinical") and found in each.ids for each in heard)
    # What the account keeps is not readable; a single byte is found anywhere.
    assert size < 64 or not any(
        source.read_bytes()[:64] in path.read_bytes() for path in stored(site, tmp_path)
    )


def test_no_byte_goes_up_twice(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path
) -> None:
    office, laptop = computers
    office.attach(client, scan(tmp_path, 2 * PIECE))
    office.exchange()
    assert office.store.count("put") == 2
    laptop.exchange()
    for computer in (office, laptop):
        computer.store.asked.clear()
        computer.again()
        computer.exchange()
        # Neither the one that sent it nor the one that fetched it asks again.
        assert computer.store.asked == []


def test_a_file_goes_up_only_once_its_row_is_in_the_account(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path
) -> None:
    office, _laptop = computers
    office.attach(client, scan(tmp_path, 10))
    assert office.carrier.run() is Did.QUIET
    assert office.store.asked == []
    office.exchange()
    assert office.store.count("put") == 1


@pytest.mark.parametrize("cut", range(5))
def test_an_upload_goes_on_where_it_was_cut_off(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path, cut: int
) -> None:
    office, laptop = computers
    source = scan(tmp_path, 4 * PIECE + 1)
    found = office.attach(client, source)

    def tap(verb: str, _address: str, place: int) -> bytes | None:
        if verb == "put" and place == cut:
            raise Unreachable(Trouble.OFFLINE)
        return None

    office.store.tap = tap
    assert office.exchange() is Did.FAILED
    assert office.standing() == Standing(1, 0, 1, SENTENCES[Trouble.OFFLINE])
    assert laptop.exchange() is Did.QUIET
    assert laptop.here(client) == [False]
    office.store.tap = lambda _verb, _address, _place: None
    office.store.asked.clear()
    office.again()
    assert office.exchange() is Did.QUIET
    assert [place for verb, _, place in office.store.asked if verb == "put"] == list(range(cut, 5))
    laptop.exchange()
    assert laptop.content(found, tmp_path / "copy") == source.read_bytes()


@pytest.mark.parametrize("cut", range(3))
@pytest.mark.parametrize("closed", [False, True])
def test_a_download_goes_on_where_it_was_cut_off(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path, cut: int, *, closed: bool
) -> None:
    office, laptop = computers
    source = scan(tmp_path, 2 * PIECE + 1)
    found = office.attach(client, source)
    office.exchange()

    def tap(verb: str, _address: str, place: int) -> bytes | None:
        if verb == "get" and place == cut:
            raise Unreachable(Trouble.TIMEOUT)
        return None

    laptop.store.tap = tap
    assert laptop.exchange() is Did.FAILED
    assert laptop.standing().trouble == SENTENCES[Trouble.TIMEOUT]
    assert laptop.here(client) == [False]
    laptop.store.tap = lambda _verb, _address, _place: None
    laptop.store.asked.clear()
    if closed:
        laptop.again()
    assert laptop.exchange() is Did.QUIET
    assert [place for verb, _, place in laptop.store.asked if verb == "get"] == list(range(cut, 3))
    assert laptop.content(found, tmp_path / "copy") == source.read_bytes()


def test_other_bytes_are_refused_said_and_asked_for_again(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path
) -> None:
    office, laptop = computers
    source = scan(tmp_path, 2 * PIECE)
    found = office.attach(client, source)
    good = office.attach(client, scan(tmp_path, 20, "Letter.pdf"))
    office.exchange()
    bad = office.desktop.desk.ask(attachments.stored, found)[1].address
    swapped = laptop.store.http.get_bytes(f"/v1/blobs/{bad}/0")

    def tap(verb: str, address: str, place: int) -> bytes | None:
        return swapped if (verb, address, place) == ("get", bad, 1) else None

    laptop.store.tap = tap
    assert laptop.exchange() is Did.QUIET
    # The other file came all the same.
    assert sorted(laptop.here(client)) == [False, True]
    assert laptop.content(good, tmp_path / "letter")
    assert laptop.standing() == Standing(0, 1, 1, OTHER_BYTES)
    laptop.store.tap = lambda _verb, _address, _place: None
    laptop.store.asked.clear()
    # Later, not at once.
    assert laptop.exchange() is Did.QUIET
    assert laptop.store.asked == []
    laptop.desktop.clock.forward(seconds=60)
    laptop.exchange()
    assert laptop.here(client) == [True, True]
    assert laptop.standing().trouble == ""
    assert laptop.content(found, tmp_path / "copy") == source.read_bytes()


def test_a_file_that_comes_late_is_asked_for_when_its_wait_is_over(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path
) -> None:
    office, laptop = computers
    office.attach(client, scan(tmp_path, 10))
    office.desktop.sync()
    assert laptop.carrier.due_in() == math.inf
    laptop.exchange()
    assert laptop.carrier.due_in() == FIRST_WAIT
    office.exchange()
    laptop.desktop.clock.forward(seconds=4)
    assert laptop.carrier.due_in() == 1.0
    laptop.desktop.clock.forward(seconds=4)
    # Nobody pokes it.
    assert laptop.carrier.due_in() == 0.0
    assert laptop.carrier.run() is Did.QUIET
    assert laptop.here(client) == [True]
    assert laptop.carrier.due_in() == math.inf


def test_another_practice_gets_nothing(
    computers: tuple[Computer, Computer],
    client: UUID,
    tmp_path: Path,
    site: Site,
    hosted: Hosted,
) -> None:
    office, _laptop = computers
    found = office.attach(client, scan(tmp_path, 10))
    office.exchange()
    address = office.desktop.desk.ask(attachments.stored, found)[1].address
    assert office.store.have(address) == (1, frozenset({0}))
    other = hosted.pair(uuid4(), uuid4(), "Stranger")
    with hosted.database.write(For(other.practice_id)) as session:
        session.get_one(Device, other.device_id).token_hash = _hash("stranger")
    stranger = site.client("stranger")
    for path in (f"/v1/blobs/{address}", f"/v1/blobs/{address}/0"):
        assert stranger.get(path).status_code == 404


def test_an_empty_file_travels_as_one_piece(
    computers: tuple[Computer, Computer], tmp_path: Path
) -> None:
    # Nobody can attach one; another program may.
    office, laptop = computers
    empty = tmp_path / "empty"
    empty.touch()
    kept = office.desktop.practice._ports.files.put(empty)
    sealed = office.desktop.practice._ports.files.sealed(kept.address, 0)
    office.store.put(kept.address, 0, 1, sealed)
    assert laptop.store.have(kept.address) == (1, frozenset({0}))
    there = laptop.desktop.practice._ports.files
    there.keep_piece(kept.address, 0, laptop.store.get(kept.address, 0))
    assert there.has(kept.address, 0)
    assert b"".join(there.read(kept)) == b""


def test_a_full_disk_stops_a_download_and_harms_nothing(
    computers: tuple[Computer, Computer],
    client: UUID,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office, laptop = computers
    source = scan(tmp_path, 2 * PIECE)
    found = office.attach(client, source)
    office.exchange()
    laptop.desktop.sync()

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert laptop.carrier.run() is Did.FAILED
        assert "disk is full" in laptop.standing().trouble
    assert not list(laptop.desktop.practice.folder.rglob("*.partial"))
    assert laptop.exchange() is Did.QUIET
    assert laptop.content(found, tmp_path / "copy") == source.read_bytes()


def test_no_transaction_is_open_while_the_account_is_asked(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path
) -> None:
    office, laptop = computers
    seen: list[bool] = []

    def watching(computer: Computer) -> Callable[[str, str, int], None]:
        def tap(_verb: str, _address: str, _place: int) -> None:
            seen.append(computer.desktop.practice.vault.connection.in_transaction)

        return tap

    for computer in computers:
        computer.store.tap = watching(computer)
    office.attach(client, scan(tmp_path, PIECE + 1))
    office.exchange()
    laptop.exchange()
    assert len(seen) == 6
    assert not any(seen)


def test_an_account_restored_from_an_old_backup_gets_the_bytes_again(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path, site: Site
) -> None:
    office, laptop = computers
    found = office.attach(client, scan(tmp_path, 10))
    office.exchange()
    laptop.exchange()
    practice = office.desktop.transport.caller.practice_id
    address = office.desktop.desk.ask(attachments.stored, found)[1].address
    with site.services.database.write(For(practice)) as session:
        session.delete(session.get_one(Blob, (practice, address)))
    site.services.blobs.forget(practice, [address])
    office.desktop.file.slice(
        lambda part: part.connection.execute("UPDATE file_in_account SET epoch = 'before'")
    )
    office.again()
    assert office.exchange() is Did.QUIET
    assert office.store.have(address) == (1, frozenset({0}))


def test_a_purged_file_leaves_account_and_every_computer(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path, site: Site
) -> None:
    office, laptop = computers
    found = office.attach(client, scan(tmp_path, PIECE + 1))
    kept = office.attach(client, scan(tmp_path, 10, "Letter.pdf"))
    paper = superbill(office)
    for computer in (office, laptop, office):
        computer.exchange()
    caller = office.desktop.transport.caller
    digest = office.desktop.row("superbill", paper)["paper_hash"]
    assert len(stored(site, tmp_path)) == 4
    gone = purge(
        site.services.database,
        caller.practice_id,
        [("attachment", found)],
        ordered_by="Dana",
        reason="asked",
        now=site.clock.now(),
    )
    assert len(gone) == 1
    site.services.blobs.forget(caller.practice_id, gone)
    assert len(stored(site, tmp_path)) == 2
    for computer in computers:
        computer.exchange()
        assert computer.here(client) == [True]
        assert computer.content(kept, tmp_path / "letter")
        pieces = list(computer.desktop.practice.folder.glob("files/??/*"))
        assert len(pieces) == 1
        computer.desktop.file.slice(lambda part: forget_papers(part.connection, [digest]))
        # A paper that a row still names stays.
        assert computer.desktop.desk.ask(superbill_paper, paper)


def test_a_removed_file_keeps_its_bytes_for_undo_and_travels_no_more(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path
) -> None:
    office, laptop = computers
    found = office.attach(client, scan(tmp_path, 10))
    office.exchange()
    removed = office.desktop.desk.do(remove_attachment, found)
    office.exchange()
    laptop.exchange()
    assert laptop.store.asked == []
    office.desktop.desk.undo(removed.undo).result()
    assert office.here(client) == [True]
    office.exchange()
    laptop.exchange()
    assert laptop.here(client) == [True]


def test_a_long_list_of_absent_files_is_not_asked_for_all_the_time(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path
) -> None:
    office, laptop = computers
    office.attach(client, scan(tmp_path, 10))
    office.desktop.sync()
    laptop.desktop.sync()
    assert laptop.carrier.run() is Did.QUIET
    assert laptop.store.count("have") == 1
    # It waits on the other computer: nothing here is in arrears.
    assert laptop.standing() == Standing(0, 0, 0, "")
    assert laptop.carrier.run() is Did.QUIET
    assert laptop.store.count("have") == 1
    laptop.carrier.poke()
    assert laptop.carrier.run() is Did.QUIET
    assert laptop.store.count("have") == 2


def test_news_while_a_file_is_absent_do_not_make_its_wait_longer(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path
) -> None:
    office, laptop = computers
    office.attach(client, scan(tmp_path, 10))
    office.desktop.sync()
    laptop.exchange()
    clock = laptop.desktop.clock
    for _ in range(40):
        # Others write all the time; each time the account says that it has news.
        laptop.carrier.poke()
        clock.forward(seconds=1)
        laptop.carrier.run()
    assert 10 < laptop.store.count("have") < 40
    office.exchange()
    laptop.carrier.poke()
    clock.forward(seconds=4)
    assert laptop.carrier.run() is Did.QUIET
    assert laptop.here(client) == [True]


def test_a_file_that_never_comes_is_asked_for_ever_less_often() -> None:
    absent, now = Absent(), datetime(2026, 11, 27, tzinfo=UTC)
    waits = []
    for _ in range(12):
        absent.lacked("scan", now)
        due = absent.due("scan")
        assert due is not None
        waits.append((due - now).total_seconds())
        now = due
    assert waits == [5, 5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600]
