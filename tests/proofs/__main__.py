"""``python3 dev.py prove [crash|…] [--times N] [--seed N]``: the long proofs."""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from pathlib import Path

from app import bootstrap
from tests.proofs import crash
from tests.proofs.crash_child import KINDS
from tests.support.clock import StillClock
from tests.support.practice import OWNER, PASSPHRASE


def main() -> int:
    """Run the crash proof for every kind of write and print what was found."""
    parser = argparse.ArgumentParser(prog="dev.py prove", description=__doc__)
    parser.add_argument("kind", nargs="*", help=f"only these: {', '.join(KINDS)}")
    parser.add_argument("--times", type=int, default=200, help="kills in all (200)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    wanted = parser.parse_args()
    kinds = wanted.kind or list(KINDS)
    print(f"seed {wanted.seed}", flush=True)
    failed = 0
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
            f"{kind}: killed {found.kills} times, {found.acknowledged} acknowledged, "
            f"{len(found.problems)} problems",
            flush=True,
        )
        print("".join(f"  {problem}\n" for problem in found.problems), end="")
        failed += len(found.problems)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
