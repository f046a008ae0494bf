"""How far this computer and the hosted account agree, in the words that a person sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.core.kernel.clock import wall_time
from app.core.kernel.phrases import plural, short_day, time_words


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


#: So many records are named where a person is told what was mended.
NAMED = 10
#: So many of them stand in one line, and so long it is said unasked.
_IN_A_LINE, _TOLD_FOR = 3, timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Repaired:
    """What the last comparison that found a difference has mended, and when.

    ``records`` names at most ``NAMED`` of the ``total``, each by the kind of its row and its id.
    """

    at: datetime
    total: int
    records: tuple[tuple[str, UUID], ...]


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """Everything that the sync words and their popover tell.

    ``waiting`` counts change sets not yet uploaded, ``done`` of ``total`` those of the exchange
    under way, ``asks`` the open inbox. ``trouble`` is one sentence when something is wrong.
    ``unsent`` names the records that the account does not have as they are here; none while the
    practice is uploaded for the first time, when ``done`` of ``total`` tells it.
    ``server`` and ``device`` are the account's address and this computer's name there; those that
    it had, where the person has disconnected it.
    ``removal`` says how many records of which kinds a change of the account would remove, while
    that waits for the person's yes. ``leaving`` is whether the account took this computer off, so
    that the practice locks and removes itself. Nothing in here is health data.
    ``repaired`` is what the last comparison that found a difference has mended.
    ``newer`` is whether the account already speaks a newer version than this program, which it
    serves all the same.
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
    repaired: Repaired | None = None
    newer: bool = False
    kept: str = ""
    turn: int = field(default=0, compare=False)


NOT_CONNECTED = SyncStatus(SyncState.LOCAL)
#: Said where ``newer`` holds: it hurries nobody.
NEWER = (
    "A newer version of the program is out. This one goes on syncing; update it when you have a "
    "quiet moment."
)


def repaired_words(status: SyncStatus, names: Sequence[str], now: datetime, zone: str) -> str:
    """Return the line that tells of what was repaired within the last week, or nothing.

    ``names`` are those of its records, in their order; none while they are not known yet.
    """
    repaired = status.repaired
    if repaired is None or now - repaired.at > _TOLD_FOR:
        return ""
    records = plural(repaired.total, "record was repaired", "records were repaired")
    told = f"{records} on {short_day(wall_time(repaired.at, zone).date())}"
    if not names:
        return f"{told}."
    shown = [*names[:_IN_A_LINE], *and_more(repaired.total, min(len(names), _IN_A_LINE))]
    return f"{told}: {'; '.join(shown)}."


def and_more(total: int, shown: int) -> list[str]:
    """Return ``and 5 more`` where ``shown`` of ``total`` are named, and nothing where all are."""
    return [f"and {total - shown:,} more"] if total > shown else []


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
