"""How far this computer and the hosted account agree, in the words that a person sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.core.kernel.clock import wall_time
from app.core.kernel.phrases import short_day, time_words


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
    ``unsent`` names the records that the account does not have as they are here; none while the
    practice is uploaded for the first time, when ``done`` of ``total`` tells it.
    ``removal`` says how many records of which kinds a change of the account would remove, while
    that waits for the person's yes. ``leaving`` is whether the account took this computer off, so
    that the practice locks and removes itself. Nothing in here is health data.
    ``kept`` says in a few words where the sign-in of this computer lies.
    ``turn`` grows with each look: answers of several threads arrive in any order, and of two the
    one with the greater turn was read later.
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
    unsent: frozenset[UUID] = frozenset()
    removal: tuple[tuple[str, int], ...] = ()
    leaving: bool = False
    kept: str = ""
    turn: int = field(default=0, compare=False)


NOT_CONNECTED = SyncStatus(SyncState.LOCAL)


def sync_words(status: SyncStatus, now: datetime, zone: str) -> str:
    """Return the words of ``status`` at ``now``, with times on the wall of IANA ``zone``."""
    state = status.state
    if state is SyncState.SYNCING and status.total:
        return f"Syncing {status.done:,} of {status.total:,}"
    if state is SyncState.SYNCED:
        return f"Synced {_ago(status.synced_at or now, now, zone)}"
    if state is SyncState.OFFLINE:
        return _offline(status, now, zone)
    if state is SyncState.NEEDS_YOU:
        return f"Needs you ({status.asks})"
    return _WORDS[state]


_WORDS = {
    SyncState.LOCAL: "Saved on this computer",
    SyncState.WAITING: "Saved on this computer",
    SyncState.SYNCING: "Syncing",
    SyncState.SIGN_IN: "Sign in again",
    SyncState.UPDATE: "Update needed",
}


def _ago(moment: datetime, now: datetime, zone: str) -> str:
    minutes = max(0, int((now - moment).total_seconds()) // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    return short_day(wall_time(moment, zone).date())


def _offline(status: SyncStatus, now: datetime, zone: str) -> str:
    since = wall_time(status.offline_since or now, zone)
    same_day = since.date() == wall_time(now, zone).date()
    at = time_words(since) if same_day else f"{short_day(since.date())}, {time_words(since)}"
    waiting = f", {status.waiting:,} waiting" if status.waiting else ""
    return f"Offline since {at}{waiting}"
