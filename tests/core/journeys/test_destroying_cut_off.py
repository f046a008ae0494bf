"""Destroying that is cut off, refused by the disk or done twice, and the list that outlasts it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import bootstrap
from app.core.journeys.destroying import destroy_clients
from app.core.kernel.acting import Role, Scope, member_actor
from app.core.kernel.changes import Outcome
from app.core.kernel.errors import MachineError, NotAllowed, NotFound
from app.core.people import queries as people
from app.core.vault.destroyed import DestroyedRecords
from tests.core.billing.conftest import Walter
from tests.core.journeys.destroyed_record import (
    MARK,
    OTHER,
    Ana,
    ana,
    ben,
    list_of,
    readable,
    reopened,
)

__all__ = ["ana", "ben"]


def test_what_a_crash_left_half_done_is_finished_at_the_next_opening(ana: Ana, ben: Walter) -> None:
    practice, desk = ana.practice, ana.walter.desk
    ana.archive()
    # As far as ``OpenPractice.destroy`` has come when the power goes.
    desk.do(destroy_clients, {ana.id}, list_of(practice).add)
    again = reopened(practice)
    try:
        assert not readable(again, MARK)
        assert readable(again, OTHER)
        assert list((again.folder / "files").glob("??/*")) == []
    finally:
        again.close()


def test_a_list_that_another_program_wrote_destroys_nothing(ana: Ana) -> None:
    """It names the record of somebody who is there, and is encrypted by another key."""
    practice = ana.practice
    listed = list_of(practice)._file
    forged = DestroyedRecords(listed.parent, practice.vault.vault_id, b"another key" * 3)
    forged.add({("client", ana.id)})
    practice.destroy_returned()
    assert practice.desk.ask(people.client, ana.id).name.family == MARK
    ana.archive()
    practice.destroy({ana.id})
    assert ("client", ana.id) in list_of(practice).listed().records


def test_the_list_tells_nobody_how_many_there_were_and_when_they_were_made(ana: Ana) -> None:
    """An id bears the moment at which its record was made."""
    ana.archive()
    done = ana.practice.destroy({ana.id})
    assert list_of(ana.practice).listed().records == set(done.records)
    kept = list_of(ana.practice)._file.read_bytes()
    assert not [pk for _, pk in done.records if pk.bytes in kept or pk.hex.encode() in kept]
    assert b"note" not in kept


def test_who_may_not_destroy_has_nothing_noted(ana: Ana) -> None:
    """A program that is killed just then must not have it destroyed at the next opening."""
    desk = ana.walter.desk
    ana.archive()
    owner = desk.actor
    assert owner.member_id is not None
    desk.act_as(member_actor(owner.practice_id, owner.member_id, Role.ADMIN))
    with pytest.raises(NotAllowed):
        ana.practice.destroy({ana.id})
    assert not list_of(ana.practice)._file.exists()


def test_two_who_destroy_the_same_at_once(ana: Ana) -> None:
    ana.archive()
    with ThreadPoolExecutor(3) as pool:
        tries = [pool.submit(ana.practice.destroy, {ana.id}) for _ in range(3)]
    refused = [each.exception() for each in tries if each.exception() is not None]
    assert [type(each) for each in refused] == [NotFound, NotFound]
    assert ("client", ana.id) in list_of(ana.practice).listed().records


def test_who_stops_the_program_meanwhile_leaves_nothing_half_done(
    ana: Ana, ben: Walter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command is under way on its thread, and goes on to its end."""
    practice, desk = ana.practice, ana.walter.desk
    ana.archive()
    removing, stopped = Event(), Event()

    def under_way() -> int:
        removing.set()
        return int(stopped.wait(60))

    def pause() -> None:
        connection = practice.vault.connection
        connection.create_function("under_way", 0, under_way)
        connection.execute(
            "CREATE TEMP TRIGGER pause BEFORE DELETE ON client BEGIN SELECT under_way(); END"
        )

    def stop(*asked: Any) -> Outcome[Any]:
        desk.run(*asked)
        assert removing.wait(60)
        raise KeyboardInterrupt

    desk.on_writer(pause).result()
    monkeypatch.setattr(desk, "do", stop)
    with pytest.raises(KeyboardInterrupt):
        practice.destroy({ana.id})
    stopped.set()
    again = reopened(practice)
    try:
        assert not readable(again, MARK)
        assert ("client", ana.id) in list_of(again).listed().records
    finally:
        again.close()


