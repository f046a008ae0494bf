"""``python3 dev.py simulate [--model] [--seeds N] [--start S] [--jobs N] [--bug NAME]
[--restores]``.

Prints seeds per second and, for a broken invariant, its seed and the shortest trace found.
"""

from __future__ import annotations

import argparse
import os

from tests.simulation.bugs import BUGS
from tests.simulation.model import simulator as model
from tests.simulation.real import simulator as real
from tests.simulation.runs import Failure, Simulator, Tally, run_seeds, shorten
from tests.simulation.scenario import RESTORES, STANDARD, scenario

#: What can run a scenario, by the option that names it.
SIMULATORS: dict[str, Simulator] = {"model": model.simulate, "real": real.simulate}
SHOWN = 5
PROGRESS = 10_000


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py simulate", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    for name in SIMULATORS:
        which.add_argument(f"--{name}", dest="simulator", action="store_const", const=name)
    parser.set_defaults(simulator="real")
    parser.add_argument("--seeds", type=int, default=300, help="scenarios in all (300)")
    parser.add_argument("--start", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--bug", choices=BUGS, default="", help="a seeded bug to look for")
    parser.add_argument(
        "--restores", dest="profile", action="store_const", const=RESTORES, default=STANDARD,
        help="scenarios in which server and files often go back to their backups",
    )  # fmt: skip
    return parser.parse_args()


def explain(simulate: Simulator, failure: Failure, bug: str, profile: str) -> str:
    """Return a failure with the shortest scenario that still shows it."""
    invariant = failure.violation.invariant
    short = shorten(simulate, scenario(failure.seed, profile), bug, invariant)
    outcome = simulate(short, bug, True)
    lines = [f"seed {failure.seed}: {failure.violation}", f"  {short.members}"]
    lines += [f"  {line}" for line in outcome.trace]
    return "\n".join([*lines, f"  {outcome.violation}"])


def main() -> int:
    """Run the seeds and print what was found; returns 1 if an invariant was broken."""
    wanted = _parse()
    simulate = SIMULATORS[wanted.simulator]
    seeds = range(wanted.start, wanted.start + wanted.seeds)
    tally, told = Tally(), 0
    for tally in run_seeds(simulate, seeds, wanted.bug, wanted.jobs, wanted.profile):
        if tally.seeds // PROGRESS > told:
            told = tally.seeds // PROGRESS
            print(_sentence(tally), flush=True)
    print(_sentence(tally), flush=True)
    for failure in tally.failures[:SHOWN]:
        print(explain(simulate, failure, wanted.bug, wanted.profile), flush=True)
    if len(tally.failures) > SHOWN:
        print("More seeds:", *(failure.seed for failure in tally.failures[SHOWN:]))
    return 1 if tally.failures else 0


def _sentence(tally: Tally) -> str:
    rate = tally.seeds / tally.seconds if tally.seconds else 0.0
    return (
        f"{tally.seeds:,} scenarios in {tally.seconds:,.1f} s ({rate:,.0f} a second), "
        f"{len(tally.failures)} broke an invariant"
    )


if __name__ == "__main__":
    raise SystemExit(main())
