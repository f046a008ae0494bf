"""A membership ends, or a computer is taken off, while another computer is being connected.

What is done meanwhile is done on a connection of its own, exactly when a statement is about to run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from hosted.account.commands import connecting
from hosted.account.commands.means import Refused
from hosted.account.rules.connecting import Asked
from hosted.pairing import NotPaired, NotYours
from hosted.store.engine import Database, For
from hosted.store.tables import Device
from hosted.team.commands import members
from tests.hosted.sync.test_scope import FILE
from tests.hosted.team.office import Office, Somebody
from tests.hosted.worlds import CLIENT

ADDRESS = "ab" * 32
VERIFIER, BACK = "v" * 43, "http://127.0.0.1:49152/back"
#: The statement with which a transaction that writes begins to hold something.
BEGINS = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "FOR SHARE"}
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.fixture
def kim(office: Office) -> Somebody:
    """An associate without a computer."""
    return office.joined()


def code_of(office: Office, who: Somebody) -> str:
    """Return the code that the browser brings back to a computer of theirs."""
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    asked = Asked(BACK, challenge, "s", "Kim's laptop", "test")
    back = connecting.allow(
        office.services.account, who.who, office.account_id, asked, "https://account.example"
    )
    return back.partition("code=")[2].partition("&")[0]


def exchanged(office: Office, code: str) -> connecting.Granted:
    """Bring a code of the browser's."""
    return connecting.exchange(office.services.account, code, VERIFIER, BACK)


def ends(office: Office, who: Somebody) -> None:
    """Let the owner end a membership."""
    members.end(office.team, office.whose, who.member_id, None)


class Statements:
    """The statements that one database is about to run, and what is done just before one."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._heard: list[tuple[str, Callable[[], None]]] = []
        event.listen(database.engine, "before_cursor_execute", self._before)

    def _before(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        for each in [each for each in self._heard if each[0] in statement]:
            self._heard.remove(each)
            each[1]()

    def just_before(self, words: str, act: Callable[[], None]) -> None:
        """Do something once, when the next statement with ``words`` is about to run."""
        self._heard.append((words, act))

    def all_done(self) -> bool:
        """Return whether everything that was to be done was."""
        return not self._heard

    def just_before_writing(self, act: Callable[[], None]) -> None:
        """Do something once, when the next transaction that writes is about to hold something."""
        self.just_before(BEGINS[self.database.dialect], act)

    def close(self) -> None:
        """Hear no more."""
        event.remove(self.database.engine, "before_cursor_execute", self._before)


@pytest.fixture
def statements(office: Office) -> Iterator[Statements]:
    """The statements of the server's database."""
    made = Statements(office.database)
    yield made
    made.close()


class Meanwhile:
    """An act on a thread of its own; whoever calls goes on once it is done, or stands in line."""

    def __init__(self, statements: Statements, act: Callable[[], None]) -> None:
        self._statements = statements
        self._thread = Thread(target=act)

    def __call__(self) -> None:
        """Begin it."""
        asks_to_write = Event()
        if self._statements.database.dialect == "sqlite":
            self._statements.just_before_writing(asks_to_write.set)
        self._thread.start()
        while self._thread.is_alive() and not (asks_to_write.is_set() or self._stands_in_line()):
            self._thread.join(0.01)

    def join(self) -> None:
        """Wait until it is done."""
        self._thread.join()

    def _stands_in_line(self) -> bool:
        database = self._statements.database
        if database.dialect == "sqlite":
            return False
        with database.engine.connect() as third:
            return bool(third.exec_driver_sql(_WAITING).scalar_one())


def at_work(office: Office, member_id: UUID) -> list[Device]:
    """Return the member's computers that nobody took off."""
    listed = office.services.devices.listed(office.practice_id, member_id)
    return [each for each in listed if each.revoked_at is None]


def test_a_membership_that_ends_after_a_code_was_looked_up_gets_no_computer(
    office: Office, kim: Somebody, statements: Statements
) -> None:
    code = code_of(office, kim)
    statements.just_before_writing(lambda: ends(office, kim))
    with pytest.raises(Refused):
        exchanged(office, code)
    assert statements.all_done()
    assert at_work(office, kim.member_id) == []


