"""The engine on a thread of its own: woken by a write, by a poke, by time; and never in step."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.sync.engine import RESTING, Did
from app.sync.outbox import OpState
from app.sync.runner import FIRST_WAIT, LONGEST_WAIT, Runner, wait_after
from app.sync.transport import Trouble, Unreachable
from tests.sync.test_copies import name as rename
from tests.sync.worlds import Desktop

WALTER = PersonName(given="Walter", family="Strand")
SOON = 20.0


class Steps:
    """Hears what the runner's engine does, and waits until it has done something."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.done: list[Did] = []

    def __call__(self, did: Did) -> None:
        with self._changed:
            self.done.append(did)
            self._changed.notify_all()

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until ``holds``."""
        with self._changed:
            assert self._changed.wait_for(holds, SOON), self.done

    def count(self, did: Did) -> int:
        """Return how often it did that."""
        return self.done.count(did)


def running(desktop: Desktop) -> tuple[Runner, Steps]:
    steps = Steps()
    return Runner(desktop.engine, lambda: 0.0, steps), steps


def resting(steps: Steps) -> bool:
    return bool(steps.done) and steps.done[-1] in RESTING


def test_a_write_goes_out_at_once(office: Desktop) -> None:
    runner, steps = running(office)
    stop = office.desk.listen(lambda _changes: runner.wrote())
    runner.start()
    steps.until(lambda: resting(steps))
    office.desk.do(add_client, NewClient(WALTER))
    steps.until(lambda: steps.count(Did.SENT) == 1 and steps.done[-1] is Did.QUIET)
    stop()
    runner.stop()
    assert office.waiting() == []


def test_a_poke_brings_what_the_other_computer_wrote(office: Desktop, laptop: Desktop) -> None:
    runner, steps = running(office)
    runner.start()
    steps.until(lambda: resting(steps))
    client = laptop.desk.do(add_client, NewClient(WALTER)).value
    laptop.sync()
    seen = len(steps.done)
    runner.poke()
    steps.until(lambda: len(steps.done) > seen + 1 and resting(steps))
    runner.stop()
    assert office.row("client", client)["legal_given"] == "Walter"


def test_after_trouble_it_tries_again_by_itself(office: Desktop) -> None:
    office.desk.do(add_client, NewClient(WALTER))
    office.transport.offline = True
    runner, steps = running(office)
    runner.start()
    steps.until(lambda: steps.count(Did.FAILED) == 1)
    office.transport.offline = False
    steps.until(lambda: bool(steps.done) and steps.done[-1] is Did.QUIET)
    runner.stop()
    assert office.waiting() == []


def test_a_bug_of_ours_does_not_end_it(office: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    runner, steps = running(office)
    real, turns = office.engine._step, iter([True])

    def faulty() -> Did:
        if next(turns, False):
            raise ZeroDivisionError("of a client named Walter")
        return real()

    monkeypatch.setattr(office.engine, "_step", faulty)
    runner.start()
    steps.until(lambda: steps.count(Did.FAILED) == 1)
    steps.until(lambda: steps.done[-1] is Did.QUIET)
    runner.stop()


class Falling:
    """Has something to do every few milliseconds, of itself."""

    def __init__(self) -> None:
        self.pokes = 0

    def step(self) -> Did:
        return Did.QUIET

    def wake(self) -> None:
        """Nothing fails."""

    def poke(self) -> None:
        self.pokes += 1

    def due_in(self) -> float:
        return 0.005


def test_what_falls_due_is_done_without_a_poke_and_asks_for_no_news() -> None:
    steps, falling = Steps(), Falling()
    runner = Runner(falling, lambda: 0.0, steps)
    runner.start()
    steps.until(lambda: steps.count(Did.QUIET) >= 3)
    runner.stop()
    assert falling.pokes == 0


def test_waits_grow_to_a_minute_and_are_never_in_step() -> None:
    longest = [wait_after(failures, 1.0) for failures in range(1, 12)]
    assert longest[:4] == [FIRST_WAIT, 2.0, 4.0, 8.0]
    assert max(longest) == longest[-1] == LONGEST_WAIT
    assert wait_after(5, 0.0) == wait_after(5, 1.0) / 2


# What the engine does with work that a server refuses


def poisoned(office: Desktop, client: bytes) -> None:
    """Let the server fail on every batch in which one client's change is."""

    def tap(verb: str, message: object) -> None:
        operations = getattr(message, "operations", ())
        if verb == "push" and any(each.pk.bytes == client for each in operations):
            raise Unreachable(Trouble.SERVER_ERROR)

    office.transport.tap = tap


def exchange_until(office: Desktop, holds: Callable[[], bool]) -> None:
    for _ in range(60):
        if holds():
            return
        office.engine.wake()
        office.engine.run()
    raise AssertionError(office.waiting())


def test_one_poisoned_change_never_blocks_the_queue(office: Desktop) -> None:
    clients = [office.desk.do(add_client, NewClient(WALTER)).value for _ in range(9)]
    poisoned(office, clients[4].bytes)
    exchange_until(office, lambda: office.waiting() == [OpState.PARKED])
    assert office.status().asks == 1
    rows = office.rows()
    assert rows["client", clients[4].hex]["legal_given"] == "Walter"


def test_what_is_written_over_work_that_was_set_aside_never_overtakes_it(
    office: Desktop, laptop: Desktop
) -> None:
    client = office.desk.do(add_client, NewClient(WALTER)).value
    office.sync()
    rename(office, client, "Earlier")

    overtaken: list[str] = []

    def tap(verb: str, message: object) -> None:
        operations = getattr(message, "operations", ()) if verb == "push" else ()
        said = [each.columns.get("legal_given") for each in operations]
        if "Earlier" in said and not overtaken:
            raise Unreachable(Trouble.SERVER_ERROR)
        overtaken.extend(each for each in said if each == "Later")

    office.transport.tap = tap
    exchange_until(office, lambda: bool(office.engine.sender._aside))
    rename(office, client, "Later")
    office.engine.wake()
    office.engine.run()
    office.transport.tap = None
    office.sync()
    laptop.sync()
    assert office.waiting() == []
    assert laptop.row("client", client)["legal_given"] == "Later"


def test_a_server_that_takes_nothing_parks_nothing(office: Desktop) -> None:
    for _ in range(3):
        office.desk.do(add_client, NewClient(WALTER))

    def tap(verb: str, _message: object) -> None:
        if verb == "push":
            raise Unreachable(Trouble.SERVER_ERROR)

    office.transport.tap = tap
    for _ in range(40):
        office.engine.wake()
        office.engine.run()
    assert OpState.PARKED not in office.waiting()
    office.transport.tap = None
    office.sync()
    assert office.waiting() == []


def test_download_never_waits_for_upload(office: Desktop, laptop: Desktop) -> None:
    office.desk.do(add_client, NewClient(WALTER))
    client = laptop.desk.do(add_client, NewClient(WALTER)).value
    laptop.sync()

    def tap(verb: str, _message: object) -> None:
        if verb == "push":
            raise Unreachable(Trouble.SERVER_ERROR)

    office.transport.tap = tap
    for _ in range(3):
        office.engine.wake()
        office.engine.poke()
        office.engine.run()
    assert ("client", client.hex) in office.rows()
