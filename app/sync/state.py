"""The tie between the file and its account: one row, read and changed in a slice of sync."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.kernel.clock import unix_ms
from app.sync.forms import moment_of

#: In ``SyncLink.snapshot``: the practice goes up for the first time, and how far it has come.
SEEDING = "seed:"
#: In ``Link.scope_version``: of an epoch of the account that ended, so that the cases in the file
#: are named instead.
COVERED = -1


#: In ``Link.cursor``: the account does not take the file's cursor, and its log is pulled anew.
FROM_THE_START = "start"


@dataclass(frozen=True, slots=True)
class Link:
    """Where the file is connected and how far it has come. See ``vault.tables.SyncLink``."""

    practice_id: UUID
    server: str
    device_id: UUID
    device_name: str
    token: str
    epoch: str = ""
    cursor: str = ""
    cursor_seq: int = 0
    snapshot: str = ""
    scope_version: int = 0
    agreed_seq: int = 0
    clock_offset_ms: int = 0
    last_upload: datetime | None = None
    last_download: datetime | None = None
    refused: str = ""
    parted_at: datetime | None = None
    """When the person disconnected the file; its token is gone."""

    @property
    def told_cursor(self) -> str:
        """The cursor as the account is told of it: empty before the first line of its log."""
        return "" if self.cursor == FROM_THE_START else self.cursor

    @property
    def seeding(self) -> bool:
        """Whether the practice is still being queued for its first upload."""
        return self.snapshot.startswith(SEEDING)


_NAMES = tuple(each.name for each in fields(Link))
_IDS = ("practice_id", "device_id")
_MOMENTS = ("last_upload", "last_download", "parted_at")


def load(connection: Any) -> Link | None:
    """Return the tie, or ``None`` for a file that is not connected."""
    link = _stored(connection)
    return link if link is not None and link.parted_at is None else None


def parted(connection: Any) -> Link | None:
    """Return the tie that a disconnected file had; ``None`` for one that has one, or had none."""
    link = _stored(connection)
    return link if link is not None and link.parted_at is not None else None


def _stored(connection: Any) -> Link | None:
    found = connection.execute(f"SELECT {', '.join(_NAMES)} FROM sync_link").fetchone()
    if found is None:
        return None
    values = dict(zip(_NAMES, found, strict=True))
    for name in _IDS:
        values[name] = UUID(bytes=values[name])
    for name in _MOMENTS:
        values[name] = None if values[name] is None else moment_of(values[name])
    return Link(**values)


def change(connection: Any, link: Link, **values: Any) -> Link:
    """Store changed values of the tie and return it."""
    assigned = ", ".join(f"{name} = ?" for name in values)
    connection.execute(
        f"UPDATE sync_link SET {assigned}", tuple(_held(value) for value in values.values())
    )
    return replace(link, **values)


def tie(connection: Any, link: Link) -> None:
    """Store the tie of a file that has none."""
    connection.execute("DELETE FROM sync_link")
    connection.execute(
        f"INSERT INTO sync_link ({', '.join(_NAMES)}) VALUES ({', '.join('?' * len(_NAMES))})",
        tuple(_held(getattr(link, name)) for name in _NAMES),
    )


def untie(connection: Any, link: Link, at: datetime) -> None:
    """Part the file from its account; how far they agreed stays known, its token does not."""
    change(connection, link, parted_at=at, token="", refused="")


def resumed(link: Link, earlier: Link) -> Link:
    """Return the new tie of a file that goes on from where it parted from its account.

    So it fetches what came since, not the whole practice. That both hold the same is to be
    compared again.
    """
    return replace(
        link,
        epoch=earlier.epoch,
        cursor=earlier.cursor,
        cursor_seq=earlier.cursor_seq,
        snapshot=earlier.snapshot,
        scope_version=earlier.scope_version,
        last_upload=earlier.last_upload,
        last_download=earlier.last_download,
    )


def _held(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.bytes
    return unix_ms(value) if isinstance(value, datetime) else value
