"""What travels between a client and the server of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from tests.simulation.entities import OPEN, Columns, Key, Value

SERVER = "server"
"""The incarnation under which the server itself writes."""


class Version(NamedTuple):
    """A place in the server's history: seqs of two epochs cannot be compared.

    ``over`` is 1 for what was written over it without an answer: its own place is not known.
    """

    epoch: int
    seq: int
    over: int = 0


Versions = Mapping[str, Version]
"""By group, as of which version its value stands. Never changed in place."""
NONE: Versions = MappingProxyType({})


@dataclass(slots=True)
class Operation:
    """One row of one change set; never changed once made.

    ``base`` is the version of the row that the person saw, ``replaced`` what the changed columns
    held in it. ``was`` says that an earlier epoch of
    the server had accepted this already; ``full`` marks the restatement of a whole row. What is
    ``in_doubt`` may have been accepted by one, of which no answer came. ``versions`` are those of
    the groups of a restated row that were written or stated after a restore.
    """

    id: int
    change_set: int
    lsn: int
    key: Key
    case: str
    new: bool
    base: Version
    hlc: int
    columns: Columns
    replaced: Columns
    was: Version | None = None
    full: bool = False
    in_doubt: bool = False
    versions: Versions = field(default_factory=dict)

    def but(self, **changes: object) -> Operation:
        """Return a copy with some attributes changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(slots=True)
class Entry:
    """One line of the server's log.

    ``end`` is the last seq of its change set; rows carry that one as their version, so that rows of
    one change set can be told by it and a change set is applied whole or not at all.
    ``columns`` is what a client stores; ``won`` names the groups that this entry really wrote,
    which is less than ``columns`` where a whole row was restated. An entry without a key belongs
    to a purge or was scrubbed by one. ``stated`` are the versions, in epochs that ended, of what it
    states; ``versions`` those that a client keeps of it, of a whole row where it is one.
    """

    seq: int
    change_set: int
    incarnation: str
    lsn: int
    operation: int
    key: Key | None
    case: str
    new: bool
    columns: Columns
    won: tuple[str, ...]
    hlc: int
    accepted_at: int
    was: Version | None = None
    full: bool = False
    purges: str = ""
    end: int = 0
    in_doubt: bool = False
    stated: Versions = field(default_factory=dict)
    versions: Versions = field(default_factory=dict)


class Answer(NamedTuple):
    """What the server says to one operation: applied, merged or rejected with a code."""

    operation: int
    status: str
    seq: int
    code: str


class Finding(NamedTuple):
    """Something for a person to decide, or decided: both versions, so keyed that it is asked once.

    ``name`` is the key of the question.
    """

    name: str
    reason: str
    about: Key
    group: str
    mine: Value
    theirs: Value
    state: str = OPEN


class RowState(NamedTuple):
    """A whole row as the server or a client holds it. ``columns`` is never changed in place.

    ``versions`` are those of the groups that were written or stated after a restore; where there
    was none, there are none.
    """

    case: str
    columns: Columns
    seq: int
    hlc: int
    versions: Versions = NONE


@dataclass(slots=True)
class Hello:
    """Who asks: every request begins with it.

    ``lsn`` is the largest number its outbox ever gave, ``confirmed`` the largest that it knows to
    have reached the server.
    """

    member: int
    incarnation: str
    lineage: dict[str, int]
    lsn: int
    confirmed: int
    epoch: int


@dataclass(slots=True)
class Welcome:
    """What the server says first. ``common`` is the last seq that both histories share."""

    epoch: int
    common: int
    renew: bool
    now: int
    lapsed: bool


@dataclass(slots=True)
class Page:
    """The answer to a pull: entries up to ``to``, or a changed scope, or a whole snapshot."""

    epoch: int
    entries: list[Entry] = field(default_factory=list)
    to: int = 0
    head: int = 0
    cases: frozenset[str] | None = None
    rows: dict[Key, RowState] | None = None
    snapshot: bool = False
