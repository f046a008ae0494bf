"""What lies outside the server's backups: the chain of its epochs, and what was purged.

A restored database has forgotten both. The epochs tell how far the log of a device that comes from
a lost one is still ours; the purges are made again before anybody is answered.

What is noticed depends on what was set back, for it lies in the server's data folder:

- The database alone (every backup of PostgreSQL; ``practice.sqlite`` put back by itself): the
  mark is ahead of the log, so a new epoch begins at the next start. The mark may lag by five
  seconds; what was lost of those is told by the first device that is ahead.
- The whole folder, register and mark with it: the server notices nothing by itself. A new epoch
  begins when a device greets whose place in the log is beyond the log's end; once the log has
  grown past every such place nobody tells, and only the comparison of digests finds what differs.
  What was purged since that copy is there again and must be purged again; a device of an epoch
  begun since shares nothing that is known, and states all that it has.
- The register alone: the database knows its own epochs, and holds nothing of what was purged. Only
  a database that is set back later lacks the purges that the register has lost.

So the database is put back alone; where the folder is lost with it, ``python -m hosted restored``
begins the epoch by hand.
Source: decision record 0022, rules 16 and 23.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Begun:
    """An epoch of a practice's log: which one it went on from, and where that one stood."""

    epoch: str
    parent: str
    head: int


@dataclass(frozen=True, slots=True)
class Purge:
    """A record that was removed for good, on whose order and why.

    ``number`` is the one of a paper, which is out all the same; empty for other records.
    """

    entity: str
    pk: UUID
    ordered_by: str
    reason: str
    number: str = ""


class Register:
    """Keeps both by practice; ``write`` stores each line that is added."""

    def __init__(
        self,
        lines: Iterable[Mapping[str, Any]] = (),
        write: Callable[[Mapping[str, Any]], None] = lambda _line: None,
    ) -> None:
        self._write = write
        self._epochs: dict[UUID, dict[str, Begun]] = {}
        self._purges: dict[UUID, dict[tuple[str, UUID], Purge]] = {}
        for line in lines:
            self._take(line)

    def epochs(self, practice_id: UUID) -> list[Begun]:
        """Return every epoch that a practice's log ever had but the first, oldest first."""
        return list(self._epochs.get(practice_id, {}).values())

    def purges(self, practice_id: UUID) -> list[Purge]:
        """Return all that was ever purged of a practice."""
        return list(self._purges.get(practice_id, {}).values())

    def began(self, practice_id: UUID, begun: Begun) -> None:
        """Note an epoch."""
        self._add(practice_id, epoch=begun.epoch, parent=begun.parent, head=begun.head)

    def purged(self, practice_id: UUID, purge: Purge) -> None:
        """Note a purge."""
        if (purge.entity, purge.pk) not in self._purges.get(practice_id, {}):
            self._add(
                practice_id,
                purged=[purge.entity, purge.pk.hex],
                by=purge.ordered_by,
                reason=purge.reason,
                **({"number": purge.number} if purge.number else {}),
            )

    def _add(self, practice_id: UUID, **said: Any) -> None:
        line = {"practice": practice_id.hex, **said}
        self._write(line)
        self._take(line)

    def _take(self, line: Mapping[str, Any]) -> None:
        practice_id = UUID(hex=line["practice"])
        if "epoch" in line:
            begun = Begun(line["epoch"], line["parent"], line["head"])
            self._epochs.setdefault(practice_id, {})[begun.epoch] = begun
        else:
            entity, pk = line["purged"][0], UUID(hex=line["purged"][1])
            purge = Purge(entity, pk, line["by"], line["reason"], line.get("number", ""))
            self._purges.setdefault(practice_id, {})[entity, pk] = purge


def open_register(path: Path) -> Register:
    """Return the register that lies in a file, one line of JSON for each fact.

    A line that a power cut left half-written was never acted upon, and is passed over.
    """
    lock = threading.Lock()

    def write(line: Mapping[str, Any]) -> None:
        with lock, path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    return Register(_lines(path), write)


def _lines(path: Path) -> Iterable[Mapping[str, Any]]:
    if not path.exists():
        return
    written = path.read_text("utf-8")
    if written and not written.endswith("\n"):
        with path.open("a", encoding="utf-8") as file:
            file.write("\n")
    for text in written.splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        yield line
