"""Seeded scenarios: what people and fate do to a practice on several computers.

A scenario is a list of steps that mean something on their own, so that any step can be left out and
the rest still runs (that is how a failure is made short). A step names its act, who does it, and
two numbers from which a simulator picks the row and the variant. Every simulator knows every act.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import NamedTuple

LARGEST = 1 << 16
DAY_MS = 86_400_000


class Step(NamedTuple):
    """One thing that happens. ``who`` is taken modulo the computers there are."""

    act: str
    who: int
    pick: int
    variant: int


class Member(NamedTuple):
    """Who sits at a computer: the owner sees every case; ``version`` 1 is an old program."""

    number: int
    version: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """Who takes part, and what happens."""

    seed: int
    members: tuple[Member, ...]
    steps: tuple[Step, ...]


#: What people do at a computer, and how often.
WORK = {
    "change a field": 10,
    "change an address": 4,
    "change a risk flag": 3,
    "change pronouns": 3,
    "name a server column": 1,
    "open a form": 3,
    "save the form": 4,
    "change a contact": 3,
    "delete a contact": 1,
    "begin a note": 2,
    "type": 12,
    "leave the note": 3,
    "sign": 3,
    "amend": 1,
    "make an appointment": 4,
    "move an appointment": 3,
    "hold a session": 3,
    "cancel a session": 3,
    "charge": 3,
    "transfer": 3,
    "draft an invoice": 2,
    "issue an invoice": 4,
    "delete": 2,
    "add a client": 2,
    "decide": 5,
}

#: What the network does. "sync" is a whole exchange without faults.
NETWORK = {
    "sync": 14,
    "push": 12,
    "push, request lost": 2,
    "push, answer lost": 4,
    "push, sent twice": 2,
    "push, delivered late": 3,
    "push, answer late": 3,
    "pull": 8,
    "pull, answer lost": 1,
    "pull, answer late": 4,
    "pull, killed before applying": 2,
    "pull, killed between slices": 3,
    "deliver": 8,
}

#: What befalls a computer.
FATE = {
    "wait": 8,
    "kill": 2,
    "back up": 3,
    "restore the backup": 2,
    "roll the machine back": 1,
    "copy the file": 1,
    "lose the mark": 1,
    "set the clock": 2,
    "upgrade": 1,
}

#: What happens on the server.
HOSTED = {
    "change assignments": 3,
    "portal writes": 2,
    "purge": 1,
    "back up the server": 2,
    "restore the server": 1,
    "entitlement": 1,
}

_ALL = {**WORK, **NETWORK, **FATE, **HOSTED}
ACTS = tuple(_ALL)
_SPELL = {**WORK, **FATE}
#: Where the server and the files often go back to their backups, and files are copied.
_OFTEN_RESTORED = {
    "back up": 8,
    "restore the backup": 8,
    "roll the machine back": 3,
    "copy the file": 3,
    "lose the mark": 3,
    "back up the server": 8,
    "restore the server": 8,
}

STANDARD, RESTORES = "standard", "restores"
#: What happens otherwise than as often as above. A seed is another scenario in each profile.
PROFILES: dict[str, dict[str, int]] = {STANDARD: {}, RESTORES: _OFTEN_RESTORED}


def scenario(seed: int, profile: str = STANDARD) -> Scenario:
    """Return the scenario of a seed: two to four computers, with spells without a network."""
    chance, often = random.Random(seed), PROFILES[profile]
    computers = chance.randint(2, 4)
    members = [Member(0, 2), *(_member(chance) for _ in range(computers - 1))]
    acts, weights = list(_ALL), [often.get(act, _ALL[act]) for act in _ALL]
    steps: list[Step] = []
    length = chance.randint(25, 70)
    while len(steps) < length:
        if chance.random() < 0.06:
            steps.extend(_offline_spell(chance, computers, often))
        else:
            act = chance.choices(acts, weights)[0]
            steps.append(_step(chance, act, computers))
    return Scenario(seed, tuple(members), tuple(steps))


def _member(chance: random.Random) -> Member:
    return Member(int(chance.random() < 0.4), 1 if chance.random() < 0.2 else 2)


def _step(chance: random.Random, act: str, computers: int) -> Step:
    return Step(
        act, chance.randrange(computers), chance.randrange(LARGEST), chance.randrange(LARGEST)
    )


def _offline_spell(chance: random.Random, computers: int, often: dict[str, int]) -> list[Step]:
    """Two computers work a while without a network, on the same few rows, then both sync."""
    spell = list(_SPELL)
    weights = [often.get(act, _SPELL[act]) for act in spell]
    acts = chance.choices(spell, weights, k=chance.randint(3, 8))
    first, second = chance.randrange(computers), chance.randrange(computers)
    steps = []
    for act in acts:
        step = _step(chance, act, computers)
        steps.append(step._replace(who=chance.choice((first, second)), pick=step.pick % 3))
    return [*steps, Step("sync", first, 0, 0), Step("sync", second, 0, 0)]
