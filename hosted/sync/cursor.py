"""Cursors: opaque and signed, so that a device can name no place that it was not given."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from uuid import UUID

_FIELDS = struct.Struct(">16sQQ16s")
_SIGNATURE = 16


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a practice's log, as seen by one version of a member's scope in one epoch."""

    practice_id: UUID
    seq: int
    scope_version: int
    epoch: str


class Forged(Exception):
    """The cursor was not made here."""


def write(cursor: Cursor, secret: bytes) -> str:
    """Return the cursor as it travels."""
    epoch = bytes.fromhex(cursor.epoch)
    body = _FIELDS.pack(cursor.practice_id.bytes, cursor.seq, cursor.scope_version, epoch)
    return seal(body, secret)


def read(text: str, secret: bytes) -> Cursor:
    """Read a cursor; raises ``Forged`` for one that was not made with ``secret``."""
    body = unseal(text, secret)
    if len(body) != _FIELDS.size:
        raise Forged
    practice, seq, scope_version, epoch = _FIELDS.unpack(body)
    return Cursor(UUID(bytes=practice), seq, scope_version, epoch.hex())


def seal(body: bytes, secret: bytes) -> str:
    """Return ``body`` with its signature, as text."""
    return base64.urlsafe_b64encode(body + _sign(body, secret)).decode()


def unseal(text: str, secret: bytes) -> bytes:
    """Return what was sealed; raises ``Forged``."""
    try:
        said = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise Forged from None
    body, signature = said[:-_SIGNATURE], said[-_SIGNATURE:]
    if not hmac.compare_digest(signature, _sign(body, secret)):
        raise Forged
    return body


def _sign(body: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, body, hashlib.sha256).digest()[:_SIGNATURE]
