"""What must be read again but lies in the database is sealed with a key that lies beside it.

So a copy of the database alone gives away no second factor and no link that was sent by e-mail.
AES-256-GCM, a random nonce of 96 bits (NIST SP 800-38D); what a text is for is bound to it.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY, _NONCE = 32, 12


class NotSealedHere(Exception):
    """The bytes were not sealed with this key, or not for this."""


class Seal:
    """Seals bytes and opens them again."""

    def __init__(self, key: bytes | None = None) -> None:
        self._cipher = AESGCM(key or secrets.token_bytes(_KEY))

    def close(self, content: bytes, bound_to: str) -> bytes:
        """Return ``content`` sealed; it opens only for ``bound_to``."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, content, bound_to.encode())

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        """Return what was sealed; raises ``NotSealedHere``."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode())
        except (InvalidTag, ValueError):
            raise NotSealedHere from None


def open_seal(path: Path) -> Seal:
    """Return the seal whose key lies in a file, made if there is none; only its owner reads it."""
    if not path.exists():
        draft = path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_KEY))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return Seal(path.read_bytes())
