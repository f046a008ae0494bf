"""Whatever hangs is noticed from outside, said, and started again; nothing waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from app import bootstrap
from app.core.kernel.syncing import SyncState, SyncStatus
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.sync.connection import Connection
from app.sync.engine import Did
from app.sync.runner import LATE, STILL, Runner
from app.sync.transport import Trouble
from app.sync.watchdog import Watch
from app.sync.words import SENTENCES
from tests.hosted.web.conftest import Site
from tests.support.account import account
from tests.sync.relay import Hanging, Relay, relaying
from tests.sync.test_practice_sync import Heard

__all__ = ["account"]

WALTER = PersonName(given="Walter", family="Strand")
#: As the design has it, a hundred times as fast.
QUICK = Watch(every=0.03, still=0.3)
NEVER = Watch(every=600.0)


def uploaded(now: SyncStatus) -> bool:
    """Return whether nothing waits here any more."""
    return not now.waiting and now.last_upload is not None and now.offline_since is None


@contextmanager
def syncing(
    practice: bootstrap.OpenPractice, site: Site, address: str, watch: Watch
) -> Iterator[Heard]:
    """Let the practice sync by itself with the account behind ``address``."""
    sync = practice.sync
    sync._wiring = replace(sync._wiring, watch=watch)
    heard = Heard(practice)
    sync.connect(address, site.services.devices.new_code(), "Office")
    sync.start()
    heard.until(uploaded)
    yield heard
    sync.stop()


@pytest.fixture
def relay(account: Site) -> Iterator[Relay]:
    """What stands between the computer and the account."""
    with relaying(account) as made:
        yield made


def connection_of(practice: bootstrap.OpenPractice) -> Connection:
    connection = practice.sync._connection
    assert connection is not None
    return connection


@pytest.mark.parametrize("how", Hanging)
def test_a_request_that_hangs_is_ended_and_said_and_work_goes_out_when_it_can(
    practice: bootstrap.OpenPractice, account: Site, relay: Relay, how: Hanging
) -> None:
    with syncing(practice, account, relay.address, QUICK) as heard:
        relay.hanging = how
        practice.desk.do(add_client, NewClient(WALTER))
        heard.until(lambda now: now.state is SyncState.OFFLINE and now.waiting == 1)
        assert heard.now.trouble == SENTENCES[Trouble.TIMEOUT]
        since = heard.now.offline_since
        relay.until(lambda: relay.held >= 2)
        assert practice.sync.status().offline_since == since
        relay.hanging = None
        heard.until(uploaded)


def test_a_step_that_never_ends_is_left_behind_and_changes_nothing_later(
    practice: bootstrap.OpenPractice, account: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with syncing(practice, account, account.address, QUICK) as heard:
        hung, hangs, ended = connection_of(practice), threading.Event(), threading.Event()
        step, told, begun = hung.engine._step, [], threading.Event()

        def stuck() -> Did:
            begun.set()
            hangs.wait()
            try:
                return step()
            finally:
                ended.set()

        monkeypatch.setattr(hung.engine, "_step", stuck)
        hung.poke()
        assert begun.wait(20.0)
        monkeypatch.setattr(hung.http, "ask", lambda *said: told.append(said))
        practice.desk.do(add_client, NewClient(WALTER))
        heard.until(lambda now: now.waiting == 1)
        heard.until(uploaded)
        assert connection_of(practice) is not hung
        hangs.set()
        assert ended.wait(20.0)
        assert told == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_ended_is_replaced(
    practice: bootstrap.OpenPractice, account: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with syncing(practice, account, account.address, QUICK) as heard:

        def dies() -> Did:
            raise SystemExit

        monkeypatch.setattr(connection_of(practice).engine, "_step", dies)
        practice.desk.do(add_client, NewClient(WALTER))
        heard.until(lambda now: now.waiting == 1)
        heard.until(uploaded)


def test_a_long_act_of_the_person_is_no_hanging(
    practice: bootstrap.OpenPractice, account: Site
) -> None:
    with syncing(practice, account, account.address, NEVER):
        connection, long = connection_of(practice), threading.Event()
        runner = connection._runner
        assert runner is not None
        act = practice.desk.on_writer(long.wait, 0)
        connection.poke()
        until = time.monotonic() + 20.0
        while not (connection.file.busy and runner.hangs(-1.0, 0.0)):
            assert time.monotonic() < until
        assert not connection.hangs(0.0)
        long.set()
        act.result()


def test_locking_does_not_wait_for_an_answer_that_does_not_come(
    practice: bootstrap.OpenPractice, account: Site, relay: Relay
) -> None:
    with syncing(practice, account, relay.address, NEVER):
        relay.hanging = Hanging.SILENT
        practice.desk.do(add_client, NewClient(WALTER))
        relay.until(lambda: relay.held == 1)
        begun = time.monotonic()
        practice.sync.stop()
        assert time.monotonic() - begun < 2


class Hour:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Resting:
    """Has nothing to do."""

    def __init__(self) -> None:
        self.steps = threading.Semaphore(0)

    def step(self) -> Did:
        self.steps.release()
        return Did.QUIET

    def wake(self) -> None:
        """Nothing fails."""

    def poke(self) -> None:
        """Nothing is new."""

    def due_in(self) -> float:
        return 10.0


def test_a_rest_hangs_only_when_it_lasts_longer_than_it_should() -> None:
    hour, engine = Hour(), Resting()
    rests = threading.Event()
    runner = Runner(engine, lambda: 0.0, lambda _did: rests.set(), timer=hour)
    assert not runner.hangs(0.0)
    runner.start()
    runner.settle()
    hour.now += STILL
    assert runner.hangs(0.0), "ten seconds are over, and half a minute more"
    hour.now = 100.0 + 10.0 + LATE
    assert not runner.hangs(0.0)
    runner.stop()
    assert not runner.hangs(0.0)
