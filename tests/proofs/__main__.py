"""``python3 dev.py prove [kind …] [--times N] [--files N] [--seed N]``: the long proofs.

``prove --sync --kills N --seed S [--postgres]`` kills desktops and server on a bad network.
``prove --sign-in N --seed S`` lets strangers try to sign in, N times.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from pathlib import Path

from app import bootstrap
from tests.proofs import crash, noise
from tests.proofs.crash_child import KINDS
from tests.proofs.sign_in import flood
from tests.proofs.sync_kills import kill_often
from tests.support.clock import StillClock
from tests.support.practice import OWNER, PASSPHRASE

NOISE = "noise"
#: So many kills hit one practice; then the next begins anew, with the next seed.
ROUND = 25


def _feed(files: int, chance: random.Random) -> int:
    found = noise.feed(files, chance)
    print(
        f"{NOISE}: {found.fed} damaged files fed, {found.read} read, "
        f"{len(found.problems)} problems",
        flush=True,
    )
    print("".join(f"  {problem}\n" for problem in found.problems), end="")
    return len(found.problems)


def _sync(kills: int, seed: int, *, postgres: bool) -> int:
    name = "PostgreSQL" if postgres else "SQLite"
    problems = 0
    begun = time.monotonic()
    for first in range(0, kills, ROUND):
        of_round = seed + first // ROUND
        with tempfile.TemporaryDirectory() as root:
            times = min(ROUND, kills - first)
            found = kill_often(Path(root), times, of_round, postgres=postgres)
        print(
            f"sync on {name}, seed {of_round}: killed {found.kills} times ({found.server_kills} "
            f"the server), {sum(found.faults.values())} faults, {found.kept} acknowledged, "
            f"settled after {found.settled_after:.1f} s, {found.asked} asked, "
            f"{len(found.problems)} problems; {time.monotonic() - begun:.0f} s so far",
            flush=True,
        )
        told = [*found.problems, *found.story]
        print("".join(f"  {each}\n" for each in told), end="", flush=True)
        problems += len(found.problems)
    return 1 if problems else 0


def _sign_in(tries: int, seed: int) -> int:
    begun = time.monotonic()
    found = flood(tries, random.Random(seed))
    print(
        f"sign-in, seed {seed}: {found.tries} tries in {found.windows} quarters of an hour, "
        f"answered {dict(sorted(found.answers.items()))}; {found.hashes} hashes, "
        f"{found.hashes_of_strangers} of them guesses at the owner's password; the owner tried "
        f"{found.owner_tried} times; at most {found.most_counters} counters; "
        f"{len(found.problems)} problems; {time.monotonic() - begun:.0f} s",
        flush=True,
    )
    print("".join(f"  {problem}\n" for problem in found.problems[:50]), end="")
    return 1 if found.problems else 0


def main() -> int:
    """Run the crash proof for every kind of write, feed the readers, print what was found."""
    parser = argparse.ArgumentParser(prog="dev.py prove", description=__doc__)
    parser.add_argument("kind", nargs="*", help=f"only these: {', '.join(KINDS)}, {NOISE}")
    parser.add_argument("--times", type=int, default=200, help="kills in all (200)")
    parser.add_argument("--files", type=int, default=100_000, help="damaged files fed (100,000)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--sync", action="store_true", help="kill desktops and server instead")
    parser.add_argument("--kills", type=int, default=100, help="kills of --sync (100)")
    parser.add_argument("--postgres", action="store_true", help="the server on PostgreSQL")
    parser.add_argument("--sign-in", type=int, default=0, help="tries to sign in instead")
    wanted = parser.parse_args()
    if wanted.sign_in:
        return _sign_in(wanted.sign_in, wanted.seed)
    if wanted.sync:
        return _sync(wanted.kills, wanted.seed, postgres=wanted.postgres)
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
