"""What the engine and the file together say to a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.core.kernel.phrases import plural
from app.core.kernel.syncing import NOT_CONNECTED, Repaired, SyncState, SyncStatus
from app.sync import repaired, state
from app.sync.account.keeping import kept_words
from app.sync.blobs import Standing
from app.sync.engine import Engine
from app.sync.file import LocalFile, Slice
from app.sync.forms import moment_of
from app.sync.guard import Removal
from app.sync.outbox import OpState
from app.sync.protocol.terms import CLOCKLESS, Refusal, Upgrade
from app.sync.state import Link
from app.sync.unsent import unsent_records
from app.sync.words import NOT_TAKEN, SENTENCES


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file says."""

    link: Link | None
    waiting: int
    parked: int
    asks: int
    oldest: datetime | None
    total: int
    unsent: frozenset[UUID]
    repaired: Repaired | None


def look(part: Slice) -> Kept:
    """Read what the file says of its syncing."""
    link = state.load(part.connection)
    waiting = part.outbox.waiting_sets
    first = next((each.lsn for each in part.outbox.unsent()), None)
    oldest = None
    if first is not None:
        stamp = part.connection.execute(
            "SELECT hlc FROM outbox WHERE lsn >= ? AND hlc >= ? ORDER BY lsn LIMIT 1",
            (first, CLOCKLESS),
        ).fetchone()
        oldest = moment_of(stamp[0] >> 16) if stamp is not None else None
    asks = part.connection.execute(
        "SELECT count(*) FROM inbox_item WHERE practice_id = ? AND state = 'OPEN' "
        "AND deleted_at IS NULL",
        (part.session.practice_id.bytes,),
    ).fetchone()[0]
    parked = _parked_here(part)
    unsent = unsent_records(part, link)
    mended = repaired.load(part.connection)
    return Kept(link, waiting, parked, asks, oldest, len(part.outbox), unsent, mended)


def _parked_here(part: Slice) -> int:
    """Count refused change sets of which no inbox tells: the server never had them."""
    told = {
        bytes(pk)
        for (pk,) in part.connection.execute(
            "SELECT record_id FROM inbox_item WHERE kind = 'REFUSED' AND deleted_at IS NULL"
        )
    }
    parked = [each for each in part.outbox if each.state is OpState.PARKED]
    told_sets = {each.change_set for each in parked if each.pk in told}
    return len({each.change_set for each in parked} - told_sets)


def status_of(file: LocalFile, engine: Engine) -> SyncStatus:
    """Return what a person sees now."""
    return said(file.slice(look), engine)


def said(kept: Kept, engine: Engine) -> SyncStatus:
    """Put together what the file and the engine's session say."""
    link, session = kept.link, engine.session
    if link is None:
        return NOT_CONNECTED
    asks = kept.asks + kept.parked + (session.removal is not None)
    done, total = _progress(kept, link, engine)
    return SyncStatus(
        state=_state(kept, link, engine, asks, total),
        waiting=kept.waiting,
        done=done,
        total=total,
        asks=asks,
        offline_since=session.troubled_since,
        synced_at=link.last_download,
        last_upload=link.last_upload,
        last_download=link.last_download,
        oldest_unsent=kept.oldest,
        clock_offset_ms=link.clock_offset_ms,
        trouble=_trouble(link, engine),
        server=link.server,
        device=link.device_name,
        unsent=kept.unsent,
        removal=removed_kinds(session.removal),
        leaving=session.leaving,
        repaired=kept.repaired,
        newer=session.welcome is not None and session.welcome.upgrade is Upgrade.RECOMMENDED,
        kept=kept_words(link.token),
    )


def with_files(status: SyncStatus, files: Standing) -> SyncStatus:
    """Return ``status`` with the bytes of files and papers, which travel after their rows.

    What only this computer holds waits like a change. "Synced" is said once they are there, too.
    """
    if status.state is SyncState.LOCAL or not (files.up or files.down):
        return status
    with_waiting = replace(status, waiting=status.waiting + files.up)
    if status.state is not SyncState.SYNCED:
        return with_waiting
    return replace(
        with_waiting,
        state=SyncState.SYNCING,
        done=files.done,
        total=files.total,
        trouble=files.trouble,
    )


def _progress(kept: Kept, link: Link, engine: Engine) -> tuple[int, int]:
    if not link.cursor and engine.snapshots.total:
        return engine.snapshots.done, engine.snapshots.total
    if engine.session.begun_with:
        return max(0, engine.session.begun_with - kept.waiting), engine.session.begun_with
    return 0, 0


def _state(kept: Kept, link: Link, engine: Engine, asks: int, total: int) -> SyncState:
    if refused := _refusal(link, engine):
        outdated = refused == Refusal.UPGRADE_REQUIRED
        return SyncState.UPDATE if outdated else SyncState.SIGN_IN
    if asks:
        return SyncState.NEEDS_YOU
    if engine.session.troubled_since is not None:
        return SyncState.OFFLINE
    if agrees(kept, link, engine):
        return SyncState.SYNCED
    under_way = link.seeding or not link.cursor or total or not kept.waiting
    return SyncState.SYNCING if under_way else SyncState.WAITING


def _refusal(link: Link, engine: Engine) -> str:
    """Return why the account lets this computer in no more, or nothing.

    A program that was too old may be a newer one by now: while the account cannot be asked,
    nobody knows.
    """
    session = engine.session
    unknown = session.troubled_since is not None and not session.refused
    return "" if unknown and link.refused == Refusal.UPGRADE_REQUIRED else link.refused


def agrees(kept: Kept, link: Link, engine: Engine) -> bool:
    """Return whether both sides hold the same: nothing waits, and the digests agree.

    They are compared whole at each start, and again at rest once the log moved and
    ``COMPARE_AGAIN_AFTER`` went by. Between two comparisons both hold the same for as long as the
    log is pulled to its head: they agreed at one place of it, and every change since is in it. A
    difference, whenever it is found, ends that until a comparison has come to its end; where a
    person asks for one, they wait for it. Before the account is asked for the first time, it is
    what was so at the last exchange. Source: ``sync-and-account.md``, What a person sees.
    """
    session = engine.session
    if kept.total or not link.agreed_seq:
        return False
    if session.welcome is None:
        return True
    return (
        session.head <= link.cursor_seq
        and not engine.puller.busy
        and not session.pull
        and (session.at_rest or not session.check)
    )


def _trouble(link: Link, engine: Engine) -> str:
    removal = engine.session.removal
    if engine.session.not_taken:
        return NOT_TAKEN
    if refused := _refusal(link, engine):
        return SENTENCES.get(refused, "")
    if removal is not None:
        return removal_words(removal)
    met = engine.session.trouble or engine.session.last_trouble
    return SENTENCES[met] if engine.session.troubled_since is not None and met else ""


def removed_kinds(removal: Removal | None) -> tuple[tuple[str, int], ...]:
    """Return how many records of which kinds a pull asks to remove."""
    if removal is None:
        return ()
    return tuple((entity, count) for entity, count in removal.counts.items() if count)


def removal_words(removal: Removal) -> str:
    """Return the question that a pull asks which would remove much."""
    records = plural(removal.total, "record")
    return f"The account would remove {records} from this computer. Look, then say yes or not now."
