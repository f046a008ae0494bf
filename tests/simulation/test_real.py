"""The real engine under simulation: invariants hold, and seeded bugs are found."""

from __future__ import annotations

import os

import pytest

from tests.simulation.bugs import OF_THE_DESIGN
from tests.simulation.real.simulator import simulate
from tests.simulation.runs import run_seeds
from tests.simulation.scenario import Member, Scenario, Step, scenario

SEEDS = int(os.environ.get("SIMULATED_REAL_SEEDS", "300"))
#: So many that the cores share them to the end.
BATCHES = 30
#: A seed at which each shows.
SHOWN_BY = {
    "cursor_jumps_to_own_push": 1,
    "cursor_before_apply": 16,
    "overlay_dropped_on_ack": 3,
    "last_writer_wins_notes": 0,
    "no_future_stamp_check": 8,
    "same_identity_after_restore": 3,
}


def told(*steps: tuple[str, int]) -> Scenario:
    """Return a scenario told by hand: what happens, and at which of the owner's two computers.

    Each keeps to records of its own. Seed 1: whole pages, and no digests, which would mend a gap.
    """
    owner = Member(0, 2)
    return Scenario(1, (owner, owner), tuple(Step(act, who, who, 1) for act, who in steps))


TOLD = {
    "sequence_gap": told(
        *(("type", 0), ("push, delivered late", 0), ("change a field", 1), ("sync", 1)),
        ("deliver", 0),
    ),
    "no_idempotency": told(("charge", 0), ("push, sent twice", 0)),
    "shared_invoice_counter": told(
        *(("charge", 0), ("charge", 1), ("sync", 0), ("sync", 1)),
        *(("issue an invoice", 0), ("issue an invoice", 1)),
    ),
}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_invariant_holds(batch: int) -> None:
    *_, tally = run_seeds(simulate, range(batch * SEEDS // BATCHES, (batch + 1) * SEEDS // BATCHES))
    assert [str(each) for each in tally.failures] == []


@pytest.mark.parametrize("bug", SHOWN_BY)
def test_a_seeded_bug_is_found(bug: str) -> None:
    assert simulate(scenario(SHOWN_BY[bug]), bug).violation is not None, OF_THE_DESIGN[bug]


@pytest.mark.parametrize("bug", TOLD)
def test_a_rare_bug_is_found_by_hand(bug: str) -> None:
    assert simulate(TOLD[bug]).violation is None
    assert simulate(TOLD[bug], bug).violation is not None, OF_THE_DESIGN[bug]


def test_every_bug_of_the_design_is_shown() -> None:
    assert {*SHOWN_BY, *TOLD} == {*OF_THE_DESIGN}


def test_a_seed_repeats() -> None:
    assert simulate(scenario(3), tracing=True).trace == simulate(scenario(3), tracing=True).trace
