"""Attached files as ciphertext, in chunks, under the keyed hash of their content.

What is there once stays as it is: the same name means the same content, and an upload that broke
off goes on with the chunks that are missing. Nothing here can be read, so only a computer notices
that a chunk was damaged: it says so, and whoever has the file whole may put that chunk anew.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select

from app.core.kernel.clock import Clock
from app.sync.protocol.terms import CHUNK_BYTES
from hosted.store.engine import Database, For
from hosted.store.tables import Blob

#: A chunk with what encryption adds to it.
MOST_BYTES = CHUNK_BYTES + 1024
MOST_CHUNKS = 1024
_DOUBTS = "doubts"
_HASH = re.compile(r"[0-9a-f]{64}")


class NoSuchBlob(Exception):
    """Nothing lies there."""


class Disagrees(Exception):
    """The file was begun with another number of chunks."""


class Blobs:
    """The files of all practices, each practice in a folder of its own."""

    def __init__(self, folder: Path, database: Database, clock: Clock) -> None:
        self._folder = folder
        self._database = database
        self._clock = clock

    def put(self, practice_id: UUID, digest: str, chunk: int, of: int, content: bytes) -> bool:
        """Keep one chunk and return whether the file became whole by it.

        One that is there already stays. Raises ``Disagrees``.
        """
        with self._database.write(For(practice_id)) as session:
            known = session.get(Blob, (practice_id, digest))
            if known is None:
                known = Blob(practice_id=practice_id, hash=digest, chunks=of, at=self._clock.now())
                session.add(known)
            if known.chunks != of or chunk >= of:
                raise Disagrees
        path, doubt = (
            self._path(practice_id, digest, chunk),
            self._doubt(practice_id, digest, chunk),
        )
        if path.exists() and not doubt.exists():
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, content)
        doubt.unlink(missing_ok=True)
        return len(self._there(practice_id, digest)) == of

    def doubt(self, practice_id: UUID, digest: str, chunk: int) -> None:
        """Let a chunk be put anew; until then it stays as it is. Raises ``NoSuchBlob``."""
        if chunk >= self._known(practice_id, digest):
            raise NoSuchBlob
        doubt = self._doubt(practice_id, digest, chunk)
        doubt.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(doubt, b"")

    def doubts_of(self, practice_id: UUID, digest: str) -> list[int]:
        """Return which chunks of a file shall be put anew."""
        doubts = self._doubt(practice_id, digest, 0).parent.glob(f"{digest}-*")
        return sorted(int(path.name.partition("-")[2]) for path in doubts)

    def doubted(self, practice_id: UUID) -> list[str]:
        """Return the files of which a chunk shall be put anew."""
        folder = self._folder / practice_id.hex / _DOUBTS
        return sorted({path.name.partition("-")[0] for path in folder.glob("[0-9a-f]*")})

    def get(self, practice_id: UUID, digest: str, chunk: int) -> bytes:
        """Return one chunk; raises ``NoSuchBlob``."""
        self._known(practice_id, digest)
        try:
            return self._path(practice_id, digest, chunk).read_bytes()
        except FileNotFoundError:
            raise NoSuchBlob from None

    def have(self, practice_id: UUID, digest: str) -> tuple[int, list[int]]:
        """Return how many chunks a file has, and which are here; raises ``NoSuchBlob``."""
        return self._known(practice_id, digest), self._there(practice_id, digest)

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

    def _known(self, practice_id: UUID, digest: str) -> int:
        # The row, which row-level security guards, decides; the folder alone would not.
        with self._database.read(For(practice_id)) as session:
            found = session.scalar(
                select(Blob.chunks).where(Blob.practice_id == practice_id, Blob.hash == digest)
            )
        if found is None:
            raise NoSuchBlob
        return found

    def _path(self, practice_id: UUID, digest: str, chunk: int) -> Path:
        if not _HASH.fullmatch(digest):
            raise NoSuchBlob
        return self._folder / practice_id.hex / digest[:2] / digest / str(chunk)

    def _doubt(self, practice_id: UUID, digest: str, chunk: int) -> Path:
        if not _HASH.fullmatch(digest):
            raise NoSuchBlob
        return self._folder / practice_id.hex / _DOUBTS / f"{digest}-{chunk}"


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, even after a power cut."""
    draft = path.with_name(f".{uuid4().hex}")
    with draft.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
