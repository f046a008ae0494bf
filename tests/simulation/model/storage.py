"""What the server of the model stores, and what lies outside its backups."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from tests.simulation.entities import Columns, Key
from tests.simulation.model.messages import NONE, Answer, Entry, RowState, Version


class ServerRow:
    """A row and the log entries that touched it.

    ``columns`` and ``versions`` are never changed in place.
    """

    __slots__ = ("case", "columns", "history", "hlc", "seq", "versions")

    def __init__(self, case: str) -> None:
        self.case = case
        self.columns: Columns = {}
        self.history: list[Entry] = []
        self.hlc = 0
        self.seq = 0
        self.versions = NONE

    def copy(self) -> ServerRow:
        """Return the row as a backup keeps it."""
        twin = ServerRow(self.case)
        twin.columns, twin.history = self.columns, list(self.history)
        twin.hlc, twin.seq, twin.versions = self.hlc, self.seq, self.versions
        return twin

    @property
    def state(self) -> RowState:
        """The row as it travels."""
        return RowState(self.case, self.columns, self.seq, self.hlc, self.versions)


@dataclass(slots=True)
class Register:
    """What lies outside the server's backups and so outlives a restore.

    Each epoch with the epoch and head it was restored from; and the purged cases, which a restored
    server must purge again before it answers anybody. Of a purged paper only its number stays: the
    paper itself is out, and nobody may be given that number again unnoticed.
    """

    epochs: dict[int, Version] = field(default_factory=dict)
    purged: list[str] = field(default_factory=list)
    numbers: dict[str, Key] = field(default_factory=dict)


@dataclass(slots=True)
class Stored:
    """Everything that a backup of the server holds."""

    epoch: int = 1
    log: list[Entry] = field(default_factory=list)
    rows: dict[Key, ServerRow] = field(default_factory=dict)
    answers: dict[int, Answer] = field(default_factory=dict)
    positions: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    reached: dict[str, int] = field(default_factory=dict)
    learned: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    """By life, how far others are its own: it sent again what had been accepted from them."""
    numbers: dict[str, Key] = field(default_factory=dict)
    evidence: set[str] = field(default_factory=set)
    cases: dict[int, frozenset[str] | None] = field(default_factory=dict)
    leased: int = 0

    def copy(self) -> Stored:
        """Return a backup."""
        twin = Stored(self.epoch, list(self.log), leased=self.leased)
        twin.rows = {key: row.copy() for key, row in self.rows.items()}
        twin.answers, twin.numbers = dict(self.answers), dict(self.numbers)
        twin.positions.update({each: dict(lsns) for each, lsns in self.positions.items()})
        twin.learned.update({each: dict(lives) for each, lives in self.learned.items()})
        twin.reached, twin.evidence = dict(self.reached), set(self.evidence)
        twin.cases = dict(self.cases)
        return twin
