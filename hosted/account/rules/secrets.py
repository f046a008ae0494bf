"""Secrets that a browser, a computer or a letter bears; the server keeps their hashes."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

#: Letters and digits that nobody takes for another.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
RECOVERY_CODES = 10
_HALF = 5
_LONGEST = 200


def new_secret() -> str:
    """Return 256 bits of chance for a cookie, a link or a token."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> bytes:
    """Return the SHA-256 by which a secret is found; long random secrets need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def is_plausible(secret: str) -> bool:
    """Return whether a text can be a secret of ours at all."""
    return 0 < len(secret) <= _LONGEST and secret.isascii() and secret.isprintable()


def same_address(address: str) -> str:
    """Return an e-mail address as two spellings of it are compared."""
    return unicodedata.normalize("NFKC", address).strip().casefold()


def address_hash(address: str) -> bytes:
    """Return the hash by which the person with an e-mail address is found.

    It lies in a space of its own: no token and no link has the hash of an address.
    """
    return hashlib.sha256(b"address\0" + same_address(address).encode()).digest()


def new_recovery_codes() -> tuple[str, ...]:
    """Return ten codes of 49 bits, in two halves that can be typed."""
    return tuple(
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(_HALF)) for _half in range(2))
        for _ in range(RECOVERY_CODES)
    )


def recovery_code(typed: str) -> str:
    """Return a recovery code as it was made, from however it was typed; "" when it is none."""
    letters = "".join(each for each in typed.casefold() if each in _LETTERS)
    if len(letters) != 2 * _HALF or len(typed) > 40:
        return ""
    return f"{letters[:_HALF]}-{letters[_HALF:]}"
