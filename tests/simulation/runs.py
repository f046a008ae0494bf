"""Running scenarios by the thousand, and making a failing one short enough to read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

from tests.simulation.invariants import Violation
from tests.simulation.scenario import STANDARD, Scenario, Step, scenario

CHUNK = 250


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one scenario; ``violation`` is None where every invariant holds."""

    violation: Violation | None
    trace: list[str]


Simulator = Callable[[Scenario, str, bool], Outcome]
"""Runs a scenario with a seeded bug ("" for none), keeping a trace or not."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A seed whose scenario broke an invariant."""

    seed: int
    violation: Violation


@dataclass(slots=True)
class Tally:
    """How many scenarios ran, in how many seconds, and which failed."""

    seeds: int = 0
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)


def run_chunk(simulate: Simulator, bug: str, profile: str, seeds: range) -> list[Failure]:
    """Run some seeds of a profile and return those that failed."""
    failures = []
    for seed in seeds:
        outcome = simulate(scenario(seed, profile), bug, False)
        if outcome.violation is not None:
            failures.append(Failure(seed, outcome.violation))
    return failures


def run_seeds(
    simulate: Simulator, seeds: range, bug: str = "", jobs: int = 1, profile: str = STANDARD
) -> Iterator[Tally]:
    """Run all seeds and yield the tally after each chunk."""
    begun = time.monotonic()
    chunks = [seeds[first : first + CHUNK] for first in range(0, len(seeds), CHUNK)]
    tally = Tally()
    work = partial(run_chunk, simulate, bug, profile)
    if jobs == 1:
        yield from _tallied(tally, zip(chunks, map(work, chunks), strict=True), begun)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from _tallied(tally, zip(chunks, pool.map(work, chunks), strict=True), begun)


def _tallied(
    tally: Tally, done: Iterator[tuple[range, list[Failure]]], begun: float
) -> Iterator[Tally]:
    for chunk, failures in done:
        tally.seeds += len(chunk)
        tally.seconds = time.monotonic() - begun
        tally.failures.extend(failures)
        yield tally


def first_failure(simulate: Simulator, seeds: range, bug: str) -> Failure | None:
    """Return the first seed that breaks an invariant, or None."""
    for seed in seeds:
        found = run_chunk(simulate, bug, STANDARD, range(seed, seed + 1))
        if found:
            return found[0]
    return None


def shorten(simulate: Simulator, whole: Scenario, bug: str, invariant: str) -> Scenario:
    """Leave out steps for as long as the same invariant still breaks."""
    size = max(1, len(whole.steps) // 2)
    while True:
        first, shorter = 0, whole
        while first < len(shorter.steps):
            steps: tuple[Step, ...] = shorter.steps[:first] + shorter.steps[first + size :]
            fewer = replace(shorter, steps=steps)
            violation = simulate(fewer, bug, False).violation
            if violation is not None and violation.invariant == invariant:
                shorter = fewer
            else:
                first += size
        if size == 1 and shorter == whole:
            return whole
        whole, size = shorter, max(1, size // 2)
