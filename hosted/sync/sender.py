"""Whose operations a push brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from hosted.sync.past import Past

#: Who writes a line that no computer wrote: the server itself.
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Sender:
    """The device whose operations these are, and the life of its file that wrote them."""

    device_id: UUID
    member_id: UUID
    name: str
    incarnation: UUID
    lineage: Mapping[str, int] = field(default_factory=dict)
    """Earlier lives of the file, each with the place up to which their work is its own."""

    def wrote(self, line: Past) -> bool:
        """Return whether a line was written by this life, or one that it goes on from.

        What was stated again is nobody's writing: its person may not have seen it.
        """
        if line.whole:
            return False
        if line.incarnation == self.incarnation:
            return True
        return 0 < line.lsn <= self.lineage.get(line.incarnation.hex, -1)
