"""Attached files beside the database: encrypted in pieces of 1 MiB, named by a keyed hash.

Every file has a random key. Its address is the HMAC-SHA256 of the content under a key derived from
it, so that a name tells nothing of the content; each piece is AES-256-GCM bound to address, place
and number of pieces, so that none can be swapped, dropped or added.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.kernel.errors import NotFound, NotHereYet, NotOurFile, UserError
from app.core.store.ports import StoredFile
from app.core.vault.files import said_plainly, write_whole

FOLDER = "files"
PIECE = 1024 * 1024
#: What encryption adds to a piece.
OVERHEAD = 16
_ADDRESS = re.compile(r"^[0-9a-f]{64}$")
_AWAY = "This file is not on this computer yet: it comes when both have synced."
_DAMAGED = "This file is damaged: restore it from a backup."


class AttachedFiles:
    """The files of one practice, under its data folder."""

    def __init__(self, folder: Path, inside: str = FOLDER) -> None:
        self.folder = folder / inside

    def put(self, source: Path) -> StoredFile:
        """Encrypt and keep the file at ``source``; whole or not at all.

        Raises ``UserError`` when it changes meanwhile or cannot be read, ``MachineError`` when
        the disk refuses.
        """
        key = secrets.token_bytes(32)
        try:
            with source.open("rb") as opened:
                address, size = _address(opened, key)
                opened.seek(0)
                self._write(opened, StoredFile(address, key, size))
                opened.seek(0)
                if _address(opened, key) != (address, size):
                    self.forget(address)
                    raise UserError("The file changed while it was read: try again.", field="file")
        except (FileNotFoundError, IsADirectoryError, PermissionError):
            raise UserError("This file cannot be read: choose another one.", field="file") from None
        return StoredFile(address, key, size)

    def has(self, address: str, size: int) -> bool:
        """Return whether all pieces lie here."""
        return not self.missing(address, pieces_of(size))

    def missing(self, address: str, count: int) -> list[int]:
        """Return which of a file's ``count`` pieces do not lie here."""
        return [place for place in range(count) if not self.piece_path(address, place).exists()]

    def sealed(self, address: str, place: int) -> bytes:
        """Return a piece as it lies here; raises ``NotHereYet`` while it does not."""
        try:
            return self.piece_path(address, place).read_bytes()
        except FileNotFoundError:
            raise NotHereYet(_AWAY) from None

    def read(self, file: StoredFile) -> Iterator[bytes]:
        """Yield the content piece by piece.

        Raises ``NotHereYet`` while a piece is not here, ``NotOurFile`` when one is damaged.
        """
        count = pieces_of(file.size)
        proof = hmac.new(_derived(file.key, b"address"), digestmod=hashlib.sha256)
        for place in range(count):
            sealed = self.sealed(file.address, place)
            piece = opened_piece(file, place, count, sealed)
            proof.update(piece)
            yield piece
        if proof.hexdigest() != file.address:
            raise NotOurFile(_DAMAGED)

    def piece_path(self, address: str, place: int) -> Path:
        """Return where a piece lies; raises ``NotFound`` for what is no address."""
        if not _ADDRESS.match(address):
            raise NotFound("This is no address of a file.")
        return self.folder / address[:2] / f"{address}-{place}"

    def keep_piece(self, address: str, place: int, sealed: bytes) -> None:
        """Keep an encrypted piece that came from elsewhere."""
        with said_plainly(self.folder):
            write_whole(self.piece_path(address, place), sealed)

    def forget(self, address: str) -> None:
        """Remove every piece of a file from this computer."""
        if _ADDRESS.match(address):
            for path in (self.folder / address[:2]).glob(f"{address}-*"):
                path.unlink(missing_ok=True)

    def addresses(self) -> set[str]:
        """Return the files of which at least a piece lies here."""
        return {
            address
            for path in self.folder.glob("??/*")
            if _ADDRESS.match(address := path.name.partition("-")[0])
        }

    def copy_to(self, target: Path) -> int:
        """Copy what ``target`` does not hold yet; return how many pieces were copied.

        Pieces never change, so that one that is there already is the same.
        """
        copied = 0
        for path in sorted(self.folder.glob("??/*")):
            if not _ADDRESS.match(path.name.partition("-")[0]) or path.suffix == ".partial":
                continue
            there = target / path.parent.name / path.name
            if not (there.exists() and there.stat().st_size == path.stat().st_size):
                there.parent.mkdir(parents=True, exist_ok=True)
                partial = there.with_name(there.name + ".partial")
                shutil.copyfile(path, partial)
                partial.replace(there)
                copied += 1
        return copied

    def _write(self, source: BinaryIO, file: StoredFile) -> None:
        count = pieces_of(file.size)
        for place in range(count):
            sealed = sealed_piece(file, place, count, source.read(PIECE))
            self.keep_piece(file.address, place, sealed)


def sealed_piece(file: StoredFile, place: int, count: int, piece: bytes) -> bytes:
    """Return one of a file's ``count`` pieces, encrypted and bound to its place.

    A key encrypts one content only, so that a place is never written with two.
    """
    cipher = AESGCM(_derived(file.key, b"pieces"))
    return cipher.encrypt(_nonce(place), piece, _bound(file.address, place, count))


def opened_piece(file: StoredFile, place: int, count: int, sealed: bytes) -> bytes:
    """Return a piece decrypted; raises ``NotOurFile`` for any other bytes than those sealed."""
    cipher = AESGCM(_derived(file.key, b"pieces"))
    try:
        return cipher.decrypt(_nonce(place), sealed, _bound(file.address, place, count))
    except InvalidTag:
        raise NotOurFile(_DAMAGED) from None


def pieces_of(size: int) -> int:
    """Return how many pieces a file of ``size`` bytes has; an empty one has one."""
    return max(1, math.ceil(size / PIECE))


def _address(source: BinaryIO, key: bytes) -> tuple[str, int]:
    proof = hmac.new(_derived(key, b"address"), digestmod=hashlib.sha256)
    size = 0
    read: Callable[[], bytes] = lambda: source.read(PIECE)  # noqa: E731 - iter wants a callable
    for piece in iter(read, b""):
        proof.update(piece)
        size += len(piece)
    return proof.hexdigest(), size


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, b"attached file: " + purpose).derive(key)


def _nonce(place: int) -> bytes:
    # The key is random for each file and each place is written once: a counter never repeats.
    return place.to_bytes(12, "big")


def _bound(address: str, place: int, count: int) -> bytes:
    return f"{address}/{place}/{count}".encode()
