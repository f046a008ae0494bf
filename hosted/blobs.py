"""Attached files as ciphertext, in chunks, under the keyed hash of their content.

What is there once stays as it is: the same name means the same content, and an upload that broke
off goes on with the chunks that are missing. Nothing here can be read, so only a computer notices
that a chunk was damaged: it says so, and whoever has the file whole may put that chunk anew.

A file goes to who sees a record that names it and counts (``hosted.sync.files``). To everybody else
it is as if it were not there, but for what they sent themselves. What they put is taken without a
word of what lies there, and with the same work, since a record may be on its way, or have changed
hands while its file went up.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select

from app.core.kernel.clock import Clock
from app.sync.protocol.terms import CHUNK_BYTES
from hosted.store.engine import Database, For, HostedSession
from hosted.store.tables import Blob
from hosted.sync import chunks, files
from hosted.sync.book import Book, open_book
from hosted.sync.callers import Caller
from hosted.sync.chunks import Sent
from hosted.sync.scope import view_of

#: A chunk with what encryption adds to it.
MOST_BYTES = CHUNK_BYTES + 1024
MOST_CHUNKS = 1024
_DOUBTS = "doubts"
_HASH = re.compile(r"[0-9a-f]{64}")


class NoSuchBlob(Exception):
    """Nothing lies there, or nothing that the caller may have."""


class Disagrees(Exception):
    """The file has another number of chunks."""


@dataclass(frozen=True, slots=True)
class Held:
    """How many chunks a file has, which are here, and which of them shall be put anew."""

    of: int
    there: list[int]
    doubted: list[int]


class Blobs:
    """The files of all practices, each practice in a folder of its own."""

    def __init__(self, folder: Path, database: Database, clock: Clock) -> None:
        self._folder = folder
        self._database = database
        self._clock = clock

    def put(self, caller: Caller, digest: str, chunk: int, of: int, content: bytes) -> bool:
        """Keep one chunk; return whether by it there is a whole file that the caller may have.

        One that is there already stays. Who may have the file or claims it begins it anew with
        their number of chunks until it is whole. Raises ``Disagrees``.
        """
        if chunk >= of:
            raise Disagrees
        sent = Sent(digest, chunk, of, sha256(content).digest())
        # Before it is known whether it is needed: how long it takes tells nothing.
        draft = self._draft(caller.practice_id, content)
        try:
            with self._database.write(For(caller.practice_id)) as session:
                return self._take(session, caller, sent, draft)
        finally:
            draft.unlink(missing_ok=True)

    def _take(self, session: HostedSession, caller: Caller, sent: Sent, draft: Path) -> bool:
        book, address, practice_id = _book(session, caller), sent.address, caller.practice_id
        path = self._path(practice_id, address, sent.chunk)
        doubt = self._doubt(practice_id, address, sent.chunk)
        begun = _begun(session, caller, address, sent.of, self._clock.now())
        might_have = address in _shown(session, caller, [address])
        claims = files.claims(book, caller.member_id, address)
        settled = (claims or begun != sent.of) and self._settled(book, practice_id, address, begun)
        if begun != sent.of:
            if settled and might_have:
                raise Disagrees
            if settled or not (might_have or claims):
                chunks.remember(book, caller.member_id, sent)
                return False
            self._begin_anew(book, practice_id, sent)
        mends = might_have and doubt.exists()
        there = path.exists() and chunks.is_laid(book, sent)
        placed = not there or mends or (claims and not settled)
        if placed:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(path)
            doubt.unlink(missing_ok=True)
            chunks.laid(book, sent)
        chunks.remember(book, caller.member_id, sent)
        may_have = address in _shown(session, caller, [address])
        news = placed or not might_have
        return news and may_have and len(self._there(practice_id, address)) == sent.of

    def _settled(self, book: Book, practice_id: UUID, address: str, of: int) -> bool:
        """Return whether a file lies here whole, each chunk as somebody sent it who counts."""
        sent = chunks.sent_as_they_lie(book, address)
        counting = (sent[member] for member in sent if files.counts(book, member, address))
        known = set[int]().union(*counting)
        return len(known) == of and known.issubset(self._there(practice_id, address))

    def _begin_anew(self, book: Book, practice_id: UUID, sent: Sent) -> None:
        """Forget the chunks of a file that was begun with another number than its own.

        Whoever was on the way with it takes for up what lay here, so each chunk is asked for.
        """
        chunks.begin_anew(book, sent)
        self.forget(practice_id, [sent.address])
        for place in range(sent.of):
            asked = self._doubt(practice_id, sent.address, place)
            asked.parent.mkdir(parents=True, exist_ok=True)
            asked.touch()

    def doubt(self, caller: Caller, digest: str, chunk: int) -> None:
        """Let a chunk be put anew; until then it stays as it is. Raises ``NoSuchBlob``."""
        if chunk >= self._known(caller, digest):
            raise NoSuchBlob
        doubt = self._doubt(caller.practice_id, digest, chunk)
        doubt.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(doubt, b"")

    def doubted(self, caller: Caller) -> list[str]:
        """Return the files that the caller may have and of which a chunk shall be put anew."""
        folder = self._folder / caller.practice_id.hex / _DOUBTS
        found = {path.name.partition("-")[0] for path in folder.glob("[0-9a-f]*")}
        if not found:
            return []
        with self._database.read(For(caller.practice_id)) as session:
            return sorted(_shown(session, caller, found))

    def get(self, caller: Caller, digest: str, chunk: int) -> bytes:
        """Return one chunk; raises ``NoSuchBlob``."""
        self._known(caller, digest)
        try:
            return self._path(caller.practice_id, digest, chunk).read_bytes()
        except FileNotFoundError:
            raise NoSuchBlob from None

    def have(self, caller: Caller, digest: str) -> Held:
        """Return which chunks of a file are here; raises ``NoSuchBlob``.

        Who may not have it, or not yet, is told of those that they sent, and so can go on.
        """
        practice_id = caller.practice_id
        try:
            of = self._known(caller, digest)
        except NoSuchBlob:
            with self._database.read(For(practice_id)) as session:
                own = chunks.sent_by(_book(session, caller), caller.member_id, digest)
            if own is None:
                raise
            return Held(*own, [])
        doubts = self._doubt(practice_id, digest, 0).parent.glob(f"{digest}-*")
        doubted = sorted(int(path.name.partition("-")[2]) for path in doubts)
        return Held(of, self._there(practice_id, digest), doubted)

    def forget(self, practice_id: UUID, digests: Iterable[str]) -> None:
        """Remove files whose rows are gone from the database, as a purge leaves them."""
        for digest in digests:
            folder = self._path(practice_id, digest, 0).parent
            if folder.exists():
                shutil.rmtree(folder)
            for doubt in self._doubt(practice_id, digest, 0).parent.glob(f"{digest}-*"):
                doubt.unlink(missing_ok=True)

    def _there(self, practice_id: UUID, digest: str) -> list[int]:
        folder = self._path(practice_id, digest, 0).parent
        return sorted(int(path.name) for path in folder.glob("*") if path.name.isdigit())

    def _known(self, caller: Caller, digest: str) -> int:
        # The row, which row-level security guards, decides; the folder alone would not.
        of_practice = Blob.practice_id == caller.practice_id
        with self._database.read(For(caller.practice_id)) as session:
            found = session.scalar(select(Blob.chunks).where(of_practice, Blob.hash == digest))
            if found is None or not _shown(session, caller, [digest]):
                raise NoSuchBlob
        return found

    def _draft(self, practice_id: UUID, content: bytes) -> Path:
        draft = self._folder / practice_id.hex / f".{uuid4().hex}"
        draft.parent.mkdir(parents=True, exist_ok=True)
        _write_synced(draft, content)
        return draft

    def _path(self, practice_id: UUID, digest: str, chunk: int) -> Path:
        if not _HASH.fullmatch(digest):
            raise NoSuchBlob
        return self._folder / practice_id.hex / digest[:2] / digest / str(chunk)

    def _doubt(self, practice_id: UUID, digest: str, chunk: int) -> Path:
        if not _HASH.fullmatch(digest):
            raise NoSuchBlob
        return self._folder / practice_id.hex / _DOUBTS / f"{digest}-{chunk}"


def _book(session: HostedSession, caller: Caller) -> Book:
    return open_book(session, caller.practice_id)


def _shown(session: HostedSession, caller: Caller, addresses: Collection[str]) -> set[str]:
    """Return of these files those that the caller may have."""
    book = _book(session, caller)
    return files.shown(book, view_of(book, caller.member_id), addresses)


def _begun(session: HostedSession, caller: Caller, digest: str, of: int, now: datetime) -> int:
    """Return with how many chunks a file was begun: with ``of`` if nobody has begun it yet.

    Two computers may begin the same file at once; the second one waits, and finds it begun. From
    here on nobody else puts a chunk of it.
    """
    book = _book(session, caller)
    book.run(
        "INSERT INTO blob (practice_id, hash, chunks, at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        book.practice,
        digest,
        of,
        book.moment(now),
    )
    key = (caller.practice_id, digest)
    return session.get_one(Blob, key, with_for_update=True).chunks


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, even after a power cut."""
    draft = path.with_name(f".{uuid4().hex}")
    _write_synced(draft, content)
    draft.replace(path)


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
