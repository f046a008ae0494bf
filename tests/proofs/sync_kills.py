"""Kill desktops and the server at random on a bad network: nothing is lost and nothing is stuck.

Real processes: a server, three desktops with encrypted files, and between them the fault proxy.
When it is over, the network is good again and nobody kills any more, all must agree within the
minute that the design's page allows, and every promise made on any computer must hold on all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import wait
from pathlib import Path
from random import Random

from app.core.kernel.syncing import SyncState, SyncStatus
from tests.proofs.sync_computer import PATIENCE, Gone
from tests.proofs.sync_look import look
from tests.proofs.sync_story import story
from tests.proofs.sync_world import World, world_in

#: Seconds without faults within which everything must have arrived; the design's page.
PROMISED = 60.0
#: Writes to be acknowledged between two kills, however slow the machine is.
_WRITES = 4
#: One kill in so many hits the server, whose start takes longest.
_OF_SERVER = 5


@dataclass(slots=True)
class Outcome:
    """What a run found; ``problems`` must be empty."""

    client_kills: int = 0
    server_kills: int = 0
    kept: int = 0
    asked: int = 0
    settled_after: float = 0.0
    faults: Mapping[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    """What the server's log says of each note that lost words."""

    @property
    def kills(self) -> int:
        """All kills together."""
        return self.client_kills + self.server_kills


def kill_often(root: Path, kills: int, seed: int, *, postgres: bool, pace: float = 1.0) -> Outcome:
    """Kill ``kills`` times, a kill every ``pace`` seconds on average, and look at what is left."""
    outcome = Outcome()
    with world_in(root, seed, postgres=postgres) as world:
        try:
            _wreck(world, kills, pace, Random(f"{seed} kills"), outcome)
            outcome.settled_after = _settle(world)
            outcome.asked = _decide(world)
            outcome.problems += _agree(world)
            _close(world)
        except Gone as gone:
            outcome.problems.append(str(gone))
        outcome.problems += world.problems()
        outcome.kept = world.promises.count
        outcome.faults = {str(fault): times for fault, times in world.proxy.met.items()}
        if not outcome.problems:
            outcome.problems += look(world, root)
            outcome.story = story(world, outcome.problems)
    return outcome


def _wreck(world: World, kills: int, pace: float, chance: Random, outcome: Outcome) -> None:
    for computer in world.computers:
        computer.start()
    world.proxy.faulty = True
    while outcome.kills < kills:
        wanted = world.promises.count + _WRITES
        _hear_for(world, chance.uniform(0.2, 1.8) * pace)
        _hear_until(world, partial(_written, world, wanted), f"{wanted} writes")
        if chance.randrange(_OF_SERVER) == 0 and world.server.is_alive:
            world.server.kill()
            outcome.server_kills += 1
            world.server.start()
        else:
            victim = chance.choice(world.computers)
            victim.kill()
            outcome.client_kills += 1
            victim.start()
    world.proxy.faulty = False
    # The minute that is promised begins with a server to sync with.
    _hear_until(world, world.server.listens, "a server that listens")


def _written(world: World, count: int) -> bool:
    return world.promises.count >= count


def _hear_for(world: World, seconds: float) -> None:
    until = time.monotonic() + seconds
    lines = {each.line: each for each in world.computers}
    while (left := until - time.monotonic()) > 0:
        for line in wait(list(lines), left):
            lines[line].hear()  # type: ignore[index]


def _hear_until(world: World, there: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not there():
        if time.monotonic() > until:
            raise Gone(f"{PATIENCE:.0f} s without {what}")
        _hear_for(world, 0.1)


def _settle(world: World) -> float:
    """Wait until all say that they are in sync, and hold the same; return the seconds it took."""
    for computer in world.computers:
        computer.line.send("settle")
    begun = time.monotonic()
    lacking: list[list[str]] = []
    while True:
        if all(each.status is not None and _rests(each.status) for each in world.computers):
            found = [each.ask("sums", "sums") for each in world.computers]
            lacking = [numbers for _, numbers in found]
            if not any(lacking) and all(sums == found[0][0] for sums, _ in found):
                return time.monotonic() - begun
        left = begun + PROMISED - time.monotonic()
        if left < 0:
            raise Gone(f"after {PROMISED:.0f} s: {_how(world)}; papers lacking: {lacking}")
        wait([each.line for each in world.computers], min(left, 0.5))
        for computer in world.computers:
            computer.hear()


def _rests(now: SyncStatus) -> bool:
    """Nothing waits; what a person is asked lies in the inbox."""
    return now.state is SyncState.SYNCED or (
        now.state is SyncState.NEEDS_YOU and not now.waiting and not now.trouble
    )


def _how(world: World) -> str:
    return "; ".join(
        f"{each.name} says {each.status.state}, {each.status.waiting} waiting, "
        f"asks {each.status.asks}, {each.status.trouble} (offline since "
        f"{each.status.offline_since}, uploaded {each.status.last_upload}, "
        f"downloaded {each.status.last_download})"
        for each in world.computers
        if each.status is not None
    )


def _decide(world: World) -> int:
    """Let a person decide what is asked, until nothing is; return how much was asked."""
    first = world.computers[0]
    asked = first.status.asks if first.status else 0
    if asked:
        first.ask("decide", "decided")
        _settle_to(world, SyncState.SYNCED)
    return asked


def _settle_to(world: World, state: SyncState) -> None:
    until = time.monotonic() + PROMISED
    while not all(each.status and each.status.state is state for each in world.computers):
        if time.monotonic() > until:
            raise Gone(f"not {state} after {PROMISED:.0f} s: {_how(world)}")
        wait([each.line for each in world.computers], 0.5)
        for computer in world.computers:
            computer.hear()
    _settle(world)


def _agree(world: World) -> list[str]:
    """Let every computer compare everything with the account: nothing may need repair."""
    problems = []
    for computer in world.computers:
        repaired = computer.ask("check", "checked")
        if repaired:
            problems.append(f"{computer.name} had to repair {repaired}")
    return problems


def _close(world: World) -> None:
    for computer in world.computers:
        computer.ask("close", "closed")
        computer.end()
