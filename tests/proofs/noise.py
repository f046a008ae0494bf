"""Feed the readers of other programs' files with noise: each file is read, or refused in words."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from app.core.exchange.formats import recognize
from app.core.exchange.matching import Roster
from app.core.exchange.planning import plan_import
from app.core.exchange.plans import ImportPlan
from app.core.exchange.sheets import read_bytes
from app.core.kernel.errors import UserError

DATA = Path(__file__).parents[1] / "data" / "exchange"
SEEDS = tuple(
    (DATA / name).read_bytes()
    for name in (
        "simplepractice-client-details.csv",
        "simplepractice-client-demographics.csv",
        "practicerunner-contacts.csv",
    )
)
TODAY = date(2026, 11, 19)
#: No file of a few lines takes longer, on however busy a machine.
PATIENCE = 5.0
_SPICE = (
    b'"', b'""', b"\x00", b"\r", b"\n", b"\r\n", b",", b";", b"\t", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\xed\xa0\x80", b" & ", b" and ", b"=1+1", b"'", b"9" * 400, b"\xe2\x80\xae", b"00/00/0000",
    b"2/31/2026", b"\xf0\x9f\x8c\xb7", b"\xd9\x85\xd8\xb1\xd9\x8a\xd9\x85", b"<b>", b"; DROP TABLE",
)  # fmt: skip


@dataclass(slots=True)
class Noise:
    """What came of it; ``problems`` must be empty."""

    fed: int = 0
    read: int = 0
    problems: list[str] = field(default_factory=list)


def feed(times: int, chance: Random) -> Noise:
    """Make ``times`` damaged files of the samples and read each."""
    found = Noise()
    for _ in range(times):
        content = _damaged(chance)
        found.fed += 1
        begun = time.monotonic()
        try:
            plan = plan_import([recognize(read_bytes(content, "x.csv"))], Roster(allowed=10), TODAY)
        except UserError as refused:
            if not refused.sentence.strip() or "\n" in refused.sentence:
                found.problems.append(f"no sentence for {content!r:.200}")
        except Exception as bug:  # noqa: BLE001 - that is what is looked for
            found.problems.append(f"{type(bug).__name__} {bug} for {content!r:.300}")
        else:
            found.read += 1
            found.problems += [f"{wrong} for {content!r:.300}" for wrong in _wrong(plan)]
        if time.monotonic() - begun > PATIENCE:
            found.problems.append(f"slow: {content!r:.200}")
    return found


def _wrong(plan: ImportPlan) -> list[str]:
    wrong = []
    if any(not person.client.name.display for person in plan.newcomers):
        wrong.append("somebody without a name")
    if len(plan.newcomers) > 2 * plan.rows:
        wrong.append("more people than rows hold")
    if plan.by_lifecycle()["ACTIVE"] > 10:  # type: ignore[index]
        wrong.append("more active than the plan holds")
    if any("\n" in plan.sentence(problem) for problem in plan.problems):
        wrong.append("a problem of several lines")
    return wrong


def _damaged(chance: Random) -> bytes:
    lines = chance.choice(SEEDS).splitlines(keepends=True)
    some = lines[:1] + chance.sample(lines[1:], k=min(len(lines) - 1, chance.randrange(1, 6)))
    content = b"".join(some)
    for _ in range(chance.randrange(0, 6)):
        content = chance.choice(_HARMS)(content, chance)
    return content


def _insert(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice(_SPICE) + content[at:]


def _cut(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _flip(content: bytes, chance: Random) -> bytes:
    if not content:
        return content
    at = chance.randrange(len(content))
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]


def _drop(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + content[at + chance.randrange(1, 40) :]


def _reencode(content: bytes, chance: Random) -> bytes:
    encoding = chance.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "utf-8-sig"))
    return content.decode("utf-8", "ignore").encode(encoding, "ignore")


def _double(content: bytes, chance: Random) -> bytes:
    return content * chance.randrange(2, 4)


_HARMS: tuple[Callable[[bytes, Random], bytes], ...] = (
    _insert,
    _insert,
    _insert,
    _cut,
    _flip,
    _drop,
    _reencode,
    _double,
)
