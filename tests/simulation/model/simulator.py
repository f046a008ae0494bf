"""The pure model as a simulator of scenarios."""

from __future__ import annotations

from tests.simulation.model.acts import run
from tests.simulation.model.witness import Broken
from tests.simulation.model.world import World
from tests.simulation.runs import Outcome
from tests.simulation.scenario import Scenario


def simulate(scenario: Scenario, bug: str = "", tracing: bool = False) -> Outcome:
    """Run one scenario against the model, with one seeded bug or none."""
    trace: list[str] = []
    try:
        world = World(scenario, bug, tracing=tracing)
        trace = world.trace
        run(world, scenario.steps)
    except Broken as broken:
        return Outcome(broken.violation, trace)
    return Outcome(None, trace)
