"""A computer says who calls, and the account where both stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.sync.protocol.terms import PULL_ROWS, Upgrade
from app.sync.wire import Reader


def _places(of: Reader, key: str) -> dict[UUID, int]:
    listed = [] if of.value(key) is None else of.items(key, most=PULL_ROWS)
    rows = [Reader.row(each, least=2) for each in listed]
    return {row.uuid(0): row.whole(1) for row in rows}


@dataclass(frozen=True, slots=True)
class Hello:
    """Who calls: versions, incarnation and how far it has come."""

    version: int
    oldest: int
    schema: int
    program: str
    incarnation: UUID
    tag: str
    lsn: int
    """The largest place that the outbox ever had."""
    epoch: str
    cursor: str
    waiting: int
    confirmed: int | None = None
    """The largest place of the outbox that is known to have arrived."""
    held: tuple[UUID, ...] = ()
    """Operations behind that place, in order: those that may be on their way are among them."""
    lineage: Mapping[UUID, int] = field(default_factory=dict)
    """Earlier incarnations of the file, each with the largest place known to have arrived."""
    system: str = ""
    """What the computer runs, as its owner knows it; older programs do not say."""

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "confirmed": self.confirmed,
            "held": [each.hex for each in self.held],
            "lineage": [[life.hex, place] for life, place in self.lineage.items()],
            "version": self.version,
            "oldest": self.oldest,
            "schema": self.schema,
            "program": self.program,
            "incarnation": self.incarnation.hex,
            "tag": self.tag,
            "lsn": self.lsn,
            "epoch": self.epoch,
            "cursor": self.cursor,
            "waiting": self.waiting,
            "system": self.system,
        }

    @classmethod
    def read(cls, said: Any) -> Hello:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(
            of.whole("version", least=1),
            of.whole("oldest", least=1),
            of.whole("schema"),
            of.text("program"),
            of.uuid("incarnation"),
            of.text("tag"),
            of.whole("lsn"),
            of.text("epoch"),
            of.text("cursor"),
            of.whole("waiting"),
            None if of.value("confirmed") is None else of.whole("confirmed"),
            of.ids("held", most=PULL_ROWS),
            _places(of, "lineage"),
            of.text("system", otherwise=""),
        )


@dataclass(frozen=True, slots=True)
class Welcome:
    """The answer to ``Hello``.

    ``restored_head`` is the last seq that the log of the caller's epoch shares with the server's,
    which was restored since if that is less than the caller has. ``renew`` asks for a new
    incarnation. ``device`` is what this computer is called, which heads its side of a conflict.
    """

    version: int
    now_ms: int
    epoch: str
    restored_head: int
    head: int
    scope_version: int
    upgrade: Upgrade = Upgrade.NONE
    renew: bool = False
    device: str = ""
    entitlement: str = ""
    """The signed plan; empty for a practice that has no account."""

    def to_json(self) -> dict[str, Any]:
        """Return it as it travels."""
        return {
            "version": self.version,
            "now_ms": self.now_ms,
            "epoch": self.epoch,
            "restored_head": self.restored_head,
            "head": self.head,
            "scope_version": self.scope_version,
            "upgrade": str(self.upgrade),
            "renew": self.renew,
            "device": self.device,
            "entitlement": self.entitlement,
        }

    @classmethod
    def read(cls, said: Any) -> Welcome:
        """Read what travels; raises ``Malformed``."""
        of = Reader.mapping(said)
        return cls(
            of.whole("version", least=1),
            of.whole("now_ms"),
            of.text("epoch"),
            of.whole("restored_head"),
            of.whole("head"),
            of.whole("scope_version"),
            Upgrade(of.word("upgrade", Upgrade, otherwise=Upgrade.NONE)),
            of.flag("renew"),
            of.text("device"),
            of.text("entitlement"),
        )
