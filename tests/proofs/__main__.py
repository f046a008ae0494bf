"""``python3 dev.py prove [kind …] [--times N] [--files N] [--seed N]``: the long proofs."""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from pathlib import Path

from app import bootstrap
from tests.proofs import crash, noise
from tests.proofs.crash_child import KINDS
from tests.support.clock import StillClock
from tests.support.practice import OWNER, PASSPHRASE

NOISE = "noise"


def _feed(files: int, chance: random.Random) -> int:
    found = noise.feed(files, chance)
    print(
        f"{NOISE}: {found.fed} damaged files fed, {found.read} read, "
        f"{len(found.problems)} problems",
        flush=True,
    )
    print("".join(f"  {problem}\n" for problem in found.problems), end="")
    return len(found.problems)


def main() -> int:
    """Run the crash proof for every kind of write, feed the readers, print what was found."""
    parser = argparse.ArgumentParser(prog="dev.py prove", description=__doc__)
    parser.add_argument("kind", nargs="*", help=f"only these: {', '.join(KINDS)}, {NOISE}")
    parser.add_argument("--times", type=int, default=200, help="kills in all (200)")
    parser.add_argument("--files", type=int, default=100_000, help="damaged files fed (100,000)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    wanted = parser.parse_args()
    kinds = [each for each in wanted.kind or KINDS if each != NOISE]
    print(f"seed {wanted.seed}", flush=True)
    failed = 0
    if not wanted.kind or NOISE in wanted.kind:
        failed += _feed(wanted.files, random.Random(wanted.seed))
    for kind in kinds:
        with tempfile.TemporaryDirectory() as root:
            os.environ["PRACTICERUNNER_STATE_DIR"] = f"{root}/state"
            folder = Path(root) / "data"
            prepared = bootstrap.prepare_keys(PASSPHRASE)
            bootstrap.create_practice(folder, prepared, OWNER, StillClock()).close()
            ids = crash.prepare(folder)
            chance = random.Random(wanted.seed)
            times = -(-wanted.times // len(kinds))
            found = crash.kill_often(folder, kind, times, ids, chance)
        print(
            f"{kind}: killed {found.kills} times, {found.inside} inside an act, "
            f"{found.acknowledged} acknowledged, "
            f"{len(found.problems)} problems",
            flush=True,
        )
        print("".join(f"  {problem}\n" for problem in found.problems), end="")
        failed += len(found.problems)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
