"""The words of sync, exactly as the design says them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.core.kernel.syncing import NOT_CONNECTED, SyncState, SyncStatus, sync_words

NOW = datetime(2026, 11, 19, 19, 18, tzinfo=UTC)
NINE_FOURTEEN = datetime(2026, 11, 19, 17, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (NOT_CONNECTED, "Saved on this computer"),
        (SyncStatus(SyncState.WAITING, waiting=1), "Saved on this computer"),
        (SyncStatus(SyncState.SYNCING, done=12, total=40), "Syncing 12 of 40"),
        (SyncStatus(SyncState.SYNCING, done=1200, total=4000), "Syncing 1,200 of 4,000"),
        (SyncStatus(SyncState.SYNCING), "Syncing"),
        (
            SyncStatus(SyncState.SYNCED, synced_at=NOW - timedelta(seconds=150)),
            "Synced 2 min ago",
        ),
        (SyncStatus(SyncState.SYNCED, synced_at=NOW - timedelta(seconds=59)), "Synced just now"),
        (SyncStatus(SyncState.SYNCED, synced_at=NOW + timedelta(hours=1)), "Synced just now"),
        (SyncStatus(SyncState.SYNCED, synced_at=NOW - timedelta(hours=5)), "Synced 5 h ago"),
        (SyncStatus(SyncState.SYNCED, synced_at=NOW - timedelta(days=2)), "Synced Nov 17"),
        (
            SyncStatus(SyncState.OFFLINE, waiting=3, offline_since=NINE_FOURTEEN),
            "Offline since 9:14 AM, 3 waiting",
        ),
        (SyncStatus(SyncState.OFFLINE, offline_since=NINE_FOURTEEN), "Offline since 9:14 AM"),
        (
            SyncStatus(SyncState.OFFLINE, waiting=3, offline_since=NOW - timedelta(days=1)),
            "Offline since Nov 18, 11:18 AM, 3 waiting",
        ),
        (SyncStatus(SyncState.NEEDS_YOU, asks=2), "Needs you (2)"),
        (SyncStatus(SyncState.SIGN_IN), "Sign in again"),
        (SyncStatus(SyncState.UPDATE), "Update needed"),
    ],
)
def test_the_words(status: SyncStatus, words: str) -> None:
    assert sync_words(status, NOW, "America/Los_Angeles") == words