def refuse_to_remove_clients(practice: bootstrap.OpenPractice, doing: Callable[[], None]) -> None:
    """Let the file refuse as a full disk does, once the list was written."""

    def done() -> int:
        doing()
        return 0

    def refuse() -> None:
        connection = practice.vault.connection
        connection.create_function("doing", 0, done)
        connection.execute(
            "CREATE TEMP TRIGGER refuse BEFORE DELETE ON client "
            "BEGIN SELECT doing(), RAISE(ABORT, 'database or disk is full'); END"
        )

    practice.desk.on_writer(refuse).result()


def test_what_the_disk_refuses_is_all_still_there_and_stays(ana: Ana) -> None:
    practice = ana.practice
    ana.archive()
    noted: list[bool] = []
    refuse_to_remove_clients(practice, lambda: noted.append(list_of(practice)._file.exists()))
    with pytest.raises(MachineError, match="disk is full"):
        practice.destroy({ana.id})
    assert noted == [True]
    practice.destroy_returned()
    assert practice.desk.ask(people.client, ana.id).name.family == MARK


def test_what_cannot_even_be_taken_back_is_said(ana: Ana) -> None:
    practice = ana.practice
    ana.archive()
    kept = list_of(practice)._file
    refuse_to_remove_clients(practice, kept.with_name(f"{kept.name}.partial").mkdir)
    with pytest.raises(MachineError, match="still there, and goes when the practice is opened"):
        practice.destroy({ana.id})
    kept.with_name(f"{kept.name}.partial").rmdir()
    again = reopened(practice)
    try:
        assert again.desk.ask(people.client_rows, date(2026, 11, 19)) == []
    finally:
        again.close()


def obstruct(practice: bootstrap.OpenPractice) -> Path:
    """Put in the place of a piece of Ana's file what cannot be removed."""
    (piece,) = (practice.folder / "files").glob("??/*")
    stuck = piece.with_name(f"{piece.name}1")
    stuck.mkdir()
    return stuck


def test_a_file_that_cannot_be_removed_yet_is_said_and_goes_later(ana: Ana, ben: Walter) -> None:
    practice = ana.practice
    ana.archive()
    stuck = obstruct(practice)
    with pytest.raises(MachineError, match="are destroyed, but the disk"):
        practice.destroy({ana.id})
    assert practice.desk.ask(people.names).keys() == {ben.client_id}
    again = reopened(practice)
    assert list_of(again).listed().left_over
    stuck.rmdir()
    again = reopened(again)
    try:
        assert list((again.folder / "files").glob("??/*")) == []
        assert not list_of(again).listed().left_over
        assert not readable(again, MARK)
    finally:
        again.close()


def test_who_reads_meanwhile_keeps_the_log_and_that_is_known(ana: Ana, ben: Walter) -> None:
    practice = ana.practice
    ana.archive()
    reading, enough = Event(), Event()

    def read(session: Session, _scope: Scope) -> None:
        session.execute(text("SELECT count(*) FROM client"))
        reading.set()
        assert enough.wait(60)

    begun = practice.desk.read(read)
    assert reading.wait(60)
    do = practice.desk.on_writer
    do(lambda: practice.vault.connection.execute("PRAGMA busy_timeout = 0").fetchall()).result()
    with pytest.raises(MachineError, match="are destroyed, but the disk"):
        practice.destroy({ana.id})
    assert list_of(practice).listed().left_over
    enough.set()
    begun.result()
    practice.destroy_returned()
    assert not list_of(practice).listed().left_over
    assert not readable(practice, MARK)


def test_a_list_that_cannot_be_read_now_is_not_written_over(ana: Ana) -> None:
    practice = ana.practice
    ana.archive()
    kept = list_of(practice)._file
    # Nothing can be read through it, but another file can be put in its place.
    kept.symlink_to(kept)
    with pytest.raises(MachineError):
        practice.destroy({ana.id})
    assert practice.desk.ask(people.client, ana.id).name.family == MARK
