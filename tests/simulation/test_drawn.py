"""Scenarios that Hypothesis draws and makes short, on the pure model and on the real engine.

Here every act is as likely as every other, and neighbors are changed one by one: other corners
than those of the seeds.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from tests.simulation.model.simulator import simulate as simulate_model
from tests.simulation.real.simulator import simulate as simulate_real
from tests.simulation.scenario import ACTS, LARGEST, Member, Scenario, Step

_NUMBER = st.integers(0, LARGEST - 1)
_STEPS = st.builds(Step, st.sampled_from(ACTS), st.integers(0, 3), _NUMBER, _NUMBER)
_OTHERS = st.lists(st.builds(Member, st.integers(0, 1), st.integers(1, 2)), min_size=1, max_size=3)
SCENARIOS = st.builds(
    Scenario,
    _NUMBER,
    _OTHERS.map(lambda others: (Member(0, 2), *others)),
    st.lists(_STEPS, min_size=5, max_size=50).map(tuple),
)
#: The same ones each time: what breaks here breaks for everybody.
DRAWN = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink),
)


@given(SCENARIOS)
@settings(DRAWN, max_examples=200)
def test_every_invariant_holds_on_the_model(drawn: Scenario) -> None:
    assert simulate_model(drawn).violation is None


@given(SCENARIOS)
@settings(DRAWN, max_examples=5)
def test_every_invariant_holds_on_the_real_engine(drawn: Scenario) -> None:
    assert simulate_real(drawn).violation is None


def test_a_seeded_bug_is_found_and_made_short() -> None:
    found = find(
        SCENARIOS,
        lambda drawn: simulate_model(drawn, "overlay_dropped_on_ack").violation is not None,
        settings=settings(DRAWN, max_examples=2_000),
    )
    assert len(found.steps) <= 10
    assert simulate_model(found).violation is None
