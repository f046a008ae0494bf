"""Passwords: what is asked of one, and how its hash is kept.

Length counts, composition does not (NIST SP 800-63B-4, 3.1.1.2). Hashes are argon2id with 19 MiB
and two passes (OWASP Password Storage Cheat Sheet).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

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


class Hashing:
    """Makes and checks password hashes; tests choose a cheap one."""

    def __init__(self, memory_kib: int = 19 * 1024, passes: int = 2) -> None:
        self._hasher = PasswordHasher(
            time_cost=passes, memory_cost=memory_kib, parallelism=1, type=Type.ID
        )

    @cached_property
    def nobodys(self) -> str:
        """A hash to check when nobody has the address that was typed, so that it takes as long."""
        return self.hash("nobody has this one")

    def hash(self, password: str) -> str:
        """Return the hash of a password, with its salt and its costs."""
        return self._hasher.hash(password)

    def fits(self, kept: str, password: str) -> bool:
        """Return whether a password is the one whose hash was kept."""
        try:
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
    if len(set(password)) < _FEWEST_LETTERS or _is_mostly(plain, _WORN):
        raise UserError("Others try this one early. Choose something less usual.", field=field)
    words = {fold(word).replace(" ", "") for each in known for word in (each, *each.split("@"))}
    if _is_mostly(plain, [word for word in words if len(word) >= 4]):
        raise UserError("Leave your name, address and practice out of it.", field=field)
    return password


def _is_mostly(plain: str, words: Iterable[str]) -> bool:
    """Return whether little is left of ``plain`` without one of ``words``."""
    return any(word in plain and len(plain) - len(word) < SHORTEST // 2 for word in words)