def test_an_end_that_comes_while_the_computer_is_made_takes_it_off(
    office: Office, kim: Somebody, statements: Statements
) -> None:
    code = code_of(office, kim)
    end = Meanwhile(statements, lambda: ends(office, kim))
    statements.just_before("INSERT INTO device", end)
    granted = exchanged(office, code)
    end.join()
    assert statements.all_done()
    assert granted.member_id == kim.member_id
    assert at_work(office, kim.member_id) == []


def test_an_end_that_comes_while_a_one_time_code_is_taken_takes_the_computer_off(
    office: Office, kim: Somebody, statements: Statements
) -> None:
    devices = office.services.devices
    code = devices.new_code(office.practice_id, kim.member_id)
    end = Meanwhile(statements, lambda: ends(office, kim))
    statements.just_before("INSERT INTO device", end)
    devices.pair(code, "Kim's laptop", "test")
    end.join()
    assert statements.all_done()
    assert at_work(office, kim.member_id) == []


def test_a_code_that_was_given_when_the_membership_had_ended_opens_nothing(
    office: Office, kim: Somebody
) -> None:
    ends(office, kim)
    code = office.services.devices.new_code(office.practice_id, kim.member_id)
    with pytest.raises(NotPaired):
        office.services.devices.pair(code, "Kim's laptop", "test")


def test_a_computer_that_was_taken_off_after_it_was_looked_up_gets_no_code(
    office: Office, kim: Somebody, statements: Statements
) -> None:
    laptop = office.connect(kim.member_id, "Kim's laptop").caller.device_id
    statements.just_before_writing(lambda: take_off(office, laptop))
    with pytest.raises(NotYours):
        office.services.devices.new_code(office.practice_id, kim.member_id, device_id=laptop)
    assert statements.all_done()


def test_a_code_that_is_made_while_its_computer_is_taken_off_opens_nothing(
    office: Office, kim: Somebody, statements: Statements
) -> None:
    devices = office.services.devices
    laptop = office.connect(kim.member_id, "Kim's laptop").caller.device_id
    end = Meanwhile(statements, lambda: take_off(office, laptop))
    statements.just_before("INSERT INTO pairing_code", end)
    code = devices.new_code(office.practice_id, kim.member_id, device_id=laptop)
    end.join()
    assert statements.all_done()
    with pytest.raises(NotPaired):
        devices.pair(code, "Kim's laptop", "test")


def take_off(office: Office, device_id: UUID) -> None:
    office.services.devices.revoke(office.practice_id, device_id)


def test_a_practice_without_an_account_knows_no_place_and_connects(office: Office) -> None:
    with office.database.write(For(office.practice_id, account=office.account_id)) as session:
        session.connection().exec_driver_sql("UPDATE account SET practice_id = NULL")
    code = office.services.devices.new_code(office.practice_id, office.owner_id)
    assert office.services.devices.pair(code, "Office", "test").member_id == office.owner_id


def test_a_file_that_goes_up_while_the_membership_ends_is_kept_for_who_stays(
    office: Office, kim: Somebody, statements: Statements
) -> None:
    laptop, add, blobs = (
        office.connect(kim.member_id, "Kim's"),
        office.computer.add,
        office.services.blobs,
    )
    client = add("client", CLIENT)
    case = add("care_case", {"kind": "INDIVIDUAL", "provider_id": kim.member_id.hex})
    add("case_participant", {"case_id": case.hex, "client_id": client.hex})
    laptop.pull()
    row = {**FILE, "address": ADDRESS, "client_id": client.hex}
    laptop.push(laptop.write("attachment", uuid4(), row, new=True))
    blobs.put(laptop.caller, ADDRESS, 0, 2, b"first")
    # On PostgreSQL in the midst of the piece; the embedded database lets one write at a time.
    in_the_midst = {"sqlite": BEGINS["sqlite"], "postgresql": "FOR UPDATE"}
    words = in_the_midst[office.database.dialect]
    statements.just_before(words, lambda: ends(office, kim))
    blobs.put(laptop.caller, ADDRESS, 1, 2, b"second")
    assert statements.all_done()
    owner = office.computer.caller
    assert [blobs.get(owner, ADDRESS, place) for place in range(2)] == [b"first", b"second"]
    # Nothing more is taken or given.
    assert at_work(office, kim.member_id) == []
