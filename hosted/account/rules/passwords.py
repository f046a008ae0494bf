"""Passwords: what is asked of one, and how its hash is kept.

Length counts, composition does not (NIST SP 800-63B-4, 3.1.1.2). Hashes are argon2id with 19 MiB
and two passes (OWASP Password Storage Cheat Sheet).

``common_passwords.txt`` holds the first 16 digits of the SHA-256 of each password of twelve
characters or more that occurs often among ten million that were taken from many sites (M. Burnett,
2015, given to the public), folded as ``check_password`` folds; hashes, because nobody wants to read
them.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import hash_secret_raw

from app.core.kernel.errors import UserError
from app.core.kernel.text import fold

SHORTEST, LONGEST = 12, 200
_FEWEST_LETTERS = 5
#: What people choose first when twelve characters are asked for; compared without case and signs.
_WORN = (
    "password", "passphrase", "letmein", "welcome", "iloveyou", "qwerty", "qwertyuiop", "asdfgh",
    "changeme", "administrator", "practicerunner", "therapist", "correcthorsebatterystaple",
    "123456789", "987654321", "abcdefgh", "trustno", "sunshine", "football", "baseball",
)  # fmt: skip


_COMMON = Path(__file__).with_name("common_passwords.txt")
_COMMON_DIGITS = 16


class Busy(Exception):
    """More hashes are asked for than this machine makes without leaving everything else behind."""


class Hashing:
    """Makes and checks password hashes; tests choose a cheap one.

    ``at_once`` are made at a time and as many more may wait; all others raise ``Busy`` at once, so
    that the rest of the server goes on answering while somebody floods this part of it.
    """

    def __init__(self, memory_kib: int = 19 * 1024, passes: int = 2, at_once: int = 2) -> None:
        self._memory_kib = memory_kib
        self._passes = passes
        self._hasher = PasswordHasher(
            time_cost=passes, memory_cost=memory_kib, parallelism=1, type=Type.ID
        )
        self._admitted = threading.BoundedSemaphore(2 * at_once)
        self._working = threading.BoundedSemaphore(at_once)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._admitted.acquire(blocking=False):
            raise Busy
        try:
            with self._working:
                yield
        finally:
            self._admitted.release()

    @cached_property
    def nobodys(self) -> str:
        """A hash to check when nobody has the address that was typed, so that it takes as long."""
        return self.hash("nobody has this one")

    def hash(self, password: str) -> str:
        """Return the hash of a password, with its salt and its costs; raises ``Busy``."""
        with self._turn():
            return self._hasher.hash(password)

    def hash_with(self, salt: bytes, secrets: Iterable[str]) -> tuple[bytes, ...]:
        """Return the hashes of short secrets under one salt, to be found by; raises ``Busy``."""
        with self._turn():
            return tuple(
                hash_secret_raw(
                    secret.encode(),
                    salt,
                    time_cost=self._passes,
                    memory_cost=self._memory_kib,
                    parallelism=1,
                    hash_len=32,
                    type=Type.ID,
                )
                for secret in secrets
            )

    def fits(self, kept: str, password: str) -> bool:
        """Return whether a password is the one whose hash was kept; raises ``Busy``."""
        try:
            with self._turn():
                return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, kept: str) -> bool:
        """Return whether a hash was made with other costs than today's."""
        return self._hasher.check_needs_rehash(kept)


def check_password(password: str, known: Iterable[str], *, field: str = "password") -> str:
    """Return a password that may be chosen; raises ``UserError`` with what to do.

    ``known`` is what others know of the person: names, the address.
    """
    if len(password) < SHORTEST:
        raise UserError(
            f"Use {SHORTEST} characters or more. "
            "Four words that nobody would put together do well.",
            field=field,
        )
    if len(password) > LONGEST:
        raise UserError(f"Use at most {LONGEST} characters.", field=field)
    plain = fold(password).replace(" ", "")
    if len(set(password)) < _FEWEST_LETTERS or _is_mostly(plain, _WORN) or _is_common(plain):
        raise UserError("Others try this one early. Choose something less usual.", field=field)
    words = {fold(word).replace(" ", "") for each in known for word in (each, *_parts(each))}
    if _is_mostly(plain, [word for word in words if len(word) >= 4]):
        raise UserError("Leave your name, address and practice out of it.", field=field)
    return password


def _parts(known: str) -> list[str]:
    return [*known.split("@"), *known.split()]


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text("ascii").split())


def _is_common(plain: str) -> bool:
    return hashlib.sha256(plain.encode()).hexdigest()[:_COMMON_DIGITS] in _common()


def _is_mostly(plain: str, words: Iterable[str]) -> bool:
    """Return whether little is left of ``plain`` without one of ``words``."""
    return any(word in plain and len(plain) - len(word) < SHORTEST // 2 for word in words)
