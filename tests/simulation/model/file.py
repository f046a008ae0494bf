"""A client's encrypted file in the model: what survives a crash, and what a backup copies."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.simulation.entities import Key
from tests.simulation.model.messages import Operation, RowState

QUEUED, SENT, ACKED = "queued", "sent", "acked"


@dataclass(slots=True)
class Block:
    """Document numbers leased to one incarnation."""

    series: str
    next: int
    last: int


@dataclass(slots=True)
class File:
    """One life of a practice's file. Rows and operations are shared between copies, never changed.

    ``rows`` is what the server confirmed. ``outbox`` holds the person's own operations in the order
    in which they are sent; each stays until its own echo is pulled. ``cursor`` is None until every
    part of the snapshot has come.
    """

    incarnation: str
    member: int
    version: int
    rows: dict[Key, RowState] = field(default_factory=dict)
    outbox: dict[int, Operation] = field(default_factory=dict)
    states: dict[int, tuple[str, int]] = field(default_factory=dict)
    """How far each operation has come, and the seq that it was given; 0 for none."""
    parked: list[tuple[Operation, str]] = field(default_factory=list)
    cursor: int | None = None
    part: int = 0
    first_head: int = 0
    epoch: int = 1
    cases: frozenset[str] | None = None
    lsn: int = 0
    confirmed_lsn: int = 0
    lineage: dict[str, int] = field(default_factory=dict)
    block: Block | None = None
    own_numbers: int = 0
    hlc: int = 0
    offset: int = 0
    lapsed: bool = False

    def copy(self) -> File:
        """Return a backup of the file."""
        block = self.block
        return File(
            self.incarnation, self.member, self.version, dict(self.rows), dict(self.outbox),
            dict(self.states), list(self.parked), self.cursor, self.part, self.first_head,
            self.epoch, self.cases, self.lsn, self.confirmed_lsn, dict(self.lineage),
            Block(block.series, block.next, block.last) if block else None,
            self.own_numbers, self.hlc, self.offset, self.lapsed,
        )  # fmt: skip

    def begin_life(self, incarnation: str) -> None:
        """Become another incarnation: what this file knows as sent stays its own, the rest not.

        What has not come back is asked about once more: by what the server has of it already, it
        knows how far the old life is this one's own. Also what was never sent here may have been
        sent: by the old life, elsewhere. The leased block stays with the old life,
        which may have given any number of it.
        """
        self.lineage[self.incarnation] = self.confirmed_lsn
        self.incarnation = incarnation
        self.block = None
        self.own_numbers = 0
        for id_, (_, seq) in self.states.items():
            self.states[id_] = (SENT, seq)
