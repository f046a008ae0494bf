"""The real engine as a simulator of scenarios."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from tests.simulation.real.acts import run
from tests.simulation.real.bugs import bug_named
from tests.simulation.real.chance import drawn_from
from tests.simulation.real.programs import several_versions
from tests.simulation.real.template import bench
from tests.simulation.real.witness import Broken
from tests.simulation.real.world import World
from tests.simulation.runs import Outcome
from tests.simulation.scenario import Scenario


def simulate(scenario: Scenario, bug: str = "", tracing: bool = False) -> Outcome:
    """Run one scenario on the real engine, with one seeded bug or none."""
    trace: list[str] = []
    ready = bench()
    with drawn_from(str(scenario.seed)), several_versions(), _uncollected():
        try:
            world = World(scenario, ready, bug_named(bug), tracing=tracing)
            trace = world.trace
            run(world)
        except Broken as broken:
            return Outcome(broken.violation, trace)
    return Outcome(None, trace)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave cycles alone for the half second that a scenario takes: an eighth of its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
