"""How the bytes of an issued paper are named and encrypted on their way through the account.

A paper's row carries the SHA-256 of its bytes, which only who has the row knows. Name and key are
made from it, so that the other computer finds and opens the paper with what the row says; the
store of files alone tells nothing.
"""

from __future__ import annotations

import hashlib
import hmac


def paper_key(digest: str) -> bytes:
    """Return the key that encrypts the paper whose SHA-256 in hex is ``digest``."""
    return hmac.digest(bytes.fromhex(digest), b"issued paper: key", hashlib.sha256)


def paper_address(digest: str) -> str:
    """Return the address of that paper in the account."""
    return hmac.digest(bytes.fromhex(digest), b"issued paper: address", hashlib.sha256).hex()
