"""How far this computer and the hosted account agree, in the words that a person sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SyncState(StrEnum):
    """What the sync words say; each has an icon, and none is told by color alone."""

    LOCAL = "LOCAL"
    """No account: everything lies on this computer."""
    SYNCING = "SYNCING"
    SYNCED = "SYNCED"
    """Only while the outbox is empty and the digests agree."""
    WAITING = "WAITING"
    """Connected, with changes that will go out within a minute."""
    OFFLINE = "OFFLINE"
    NEEDS_YOU = "NEEDS_YOU"
    SIGN_IN = "SIGN_IN"
    UPDATE = "UPDATE"


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """Everything that the sync words and their popover tell.

    ``waiting`` counts change sets not yet uploaded, ``done`` of ``total`` those of the exchange
    under way, ``asks`` the open inbox. ``trouble`` is one sentence when something is wrong.
    Nothing in here is health data.
    """

    state: SyncState
    waiting: int = 0
    done: int = 0
    total: int = 0
    asks: int = 0
    offline_since: datetime | None = None
    synced_at: datetime | None = None
    last_upload: datetime | None = None
    last_download: datetime | None = None
    oldest_unsent: datetime | None = None
    clock_offset_ms: int | None = None
    trouble: str = ""
    server: str = ""
    device: str = ""


NOT_CONNECTED = SyncStatus(SyncState.LOCAL)
