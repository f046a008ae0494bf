"""An open practice and its account, as the window drives them: on threads, over real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from app import bootstrap
from app.core.clinical.commands.attachments import attach_to_client
from app.core.kernel.errors import UserError
from app.core.kernel.syncing import SyncState, SyncStatus
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from tests.hosted.web.conftest import Site
from tests.support.account import account

__all__ = ["account"]

WALTER = PersonName(given="Walter", family="Strand")
SOON = 20.0


class Heard:
    """Waits until the words are as they shall be."""

    def __init__(self, practice: bootstrap.OpenPractice) -> None:
        self._changed = threading.Condition()
        self.now: SyncStatus = practice.sync.status()
        practice.sync.listen(self)

    def __call__(self, status: SyncStatus) -> None:
        with self._changed:
            self.now = status
            self._changed.notify_all()

    def until(self, holds: Callable[[SyncStatus], bool]) -> None:
        """Wait until ``holds``."""
        with self._changed:
            assert self._changed.wait_for(lambda: holds(self.now), SOON), self.now


@pytest.fixture
def tied(practice: bootstrap.OpenPractice, account: Site) -> Iterator[Heard]:
    """The practice, connected and syncing by itself."""
    heard = Heard(practice)
    practice.sync.connect(account.address, account.services.devices.new_code(), "Office")
    practice.sync.start()
    heard.until(lambda now: now.state is SyncState.SYNCED)
    yield heard
    practice.sync.stop()


def test_a_check_is_asked_of_what_syncs_by_itself(
    practice: bootstrap.OpenPractice, tied: Heard
) -> None:
    practice.desk.do(add_client, NewClient(WALTER))
    assert practice.sync.check() == {}
    row = practice.vault.connection.execute("SELECT id FROM client").fetchone()[0]
    practice.desk.on_writer(lambda: _damage(practice, row)).result()
    assert practice.sync.check() == {"client": [UUID(bytes=row)]}
    assert tied.now.state is SyncState.SYNCED


def test_a_file_follows_its_row_by_itself_and_synced_is_said_only_then(
    practice: bootstrap.OpenPractice, tied: Heard, account: Site, tmp_path: Path
) -> None:
    client = practice.desk.do(add_client, NewClient(WALTER)).value
    letter = tmp_path / "Letter.pdf"
    letter.write_bytes(b"Dear colleague" * 200_000)
    attached = practice.start_attach(letter).result()
    practice.sync.check()

    def pieces() -> int:
        stored = (path for path in (tmp_path / "account-files").rglob("*") if path.is_file())
        return sum(path.name.isdigit() for path in stored)

    early: list[SyncStatus] = []

    def heard(now: SyncStatus) -> None:
        if now.state is SyncState.SYNCED and pieces() < 3:
            early.append(now)

    practice.sync.listen(heard)
    practice.desk.do(attach_to_client, client, attached, letter.name)
    # What was read before it was attached may still be told.
    since = practice.sync.status().turn
    tied.until(lambda now: now.state is SyncState.SYNCED and pieces() == 3)
    assert [each for each in early if each.turn > since] == []
    assert practice.sync.status().waiting == 0
    account.stop()
    again = practice.start_attach(letter).result()
    practice.desk.do(attach_to_client, client, again, letter.name)
    tied.until(lambda now: now.state is SyncState.OFFLINE)
    assert practice.sync.status().waiting == 1
    assert pieces() == 3


def _damage(practice: bootstrap.OpenPractice, row: bytes) -> None:
    """Change a row behind the back of everything, as a bad disk does."""
    connection = practice.vault.connection
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'client'"
    ).fetchall()
    for name, _sql in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE client SET legal_given = 'Wrong' WHERE id = ?", (row,))
    for _name, sql in triggers:
        connection.execute(sql)


def test_a_check_without_the_account_says_what_is_wrong(
    practice: bootstrap.OpenPractice, tied: Heard, account: Site
) -> None:
    account.stop()
    with pytest.raises(Exception, match="server does not answer"):
        practice.sync.check()
    assert tied.now.state is SyncState.OFFLINE


def test_a_computer_needs_a_name(practice: bootstrap.OpenPractice, account: Site) -> None:
    code = account.services.devices.new_code()
    with pytest.raises(UserError, match="Give this computer a name") as refused:
        practice.sync.connect(account.address, code, "  ")
    assert refused.value.field == "device_name"
    practice.sync.connect(account.address, code, "Office")


def test_what_one_thread_read_earlier_is_not_said_after_what_another_read_later(
    practice: bootstrap.OpenPractice, tied: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = practice.sync
    look, begun, go_on = sync._status, threading.Event(), threading.Event()

    def slow() -> SyncStatus:
        found = replace(look(), asks=7)
        begun.set()
        go_on.wait(SOON)
        return found

    monkeypatch.setattr(sync, "_status", slow)
    late = threading.Thread(target=sync._tell_now)
    late.start()
    assert begun.wait(SOON)
    monkeypatch.setattr(sync, "_status", look)
    sync._tell_now()
    go_on.set()
    late.join()
    assert tied.now.asks == 0
