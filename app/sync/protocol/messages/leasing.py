"""Numbers of papers that no other computer gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.sync.protocol.terms import LEASE
from app.sync.wire import Reader


@dataclass(frozen=True, slots=True)
class Lease:
    """Asks for a block of ``size`` numbers for one incarnation.

    ``next`` is the smallest number that this device knows to be free, so that a practice that
    had numbers before it was connected goes on after them.
    """

    incarnation: UUID
    prefix: str
    year: int
    size: int = LEASE
    next: int = 1

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "incarnation": self.incarnation.hex,
            "prefix": self.prefix,
            "year": self.year,
            "size": self.size,
            "next": self.next,
        }

    @classmethod
    def read(cls, said: Any) -> Lease:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(
            of.uuid("incarnation"),
            of.name("prefix"),
            of.whole("year", least=2000, most=9999),
            of.whole("size", least=1, most=1000),
            of.whole("next", least=1),
        )


@dataclass(frozen=True, slots=True)
class Leased:
    """The numbers from ``first`` to ``last``, both included, are this incarnation's.

    ``tag`` stands in them where the account was restored: it gives its numbers from a series of
    its own since, because it forgot what it had leased.
    """

    first: int
    last: int
    tag: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {"first": self.first, "last": self.last, "tag": self.tag}

    @classmethod
    def read(cls, said: Any) -> Leased:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        tag = of.name("tag") if of.value("tag") else ""
        return cls(of.whole("first", least=1), of.whole("last", least=1), tag)
